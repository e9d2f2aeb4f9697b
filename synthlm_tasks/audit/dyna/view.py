"""Dyna: letters are replaced by the place where they start."""

from typing import Final

from synthlm_tasks.audit.dyna.prompts import Problem, Query, parse
from synthlm_tasks.audit.views import PAD, Question, Row, UniformDraw, View


def question(row: Row) -> Question:
    """From list size, asked place and program to a place: where the answer's letter starts, or ends.

    What stands answered before the last query says from which place to which another letter went.
    """
    problem = parse(row["input_text"])
    size = len(problem.state)
    kind, place = query_tokens(problem, problem.queries[-1])
    tokens = [kind, f"{kind}{place}", f"n{size}"]
    for query in problem.queries[:-1]:
        before, named = query_tokens(problem, query)
        tokens.append(f"{before}{named}={_answer_place(problem, query, query.answer or '')}")
    for name, numbers in problem.operations:
        tokens += [name, str(numbers[0]), str(numbers[1]) if len(numbers) > 1 else PAD]
    return Question(tokens, _answer_place(problem, problem.queries[-1], row["target"]), range(size))


def query_tokens(problem: Problem, query: Query) -> tuple[str, int]:
    """The kind of query, and the place that it names: in the final list, or where the asked letter starts."""
    if query.element is None:
        return "position", query.position or 0
    return "element", problem.state.index(query.element)


def _answer_place(problem: Problem, query: Query, answer: str) -> int:
    """An answer as a place: where its letter starts, or the final place that is asked for."""
    return problem.state.index(answer) if query.element is None else int(answer)


def uniform_draws(row: Row) -> list[UniformDraw]:
    """Kind of query, asked place and the answer's place, of the last query."""
    problem = parse(row["input_text"])
    places = range(len(problem.state))
    last = problem.queries[-1]
    kind, place = query_tokens(problem, last)
    return [
        UniformDraw("kind of query", kind, ("position", "element")),
        UniformDraw("asked place", place, places),
        UniformDraw("the answer's place", _answer_place(problem, last, row["target"]), places),
    ]


VIEW: Final = View(
    question,
    "the place where the answer's letter starts (position queries), or ends (element queries)",
    uniform_draws,
)
