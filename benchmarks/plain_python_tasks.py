"""The floor of the comparison: the same four tasks in ordinary Python, one row at a time.

Lists, f-strings and loops that draw until a problem is good; the same text formats, presets and main
invariants, checked on each row the direct way. Nothing here is shared with the array programs but the
presets and Inducto's rules.
"""

import functools
import itertools
import json
import random
import zlib
from collections.abc import Callable
from typing import Any, TypeAlias

from synthlm_tasks.filtro.names import COLOURS, GREEK
from synthlm_tasks.inducto.space.rules import Letters, Rule, rules
from synthlm_tasks.rows.presets import LEVELS, family_preset
from synthlm_tasks.rows.tables import SCHEMA

Draw: TypeAlias = random.Random
Preset: TypeAlias = dict[str, Any]
Made: TypeAlias = tuple[str, str, dict[str, object]]
Operation: TypeAlias = tuple[str, int, int]
Gate: TypeAlias = tuple[str, list[str]]
Bits: TypeAlias = tuple[int, ...]

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Values for arguments 00, 01, 10, 11; the one argument of NOT is taken twice.
TRUTH = {"AND": "0001", "OR": "0111", "XOR": "0110", "NAND": "1110", "NOR": "1000", "NOT": "1000"}


def row(family: str, level: str, index: int, draw: Draw) -> dict[str, object]:
    """One training row with all seven columns."""
    input_text, target, metadata = MAKERS[family](draw, family_preset(family).level(LEVELS[level]))
    names = (family.partition("-")[0], LEVELS[level], "train", f"{family}_{LEVELS[level]}_train_{index}")
    columns = (input_text, target, *names, json.dumps(metadata, separators=(",", ":")))
    return dict(zip(SCHEMA.names, columns, strict=True))


def pick(draw: Draw, value: int | list[int]) -> int:
    """A preset's number, or one from its range."""
    return draw.randint(*value) if isinstance(value, list) else value


def in_train(key: object) -> bool:
    """Whether a problem belongs to the training split."""
    return zlib.crc32(repr(key).encode()) % 20 < 18


def dyna(draw: Draw, preset: Preset) -> Made:
    """Draw programs until order matters to the answer."""
    size, length = pick(draw, preset["state_size"]), pick(draw, preset["num_ops"])
    while True:
        program: list[Operation] = []
        while len(program) < length:
            operation = draw_operation(draw, size)
            if not program or not commute(program[-1], operation, size):
                program.append(operation)
        slot = draw.randrange(size)
        places = [slot]
        for operation in program:
            places.append(moved(operation, size, places[-1]))
        changed = sum(
            moved(first, size, moved(second, size, places[t])) != places[t + 2]
            for t, (first, second) in enumerate(itertools.pairwise(program))
        )
        if 3 * changed >= length - 1 and in_train((size, program, slot)):
            break
    state = draw.sample(ALPHABET, size)
    texts = [f"{kind}({i})" if kind.startswith("ROTATE") else f"{kind}({i},{j})" for kind, i, j in program]
    kind = draw.choice(["position", "element"])
    asked, target = (places[-1], state[slot]) if kind == "position" else (state[slot], str(places[-1]))
    prompt = f"STATE [{', '.join(state)}] || OPS {' | '.join(texts)} || QUERY {kind} {asked} ->"
    return prompt, target, {"state_size": size, "num_ops": length, "query": kind}


def draw_operation(draw: Draw, size: int) -> Operation:
    """A kind, then its arguments."""
    kind = draw.choice(["SWAP", "ROTATE_LEFT", "ROTATE_RIGHT", "REVERSE"])
    if kind.startswith("ROTATE"):
        return kind, draw.randrange(1, size), 0
    i, j = sorted(draw.sample(range(size), 2))
    return kind, i, j


def moved(operation: Operation, size: int, place: int) -> int:
    """Where an operation takes what stands at a place."""
    kind, i, j = operation
    if kind == "ROTATE_LEFT":
        return (place - i) % size
    if kind == "ROTATE_RIGHT":
        return (place + i) % size
    if kind == "REVERSE":
        return i + j - place if i <= place <= j else place
    return j if place == i else i if place == j else place


def commute(one: Operation, two: Operation, size: int) -> bool:
    """Whether two operations do the same in either order."""
    return all(
        moved(two, size, moved(one, size, place)) == moved(one, size, moved(two, size, place))
        for place in range(size)
    )


