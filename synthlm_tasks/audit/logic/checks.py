"""Logic by hand: evaluate the gates left to right, and the whole truth table for the invariants."""

import itertools
import math
from collections.abc import Iterable, Mapping

from synthlm_tasks.audit.checks import Ranges, Row, metadata, metadata_differences, outside_presets
from synthlm_tasks.audit.logic.circuits import all_values, cone, depths, evaluate, truth_tables
from synthlm_tasks.audit.logic.gates_matter import needless_gates, waived
from synthlm_tasks.audit.logic.prompts import Problem, parse

ONE_QUERY: Ranges = {"num_queries": ((1, 1),) * 3}
PRESETS: dict[str, Ranges] = {
    "logic": {
        "num_inputs": ((3, 4), (4, 5), (5, 6)),
        "depth": ((2, 3), (3, 5), (5, 8)),
        "width": ((2, 2), (2, 3), (2, 4)),
        "xor_density": ((0.1, 0.1), (0.3, 0.3), (0.5, 0.5)),
        **ONE_QUERY,
    },
    "logic-ood": {
        "num_inputs": ((5, 6),) * 3,
        "depth": ((9, 10),) * 3,
        "width": ((2, 4),) * 3,
        "xor_density": ((0.5, 0.5),) * 3,
        **ONE_QUERY,
    },
    "logic-ramp": {
        "num_inputs": ((1, 4), (1, 5), (1, 6)),
        "depth": ((1, 3), (1, 5), (1, 8)),
        "width": ((1, 2), (1, 3), (1, 4)),
        "xor_density": ((0.1, 0.1), (0.3, 0.3), (0.5, 0.5)),
        "num_queries": ((1, 8),) * 3,
    },
    "logic-parity": {"num_bits": ((8, 12), (13, 20), (21, 32))},
}

_CIRCUIT_ENTRIES = {"num_inputs", "depth", "width", "xor_density", "num_queries", "num_gates", "num_xor"}


def answer(text: str) -> str:
    """The one right answer to a prompt: that of its last query."""
    problem = parse(text)
    return str(evaluate(problem, problem.inputs))


def sensitive(problem: Problem) -> bool:
    """Whether some single input's flip changes what the first query's gate gives."""
    right = all_values(problem.gates, problem.inputs)[problem.root]
    flips = ({**problem.inputs, name: 1 - value} for name, value in problem.inputs.items())
    return any(all_values(problem.gates, flipped)[problem.root] != right for flipped in flips)


def violations(row: Row) -> list[str]:
    """Everything the row breaks."""
    problem = parse(row["input_text"])
    try:
        depth = depths(problem)
    except KeyError as missing:
        return [f"{missing} is used before it is known"]
    if not {query.gate for query in problem.queries} <= depth.keys():
        return ["an asked gate does not exist"]
    parity = "num_bits" in metadata(row)
    return [
        *_query_violations(row, problem, depth),
        *_common_violations(problem),
        *(_tree(row, problem) if parity else _circuit(row, problem, depth)),
    ]


def _query_violations(row: Row, problem: Problem, depth: Mapping[str, int]) -> Iterable[str]:
    """Wrong answers; and gates asked in an order in which an answer is part of a later one's work."""
    values = all_values(problem.gates, problem.inputs)
    if str(values[problem.asked]) != row["target"]:
        yield f"the answer is not {row['target']!r}"
    if any(query.answer != str(values[query.gate]) for query in problem.queries[:-1]):
        yield "an answer that stands behind a query is wrong"
    if problem.root != problem.gates[-1][0]:
        yield "the first query is not about the last gate"
    asked_depths = [depth[query.gate] for query in problem.queries]
    if any(before < after for before, after in itertools.pairwise(asked_depths)):
        yield "a deeper gate is asked after another"
    if len({query.gate for query in problem.queries}) < len(problem.queries):
        yield "a gate is asked twice"


def _common_violations(problem: Problem) -> Iterable[str]:
    if cone(problem, problem.root) != {*problem.inputs, *(name for name, _, _ in problem.gates)}:
        yield "a gate or input is not in the asked gate's cone"
    if any(len(set(wires)) < len(wires) for _, _, wires in problem.gates):
        yield "a gate's two arguments are the same"
    if not sensitive(problem):
        yield "no single input matters"


def _circuit(row: Row, problem: Problem, depth: Mapping[str, int]) -> Iterable[str]:
    kinds = [kind for _, kind, _ in problem.gates]
    layers = [depth[name] for name, _, _ in problem.gates]
    width = max(map(layers.count, layers))
    stated = metadata(row)
    if len(set(truth_tables(problem)[problem.root])) == 1:
        yield "the circuit is constant"
    yield from metadata_differences(
        row,
        {
            "num_inputs": len(problem.inputs),
            "depth": depth[problem.root],
            "width": width,
            "num_queries": len(problem.queries),
            "num_gates": len(kinds),
            "num_xor": kinds.count("XOR"),
        },
    )
    if set(stated) != _CIRCUIT_ENTRIES:
        yield f"other metadata than expected: {sorted(stated)}"
        return
    if not isinstance(stated["xor_density"], float):
        yield f"xor_density={stated['xor_density']!r}"
        return
    if not waived(len(problem.inputs), depth[problem.root], width, stated["xor_density"]):
        yield from needless_gates(problem)
    share = round(stated["xor_density"] * 100) * len(kinds) / 100
    if not math.floor(share) <= kinds.count("XOR") <= math.ceil(share):
        yield f"{kinds.count('XOR')} XOR of {len(kinds)} gates"
    yield from outside_presets(row, PRESETS)


def _tree(row: Row, problem: Problem) -> Iterable[str]:
    used = [wire for _, _, wires in problem.gates for wire in wires]
    everything = [*problem.inputs, *(name for name, _, _ in problem.gates)]
    if {kind for _, kind, _ in problem.gates} != {"XOR"}:
        yield "a parity tree has other gates than XOR"
    if sorted([*used, problem.root]) != sorted(everything):
        yield "not a tree over all bits"
    if (problem.queries[0].answer or row["target"]) != str(sum(problem.inputs.values()) % 2):
        yield "the answer is not the parity"
    real: dict[str, object] = {
        "num_bits": len(problem.inputs),
        "num_gates": len(problem.gates),
        "depth": depths(problem)[problem.root],
    }
    if len(problem.queries) != 1:
        yield "a parity tree has more than one query"
    yield from metadata_differences(row, real)
    if set(metadata(row)) != set(real):
        yield f"other metadata than expected: {sorted(metadata(row))}"
    yield from outside_presets(row, PRESETS)
