"""Dyna by hand: apply the operations to a list, one after another."""

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from synthlm_tasks.audit.checks import Ranges, Row, family, metadata, metadata_differences, outside_presets

SIZES: Ranges = {"state_size": ((5, 7), (8, 12), (13, 20)), "num_ops": ((5, 10), (10, 20), (20, 50))}
PRESETS: dict[str, Ranges] = {
    "dyna": SIZES,
    "dyna-commuting": SIZES,
    "dyna-swaps": SIZES,
    "dyna-ood": {"state_size": ((13, 20),) * 3, "num_ops": ((51, 100),) * 3},
}
CONTROLS = {"dyna-commuting": {"ROTATE_LEFT", "ROTATE_RIGHT"}, "dyna-swaps": {"SWAP"}}
KINDS = ("SWAP", "ROTATE_LEFT", "ROTATE_RIGHT", "REVERSE")

PROMPT = re.compile(
    r"STATE \[([A-Z](?:, [A-Z])*)\] \|\| OPS (\S.*\S) \|\| QUERY (?:position (0|[1-9]\d?)|element ([A-Z])) ->"
)
OPERATION = re.compile(r"(SWAP|REVERSE|ROTATE_LEFT|ROTATE_RIGHT)\((0|[1-9]\d?)(?:,([1-9]\d?))?\)")

Operation = tuple[str, tuple[int, ...]]


@dataclass(frozen=True)
class Problem:
    """What a prompt says. One of `position` and `element` is None."""

    state: list[str]
    operations: list[Operation]
    position: int | None
    element: str | None


def parse(text: str) -> Problem:
    """Read a prompt; ValueError for anything but the exact format."""
    match = PROMPT.fullmatch(text)
    if not match:
        raise ValueError(f"not a Dyna prompt: {text!r}")
    state, operations, position, element = match.groups()
    return Problem(
        state.split(", "),
        [_operation(operation) for operation in operations.split(" | ")],
        None if position is None else int(position),
        element,
    )


def _operation(text: str) -> Operation:
    match = OPERATION.fullmatch(text)
    if not match:
        raise ValueError(f"not an operation: {text!r}")
    kind, *arguments = match.groups()
    numbers = tuple(int(argument) for argument in arguments if argument is not None)
    if len(numbers) != (1 if kind.startswith("ROTATE") else 2):
        raise ValueError(f"wrong number of arguments: {text!r}")
    return kind, numbers


def apply_operation(operation: Operation, items: list[str]) -> list[str]:
    """The list after one operation."""
    kind, numbers = operation
    if kind == "SWAP":
        i, j = numbers
        items = list(items)
        items[i], items[j] = items[j], items[i]
        return items
    if kind == "REVERSE":
        i, j = numbers
        return items[:i] + items[i : j + 1][::-1] + items[j + 1 :]
    (k,) = numbers
    return items[k:] + items[:k] if kind == "ROTATE_LEFT" else items[-k:] + items[:-k]


def run(operations: Iterable[Operation], items: list[str]) -> list[str]:
    """The list after all operations."""
    for operation in operations:
        items = apply_operation(operation, items)
    return items


def read_answer(problem: Problem, final: list[str]) -> str:
    """The answer, given the final list."""
    if problem.element is not None:
        return str(final.index(problem.element))
    return final[problem.position or 0]


def answer(text: str) -> str:
    """The one right answer to a prompt."""
    problem = parse(text)
    return read_answer(problem, run(problem.operations, problem.state))


@lru_cache(maxsize=100_000)
def commute(first: Operation, second: Operation, size: int) -> bool:
    """Whether two operations have the same effect in either order."""
    items = [str(i) for i in range(size)]
    return run((first, second), items) == run((second, first), items)


def order_matters(problem: Problem) -> int:
    """How many of the adjacent transpositions change this sample's answer."""
    right = read_answer(problem, run(problem.operations, problem.state))
    changed = 0
    before = problem.state
    for t, (first, second) in enumerate(itertools.pairwise(problem.operations)):
        swapped = run(problem.operations[t + 2 :], run((second, first), before))
        changed += read_answer(problem, swapped) != right
        before = apply_operation(first, before)
    return changed


def key(row: Row) -> object:
    """What decides the split: list size, what each operation does, and where the asked element starts."""
    problem = parse(row["input_text"])
    places = [str(i) for i in range(len(problem.state))]
    final = run(problem.operations, problem.state)
    letter = final[problem.position or 0] if problem.element is None else problem.element
    maps = [tuple(apply_operation(operation, places)) for operation in problem.operations]
    return len(places), tuple(maps), problem.state.index(letter)


def violations(row: Row) -> list[str]:
    """Everything the row breaks."""
    return list(_violations(row))


def _violations(row: Row) -> Iterable[str]:
    problem = parse(row["input_text"])
    size, ops = len(problem.state), problem.operations
    stated = metadata(row)
    kinds = set(stated.get("operations", KINDS))
    yield from metadata_differences(
        row,
        {
            "state_size": size,
            "num_ops": len(ops),
            "query": "position" if problem.element is None else "element",
        },
    )
    if set(stated) - {"state_size", "num_ops", "operations", "query"}:
        yield f"unknown metadata: {sorted(stated)}"
    if len(set(problem.state)) < size:
        yield "letters repeat"
    if not all(_in_range(operation, size) for operation in ops):
        yield "an operation's arguments are out of range"
        return
    if not {kind for kind, _ in ops} <= kinds:
        yield f"operations other than {sorted(kinds)}"
    if problem.element is None and (problem.position or 0) >= size:
        yield "the asked position does not exist"
        return
    if problem.element is not None and problem.element not in problem.state:
        yield "the asked element does not exist"
        return
    items = [str(i) for i in range(size)]
    if any(apply_operation(operation, items) == items for operation in ops):
        yield "an operation changes nothing"
    # Controls: rotations all commute; and only the full set promises that order changes the answer.
    neighbours = list(itertools.pairwise(ops))
    if kinds & {"SWAP", "REVERSE"} and any(commute(a, b, size) for a, b in neighbours):
        yield "neighbouring operations commute"
    if kinds == set(KINDS) and 3 * order_matters(problem) < len(ops) - 1:
        yield "order changes the answer too seldom"
    if row["target"] != read_answer(problem, run(ops, problem.state)):
        yield f"the answer is not {row['target']!r}"
    if kinds != CONTROLS.get(family(row), kinds):
        yield f"a control's operations are {sorted(kinds)}"
    if family(row) in ("dyna", "dyna-ood") and kinds != set(KINDS):
        yield f"a preset's operations are {sorted(kinds)}"
    yield from outside_presets(row, PRESETS)


def _in_range(operation: Operation, size: int) -> bool:
    kind, numbers = operation
    if kind.startswith("ROTATE"):
        return 1 <= numbers[0] < size
    return 0 <= numbers[0] < numbers[1] < size
