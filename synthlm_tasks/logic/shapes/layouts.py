"""Circuit layouts: which gates stand in which layer, and what each has to read.

A circuit of stated depth and width is layers of gates, the top one holding the queried gate alone. Every
gate's first argument comes from the layer right below, which makes the depth exact; second arguments
first take what would otherwise stay unread, then are free. A layout fixes all of that but the free ones.
"""

from functools import cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.logic.shapes.layer_widths import MOST_INPUTS, MOST_WIDTH, draw_widths, most_gates
from synthlm_tasks.rows.streams import Ints, RandomBits, Words, digest

# Node codes: 0 for no node, then the inputs in falling order (x0 is 6), then the gates: the nodes below
# any layer have neighbouring codes, which is what free arguments are drawn from.
FIRST_GATE: Final = MOST_INPUTS + 1

# Layouts drawn for each depth, width and number of inputs: part of the row format.
LAYOUTS: Final = 1024


class Field(NamedTuple):
    """Some neighbouring bits of a packed word, from bit `shift` up."""

    shift: int
    bits: int

    def pack(self, values: Ints) -> Ints:
        """The values at this place, in words of any shape, e.g. (7, 7): 5 → 640."""
        return values << self.shift

    def unpack(self, words: Words) -> Words:
        """What stands at this place in each word, e.g. (7, 7): 44073607 → 5."""
        return (words >> np.uint32(self.shift) if self.shift else words) & np.uint32((1 << self.bits) - 1)


# A gate of a layout is one 32-bit word, 0 where a layout has fewer gates:
#
#   31      30 ... 25  24 ... 21    20 ... 14   13 ... 7  6 ... 0
#   is XOR  rank       kind choices candidates  lowest    first
#
# first: node code of the first argument. lowest: node code of the lowest candidate for the second, and
# candidates: how many there are from there on; one that is not below the first argument stands for the next
# code, so that the two differ. kind choices: how many kinds to draw from; those beyond OR, AND, NOR and NAND
# are all NOT. rank: place in a random order of the layout's gates, the first of which are XOR; bit 31 is set
# for these when a row's number of XOR gates is known (`place_gates`).
# There are up to 63 gates, so that node codes end at 69, candidates at 67, ranks at 62; kind choices at 8.
#
# E.g. a gate g1 above g0 that may read x1 or x0 besides (codes 5 and 6; 7 is g0), of 5 kinds, placed second:
# 7 | 5 << 7 | 2 << 14 | 5 << 21 | 1 << 25 = 44073607.
FIRST: Final = Field(0, 7)
LOWEST: Final = Field(7, 7)
CANDIDATES: Final = Field(14, 7)
KIND_CHOICES: Final = Field(21, 4)
RANK: Final = Field(25, 6)
IS_XOR: Final = np.uint32(1 << 31)

TURNING_KINDS: Final = 4  # OR, AND, NOR and NAND, which turn into each other where the split wants it


@cache
def layouts(depth: int, width: int, inputs: int) -> tuple[Words, Ints]:
    """`LAYOUTS` layouts, by rising number of gates.

    Returns their gates (most gates, layouts), lowest first, packed as above, and numbers of gates (layouts,).
    """
    bits = RandomBits(0, digest("logic layouts", depth, width, inputs))
    widths = draw_widths(depth, width, inputs, LAYOUTS, bits)
    input_codes = MOST_INPUTS - _shuffle(np.full(LAYOUTS, inputs), bits)
    first, second, lower = _draw_forced_arguments(widths, input_codes, inputs, bits)
    exists = first > 0
    _read_missing_inputs(second, exists, input_codes, np.maximum(inputs - widths[0], 0), inputs, bits)
    gates = sum(widths, np.zeros(LAYOUTS, np.int64))
    forced, free = second > 0, exists & (second == 0)
    packed = (
        FIRST.pack(first)
        # Less 1 above the first argument: who reads it adds 1 to what is not below that.
        | LOWEST.pack(np.where(forced, second - (second > first), FIRST_GATE - inputs))
        # A gate of one input is NOT: with two arguments it would read itself, and not matter.
        | CANDIDATES.pack(np.where(forced, 1, np.maximum(lower - 1, 1)))
        | KIND_CHOICES.pack(TURNING_KINDS + np.where(forced, 0, _count_not_choices(gates, free.sum(axis=0))))
        | RANK.pack(_rank_gates(exists, bits))
    )
    order = gates.argsort(kind="stable")
    return np.where(exists, packed, 0).astype(np.uint32)[:, order], gates[order]


