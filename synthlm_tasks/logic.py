"""Logic: evaluate a Boolean circuit on one row of inputs."""

import itertools
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import ClassVar, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from synthlm_tasks.axes import IntAxis, PercentAxis
from synthlm_tasks.logic_layouts import (
    GATE,
    LAYOUTS,
    MOST_DEPTH,
    MOST_GATES,
    MOST_INPUTS,
    MOST_WIDTH,
    layouts,
    most_gates,
    ways,
)
from synthlm_tasks.logic_parity import XorParity
from synthlm_tasks.splits import Hashes, key_words
from synthlm_tasks.streams import Bits, Ints, Words, scale
from synthlm_tasks.task import Belongs, Params, Problem, Sample, Task, Text
from synthlm_tasks.text import Strings, fragments, lay, lay_ragged

KINDS: Final = ("XOR", "AND", "OR", "NAND", "NOR", "NOT")
_NOT: Final = KINDS.index("NOT")

# Gates handled at once: temporary arrays stay in the processor's cache.
_CHUNK: Final = 1 << 14


class LogicTask(Task):
    """Evaluate the last gate of a circuit.

    Rule: gates AND, OR, XOR, NAND, NOR have two arguments, NOT has one; arguments are inputs x or earlier
    gates g. Worked example: `INPUTS x0=1 x1=0 x2=1 || GATES g0=XOR(x0,x1) | g1=AND(g0,x2) |
    g2=XOR(g1,g0) || QUERY g2 ->`: g0 is 1, g1 is 1, g2 is 0; the answer is 0.

    A circuit's layout (see `logic_layouts`) and number of XOR gates are drawn once per row; free arguments,
    gate kinds and the inputs are drawn until the circuit is not constant and lies in the split.

    Problem arrays (c problems, g gates): `gates` (g, c) gate codes; `count`, `xors` (c,) numbers of
    gates and of XOR gates; `inputs` (c,) 2 ** inputs + the number of the input row; `label` (c,).
    """

    name = family = "logic"
    axes = (
        IntAxis("depth", 2, MOST_DEPTH),
        IntAxis("num_inputs", 2, MOST_INPUTS),
        IntAxis("width", 1, MOST_WIDTH),
        PercentAxis("xor_density", 10, 50),
    )
    variants: ClassVar[dict[str, type[Task]]] = {"parity": XorParity}
    note_fragments = fragments(
        f',"num_gates":{gates},"num_xor":{xors}}}'
        for gates in range(MOST_GATES + 1)
        for xors in range(MOST_GATES + 1)
    )

    def __init__(self, seed: int | None = None) -> None:
        """Start the task's sequences, and those of parity samples, at `seed`."""
        super().__init__(seed)
        self._parity = XorParity(seed)

    def generate_xor_parity_sample(self, num_bits: int) -> Sample:
        """The next training sample of the parity family: an XOR tree over `num_bits` inputs."""
        return self._parity.generate_sample(num_bits=num_bits)

    @classmethod
    def fits(cls, cell: Mapping[str, int]) -> bool:
        """Whether some layer widths reach the width exactly and have room for every input."""
        width = cell["width"]
        return bool(ways(width)[cell["depth"] - 1, 1, int(width == 1), cell["num_inputs"]])

    @classmethod
    def settle(cls, params: Params, bits: Bits) -> Params:
        """Draw layouts and XOR counts: floor(density * gates + u), which is unbiased."""
        rows = len(params["depth"])
        (_, gates), start = _layouts(params)
        layout = bits.below(LAYOUTS, rows)
        count = gates.take(start + layout)
        xors = (params["xor_density"] * count + bits.below(100, rows)) // 100
        return params.having({"layout": layout, "count": count, "xors": xors})

    @classmethod
    def pose(cls, params: Params, bits: Bits, belongs: Belongs) -> tuple[Ints, Problem]:
        """Draw circuits and, for those that are accepted, a label and an input row that gives it."""
        order = np.argsort(-params["count"].astype(np.int8), kind="stable")  # gate g has a prefix of rows
        (table, _), start = _layouts(params)
        layout, count = (start + params["layout"]).take(order), params["count"].take(order)
        xors = params["xors"].take(order)
        most = most_gates(params.most["depth"], params.most["width"])
        lives = np.searchsorted(-count, -np.arange(count[0])).tolist()
        arguments, kinds, flat = _draw(_placed(table, layout, xors, lives), most + GATE, bits)
        tables, hashes = _evaluate(arguments, kinds, count, lives)
        sensitive = _sensitive(tables, params.most["num_inputs"])
        hashes += _counts(tables) * _WEIGHT_KEYS[0] + _counts(sensitive) * _WEIGHT_KEYS[1]
        kept = np.flatnonzero((sensitive != 0) & belongs(hashes))
        label = bits.below(2, len(kept))
        row = _pick(sensitive[kept] & (tables[kept] ^ (label - 1).view(np.uint64)), bits)
        place = order[kept]
        rows = np.left_shift(1, params["num_inputs"][place])
        problem = {
            "gates": _squared(flat, lives, most).take(kept, 1),
            "count": count[kept].astype(np.uint8),
            "xors": xors[kept].astype(np.uint8),
            "inputs": (rows + (row & (rows - 1))).astype(np.uint8),
            "label": label.astype(np.uint8),
        }
        return place, problem

    @classmethod
    def render(cls, problem: Problem) -> Text:
        """Inputs, gates and query; the answer is 0 or 1."""
        gates, count = problem["gates"], problem["count"].astype(np.uint16)
        texts, inputs, query = _texts(len(gates))
        index = np.empty((len(gates) + 2, len(count)), np.uint32)
        index[0] = problem["inputs"]
        index[0] += np.uint32(inputs)
        step = _codes(len(gates) + GATE)
        np.add(gates, np.arange(0, step * len(gates), step, dtype=np.uint32)[:, None], out=index[1:-1])
        index[-1] = count
        index[-1] += np.uint32(query)
        used = np.arange(len(gates) + 2) <= count[:, None]
        used[:, -1] = True
        bounds = np.append(0, np.cumsum(count + np.int64(2)))
        return Text(
            input_text=lay_ragged(texts, np.ascontiguousarray(index.T)[used], bounds),
            target=lay(_ANSWERS, problem["label"][None]),
            notes=(count * np.uint16(MOST_GATES + 1) + problem["xors"])[None],
        )


