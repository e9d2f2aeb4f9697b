"""Logic by hand: evaluate the gates left to right, and the whole truth table for the invariants."""

import itertools
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from synthlm_tasks.audit.checks import Ranges, Row, metadata, metadata_differences, outside_presets

PRESETS: dict[str, Ranges] = {
    "logic": {
        "num_inputs": ((3, 4), (4, 5), (5, 6)),
        "depth": ((2, 3), (3, 5), (5, 8)),
        "width": ((2, 2), (2, 3), (2, 4)),
        "xor_density": ((0.1, 0.1), (0.3, 0.3), (0.5, 0.5)),
    },
    "logic-ood": {
        "num_inputs": ((5, 6),) * 3,
        "depth": ((9, 10),) * 3,
        "width": ((2, 4),) * 3,
        "xor_density": ((0.5, 0.5),) * 3,
    },
    "logic-parity": {"num_bits": ((8, 12), (13, 20), (21, 32))},
}

PROMPT = re.compile(
    r"INPUTS (x0=[01](?: x\d+=[01])*) \|\| GATES (g0=\S.*\S|g0=\S) \|\| QUERY (g(?:0|[1-9]\d*)) ->"
)
INPUT = re.compile(r"x(0|[1-9]\d*)=([01])")
GATE = re.compile(r"(g(?:0|[1-9]\d*))=(?:(AND|OR|XOR|NAND|NOR)\(([xg]\d+),([xg]\d+)\)|(NOT)\(([xg]\d+)\))")

Gate = tuple[str, str, tuple[str, ...]]


@dataclass(frozen=True)
class Problem:
    """What a prompt says: input values by name, gates (name, type, arguments) in order, gate asked."""

    inputs: dict[str, int]
    gates: list[Gate]
    asked: str


def parse(text: str) -> Problem:
    """Read a prompt; ValueError for anything but the exact format."""
    match = PROMPT.fullmatch(text)
    if not match:
        raise ValueError(f"not a Logic prompt: {text!r}")
    inputs = [INPUT.fullmatch(part) for part in match[1].split(" ")]
    gates = [_gate(part) for part in match[2].split(" | ")]
    if [m and int(m[1]) for m in inputs] != list(range(len(inputs))):
        raise ValueError(f"inputs are not x0, x1, …: {text!r}")
    if [name for name, _, _ in gates] != [f"g{i}" for i in range(len(gates))]:
        raise ValueError(f"gates are not g0, g1, …: {text!r}")
    return Problem({f"x{m[1]}": int(m[2]) for m in inputs if m}, gates, match[3])


def _gate(text: str) -> Gate:
    match = GATE.fullmatch(text)
    if not match:
        raise ValueError(f"not a gate: {text!r}")
    name, kind, first, second, negation, only = match.groups()
    return (name, negation, (only,)) if negation else (name, kind, (first, second))


def output(kind: str, values: list[int]) -> int:
    """One gate's output."""
    if kind == "NOT":
        return 1 - values[0]
    a, b = values
    if kind in ("AND", "NAND"):
        return (a & b) ^ (kind == "NAND")
    if kind in ("OR", "NOR"):
        return (a | b) ^ (kind == "NOR")
    return a ^ b


def evaluate(problem: Problem, inputs: Mapping[str, int]) -> int:
    """The asked gate's output; KeyError if a gate uses what is not known yet."""
    values = dict(inputs)
    for name, kind, arguments in problem.gates:
        values[name] = output(kind, [values[argument] for argument in arguments])
    return values[problem.asked]


def answer(text: str) -> str:
    """The one right answer to a prompt."""
    problem = parse(text)
    return str(evaluate(problem, problem.inputs))


def depths(problem: Problem) -> dict[str, int]:
    """Longest path from an input to each input and gate."""
    found = dict.fromkeys(problem.inputs, 0)
    for name, _, arguments in problem.gates:
        found[name] = 1 + max(found[argument] for argument in arguments)
    return found


def cone(problem: Problem) -> set[str]:
    """Everything that the asked gate depends on, itself included."""
    arguments = {name: wires for name, _, wires in problem.gates}
    seen: set[str] = set()
    open_ends = [problem.asked]
    while open_ends:
        node = open_ends.pop()
        if node not in seen:
            seen.add(node)
            open_ends.extend(arguments.get(node, ()))
    return seen


def sensitive(problem: Problem) -> bool:
    """Whether some single input's flip changes the answer."""
    right = evaluate(problem, problem.inputs)
    flips = ({**problem.inputs, name: 1 - value} for name, value in problem.inputs.items())
    return any(evaluate(problem, flipped) != right for flipped in flips)


