"""Gates evaluated on all input rows at once, a truth table in a word.

Input row r of 2 ** inputs gives input x_i bit i of r; bit r of a truth table is the value on that row. E.g.
of 2 inputs x0 is 0b1010, x1 0b1100, x0 AND x1 0b1000.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.logic.kinds import AND, NAND, NOR, XOR, fill_words
from synthlm_tasks.logic.shapes.layer_widths import MOST_INPUTS
from synthlm_tasks.rows.splits import Hashes
from synthlm_tasks.rows.streams import Ints, Words, scale_words


def narrowest_word(inputs: int) -> np.dtype[Any]:
    """The narrowest word of 16 bits or more that holds 2 ** inputs rows; fewer rows are repeated in it."""
    return np.dtype(np.uint16 if inputs <= 4 else np.uint32 if inputs == 5 else np.uint64)


def combine(pair: Hashes, kinds: NDArray[np.uint8]) -> Hashes:
    """Truth tables of gates of these kinds (r,), by those of their arguments (2, r), 0 where NOT has none."""
    # Plainly, by kind: (a ^ b if it depends on that) ^ (a & b if it depends on that), flipped or not. a OR b
    # is (a XOR b) XOR (a AND b); NOT is NOR with the constant 0.
    value: Hashes = pair[0] ^ pair[1]
    value &= fill_words((kinds != np.uint8(AND)) & (kinds != np.uint8(NAND)), pair.dtype)
    on_and = pair[0] & pair[1]
    on_and &= fill_words(kinds != np.uint8(XOR), pair.dtype)
    value ^= on_and
    value ^= fill_words(kinds >= np.uint8(NOR), pair.dtype)
    return value


def sensitive_rows(tables: Hashes, inputs: int) -> tuple[Hashes, NDArray[np.uint8]]:
    """The rows (bits) on which flipping some single input flips the value, and how many inputs ever do.

    Both (c,), e.g. of x0 AND x1, 0b1000: rows 1, 2 and 3, 0b1110, and 2.
    """
    word = tables.dtype.type
    sensitive, matter = np.zeros_like(tables), np.zeros(len(tables), np.uint8)
    for i in range(inputs):
        # Rows r and r + 2 ** i differ in x_i: compared at r, where x_i is 0, and marked at both.
        differ = (tables ^ (tables >> word(1 << i))) & ~INPUT_TABLES.astype(word)[MOST_INPUTS - i]
        matter += (differ != 0).view(np.uint8)
        sensitive |= differ
        differ <<= word(1 << i)
        sensitive |= differ
    return sensitive, matter


def widen(tables: Hashes) -> Hashes:
    """Truth tables for 64 rows, those of the given width repeated: (c,), e.g. 0x8001 → 0x8001800180018001."""
    wide: Hashes = tables.astype(np.uint64) * _REPEATED[tables.dtype.itemsize]
    return wide


def pick_set_bit(words: Hashes, chance: Words) -> Ints:
    """The position of a random set bit of each word (c,), which has one, by 32 random bits (c,): (c,).

    Plainly: [i for i in range(64) if word >> i & 1][chance * word.bit_count() >> 32], without a loop: the
    byte is found by comparing the rank with the set bits up to each byte, the bit in it by a table. E.g. of
    0b100_00000001 the second set bit (rank 1): sums by byte 1, 2, 2, …; one of them is at most 1, so that it
    lies in byte 1, where it has rank 1 - 1 = 0: bit 2, position 10.

    Source: Vigna, "Broadword implementation of rank/select queries", WEA 2008.
    """
    sums = _byte_sums(words)
    count = (sums >> np.uint64(56)).view(np.int64)
    rank = scale_words(chance, count).view(np.uint64)
    # All bytes at once: 128 + rank - sum keeps its high bit where the sum is at most the rank. Neither
    # is more than 64, so that no byte borrows from the next.
    passed = ((rank * _LOW_BITS | _HIGH_BITS) - sums) & _HIGH_BITS
    # A product with 0x01…01 has the sum of all bytes in its highest one: up to 7 bytes are passed, the rank
    # being less than the last sum.
    shift = ((passed >> np.uint64(7)) * _LOW_BITS >> np.uint64(56)) * np.uint64(8)
    rank -= (sums << np.uint64(8)) >> shift & np.uint64(255)  # the sum of the byte before, 0 before the first
    byte = words >> shift & np.uint64(255)
    place: Ints = _NTH_SET_BIT.take((byte * np.uint64(8) + rank).view(np.int64))
    return place + shift.view(np.int64)


def _byte_sums(words: Hashes) -> Hashes:
    """Numbers of set bits in the low 1, 2, … 8 bytes of each word, a byte each, e.g. 0x0103 → 0x…030302.

    Bits are summed in place by two, four and eight: counts of 0 to 2, 4 and 8, which fit. The product adds
    to each byte those below it: up to 64.
    """
    pairs = words - ((words >> np.uint64(1)) & _OF_2)  # 2 * high + low - high
    fours = (pairs & _OF_4) + ((pairs >> np.uint64(2)) & _OF_4)
    sums: Hashes = ((fours + (fours >> np.uint64(4))) & _OF_8) * _LOW_BITS
    return sums


_HIGH_BITS: Final = np.uint64(0x8080808080808080)  # of each byte
_LOW_BITS: Final = np.uint64(0x0101010101010101)
# The low half of each 2, 4 and 8 bits.
_OF_2: Final = np.uint64(0x5555555555555555)
_OF_4: Final = np.uint64(0x3333333333333333)
_OF_8: Final = np.uint64(0x0F0F0F0F0F0F0F0F)
# At 8 * byte + rank: the position of the set bit of that rank, e.g. of 0b100 at rank 0 → 2.
_NTH_SET_BIT: Final = np.array(
    [([bit for bit in range(8) if byte >> bit & 1] + [0] * 8)[:8] for byte in range(256)], np.int64
).ravel()

# Node codes 0 to 6: no node is constant 0, x5 to x0 have the value of their bit in the row's number.
INPUT_TABLES: Final = np.array(
    [0, *(sum(1 << row for row in range(64) if row >> i & 1) for i in range(MOST_INPUTS - 1, -1, -1))],
    np.uint64,
)
# By bytes of the narrow word: a product with it is the word in every place, which do not overlap.
_REPEATED: Final = {2: np.uint64(0x0001000100010001), 4: np.uint64(0x0000000100000001), 8: np.uint64(1)}