def _layouts(params: Params) -> tuple[tuple[Words, Ints], Ints]:
    """The layouts of all depths, widths and numbers of inputs present, and where each row's begin."""
    codes = (params["depth"] * (MOST_WIDTH + 1) + params["width"]) * (MOST_INPUTS + 1) + params["num_inputs"]
    present = np.flatnonzero(np.bincount(codes))
    starts = np.zeros(present[-1] + 1, np.int64)
    starts[present] = np.arange(len(present)) * LAYOUTS
    return _joined(tuple(present.tolist())), starts.take(codes)


@lru_cache(maxsize=64)
def _joined(present: tuple[int, ...]) -> tuple[Words, Ints]:
    found = []
    for code in present:
        rest, inputs = divmod(code, MOST_INPUTS + 1)
        found.append(layouts(*divmod(rest, MOST_WIDTH + 1), inputs))
    most = max(len(table) for table, _ in found)
    tables = [np.pad(table, ((0, most - len(table)), (0, 0))) for table, _ in found]
    return np.concatenate(tables, axis=1), np.concatenate([count for _, count in found])


def _placed(table: Words, layout: Ints, xors: Ints, lives: list[int]) -> Words:
    """The packed gates of each row's layout, with the highest bit set in its XOR gates.

    Gates are flat from here on: gate 0 of all rows, then gate 1 of the rows that have one, and so on.
    """
    packed = np.empty(sum(lives), np.uint32)
    need = xors.astype(np.uint32) << np.uint32(25)
    end = 0
    for gate, live in enumerate(lives):
        start, end = end, end + live
        # Ranks below the number of XOR gates borrow from the highest bit.
        np.subtract(table[gate].take(layout[:live]), need[:live], out=packed[start:end])
    return packed


def _codes(nodes: int) -> int:
    """How many gate codes there are: (kind * nodes + one argument) * nodes + the other."""
    return len(KINDS) * nodes * nodes