def inducto(draw: Draw, preset: Preset) -> Made:
    """Keep the rule, redraw sequences until no rule of the space fits them and answers differently."""
    level, count = pick(draw, preset["rule_level"]), pick(draw, preset["num_examples"])
    apart = draw.random() < 0.5
    while True:
        rule = draw.choice(draw.choice(kinds(level)))
        for _ in range(20):  # some rules can hardly be told at all; then draw another
            lengths = [draw.randint(4, 8) for _ in range(count + 1)]
            if apart and lengths[0] in lengths[1:]:
                continue
            query, *shown = (tuple(draw.sample(range(26), length)) for length in lengths)
            if identified(rule, query, shown) and in_train((query, shown, rule.name)):
                sizes = {"rule_level": level, "num_examples": count, "rule": rule.name}
                unseen = {"length_unseen": len(query) not in map(len, shown), "query_length": len(query)}
                return inducto_text(rule, query, shown), spaced(rule(query)), {**sizes, **unseen}


@functools.cache
def kinds(level: int) -> list[list[Rule]]:
    """The rules of a level by kind."""
    names = dict.fromkeys(rule.kind for rule in rules() if rule.level == level)
    return [[rule for rule in rules() if rule.level == level and rule.kind == kind] for kind in names]


def identified(rule: Rule, query: Letters, shown: list[Letters]) -> bool:
    """Whether examples decide the answer, and neither it nor any output is given away."""
    answer, outputs = rule(query), [rule(x) for x in shown]
    pairs = [(query, answer), *zip(shown, outputs, strict=True)]
    if answer in outputs or any(x == y or len(y) < 2 for x, y in pairs) or len(set(shown)) < len(shown):
        return False
    return not any(all(rival(x) == y for x, y in pairs[1:]) and rival(query) != answer for rival in rules())


def inducto_text(rule: Rule, query: Letters, shown: list[Letters]) -> str:
    """The prompt."""
    texts = [f"Ex{n}: [{spaced(x)}] -> [{spaced(rule(x))}]" for n, x in enumerate(shown, 1)]
    return f"{' | '.join(texts)} | Query: [{spaced(query)}] ->"


def spaced(letters: Letters) -> str:
    """e.g. 0, 3, 1 → A D B."""
    return " ".join(ALPHABET[letter] for letter in letters)


def filtro(draw: Draw, preset: Preset) -> Made:
    """Two cycles, their edges shuffled and interleaved."""
    shared = preset.get("vocabulary") == "shared"
    while True:
        hops, nodes = pick(draw, preset["num_hops"]), pick(draw, preset["num_nodes"])
        asked = draw.choice("AB") if shared else "A"
        names = draw.sample(GREEK, nodes)
        others = draw.sample(names, nodes) if shared else draw.sample(COLOURS, nodes)
        least = names.index(min(names))
        if min(2 * hops, 15) <= nodes and in_train(names[least:] + names[:least]):
            break
    streams = []
    for tag, cycle in ((asked, names), ("B" if asked == "A" else "A", others)):
        edges = [f"{tag}:{cycle[i - 1]}->{cycle[i]}" for i in range(nodes)]
        draw.shuffle(edges)
        streams.append(edges)
    draw.shuffle(streams)
    pattern = draw.choice(["alternating", "random", "blocked"])
    listed = [edge for pair in zip(*streams, strict=True) for edge in pair]
    if pattern == "blocked":
        listed = streams[0] + streams[1]
    elif pattern == "random":
        draw.shuffle(listed)
    sizes = {"num_hops": hops, "num_nodes": nodes, "effective_hops": min(hops, nodes - hops)}
    modes = {
        "pattern": pattern,
        "vocabulary": "shared" if shared else "disjoint",
        "noise": 1,
        "num_queries": 1,
    }
    prompt = f"EDGES {' | '.join(listed)} || QUERY {asked}:{names[0]} hops={hops} ->"
    return prompt, names[hops], {**sizes, **modes, "query_stream": asked}


