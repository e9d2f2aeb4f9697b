"""Circuits as arrays: drawing them, and evaluating them on all input rows at once.

Gates are flat: gate 0 of all rows, then gate 1 of the rows that have one, and so on. Rows come sorted by
falling number of gates, so that each gate has a prefix of them; `lives` are the lengths of these prefixes.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.logic_layouts import GATE, MOST_INPUTS
from synthlm_tasks.splits import Hashes, key_words
from synthlm_tasks.streams import Bits, Ints, Words, scale

KINDS: Final = ("XOR", "AND", "OR", "NAND", "NOR", "NOT")
_NOT: Final = KINDS.index("NOT")

# Gates drawn at a time: temporary arrays stay in the processor's cache.
_CHUNK: Final = 1 << 14


def code_count(nodes: int) -> int:
    """How many gate codes there are: (kind * nodes + one argument) * nodes + the other."""
    return len(KINDS) * nodes * nodes


def place(table: Words, layout: Ints, xors: Ints, lives: list[int]) -> Words:
    """The packed gates of each row's layout, with the highest bit set in its XOR gates."""
    packed = np.empty(sum(lives), np.uint32)
    need = xors.astype(np.uint32) << np.uint32(25)
    end = 0
    for gates, live in zip(table, lives, strict=False):
        start, end = end, end + live
        # Ranks below the number of XOR gates borrow from the highest bit.
        np.subtract(gates.take(layout[:live]), need[:live], out=packed[start:end])
    return packed


def draw(
    packed: Words, nodes: int, bits: Bits
) -> tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint16]]:
    """Draw free arguments, kinds and the order of arguments; returns arguments (2, gates), kinds, codes.

    One 25-bit word serves all three: a product's high bits are the draw, its low bits serve the next.
    """
    arguments = np.empty((2, len(packed)), np.uint8)
    kinds, codes = np.empty(len(packed), np.uint8), np.empty(len(packed), np.uint16)
    seven, low, one = np.uint32(127), np.uint32((1 << 25) - 1), np.uint16(1)
    for start in range(0, len(packed), _CHUNK):
        span = slice(start, start + _CHUNK)
        gate = packed[span]
        word = bits.words(len(gate)) >> np.uint32(7)
        word *= (gate >> np.uint32(14)) & seven
        wide = (gate >> np.uint32(7)) & seven
        wide += word >> np.uint32(25)
        first, second = (gate & seven).astype(np.uint16), wide.astype(np.uint16)
        second += second >= first
        word &= low
        word *= (gate >> np.uint32(21)) & np.uint32(15)
        word >>= np.uint32(24)
        kind = word.astype(np.uint16)
        turn = kind & one
        kind >>= one
        kind += one
        np.minimum(kind, np.uint16(_NOT), out=kind)
        kind *= gate < np.uint32(1 << 31)
        second *= kind != np.uint16(_NOT)
        arguments[0, span], arguments[1, span], kinds[span] = first, second, kind
        # The code of the arguments in this or, where `turn` is 1, the other order.
        turn *= second - first
        turn *= np.uint16(nodes - 1)
        kind *= np.uint16(nodes * nodes)
        first *= np.uint16(nodes)
        kind += first
        kind += second
        np.add(kind, turn, out=codes[span])
    return arguments, kinds, codes


def by_row(flat: NDArray[np.uint16], lives: list[int], most: int) -> NDArray[np.void]:
    """Flat gate codes as one item of `most` codes for each row, which moves as a whole."""
    codes = np.zeros((lives[0], most), np.uint16)
    end = 0
    for gate, live in enumerate(lives):
        start, end = end, end + live
        codes[:live, gate] = flat[start:end]
    return codes.view(np.dtype((np.void, 2 * most))).reshape(-1)


def evaluate(
    arguments: NDArray[np.uint8], kinds: NDArray[np.uint8], count: Ints, lives: list[int]
) -> tuple[Hashes, Hashes]:
    """Truth tables of the queried gates (bit r: the value on input row r of 64), and hashes.

    A gate's hash mixes its kind with the sum of its arguments' hashes, all inputs counting alike: it is the
    same for circuits that differ in argument order, gate order or input names. 16 bits are enough to deal
    circuits to splits.
    """
    rows = len(count)
    nodes = (GATE + len(lives)) * rows
    tables, hashes = np.empty(nodes, np.uint64), np.empty(nodes, np.uint16)
    tables[: GATE * rows].reshape(GATE, rows)[:] = _INPUT_TABLES[:, None]
    hashes[:rows], hashes[rows : GATE * rows] = 0, _KEY
    row = np.arange(rows)
    end = 0
    for gate, live in enumerate(lives, GATE):
        start, end = end, end + live
        at = np.multiply(arguments[:, start:end], rows, dtype=np.int64)
        at += row[:live]
        out = slice(gate * rows, gate * rows + live)
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


def sensitive_rows(tables: Hashes, inputs: int) -> Hashes:
    """The rows (bits) on which flipping some single input flips the value."""
    found = np.zeros_like(tables)
    for i in range(inputs):
        shift = np.uint64(1 << i)
        differ = (tables ^ (tables >> shift)) & ~_INPUT_TABLES[MOST_INPUTS - i]
        found |= differ | (differ << shift)
    return found


def weighed(hashes: Hashes, tables: Hashes) -> Hashes:
    """The split key: a circuit's hash and how many rows its table holds, which input names do not change."""
    keys: Hashes = hashes + (_byte_sums(tables) >> np.uint64(56)) * _WEIGHT_KEY
    return keys


def pick(words: Hashes, bits: Bits) -> Ints:
    """The position of a random set bit of each word: its byte by comparing all sums, then by a table."""
    sums = _byte_sums(words)
    rank = scale(bits.words(len(words)), (sums >> np.uint64(56)).view(np.int64)).view(np.uint64)
    passed = ((rank * _EVERY[1] | _EVERY[0]) - sums) & _EVERY[0]
    shift = ((passed >> np.uint64(7)) * _EVERY[1] >> np.uint64(56)) * np.uint64(8)
    rank -= (sums << np.uint64(8)) >> shift & np.uint64(255)
    byte = words >> shift & np.uint64(255)
    place: Ints = _NTH_BIT.take((byte * np.uint64(8) + rank).view(np.int64))
    return place + shift.view(np.int64)


def _byte_sums(words: Hashes) -> Hashes:
    """Numbers of set bits in the low 1, 2, … 8 bytes of each word, a byte each."""
    pairs = words - ((words >> np.uint64(1)) & _EVERY[2])
    fours = (pairs & _EVERY[4]) + ((pairs >> np.uint64(2)) & _EVERY[4])
    sums: Hashes = ((fours + (fours >> np.uint64(4))) & _EVERY[8]) * _EVERY[1]
    return sums


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

# Circuits of depth 2 are few (8 to 52 up to naming, by inputs and XOR gates). Under this name each such
# space has 5% to 17% in validation and in test, so that no preset or grid lacks them there.
_KEY_WORDS: Final = key_words("logic 39270", len(KINDS) + 2)
_KIND_WORDS: Final = (_KEY_WORDS[: len(KINDS)] >> np.uint64(48)).astype(np.uint16)
_KEY: Final = (_KEY_WORDS[len(KINDS) : -1] >> np.uint64(48)).astype(np.uint16)[0] | np.uint16(1)
_WEIGHT_KEY: Final = _KEY_WORDS[-1]