def _draw(
    packed: Words, nodes: int, bits: Bits
) -> tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint16]]:
    """Draw free arguments, kinds and the order of arguments; returns arguments (2, gates), kinds, codes.

    One 25-bit word serves all three: a product's high bits are the draw, its low bits serve the next.
    """
    arguments = np.empty((2, len(packed)), np.uint8)
    kinds, codes = np.empty(len(packed), np.uint8), np.empty(len(packed), np.uint16)
    seven, low, drop = np.uint32(127), np.uint32((1 << 25) - 1), np.uint32(25)
    square, width = np.uint16(nodes * nodes), np.uint16(nodes)
    for start in range(0, len(packed), _CHUNK):
        span = slice(start, start + _CHUNK)
        gate = packed[span]
        word = bits.words(len(gate)) >> np.uint32(7)
        word *= (gate >> np.uint32(14)) & seven
        wide = (gate >> np.uint32(7)) & seven
        wide += word >> drop
        first, second = (gate & seven).astype(np.uint16), wide.astype(np.uint16)
        second += second >= first
        word &= low
        word *= (gate >> np.uint32(21)) & np.uint32(15)
        word >>= np.uint32(24)
        half = word.astype(np.uint16)
        turn = half & np.uint16(1)
        half >>= np.uint16(1)
        half += np.uint16(1)
        np.minimum(half, np.uint16(_NOT), out=half)
        half *= gate < np.uint32(1 << 31)
        second *= half != np.uint16(_NOT)
        turn *= second - first
        turn *= width - np.uint16(1)
        arguments[0, span], arguments[1, span], kinds[span] = first, second, half
        half *= square
        first *= width
        half += first
        half += second
        np.add(half, turn, out=codes[span])
    return arguments, kinds, codes


def _evaluate(
    arguments: NDArray[np.uint8], kinds: NDArray[np.uint8], count: Ints, lives: list[int]
) -> tuple[Hashes, Hashes]:
    """Truth tables of the queried gates (bit r: the value on input row r of 64), and hashes.

    The hash of a gate mixes its kind with the sum of its arguments' hashes, all inputs counting alike:
    it is the same for circuits that differ in argument order, gate order or input names.
    """
    rows = len(count)
    nodes = (GATE + len(lives)) * rows
    tables, hashes = np.empty(nodes, np.uint64), np.empty(nodes, np.uint16)
    tables[: GATE * rows].reshape(GATE, rows)[:] = _INPUT_TABLES[:, None]
    hashes[:rows], hashes[rows : GATE * rows] = 0, _KEY
    row = np.arange(rows)
    end = 0
    for gate, live in enumerate(lives):
        start, end = end, end + live
        at = np.multiply(arguments[:, start:end], rows, dtype=np.int64)
        at += row[:live]
        out = slice((GATE + gate) * rows, (GATE + gate) * rows + live)
        kind = kinds[start:end].astype(np.int64)
        a, b = hashes.take(at)
        a += b
        a += _KIND_WORDS.take(kind)
        a ^= a >> np.uint16(8)
        np.multiply(a, _KEY, out=hashes[out])
        a, b = tables.take(at)
        odd, both, flip = _COEFFICIENTS.take(kind, 1)
        odd &= a ^ b
        both &= a
        both &= b
        odd ^= both
        np.bitwise_xor(odd, flip, out=tables[out])
    last = (count + (GATE - 1)) * rows + row
    return tables.take(last), hashes.take(last).astype(np.uint64)


def _squared(flat: NDArray[np.uint16], lives: list[int], most: int) -> NDArray[np.uint16]:
    """Flat gate codes as (most, rows)."""
    codes = np.zeros((most, lives[0]), np.uint16)
    end = 0
    for row, live in zip(codes, lives, strict=False):
        row[:live] = flat[end : end + live]
        end += live
    return codes


def _sensitive(tables: Hashes, inputs: int) -> Hashes:
    """The rows (bits) on which flipping some single input flips the value."""
    found = np.zeros_like(tables)
    for i in range(inputs):
        shift = np.uint64(1 << i)
        differ = (tables ^ (tables >> shift)) & ~_INPUT_TABLES[MOST_INPUTS - i]
        found |= differ | (differ << shift)
    return found


def _byte_sums(words: Hashes) -> Hashes:
    """Numbers of set bits in the low 1, 2, … 8 bytes of each word, a byte each."""
    pairs = words - ((words >> np.uint64(1)) & _EVERY[2])
    fours = (pairs & _EVERY[4]) + ((pairs >> np.uint64(2)) & _EVERY[4])
    return ((fours + (fours >> np.uint64(4))) & _EVERY[8]) * _EVERY[1]


