"""Circuits by hand: gates evaluated left to right, longest paths, and whole truth tables."""

import itertools
from collections.abc import Iterable, Mapping, Sequence

from synthlm_tasks.audit.logic.prompts import Gate, Problem

INVERTING = frozenset({"NOT", "NAND", "NOR"})
"""Gates that are another gate with the output complemented."""


def output(kind: str, values: Sequence[int]) -> int:
    """One gate's output."""
    if kind == "NOT":
        return 1 - values[0]
    a, b = values
    if kind in ("AND", "NAND"):
        return (a & b) ^ (kind == "NAND")
    if kind in ("OR", "NOR"):
        return (a | b) ^ (kind == "NOR")
    return a ^ b


def all_values(gates: Iterable[Gate], inputs: Mapping[str, int]) -> dict[str, int]:
    """The value of every input and gate; KeyError if a gate uses what is not known yet."""
    values = dict(inputs)
    for name, kind, arguments in gates:
        values[name] = output(kind, [values[argument] for argument in arguments])
    return values


def evaluate(problem: Problem, inputs: Mapping[str, int]) -> int:
    """The asked gate's output; KeyError if a gate uses what is not known yet."""
    return all_values(problem.gates, inputs)[problem.asked]


def depths(problem: Problem) -> dict[str, int]:
    """Longest path from an input to each input and gate."""
    found = dict.fromkeys(problem.inputs, 0)
    for name, _, arguments in problem.gates:
        found[name] = 1 + max(found[argument] for argument in arguments)
    return found


def cone(problem: Problem, gate: str) -> set[str]:
    """Everything that a gate depends on, itself included."""
    arguments = {name: wires for name, _, wires in problem.gates}
    seen: set[str] = set()
    open_ends = [gate]
    while open_ends:
        node = open_ends.pop()
        if node not in seen:
            seen.add(node)
            open_ends.extend(arguments.get(node, ()))
    return seen


def truth_tables(problem: Problem) -> dict[str, tuple[int, ...]]:
    """What each input and gate is on every row of input values, the rows in counting order."""
    names = list(problem.inputs)
    found = [
        all_values(problem.gates, dict(zip(names, row, strict=True)))
        for row in itertools.product((0, 1), repeat=len(names))
    ]
    return {name: tuple(values[name] for values in found) for name in found[0]}


def complement(table: Sequence[int]) -> tuple[int, ...]:
    """The table of the complemented function."""
    return tuple(1 - value for value in table)
