"""Every gate matters: no gate of a circuit can be left out, or be had for less."""

import itertools
from collections.abc import Iterable, Mapping
from typing import Final

from synthlm_tasks.audit.logic.circuits import complement, truth_tables
from synthlm_tasks.audit.logic.prompts import Problem

Table = tuple[int, ...]

_MOST_GATES: Final = {
    0.5: {1: 1, 2: 5, 3: 19, 4: 27, 5: 35, 6: 42},
    0.3: {1: 1, 2: 5, 3: 15, 4: 21, 5: 27, 6: 31},
    0.1: {1: 1, 2: 5, 3: 12, 4: 15, 5: 21, 6: 24},
}
"""Number of inputs → the most gates that a shape may have room for, from each density of XOR gates on."""


def waived(inputs: int, depth: int, width: int, xor_density: float) -> bool:
    """Whether a gate may be left out, since of so few inputs few circuits of the shape have none such.

    A layer has room for twice as many gates as the one above, and at most the width: depth 4 and width 3 for
    1 + 2 + 3 + 3.
    """
    room = sum(min(width, 1 << layer) for layer in range(depth))
    return room > next(most for density, most in _MOST_GATES.items() if xor_density >= density)[inputs]


def needless_gates(problem: Problem) -> Iterable[str]:
    """What a gate is that could be left out, and inputs that do not matter, in words."""
    tables = truth_tables(problem)
    inputs = {table for name in problem.inputs for table in (tables[name], complement(tables[name]))}
    for name, _, wires in problem.gates:
        if name != problem.root and len(set(tables[name])) == 1:
            yield "a gate inside is constant"
        if tables[name] in inputs and not (len(wires) == 1 and wires[0] in problem.inputs):
            yield "a gate other than its NOT equals an input or its complement"
    yield from _twice(problem, tables)
    count = len(problem.inputs)
    if not all(_depends(tables[problem.root], place, count) for place in range(count)):
        yield "the asked function ignores an input"


def _twice(problem: Problem, tables: Mapping[str, Table]) -> Iterable[str]:
    """Gates that say the same, up to complement, where the later one is not just NOT of the other."""
    for (first, kind, wires), (second, later_kind, later_wires) in itertools.combinations(problem.gates, 2):
        if (kind, sorted(wires)) == (later_kind, sorted(later_wires)):
            yield "two gates have the same text"
        same = tables[second] in (tables[first], complement(tables[first]))
        if same and (later_kind, later_wires) != ("NOT", (first,)):
            yield "two gates have the same function up to complement"


def _depends(table: Table, place: int, inputs: int) -> bool:
    """Whether a flip of the input at this place ever changes the table."""
    step = 1 << (inputs - 1 - place)
    return any(table[row] != table[row ^ step] for row in range(len(table)))
