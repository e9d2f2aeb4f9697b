"""Circuits evaluated on all input rows at once, a truth table in a word; gates are as in `logic.circuits`."""

from typing import Final

import numpy as np

from synthlm_tasks.logic.circuits import Gates
from synthlm_tasks.logic.layouts import GATE, MOST_INPUTS
from synthlm_tasks.rows.splits import Hashes
from synthlm_tasks.rows.streams import Ints, Words, scale_words


def evaluate(gates: Gates, count: Ints, lives: list[int], inputs: int) -> Hashes:
    """Truth tables of the queried gates: bit r is the value on input row r of 2 ** inputs."""
    rows = len(count)
    word = np.dtype(np.uint16 if inputs <= 4 else np.uint32 if inputs == 5 else np.uint64)
    tables = np.empty((GATE + len(lives)) * rows, word)
    tables[: GATE * rows].reshape(GATE, rows)[:] = _INPUT_TABLES.astype(word)[:, None]
    masks = np.empty((3, len(gates.kinds)), np.int8)  # the value depends on a XOR b, on a AND b, is flipped
    of_odd = (gates.kinds & np.uint8(1)).view(bool) | (gates.kinds == 0)
    for mask, is_set in zip(masks, (of_odd, gates.kinds > 0, gates.kinds > 2), strict=True):
        np.negative(is_set.view(np.int8), out=mask)
    row = np.arange(rows)
    end = 0
    for gate, live in enumerate(lives, GATE):
        start, end = end, end + live
        at = np.multiply(gates.arguments[:, start:end], rows, dtype=np.int64)
        at += row[:live]
        a, b = tables.take(at)
        odd, both, flip = masks[:, start:end].astype(word)
        odd &= a ^ b
        both &= a
        both &= b
        odd ^= both
        np.bitwise_xor(odd, flip, out=tables[gate * rows : gate * rows + live])
    last = (count + (GATE - 1)) * rows + row
    return tables.take(last)


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


def widen(tables: Hashes) -> Hashes:
    """Truth tables for 64 rows, those of the given width repeated."""
    wide: Hashes = tables.astype(np.uint64) * _REPEATED[tables.dtype.itemsize]
    return wide


def pick_set_bit(words: Hashes, chance: Words) -> Ints:
    """The position of a random set bit of each word: its byte by comparing all sums, then by a table."""
    sums = _byte_sums(words)
    rank = scale_words(chance, (sums >> np.uint64(56)).view(np.int64)).view(np.uint64)
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