def _counts(words: Hashes) -> Hashes:
    """Numbers of set bits."""
    return _byte_sums(words) >> np.uint64(56)


def _pick(words: Hashes, bits: Bits) -> Ints:
    """The position of a random set bit of each word: its byte by comparing all sums, then by a table."""
    sums = _byte_sums(words)
    rank = scale(bits.words(len(words)), (sums >> np.uint64(56)).view(np.int64)).view(np.uint64)
    passed = ((rank * _EVERY[1] | _EVERY[0]) - sums) & _EVERY[0]
    shift = ((passed >> np.uint64(7)) * _EVERY[1] >> np.uint64(56)) * np.uint64(8)
    rank -= (sums << np.uint64(8)) >> shift & np.uint64(255)
    byte = words >> shift & np.uint64(255)
    return _NTH_BIT.take((byte * np.uint64(8) + rank).view(np.int64)) + shift.view(np.int64)


# Bit patterns: the high and the low bit of each byte, and the low half of each 2, 4 and 8 bits.
_EVERY: Final = {
    0: np.uint64(0x8080808080808080),
    1: np.uint64(0x0101010101010101),
    2: np.uint64(0x5555555555555555),
    4: np.uint64(0x3333333333333333),
    8: np.uint64(0x0F0F0F0F0F0F0F0F),
}
_NTH_BIT: Final = np.array(
    [([bit for bit in range(8) if byte >> bit & 1] + [0] * 8)[:8] for byte in range(256)], np.int64
).ravel()

# Node codes 0 to 6: no node is constant 0, x5 to x0 have the value of their bit in the row's number.
_INPUT_TABLES: Final = np.array(
    [0, *(sum(1 << row for row in range(64) if row >> i & 1) for i in range(5, -1, -1))], np.uint64
)
# Per kind, as masks: whether the value depends on a XOR b, on a AND b, and is flipped. NOT is NOR with 0.
_COEFFICIENTS: Final = -np.array([[1, 0, 1, 0, 1, 1], [0, 1, 1, 1, 1, 1], [0, 0, 0, 1, 1, 1]], np.int64).view(
    np.uint64
)

# Circuits of three gates are few. Under this name the presets and the grid have some in every split.
_KEY_WORDS: Final = key_words("logic 188", len(KINDS) + 3)
_KIND_WORDS: Final = (_KEY_WORDS[: len(KINDS)] >> np.uint64(48)).astype(np.uint16)
_WEIGHT_KEYS: Final = _KEY_WORDS[-3:-1]
_KEY: Final = np.uint16(_KEY_WORDS[-1] >> np.uint64(48)) | np.uint16(1)

_ANSWERS: Final = fragments(["0", "1"])


@cache
def _texts(most: int) -> tuple[Strings, int, int]:
    """The prompt's text fragments for circuits of up to `most` gates.

    All codes of gate 0, then those of gate 1 and so on; then, from the two numbers returned, the openings
    by input row and the queries by number of gates.
    """
    names = ["", *(f"x{i}" for i in range(MOST_INPUTS - 1, -1, -1)), *(f"g{g}" for g in range(most))]
    pairs = [f"{','.join(filter(None, pair))})" for pair in itertools.product(names, names)]
    heads = [f"{' | ' if g else ''}g{g}={kind}(" for g in range(most) for kind in KINDS]
    index = np.empty((2, len(heads), len(pairs)), np.int64)
    index[0] = np.arange(len(heads))[:, None]
    index[1] = np.arange(len(pairs)) + len(heads)
    gates = lay(fragments([*heads, *pairs]), index.reshape(2, -1))
    openings = [
        f"INPUTS {' '.join(f'x{i}={row >> i & 1}' for i in range(row.bit_length() - 1))} || GATES "
        for row in range(1, 2 << MOST_INPUTS)
    ]
    queries = [f" || QUERY g{count - 1} ->" for count in range(1, most + 1)]
    laid = pa.concat_arrays([gates, fragments([*openings, *queries])])
    return laid, len(gates) - 1, len(gates) + len(openings) - 1
