"""Circuits as arrays: drawing them, and evaluating them on all input rows at once.

Gates are flat: gate 0 of all rows, then gate 1 of the rows that have one, and so on. Rows come sorted by
falling number of gates, so that each gate has a prefix of them; `lives` are the lengths of these prefixes.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.logic_layouts import GATE, MOST_INPUTS, Shelf
from synthlm_tasks.splits import Hashes, key_words
from synthlm_tasks.streams import Bits, Ints, Words, scale

# XOR and OR depend on a XOR b, all but XOR on a AND b; NAND, NOR and NOT flip the value of AND, OR and OR.
KINDS: Final = ("XOR", "OR", "AND", "NAND", "NOR", "NOT")
_NOT: Final = 5
_LOW: Final = {width: np.uint32((1 << width) - 1) for width in (4, 7, 25)}

# Gates drawn at a time: temporary arrays stay in the processor's cache.
_CHUNK: Final = 1 << 14


def code_count(nodes: int) -> int:
    """How many gate codes there are: (kind * nodes + one argument) * nodes + the other."""
    return len(KINDS) * nodes * nodes


def place(shelf: Shelf, places: Ints, xors: Ints, lives: list[int], bits: Bits) -> Words:
    """The packed gates of a random layout for each row, with the highest bit set in its XOR gates."""
    layout = shelf.draw(places, bits)
    packed = np.empty(sum(lives), np.uint32)
    need = xors.astype(np.uint32) << np.uint32(25)
    end = 0
    for gates, live in zip(shelf.gates, lives, strict=False):
        start, end = end, end + live
        # Ranks below the number of XOR gates borrow from the highest bit.
        np.subtract(gates.take(layout[:live]), need[:live], out=packed[start:end])
    return packed


@dataclass(frozen=True)
class Gates:
    """Drawn gates, all arrays flat.

    `codes` (gates,) are what texts are looked up by; `arguments` (2, gates) node codes; `words` (gates,) a
    word of the kind; `masks` (3, gates) are -1 where the value depends on a XOR b, on a AND b, is flipped.
    One argument of NOT is node 0, which is constant 0.
    """

    codes: NDArray[np.uint16]
    arguments: NDArray[np.uint8]
    words: Words
    masks: NDArray[np.int8]


def draw(packed: Words, nodes: int, bits: Bits) -> Gates:
    """Draw free arguments, kinds and the order of arguments.

    One 25-bit word serves all three: a product's high bits are the draw, its low bits serve the next.
    """
    size = len(packed)
    arguments, masks = np.empty((2, size), np.uint8), np.empty((3, size), np.int8)
    codes, words = np.empty(size, np.uint16), np.empty(size, np.uint32)
    for start in range(0, size, _CHUNK):
        span = slice(start, start + _CHUNK)
        gate = packed[span]
        word = bits.words(len(gate)) >> np.uint32(7)
        word *= (gate >> np.uint32(14)) & _LOW[7]
        lowest = (gate >> np.uint32(7)) & _LOW[7]
        lowest += word >> np.uint32(25)
        first, second = (gate & _LOW[7]).astype(np.uint8), lowest.astype(np.uint8)
        second += (second >= first).view(np.uint8)
        word &= _LOW[25]
        word *= (gate >> np.uint32(21)) & _LOW[4]
        word >>= np.uint32(24)
        kind = word.astype(np.uint8)
        turn = kind & np.uint8(1)
        kind >>= np.uint8(1)
        pair = (kind < np.uint8(4)).view(np.uint8)  # of arguments; all beyond the fourth kind is NOT
        kind *= pair
        kind += np.uint8(_NOT)
        kind -= pair * np.uint8(4)
        kind *= (gate < np.uint32(1 << 31)).view(np.uint8)
        second *= (kind != np.uint8(_NOT)).view(np.uint8)
        turn *= first ^ second
        first ^= turn
        second ^= turn
        arguments[0, span], arguments[1, span] = first, second
        of_odd = (kind - np.uint8(2)) > np.uint8(1)  # the first two and the last two
        for mask, is_set in zip(masks, (of_odd, kind > np.uint8(0), kind > np.uint8(2)), strict=True):
            np.negative(is_set.view(np.int8), out=mask[span])
        np.multiply(kind.astype(np.uint32), _KIND_KEY, out=words[span])
        code = kind.astype(np.uint16)
        code *= np.uint16(nodes)
        code += first
        code *= np.uint16(nodes)
        np.add(code, second, out=codes[span])
    return Gates(codes, arguments, words, masks)


def by_row(flat: NDArray[np.uint16], lives: list[int], most: int) -> NDArray[np.void]:
    """Flat gate codes as one item of `most` codes for each row, which moves as a whole."""
    codes = np.zeros((lives[0], most), np.uint16)
    end = 0
    for gate, live in enumerate(lives):
        start, end = end, end + live
        codes[:live, gate] = flat[start:end]
    return codes.view(np.dtype((np.void, 2 * most))).reshape(-1)


def evaluate(gates: Gates, count: Ints, lives: list[int], inputs: int) -> tuple[Hashes, Hashes]:
    """Truth tables of the queried gates (bit r: the value on input row r of 2 ** inputs), and hashes.

    A gate's hash mixes its kind with the sum of its arguments' hashes, all inputs counting alike: it is the
    same for circuits that differ in argument order, gate order or input names. 32 bits are enough to deal
    circuits to splits: where two circuits share a hash they merely share the split.
    """
    rows = len(count)
    nodes = (GATE + len(lives)) * rows
    word = np.dtype(np.uint16 if inputs <= 4 else np.uint32 if inputs == 5 else np.uint64)
    tables, hashes = np.empty(nodes, word), np.empty(nodes, np.uint32)
    tables[: GATE * rows].reshape(GATE, rows)[:] = _INPUT_TABLES.astype(word)[:, None]
    hashes[:rows], hashes[rows : GATE * rows] = 0, _KEY
    row = np.arange(rows)
    end = 0
    for gate, live in enumerate(lives, GATE):
        start, end = end, end + live
        at = np.multiply(gates.arguments[:, start:end], rows, dtype=np.int64)
        at += row[:live]
        out = slice(gate * rows, gate * rows + live)
        a, b = hashes.take(at)
        a += b
        a += gates.words[start:end]
        a ^= a >> np.uint32(16)
        np.multiply(a, _KEY, out=hashes[out])
        a, b = tables.take(at)
        odd, both, flip = gates.masks[:, start:end].astype(word)
        odd &= a ^ b
        both &= a
        both &= b
        odd ^= both
        np.bitwise_xor(odd, flip, out=tables[out])
    last = (count + (GATE - 1)) * rows + row
    return tables.take(last), hashes.take(last).astype(np.uint64)


def sensitive_rows(tables: Hashes, inputs: int) -> Hashes:
    """The rows (bits) on which flipping some single input flips the value."""
    word = tables.dtype.type
    found = np.zeros_like(tables)
    for i in range(inputs):
        differ = (tables ^ (tables >> word(1 << i))) & ~_INPUT_TABLES.astype(word)[MOST_INPUTS - i]
        found |= differ
        differ <<= word(1 << i)
        found |= differ
    return found


def widened(tables: Hashes) -> Hashes:
    """Truth tables for 64 rows, those of the given width repeated."""
    wide: Hashes = tables.astype(np.uint64) * _REPEATED[tables.dtype.itemsize]
    return wide


def weighed(hashes: Hashes, tables: Hashes) -> Hashes:
    """The split key: a circuit's hash and how many rows its table holds, which input names do not change."""
    keys: Hashes = hashes + (_byte_sums(tables) >> np.uint64(56)) * _WEIGHT_KEY
    return keys


def pick(words: Hashes, chance: Words) -> Ints:
    """The position of a random set bit of each word: its byte by comparing all sums, then by a table."""
    sums = _byte_sums(words)
    rank = scale(chance, (sums >> np.uint64(56)).view(np.int64)).view(np.uint64)
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
_REPEATED: Final = {2: np.uint64(0x0001000100010001), 4: np.uint64(0x0000000100000001), 8: np.uint64(1)}

# Circuits of depth 2 are few (8 to 52 up to naming, by inputs and XOR gates). Under this name each such
# space of the presets and the grid has 7% to 13% in validation and in test, so that none lacks them there.
_KEY_WORDS: Final = key_words("logic 270902", 3)
_KIND_KEY, _KEY = (_KEY_WORDS[:2] >> np.uint64(32)).astype(np.uint32) | np.uint32(1)
_WEIGHT_KEY: Final = _KEY_WORDS[2]
