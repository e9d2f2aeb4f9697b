"""What a reply has in an answer's place though it is none: found for the reader, never for the score."""

import pytest

from eval_harness.scoring.extraction import Candidate, find_rejected_candidate
from synthlm_tasks import TASKS
from synthlm_tasks.rows.answers import AnswerKind

KINDS: dict[str, AnswerKind] = {kind.name: kind for task in TASKS.values() for kind in task.answers}
INDEX, LETTER = KINDS["index"], KINDS["letter"]


@pytest.mark.parametrize(
    ("kind", "content", "candidate"),
    [
        (INDEX, "So ANSWER: about twelve", Candidate("about twelve", "marker", 11)),
        (INDEX, "ANSWER: x\nANSWER: y\nx, y", Candidate("y", "marker", 18)),
        (LETTER, "**ANSWER:** none of them", Candidate("none of them", "marker", 12)),
        (LETTER, "**ANSWER: none** of them", Candidate("none** of them", "marker", 10)),
        (LETTER, "ANSWER: `A`, not `B`", Candidate("A`, not `B", "marker", 9)),
        (LETTER, "\\boxed{AB}", Candidate("AB", "boxed", 7)),
        (LETTER, "The final answer is\nhard to say", Candidate("hard to say", "final answer", 20)),
        (LETTER, "ANSWER: no\u200bne", Candidate("none", "marker", None)),
        (LETTER, "ANSWER: A", None),
        (LETTER, "ANSWER: ", None),
        (LETTER, "<think>ANSWER: none", None),
        (LETTER, "It is hard to say.", None),
    ],
)
def test_what_stands_in_an_answers_place_but_is_none_is_found(
    kind: AnswerKind, content: str, candidate: Candidate | None
) -> None:
    assert find_rejected_candidate(content, kind) == candidate
