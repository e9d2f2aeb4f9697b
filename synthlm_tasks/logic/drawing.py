"""Drawing circuits: a layout for each row, then what it leaves free, a few bits of one random word a gate."""

from typing import Final

import numpy as np

from synthlm_tasks.logic.circuits import NOT, Gates, gate_spans
from synthlm_tasks.logic.layout_table import LayoutTable
from synthlm_tasks.logic.layouts import CANDIDATES, FIRST, IS_XOR, KIND_CHOICES, LOWEST, RANK, TURNING_KINDS
from synthlm_tasks.logic.split_keys import hash_wiring
from synthlm_tasks.rows.streams import Ints, RandomBits, Words

# Gates drawn at a time: temporary arrays stay in the processor's cache. Even, so that no half of a 64-bit
# word is dropped between chunks: rows do not depend on this number.
_CHUNK: Final = 1 << 14

_FRACTION: Final = 25  # bits of a random word that are used: 7 remain for what it is multiplied by


def place_gates(
    table: LayoutTable, groups: Ints, xors: Ints, batch_sizes: list[int], bits: RandomBits
) -> Words:
    """The packed gates of a random layout for each row, flat, with bit 31 set in its XOR gates: (gates,).

    `groups` (c,) are layout groups, `xors` (c,) numbers of XOR gates.
    """
    layout = table.draw(groups, bits)
    packed = np.empty(sum(batch_sizes), np.uint32)
    # Plainly: bit 31 is set if rank < xors. Both are 0 to 63, the rank stands in bits 25 to 30 and bit 31 is
    # 0, so that subtracting xors at bit 25 borrows from bit 31, and there alone, if the rank is less. E.g.
    # rank 2, 3 XOR gates: bits 25 to 31 are 2 - 3 = -1, all ones. Nobody reads the rank after that.
    borrow = xors.astype(np.uint32) << np.uint32(RANK.shift)
    for gates, (size, span) in zip(table.gates, gate_spans(batch_sizes), strict=False):
        np.subtract(gates.take(layout[:size]), borrow[:size], out=packed[span])
    return packed


def draw_gates(packed: Words, batch_sizes: list[int], bits: RandomBits) -> Gates:
    """Draw free arguments, kinds and the order of arguments: packed gates (gates,) as of `place_gates`.

    One 25-bit random word serves all three draws, as a fixed-point fraction in [0, 1): multiplied by a number
    of choices, it has the choice above bit 25, and below it what remains of the fraction for the next draw.
    """
    size = len(packed)
    arguments, kinds = np.empty((2, size), np.uint8), np.empty(size, np.uint8)
    for start in range(0, size, _CHUNK):
        span = slice(start, start + _CHUNK)
        gate = packed[span]
        word = bits.words(len(gate)) >> np.uint32(32 - _FRACTION)
        # Candidates have 7 bits, so that the product fits 32. E.g. word 0x1234567, 3 candidates: 0x369D035
        # is candidate 1, and 0x169D035 remains.
        word *= CANDIDATES.unpack(gate)
        second_code = LOWEST.unpack(gate)
        second_code += word >> np.uint32(_FRACTION)
        first, second = FIRST.unpack(gate).astype(np.uint8), second_code.astype(np.uint8)
        second += (second >= first).view(np.uint8)
        word &= np.uint32((1 << _FRACTION) - 1)
        # Kind choices have 4 bits: the product fits 29. Shifted by one bit less, it is twice the kind plus
        # the next bit, the order of arguments. E.g. 0x169D035 of 5 choices: 0x7111109 >> 24 is 7, kind 3 and
        # swapped.
        word *= KIND_CHOICES.unpack(gate)
        word >>= np.uint32(_FRACTION - 1)
        kind = word.astype(np.uint8)
        swapped = kind & np.uint8(1)
        kind >>= np.uint8(1)
        # Plainly: kind + 1 (OR to NAND) if kind < 4 else NOT; XOR if bit 31 of the gate is set.
        turning = (kind < np.uint8(TURNING_KINDS)).view(np.uint8)
        kind *= turning
        kind += np.uint8(NOT)
        kind -= turning * np.uint8(NOT - 1)
        kind *= (gate < IS_XOR).view(np.uint8)
        second *= (kind != np.uint8(NOT)).view(np.uint8)
        # Plainly: first, second = second, first where swapped. What differs is flipped in both.
        difference = first ^ second
        difference *= swapped
        first ^= difference
        second ^= difference
        arguments[0, span], arguments[1, span], kinds[span] = first, second, kind
    return Gates(arguments, kinds, hash_wiring(arguments, batch_sizes))
