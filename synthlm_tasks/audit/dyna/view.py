"""Dyna: letters are replaced by the place where they start."""

from typing import Final

from synthlm_tasks.audit.dyna.checks import Problem, parse
from synthlm_tasks.audit.views import PAD, Even, Question, Row, View


def question(row: Row) -> Question:
    """From list size, asked place and program to a place: where the answer's letter starts, or ends."""
    problem = parse(row["input_text"])
    size = len(problem.state)
    kind, place = asked(problem)
    tokens = [kind, f"{kind}{place}", f"n{size}"]
    for name, numbers in problem.operations:
        tokens += [name, str(numbers[0]), str(numbers[1]) if len(numbers) > 1 else PAD]
    return Question(tokens, _answered(problem, row["target"]), range(size))


def asked(problem: Problem) -> tuple[str, int]:
    """The kind of query, and the place that it names: in the final list, or where the asked letter starts."""
    if problem.element is None:
        return "position", problem.position or 0
    return "element", problem.state.index(problem.element)


def _answered(problem: Problem, target: str) -> int:
    """The answer as a place: where its letter starts, or the final place that is asked for."""
    return problem.state.index(target) if problem.element is None else int(target)


def even(row: Row) -> list[Even]:
    """Kind of query, asked place and the answer's place."""
    problem = parse(row["input_text"])
    places = range(len(problem.state))
    kind, place = asked(problem)
    return [
        Even("kind of query", kind, ("position", "element")),
        Even("asked place", place, places),
        Even("the answer's place", _answered(problem, row["target"]), places),
    ]


VIEW: Final = View(
    question,
    "the place where the answer's letter starts (position queries), or ends (element queries)",
    even,
)
