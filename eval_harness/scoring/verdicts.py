"""Scoring: what a reply is worth against the one right answer."""

from typing import Final

from eval_harness.endpoint.settings import Endpoint
from eval_harness.records import Outcome, Reply, Verdict
from eval_harness.scoring.extraction import extract, find_marked_answer
from synthlm_tasks.rows.answers import AnswerKind

# How servers say that a reply ended because the model ended it.
_FINISHED: Final = frozenset(("stop", "eos", "eos_token", "end_turn", "stop_sequence"))


def judge(reply: Reply, target: str, kind: AnswerKind, endpoint: Endpoint = "chat") -> Verdict:
    """The outcome of a reply, the answer read from it, and whether that is `target`.

    The reasoning field is looked at only where the content is empty though the reply finished by itself, and
    only for an explicit marker; the verdict's source then says "reasoning".
    """
    if reply.refusal.strip() or reply.finish_reason == "content_filter":
        return _without_answer("refused")
    answer, source = extract(reply.content, kind, endpoint)
    if not reply.content.strip() and reply.finish_reason in _FINISHED:
        answer, source = find_marked_answer(reply.reasoning, kind)[0], "reasoning"
    if answer is None:
        return _without_answer("truncated" if reply.finish_reason == "length" else "no_answer")
    return Verdict("ok", answer, answer == target, source)


def _without_answer(outcome: Outcome) -> Verdict:
    return Verdict(outcome, extracted_answer=None, is_correct=False, source=None)
