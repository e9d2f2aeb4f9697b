"""Inducto: the text as it is. To match letters with places is the task, so that is not given for free."""

from typing import Final

from synthlm_tasks.audit.checks import metadata
from synthlm_tasks.audit.inducto.checks import Problem, parse
from synthlm_tasks.audit.inducto.space import JOIN
from synthlm_tasks.audit.views import PAD, Question, Row, UniformDraw, View

LONGEST: Final = 8
_OUTPUT: Final = 16  # the longest sequence, twice
_KINDS: Final = {
    1: ("REVERSE", "ROTATE_LEFT", "ROTATE_RIGHT", "DROP_FIRST", "DROP_LAST", "DUPLICATE_EACH"),
    2: (
        *("TAKE_EVERY_NTH", "INTERLEAVE_HALVES", "SWAP_PAIRS", "SORT", "SORT_DESC", "CAESAR_SHIFT"),
        *("MIRROR", "REPEAT_TWICE", "SWAP_ENDS", "SWAP_HALVES", "EVENS_THEN_ODDS"),
    ),
    3: ("REVERSE_SEGMENTS", "COMPOSITE"),
}  # fmt: skip


def question(row: Row) -> Question:
    """From lengths and letters to where in the query the answer's first letter stands (8: nowhere).

    Earlier queries, with their answers, are more examples.
    """
    problem = parse(row["input_text"])
    tokens = [f"query{len(problem.query)}", *_pad(problem.query, LONGEST)]
    for given, made in problem.shown:
        tokens += [f"in{len(given)}", *_pad(given, LONGEST), f"out{len(made)}", *_pad(made, _OUTPUT)]
    return Question(tokens, _start(problem, row["target"]), range(LONGEST + 1))


def _pad(sequence: str, length: int) -> list[str]:
    return [*sequence, *[PAD] * (length - len(sequence))]


def _start(problem: Problem, target: str) -> int:
    place = problem.query.find(target[0])
    return LONGEST if place < 0 else place


def uniform_draws(row: Row) -> list[UniformDraw]:
    """The kind of rule within its level; in test, whether a composition is held out where some are."""
    stated = metadata(row)
    if "rule" not in stated:
        return []
    if "held_out" in stated:
        return (
            [UniformDraw("held-out composition", stated["held_out"], (False, True))]
            if row["split"] == "test"
            else []
        )
    kind = "COMPOSITE" if JOIN in stated["rule"] else stated["rule"].partition("(")[0]
    return [UniformDraw("kind of rule", kind, _KINDS[stated["rule_level"]])]


VIEW: Final = View(
    question, "where in the query the answer's first letter stands", uniform_draws, uniform=False
)
