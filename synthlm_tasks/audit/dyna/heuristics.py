"""Dyna without tracking the list in order."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from synthlm_tasks.audit.dyna.orders import move_place, order_blind_vote, source
from synthlm_tasks.audit.dyna.prompts import Operation, Problem
from synthlm_tasks.audit.heuristics import heuristics_of


def _answer_after(problem: Problem, operations: Iterable[Operation]) -> str:
    """The answer if `operations` were the program."""
    size = len(problem.state)
    if problem.element is not None:
        place = problem.state.index(problem.element)
        for operation in operations:
            place = move_place(operation, place, size)
        return str(place)
    place = problem.position or 0
    for operation in reversed(list(operations)):
        place = source(operation, place, size)
    return problem.state[place]


def _answer_at(problem: Problem, place: int) -> str:
    """A place as an answer: the letter that starts there, or the place itself."""
    return problem.state[place] if problem.element is None else str(place)


def initial_list(problem: Problem) -> str:
    """Answers that hardly move: reads the list before any operation."""
    return _answer_after(problem, [])


def reversed_program(problem: Problem) -> str:
    """Programs that read alike in both directions: applies the last operation first."""
    return _answer_after(problem, problem.operations[::-1])


def first_operation_only(problem: Problem) -> str:
    """Answers that the first operation decides."""
    return _answer_after(problem, problem.operations[:1])


def last_operation_only(problem: Problem) -> str:
    """Answers that the last operation decides."""
    return _answer_after(problem, problem.operations[-1:])


def first_half_only(problem: Problem) -> str:
    """Answers that change little after the first half of the program."""
    return _answer_after(problem, problem.operations[: len(problem.operations) // 2])


def last_half_only(problem: Problem) -> str:
    """Answers that depend little on the first half of the program."""
    return _answer_after(problem, problem.operations[len(problem.operations) // 2 :])


def rotations_only(problem: Problem) -> str:
    """Swaps and reversals that seldom touch the answer: adds up the rotations."""
    return _answer_after(problem, [op for op in problem.operations if op[0].startswith("ROTATE")])


def without_rotations(problem: Problem) -> str:
    """Rotations that cancel: applies swaps and reversals only."""
    return _answer_after(problem, [op for op in problem.operations if not op[0].startswith("ROTATE")])


def without_swaps(problem: Problem) -> str:
    """Swaps that seldom touch the answer: applies all other operations."""
    return _answer_after(problem, [op for op in problem.operations if op[0] != "SWAP"])


def without_short_spans(problem: Problem) -> str:
    """Swaps and reversals of at most three places seldom touching the answer: applies all others."""
    return _answer_after(
        problem,
        [op for op in problem.operations if op[0].startswith("ROTATE") or op[1][1] - op[1][0] > 2],
    )


def one_operation_dropped(problem: Problem) -> str:
    """Operations that do not matter: leaves the middle one out."""
    middle = len(problem.operations) // 2
    return _answer_after(problem, problem.operations[:middle] + problem.operations[middle + 1 :])


def most_named_place(problem: Problem) -> str:
    """A place that many operations name drawing the answer."""
    counts = Counter(
        place for kind, places in problem.operations if kind in ("SWAP", "REVERSE") for place in places
    )
    return _answer_at(problem, max(range(len(problem.state)), key=lambda place: (counts[place], -place)))


def least_named_place(problem: Problem) -> str:
    """A place that few operations name keeping the answer."""
    counts = Counter(
        place for kind, places in problem.operations if kind in ("SWAP", "REVERSE") for place in places
    )
    return _answer_at(problem, min(range(len(problem.state)), key=lambda place: (counts[place], place)))


_ANY: Final = (initial_list, first_operation_only, last_operation_only, first_half_only, last_half_only)

# All but a few of the operations are most of the work.
_PARTIAL: Final = heuristics_of(without_swaps, without_short_spans, one_operation_dropped, partial=True)

HEURISTICS: Final = (
    *heuristics_of(
        *_ANY,
        order_blind_vote,
        reversed_program,
        rotations_only,
        without_rotations,
        most_named_place,
        least_named_place,
    ),
    *_PARTIAL,
)
COMMUTING: Final = (
    *heuristics_of(*_ANY, reversed_program),
    *heuristics_of(one_operation_dropped, partial=True),
)
SWAPS: Final = (
    *heuristics_of(*_ANY, order_blind_vote, reversed_program, most_named_place, least_named_place),
    *heuristics_of(without_short_spans, one_operation_dropped, partial=True),
)
