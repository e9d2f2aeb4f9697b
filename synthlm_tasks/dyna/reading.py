"""Dyna, read back: apply the operations one after another, then look."""

import re
from typing import Final

from synthlm_tasks.rows.reading import Derivation, Reading

_OPERATION: Final = r"(?:(?:SWAP|REVERSE)\(\d{1,2},\d{1,2}\)|ROTATE_(?:LEFT|RIGHT)\(\d{1,2}\))"


def _apply(kind: str, numbers: list[int], items: list[str]) -> list[str]:
    """The list after one operation, e.g. SWAP 0 2 on A B C → C B A."""
    first, last = numbers[0], numbers[-1]
    if not 0 <= first <= last < len(items):
        raise IndexError(numbers)
    if kind == "SWAP":
        items = items.copy()
        items[first], items[last] = items[last], items[first]
        return items
    if kind == "REVERSE":
        return items[:first] + items[first : last + 1][::-1] + items[last + 1 :]
    if kind == "ROTATE_LEFT":
        return items[first:] + items[:first]
    return items[-first:] + items[:-first]


def _solve(match: re.Match[str]) -> Derivation:
    state, operations, position, element = match.groups()
    items = start = state.split(", ")
    steps = [f"start: {' '.join(items)}"]
    for operation in operations.split(" | "):
        kind, _, numbers = operation[:-1].partition("(")
        items = _apply(kind, [int(number) for number in numbers.split(",")], items)
        steps.append(f"{operation}: {' '.join(items)}")
    if element is None:
        answer = items[int(position)]
        asked, others = f"position {position}", start
    else:
        answer = str(items.index(element))
        asked, others = f"element {element}", [str(place) for place in range(len(items))]
    return Derivation(
        (*steps, f"{asked}: {answer}"), answer, tuple(other for other in others if other != answer)
    )


READING: Final = Reading(
    "dyna",
    rf"STATE \[([A-Z](?:, [A-Z])*)\] \|\| OPS ({_OPERATION}(?: \| {_OPERATION})*) \|\| ",
    r"QUERY (?:position (\d{1,2})|element ([A-Z])) ->",
    r" ([A-Z]|\d{1,2})",
    " || ",
    _solve,
)