def logic(draw: Draw, preset: Preset) -> Made:
    """Draw circuits until all is read and the value depends on the inputs."""
    inputs, depth, width = (pick(draw, preset[name]) for name in ("num_inputs", "depth", "width"))
    names = [f"x{i}" for i in range(inputs)]
    while True:
        gates = draw_gates(draw, names, depth, width, preset["xor_density"])
        read = {name for _, arguments in gates for name in arguments}
        if len(read) < inputs + len(gates) - 1 or not in_train(gates):
            continue
        table = {bits: evaluate(gates, bits) for bits in itertools.product((0, 1), repeat=inputs)}
        rows = [bits for bits, value in table.items() if any(table[other] != value for other in flips(bits))]
        if rows:
            break
    label = draw.randrange(2)
    chosen = draw.choice([bits for bits in rows if table[bits] == label])
    sizes = {"depth": depth, "num_inputs": inputs, "width": width, "xor_density": preset["xor_density"]}
    xors = sum(kind == "XOR" for kind, _ in gates)
    return circuit_text(gates, chosen), str(label), {**sizes, "num_gates": len(gates), "num_xor": xors}


def flips(bits: Bits) -> list[Bits]:
    """The input rows that differ in one bit."""
    return [(*bits[:i], 1 - bits[i], *bits[i + 1 :]) for i in range(len(bits))]


def draw_gates(draw: Draw, names: list[str], depth: int, width: int, density: float) -> list[Gate]:
    """Layers from the inputs up: first arguments read all of the layer below, second ones anything."""
    widths = [1]
    while len(widths) < depth or max(widths) != width:
        widths = [1] if len(widths) >= depth else [draw.randint(1, min(width, 2 * widths[0])), *widths]
    xors = int(density * sum(widths) + draw.random())
    kinds = ["XOR"] * xors + draw.choices(["AND", "OR", "NAND", "NOR", "NOT"], k=sum(widths) - xors)
    draw.shuffle(kinds)
    gates: list[Gate] = []
    below, lower = draw.sample(names, len(names)), list(names)
    for size in widths:
        unread = draw.sample(below, len(below))
        for _ in range(size):
            first = unread.pop() if unread else draw.choice(below)
            gates.append((kinds[len(gates)], [first]))
        for kind, arguments in gates[-size:]:
            if kind != "NOT":
                rest = [name for name in lower if name != arguments[0]]
                arguments.append(unread.pop() if unread else draw.choice(rest))
                draw.shuffle(arguments)
        below = [f"g{g}" for g in range(len(gates) - size, len(gates))]
        lower += below
    return gates


def evaluate(gates: list[Gate], bits: Bits) -> int:
    """The last gate's value."""
    values = {f"x{i}": bit for i, bit in enumerate(bits)}
    for g, (kind, arguments) in enumerate(gates):
        a, b = values[arguments[0]], values[arguments[-1]]
        values[f"g{g}"] = int(TRUTH[kind][2 * a + b])
    return values[f"g{len(gates) - 1}"]


def circuit_text(gates: list[Gate], bits: Bits) -> str:
    """The prompt."""
    inputs = " ".join(f"x{i}={bit}" for i, bit in enumerate(bits))
    texts = [f"g{g}={kind}({','.join(arguments)})" for g, (kind, arguments) in enumerate(gates)]
    return f"INPUTS {inputs} || GATES {' | '.join(texts)} || QUERY g{len(gates) - 1} ->"


def parity(draw: Draw, preset: Preset) -> Made:
    """Merge two random parts until one is left."""
    size = pick(draw, preset["num_bits"])
    while True:
        bits = tuple(draw.randrange(2) for _ in range(size))
        parts = [(f"x{i}", 0) for i in range(size)]
        gates: list[Gate] = []
        while len(parts) > 1:
            (one, deep), (two, deeper) = (parts.pop(draw.randrange(len(parts))) for _ in range(2))
            parts.append((f"g{len(gates)}", 1 + max(deep, deeper)))
            gates.append(("XOR", [one, two]))
        if in_train((gates, bits)):
            break
    sizes: dict[str, object] = {"num_bits": size, "depth": parts[0][1], "num_gates": size - 1}
    return circuit_text(gates, bits), str(sum(bits) % 2), sizes


MAKERS: dict[str, Callable[[Draw, Preset], Made]] = {
    "dyna": dyna,
    "inducto": inducto,
    "filtro": filtro,
    "filtro-shared": filtro,
    "logic": logic,
    "logic-parity": parity,
}
