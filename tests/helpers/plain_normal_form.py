"""Circuits as texts say them, up to spelling: AND and XOR nodes with complements, in plain Python.

NAND, OR, NOR and NOT are spellings: OR(a,b) is NOT(AND(NOT(a),NOT(b))), and a NOT belongs to what reads it.
XOR has no complemented arguments, since XOR(NOT(a),b) is NOT(XOR(a,b)).
"""

import itertools
import re
from collections.abc import Iterable, Iterator
from typing import TypeAlias

Gate: TypeAlias = tuple[str, str, list[str]]
Literal: TypeAlias = tuple[int, bool]

_GATE = re.compile(r"(g\d+)=([A-Z]+)\(([gx0-9,]+)\)")


def gates_of(text: str) -> tuple[int, list[Gate]]:
    """The number of inputs and the gates (name, kind, arguments) of a prompt."""
    inputs, gates, *_ = text.split(" || ")
    return inputs.count("="), [(m[1], m[2], m[3].split(",")) for m in _GATE.finditer(gates)]


class Forms:
    """Numbers for nodes, the same for equal ones in whatever circuits."""

    def __init__(self) -> None:
        self._numbers: dict[object, int] = {}

    def _number(self, node: object) -> int:
        return self._numbers.setdefault(node, len(self._numbers))

    def asked(self, gates: list[Gate], named: dict[str, object]) -> int:
        """The asked node, a complement dropped, with these names for inputs."""
        found: dict[str, Literal] = {
            wire: (self._number(("input", name)), False) for wire, name in named.items()
        }
        for name, kind, wires in gates:
            known = [found[wire] for wire in wires]
            if kind == "NOT":
                found[name] = (known[0][0], not known[0][1])
            elif kind == "XOR":
                node = self._number(("XOR", *sorted(number for number, _ in known)))
                found[name] = (node, known[0][1] != known[1][1])
            else:
                before = kind in ("OR", "NOR")
                node = self._number(("AND", *sorted((number, turned != before) for number, turned in known)))
                found[name] = (node, kind in ("OR", "NAND"))
        return found[gates[-1][0]][0]

    def key(self, text: str) -> int:
        """One number for all circuits that differ in spelling, input names and argument order only."""
        inputs, gates = gates_of(text)
        names = [f"x{i}" for i in range(inputs)]
        # Inputs are told apart by the circuit in which one of them is marked; those alike take all orders.
        marks = {one: self.asked(gates, {name: name == one for name in names}) for one in names}
        alike = [[name for name in names if marks[name] == mark] for mark in sorted(set(marks.values()))]
        return min(self.asked(gates, _numbered(order)) for order in _orders(alike))


def _numbered(order: Iterable[str]) -> dict[str, object]:
    return {name: number + 2 for number, name in enumerate(order)}  # 0 and 1 are marks


def _orders(alike: list[list[str]]) -> Iterator[list[str]]:
    for parts in itertools.product(*map(itertools.permutations, alike)):
        yield list(itertools.chain(*parts))


def tables_of(text: str) -> dict[str, tuple[int, ...]]:
    """The value of every input and gate on every row of inputs."""
    inputs, gates = gates_of(text)
    rows = list(itertools.product((0, 1), repeat=inputs))
    found = {f"x{i}": tuple(row[i] for row in rows) for i in range(inputs)}
    for name, kind, wires in gates:
        values = list(zip(*(found[wire] for wire in wires), strict=True))
        found[name] = tuple(gate_value(kind, bits) for bits in values)
    return found


def gate_value(kind: str, bits: tuple[int, ...]) -> int:
    """What a gate gives."""
    if kind == "XOR":
        return bits[0] ^ bits[1]
    either = any(bits) if kind in ("OR", "NOR", "NOT") else all(bits)
    return int(either != (kind in ("NOR", "NAND", "NOT")))


def what_does_not_matter(text: str) -> list[str]:
    """Gates and inputs without a part of their own, in words."""
    inputs, gates = gates_of(text)
    tables = tables_of(text)
    inverse = {name: tuple(1 - bit for bit in table) for name, table in tables.items()}
    nodes = {min(tables[f"x{i}"], inverse[f"x{i}"]): f"x{i}" for i in range(inputs)}
    nots: dict[tuple[int, ...], str] = {}
    found = []
    for name, kind, wires in gates:
        table = min(tables[name], inverse[name])  # of the two up to complement
        others = nots if kind == "NOT" and nodes.get(table) == wires[0] else nodes
        if not any(table):
            found.append(f"{name} is constant")
        elif table in others or (others is nodes and table in nots):
            found.append(f"{name} has the function of {others.get(table) or nots[table]}")
        others.setdefault(table, name)
    asked = tables[gates[-1][0]]
    rows = list(itertools.product((0, 1), repeat=inputs))
    value = dict(zip(rows, asked, strict=True))
    idle = (
        f"x{i} does not matter"
        for i in range(inputs)
        if all(value[row] == value[(*row[:i], 1 - row[i], *row[i + 1 :])] for row in rows)
    )
    return [*found, *idle]
