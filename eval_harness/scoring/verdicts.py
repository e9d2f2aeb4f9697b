"""Scoring: what a reply is worth against the one right answer."""

from eval_harness.endpoint.answers.finish_reasons import ending_of
from eval_harness.endpoint.settings import Endpoint
from eval_harness.records import Outcome, Reply, Verdict
from eval_harness.scoring.extraction import extract, find_marked_answer
from eval_harness.scoring.typography import plain_text
from synthlm_tasks.rows.answers import AnswerKind


def judge(reply: Reply, target: str, kind: AnswerKind, endpoint: Endpoint = "chat") -> Verdict:
    """The outcome of a reply, the answer read from it, and whether that is `target`.

    The reasoning field is looked at only where the content is empty though the reply finished by itself, and
    only for an explicit marker; the verdict's source then says "reasoning".
    """
    ending = ending_of(reply.finish_reason)
    if reply.refusal.strip() or ending == "refused":
        return _without_answer("refused")
    answer, source = extract(reply.content, kind, endpoint)
    if ending == "done" and not plain_text(reply.content).strip():
        answer, source = find_marked_answer(reply.reasoning, kind)[0], "reasoning"
    if answer is None:
        return _without_answer("truncated" if ending == "length" else "no_answer")
    return Verdict("ok", answer, answer == target, source)


def _without_answer(outcome: Outcome) -> Verdict:
    return Verdict(outcome, extracted_answer=None, is_correct=False, source=None)
