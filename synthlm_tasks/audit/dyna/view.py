"""Dyna: letters are replaced by the place where they start."""

from typing import Final

from synthlm_tasks.audit.dyna.checks import Problem, parse
from synthlm_tasks.audit.views import PAD, Question, Row, UniformDraw, View


def question(row: Row) -> Question:
    """From list size, asked place and program to a place: where the answer's letter starts, or ends."""
    problem = parse(row["input_text"])
    size = len(problem.state)
    kind, place = query_tokens(problem)
    tokens = [kind, f"{kind}{place}", f"n{size}"]
    for name, numbers in problem.operations:
        tokens += [name, str(numbers[0]), str(numbers[1]) if len(numbers) > 1 else PAD]
    return Question(tokens, _answer_place(problem, row["target"]), range(size))


def query_tokens(problem: Problem) -> tuple[str, int]:
    """The kind of query, and the place that it names: in the final list, or where the asked letter starts."""
    if problem.element is None:
        return "position", problem.position or 0
    return "element", problem.state.index(problem.element)


def _answer_place(problem: Problem, target: str) -> int:
    """The answer as a place: where its letter starts, or the final place that is asked for."""
    return problem.state.index(target) if problem.element is None else int(target)


def uniform_draws(row: Row) -> list[UniformDraw]:
    """Kind of query, asked place and the answer's place."""
    problem = parse(row["input_text"])
    places = range(len(problem.state))
    kind, place = query_tokens(problem)
    return [
        UniformDraw("kind of query", kind, ("position", "element")),
        UniformDraw("asked place", place, places),
        UniformDraw("the answer's place", _answer_place(problem, row["target"]), places),
    ]


VIEW: Final = View(
    question,
    "the place where the answer's letter starts (position queries), or ends (element queries)",
    uniform_draws,
)
