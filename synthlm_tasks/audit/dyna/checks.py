"""Dyna by hand: apply the operations to a list, one after another."""

import itertools
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from synthlm_tasks.audit.checks import Ranges, Row, family, metadata, metadata_differences, outside_presets
from synthlm_tasks.audit.dyna.prompts import Operation, Problem, Query, parse

SIZES: Ranges = {"state_size": ((5, 7), (8, 12), (13, 20)), "num_ops": ((5, 10), (10, 20), (20, 50))}
ONE_QUERY: Ranges = {"num_queries": ((1, 1),) * 3}
PRESETS: dict[str, Ranges] = {
    "dyna": {**SIZES, **ONE_QUERY},
    "dyna-commuting": {**SIZES, **ONE_QUERY},
    "dyna-swaps": {**SIZES, **ONE_QUERY},
    "dyna-ood": {"state_size": ((13, 20),) * 3, "num_ops": ((51, 100),) * 3, **ONE_QUERY},
    "dyna-ramp": {
        "state_size": ((3, 7), (3, 12), (3, 20)),
        "num_ops": ((1, 10), (1, 20), (1, 50)),
        "num_queries": ((1, 8),) * 3,
    },
}
CONTROLS = {"dyna-commuting": {"ROTATE_LEFT", "ROTATE_RIGHT"}, "dyna-swaps": {"SWAP"}}
KINDS = ("SWAP", "ROTATE_LEFT", "ROTATE_RIGHT", "REVERSE")

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ENTRIES = {"state_size", "num_ops", "operations", "initial", "num_queries", "effective_ops", "query"}


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


def read_answer(query: Query, final: list[str]) -> str:
    """The answer, given the final list."""
    if query.element is not None:
        return str(final.index(query.element))
    return final[query.position or 0]


def answer(text: str) -> str:
    """The one right answer to a prompt: that of its last query."""
    problem = parse(text)
    return read_answer(problem.queries[-1], run(problem.operations, problem.state))


def asked_letter(query: Query, final: list[str]) -> str:
    """The letter that a query is about: the one it names, or the one that ends where it asks."""
    return final[query.position or 0] if query.element is None else query.element


@lru_cache(maxsize=100_000)
def commute(first: Operation, second: Operation, size: int) -> bool:
    """Whether two operations have the same effect in either order."""
    items = [str(i) for i in range(size)]
    return run((first, second), items) == run((second, first), items)


def order_matters(problem: Problem) -> int:
    """How many of the adjacent transpositions change the answer to the first query."""
    query = problem.queries[0]
    right = read_answer(query, run(problem.operations, problem.state))
    changed = 0
    before = problem.state
    for t, (first, second) in enumerate(itertools.pairwise(problem.operations)):
        swapped = run(problem.operations[t + 2 :], run((second, first), before))
        changed += read_answer(query, swapped) != right
        before = apply_operation(first, before)
    return changed


def effective_ops(problem: Problem) -> int:
    """How many operations move the element that the first query asks about."""
    letter = asked_letter(problem.queries[0], run(problem.operations, problem.state))
    places = [problem.state.index(letter)]
    items = problem.state
    for operation in problem.operations:
        items = apply_operation(operation, items)
        places.append(items.index(letter))
    return sum(before != after for before, after in itertools.pairwise(places))


def key(row: Row) -> object:
    """What decides the split: list size and what each operation does, in order unless they all commute."""
    problem = parse(row["input_text"])
    size = len(problem.state)
    places = [str(i) for i in range(size)]
    maps = [tuple(apply_operation(operation, places)) for operation in problem.operations]
    different = set(problem.operations)
    if all(commute(a, b, size) for a, b in itertools.combinations(different, 2)):
        maps.sort()
    return size, tuple(maps)


def violations(row: Row) -> list[str]:
    """Everything the row breaks."""
    return list(_violations(row))


def _violations(row: Row) -> Iterable[str]:
    problem = parse(row["input_text"])
    size, ops = len(problem.state), problem.operations
    stated = metadata(row)
    kinds = set(stated.get("operations", KINDS))
    if set(stated) - ENTRIES:
        yield f"unknown metadata: {sorted(stated)}"
    if len(set(problem.state)) < size:
        yield "letters repeat"
    if not all(_in_range(operation, size) for operation in ops):
        yield "an operation's arguments are out of range"
        return
    missing = list(_missing(problem))
    if missing:
        yield from missing
        return
    yield from metadata_differences(row, _real_metadata(problem, stated))
    if not {kind for kind, _ in ops} <= kinds:
        yield f"operations other than {sorted(kinds)}"
    items = [str(i) for i in range(size)]
    if any(apply_operation(operation, items) == items for operation in ops):
        yield "an operation changes nothing"
    # Controls: rotations all commute; and only the full set promises that order changes the answer.
    neighbours = list(itertools.pairwise(ops))
    if kinds & {"SWAP", "REVERSE"} and any(commute(a, b, size) for a, b in neighbours):
        yield "neighbouring operations commute"
    if kinds == set(KINDS) and 3 * order_matters(problem) < len(ops) - 1:
        yield "order changes the answer too seldom"
    yield from _query_violations(problem, row["target"])
    yield from _preset_violations(row, kinds, stated)


def _in_range(operation: Operation, size: int) -> bool:
    kind, numbers = operation
    if kind.startswith("ROTATE"):
        return 1 <= numbers[0] < size
    return 0 <= numbers[0] < numbers[1] < size


def _missing(problem: Problem) -> Iterable[str]:
    """What a query asks about that is not there."""
    for query in problem.queries:
        if query.element is None and (query.position or 0) >= len(problem.state):
            yield "the asked position does not exist"
        if query.element is not None and query.element not in problem.state:
            yield "the asked element does not exist"


def _real_metadata(problem: Problem, stated: dict[str, Any]) -> dict[str, object]:
    """What the metadata should say. A random list may be in order too, as luck will have it."""
    size = len(problem.state)
    ordered = problem.state == list(ALPHABET[:size]) and stated.get("initial") != "random"
    return {
        "state_size": size,
        "num_ops": len(problem.operations),
        "initial": "ordered" if ordered else "random",
        "num_queries": len(problem.queries),
        "effective_ops": effective_ops(problem),
        "query": "position" if problem.queries[0].element is None else "element",
    }


def _query_violations(problem: Problem, target: str) -> Iterable[str]:
    final = run(problem.operations, problem.state)
    letters = [asked_letter(query, final) for query in problem.queries]
    if len(set(letters)) < len(letters):
        yield "two queries ask about one element"
    if len(letters) > max(1, len(final) // 2):
        yield "more than half of the places are asked"
    if any(query.answer != read_answer(query, final) for query in problem.queries[:-1]):
        yield "an answer that stands behind a query is wrong"
    if target != read_answer(problem.queries[-1], final):
        yield f"the answer is not {target!r}"


def _preset_violations(row: Row, kinds: set[str], stated: dict[str, Any]) -> Iterable[str]:
    if kinds != CONTROLS.get(family(row), kinds):
        yield f"a control's operations are {sorted(kinds)}"
    if family(row) in ("dyna", "dyna-ood", "dyna-ramp") and kinds != set(KINDS):
        yield f"a preset's operations are {sorted(kinds)}"
    if family(row) in PRESETS and family(row) != "dyna-ramp" and stated.get("initial") != "random":
        yield "a preset's list is ordered"
    yield from outside_presets(row, PRESETS)
