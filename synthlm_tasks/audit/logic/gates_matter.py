"""Every gate matters: no gate of a circuit can be left out, or be had for less."""

import itertools
from collections.abc import Iterable, Mapping
from typing import Final

from synthlm_tasks.audit.logic.circuits import complement, truth_tables
from synthlm_tasks.audit.logic.prompts import Problem

Table = tuple[int, ...]

_MOST_INPUTS: Final = 6
"""Truth tables are tried up to here: 64 rows."""


def waived(num_inputs: int) -> bool:
    """Whether too few inputs make it impossible: of two inputs there are five functions besides themselves.

    Up to complement these are AND with either argument complemented or not (four) and XOR; of one input none.
    """
    return num_inputs <= 2


def needless_gates(problem: Problem) -> Iterable[str]:
    """What a gate is that could be left out, and inputs that do not matter, in words; nothing if waived."""
    if waived(len(problem.inputs)) or len(problem.inputs) > _MOST_INPUTS:
        return
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