def _draw_forced_arguments(
    widths: list[Ints], input_codes: Ints, inputs: int, bits: RandomBits
) -> tuple[Ints, Ints, Ints]:
    """What gates must read so that no gate stays unread.

    Returns for each gate (most gates, layouts) the code of its first argument, that of a second one where it
    must be read and 0 elsewhere, and the number of nodes in the layers below.

    The gates of a layer, in random order, read the nodes of the layer below, in random order, in turn: first
    with their first arguments, over again if there are more gates than nodes; what is left then with their
    second ones. E.g. two gates above nodes a, b, c: (a, c) and (b, free).
    """
    most = most_gates(len(widths), max(int(size.max()) for size in widths))
    first, second, lower = np.zeros((3, most, LAYOUTS), np.int64)
    base = np.zeros(LAYOUTS, np.int64)  # the layer's lowest gate
    below, nodes = np.full(LAYOUTS, inputs), input_codes
    for layer, size in enumerate(widths):
        turns = _shuffle(size, bits)
        for position in range(int(size.max())):
            at = np.flatnonzero(position < size)
            gate, turn, count = base[at] + position, turns[position, at], below[at]
            first[gate, at] = nodes[turn % count, at]
            other = turn + size[at]
            if layer:  # the lowest gates read inputs only, which are dealt out later
                second[gate, at] = np.where(other < count, nodes[other % count, at], 0)
            lower[gate, at] = inputs + base[at]
        nodes = FIRST_GATE + base + _shuffle(size, bits)
        base, below = base + size, size
    return first, second, lower


def _read_missing_inputs(
    second: Ints, exists: NDArray[np.bool_], input_codes: Ints, missing: Ints, inputs: int, bits: RandomBits
) -> None:
    """Put the inputs that no first argument reads at a random choice of the free second arguments.

    `second` and `exists` are (most gates, layouts); `missing` (layouts,) is how many inputs still have to be
    read: the last ones of `input_codes` (8, layouts).

    Selection sampling: an argument is chosen with probability (still to choose) / (still to pass). Source:
    Knuth, The Art of Computer Programming, volume 2, section 3.4.2, algorithm S.
    """
    free = exists & (second == 0)
    left = free.sum(axis=0)
    columns = np.arange(LAYOUTS)
    for gate in range(len(free)):
        reads = free[gate] & (bits.below(np.maximum(left, 1), LAYOUTS) < missing)
        second[gate] = np.where(reads, input_codes[inputs - np.maximum(missing, 1), columns], second[gate])
        missing, left = missing - reads, left - free[gate]


def _count_not_choices(gates: Ints, free: Ints) -> Ints:
    """How many of a free gate's kind choices are NOT, 1 to 4, for layouts of so many gates and free ones.

    As many NOT gates as of each other kind, or nearly. With n choices a free gate is NOT in n of 4 + n cases,
    while a forced one never is: free * n / (4 + n) = (gates - free) / 4 + free / (4 + n) has the solution
    n = 4 * gates / (5 * free - gates), here rounded up.
    """
    choices: Ints = np.clip(-(-4 * gates // np.maximum(5 * free - gates, 1)), 1, 4)
    return choices


def _rank_gates(exists: NDArray[np.bool_], bits: RandomBits) -> Ints:
    """The place of each gate in a random order of its layout's gates: (most gates, layouts).

    Keys are a random word above the gate's number, so that no two are equal, and sort last without a gate.
    """
    number = np.arange(len(exists))[:, None]
    keys = bits.words(*exists.shape).astype(np.int64) << 6 | number
    # The order's own order: what stands first has rank 0.
    return np.where(exists, keys, keys + (1 << 40)).argsort(axis=0).argsort(axis=0)


def _shuffle(sizes: Ints, bits: RandomBits) -> Ints:
    """Random permutations of range(size) for each size: (8, sizes), what lies beyond stays in place.

    A key is 29 random bits above the 3 bits of its place (`MOST_WIDTH` is 8), and all ones beyond the size:
    sorted keys end in the permutation. E.g. size 2, random parts 9, 4: 9 << 3 | 0, 4 << 3 | 1 → 1, 0.
    """
    place = np.arange(MOST_WIDTH, dtype=np.uint32)[:, None]
    random_part = np.uint32(0xFFFFFFF8)
    keys = (bits.words(MOST_WIDTH, len(sizes)) & random_part) | place
    keys = np.where(place < sizes, keys, place | random_part)
    return (np.sort(keys, axis=0) & ~random_part).astype(np.int64)
