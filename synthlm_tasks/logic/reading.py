"""Logic, read back: evaluate the gates from left to right."""

import re
from collections.abc import Callable
from typing import Final

from synthlm_tasks.rows.reading import Derivation, Reading

_GATES: Final[dict[str, Callable[..., int]]] = {
    "AND": lambda a, b: a & b,
    "OR": lambda a, b: a | b,
    "XOR": lambda a, b: a ^ b,
    "NAND": lambda a, b: 1 - (a & b),
    "NOR": lambda a, b: 1 - (a | b),
    "NOT": lambda a: 1 - a,
}
_WIRE: Final = r"[gx]\d+"
_GATE: Final = rf"g\d+=(?:NOT\({_WIRE}\)|(?:AND|OR|XOR|NAND|NOR)\({_WIRE},{_WIRE}\))"


def _solve(match: re.Match[str]) -> Derivation:
    inputs, gates, asked = match.groups()
    value: dict[str, int] = {}
    for setting in inputs.split(" "):
        name, _, bit = setting.partition("=")
        value[name] = int(bit)
    steps = []
    for gate in gates.split(" | "):
        name, _, call = gate.partition("=")
        kind, _, wires = call[:-1].partition("(")
        bits = [value[wire] for wire in wires.split(",")]
        value[name] = _GATES[kind](*bits)
        steps.append(f"{gate} = {kind}({','.join(map(str, bits))}) = {value[name]}")
    return Derivation(tuple(steps), str(value[asked]), (str(1 - value[asked]),))


READING: Final = Reading(
    "logic",
    rf"INPUTS (x\d+=[01](?: x\d+=[01])*) \|\| GATES ({_GATE}(?: \| {_GATE})*) \|\| ",
    r"QUERY (g\d+) ->",
    " ([01])",
    " || ",
    _solve,
)