def constant(problem: Problem) -> bool:
    """Whether the answer is the same for all inputs (all of them are tried)."""
    rows = itertools.product((0, 1), repeat=len(problem.inputs))
    return len({evaluate(problem, dict(zip(problem.inputs, row, strict=True))) for row in rows}) == 1


def key(row: Row) -> object:
    """What decides the split: wiring and gate types; in a parity tree the input bits too.

    What the inputs are called, in which order a gate's arguments stand and whether the asked gate is
    complemented (NAND for AND, NOR for OR) does not count.
    """
    problem = parse(row["input_text"])
    if all(kind == "XOR" for _, kind, _ in problem.gates) and len(problem.gates) == len(problem.inputs) - 1:
        return row["input_text"]
    if len(problem.inputs) > 4:  # circuits this large hardly ever occur twice
        return _rename_inputs(problem, tuple(problem.inputs))
    return min(_rename_inputs(problem, order) for order in itertools.permutations(problem.inputs))


def _rename_inputs(problem: Problem, order: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    names = dict(zip(problem.inputs, order, strict=True))
    return tuple(
        (
            kind.removeprefix("N") if name == problem.asked and kind in ("NAND", "NOR") else kind,
            *sorted(names.get(wire, wire) for wire in wires),
        )
        for name, kind, wires in problem.gates
    )


def violations(row: Row) -> list[str]:
    """Everything the row breaks."""
    problem = parse(row["input_text"])
    try:
        depth = depths(problem)
    except KeyError as missing:
        return [f"{missing} is used before it is known"]
    parity = "num_bits" in metadata(row)
    return [
        *_common_violations(row, problem),
        *(_tree(row, problem) if parity else _circuit(row, problem, depth)),
    ]


def _common_violations(row: Row, problem: Problem) -> Iterable[str]:
    if str(evaluate(problem, problem.inputs)) != row["target"]:
        yield f"the answer is not {row['target']!r}"
    if cone(problem) != {*problem.inputs, *(name for name, _, _ in problem.gates)}:
        yield "a gate or input is not in the asked gate's cone"
    if any(len(set(wires)) < len(wires) for _, _, wires in problem.gates):
        yield "a gate's two arguments are the same"
    if not sensitive(problem):
        yield "no single input matters"


def _circuit(row: Row, problem: Problem, depth: Mapping[str, int]) -> Iterable[str]:
    kinds = [kind for _, kind, _ in problem.gates]
    layers = [depth[name] for name, _, _ in problem.gates]
    stated = metadata(row)
    yield from metadata_differences(
        row,
        {
            "num_inputs": len(problem.inputs),
            "depth": depth[problem.asked],
            "width": max(map(layers.count, layers)),
            "num_gates": len(kinds),
            "num_xor": kinds.count("XOR"),
        },
    )
    if set(stated) != {"num_inputs", "depth", "width", "xor_density", "num_gates", "num_xor"}:
        yield f"other metadata than expected: {sorted(stated)}"
        return
    if not isinstance(stated["xor_density"], float):
        yield f"xor_density={stated['xor_density']!r}"
        return
    share = round(stated["xor_density"] * 100) * len(kinds) / 100
    if not math.floor(share) <= kinds.count("XOR") <= math.ceil(share):
        yield f"{kinds.count('XOR')} XOR of {len(kinds)} gates"
    if len(problem.inputs) <= 6 and constant(problem):
        yield "the circuit is constant"
    yield from outside_presets(row, PRESETS)


def _tree(row: Row, problem: Problem) -> Iterable[str]:
    used = [wire for _, _, wires in problem.gates for wire in wires]
    everything = [*problem.inputs, *(name for name, _, _ in problem.gates)]
    if {kind for _, kind, _ in problem.gates} != {"XOR"}:
        yield "a parity tree has other gates than XOR"
    if sorted([*used, problem.asked]) != sorted(everything):
        yield "not a tree over all bits"
    if str(sum(problem.inputs.values()) % 2) != row["target"]:
        yield "the answer is not the parity"
    real: dict[str, object] = {
        "num_bits": len(problem.inputs),
        "num_gates": len(problem.gates),
        "depth": depths(problem)[problem.asked],
    }
    yield from metadata_differences(row, real)
    if set(metadata(row)) != set(real):
        yield f"other metadata than expected: {sorted(metadata(row))}"
    yield from outside_presets(row, PRESETS)
