"""Drawing circuits: a layout for each row, then gate after gate what it leaves free, until each matters."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.logic.circuits import Bytes, Circuits, Mask
from synthlm_tasks.logic.kinds import NOT
from synthlm_tasks.logic.shapes.layout_table import LayoutTable
from synthlm_tasks.logic.shapes.layouts import (
    CANDIDATES,
    FIRST,
    IS_XOR,
    KIND_CHOICES,
    LOWEST,
    RANK,
    TURNING_KINDS,
)
from synthlm_tasks.logic.split_keys import SplitKeys
from synthlm_tasks.logic.values import sensitive_rows
from synthlm_tasks.rows.splits import Accept, Hashes, first_accepted
from synthlm_tasks.rows.streams import Ints, RandomBits, Words

_FRACTION: Final = 25  # bits of a random word that are used: 7 remain for what it is multiplied by

# How often gates that do not matter are drawn anew, and of how many rows one may be left so: those fail.
_REDRAWN: Final = 3
_FEW: Final = 32

# So many gates are flipped where the split wants that, those nearest to the end that a flip changes the key
# of, among so many last ones: the more, the likelier one of the circuits is the split's, and the likelier a
# gate is idle in it.
_FLIPPED: Final = 5
_LAST: Final = 12


def place_gates(
    table: LayoutTable, groups: Ints, xors: Ints, sizes: list[int], bits: RandomBits
) -> list[Words]:
    """The packed gates of a random layout for each row, slot by slot, with bit 31 set in XOR gates.

    `groups` (c,) are layout groups, `xors` (c,) numbers of XOR gates; slot s has the first `sizes[s]` rows.
    """
    layout = table.draw(groups, bits)
    # Plainly: bit 31 is set if rank < xors. Both are 0 to 63, the rank stands in bits 25 to 30 and bit 31 is
    # 0, so that subtracting xors at bit 25 borrows from bit 31, and there alone, if the rank is less. E.g.
    # rank 2, 3 XOR gates: bits 25 to 31 are 2 - 3 = -1, all ones. Nobody reads the rank after that.
    borrow = xors.astype(np.uint32) << np.uint32(RANK.shift)
    slots = table.gates[len(table.gates) - len(sizes) :]
    return [gates.take(layout[:size]) - borrow[:size] for gates, size in zip(slots, sizes, strict=True)]


def draw_gates(gate: Words, bits: RandomBits) -> tuple[Bytes, Bytes]:
    """Draw free arguments, kinds and the order of arguments of packed gates (r,): (2, r), (r,).

    One 25-bit random word serves all three draws, as a fixed-point fraction in [0, 1): multiplied by a number
    of choices, it has the choice above bit 25, and below it what remains of the fraction for the next draw.
    """
    word = bits.words(len(gate)) >> np.uint32(32 - _FRACTION)
    # Candidates have 7 bits, so that the product fits 32. E.g. word 0x1234567, 3 candidates: 0x369D035
    # is candidate 1, and 0x169D035 remains.
    word *= CANDIDATES.unpack(gate)
    second_code = LOWEST.unpack(gate)
    second_code += word >> np.uint32(_FRACTION)
    arguments = np.empty((2, len(gate)), np.uint8)
    first, second = arguments
    first[:], second[:] = FIRST.unpack(gate), second_code
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
    arguments ^= difference
    return arguments, kind


def flip_kinds(kinds: Bytes) -> Bytes:
    """The kinds that read the complements of both arguments, e.g. NOR(a,b) for AND(a,b), NAND for OR.

    XOR and NOT stay, since the number of XOR gates and what a gate reads are settled. To flip twice is to do
    nothing, and all four kinds are drawn equally often.
    """
    # Plainly: 5 - kind for 1 to 4, OR to NAND; XOR, less 1, is 255.
    return np.where(kinds - np.uint8(1) < np.uint8(NOT - 1), np.uint8(NOT) - kinds, kinds)


@dataclass(frozen=True)
class Drawn:
    """Circuits that the split wants: the rows they are for (k,), their gates' codes (slots, k).

    `tables` and `sensitive` (k,) are the asked gates' truth tables, and the rows on which some input matters.
    """

    places: Ints
    codes: NDArray[np.uint16]
    tables: Hashes
    sensitive: Hashes


def draw_circuits(
    circuits: Circuits, packed: list[Words], accept: Accept, bits: RandomBits, nodes: int
) -> Drawn:
    """Draw the gates of circuits that have none as yet; `packed` as of `place_gates`."""
    slots, rows = circuits.kinds.shape
    fine = np.ones(rows, bool)
    for slot in range(slots):
        idle = _draw_slot(circuits, slot, packed[slot], fine, bits)
        fine[: len(idle)] &= ~idle
    drawn = np.flatnonzero(fine)
    keys = circuits.split_keys(drawn, _LAST)
    wanted = accept(keys.plain[np.newaxis].astype(np.uint64))[0]
    lost = np.flatnonzero(~wanted)
    fine[drawn[lost]] = False
    flipped = _flip_unwanted(circuits, drawn[lost], keys.take(lost), accept)
    fine[flipped] = True
    kept = np.flatnonzero(fine)
    tables = circuits.tables[-1].take(kept)
    sensitive, matter = sensitive_rows(tables, int(circuits.inputs.max()))
    enough = (sensitive != 0) & (~circuits.strict[kept] | (matter == circuits.inputs[kept]))
    kept = kept[enough]
    return Drawn(kept, circuits.codes_of(kept, nodes), tables[enough], sensitive[enough])


def _flip_unwanted(circuits: Circuits, rows: Ints, keys: SplitKeys, accept: Accept) -> Ints:
    """Flip gates of circuits at `rows` (c,) with these `keys`, so that the split wants them.

    Returns the rows of those that it wants now, and that have no idle gate.
    """
    ranks, added = _rank_flips(keys.flips)
    ranked = SplitKeys(keys.plain, added)
    variants, found = first_accepted(
        lambda places, tried: ranked.of(places, tried + 1), len(rows), (1 << _FLIPPED) - 1, accept
    )
    rows, variants, ranks = rows[found], variants[found] + 1, ranks.compress(found, 1)
    fine, flipped_below = np.ones(len(rows), bool), np.zeros(len(rows), bool)
    for slot, rank in enumerate(ranks[::-1], len(circuits.kinds) - len(ranks)):
        flipped = (variants >> rank & 1).astype(bool)
        flipped_below |= flipped
        changed = np.flatnonzero(flipped_below & fine)
        some = rows[changed]
        kinds = circuits.kinds[slot].take(some)
        kinds = np.where(flipped[changed], flip_kinds(kinds), kinds)
        fine[changed] &= ~circuits.place(slot, some, circuits.arguments[slot].take(some, 1), kinds)
    return rows[fine]


def _rank_flips(flips: Words) -> tuple[Ints, Words]:
    """Which flip of a circuit each gate's is, `_FLIPPED` for none, and what those add: (last, c), (flips, c).

    E.g. of gates that add 0, 7, 0 and 5, from the end on: flips 5 (none), 0, 5 and 1, which add 7 and 5.
    """
    rows = flips.shape[1]
    ranks, added = np.empty(flips.shape, np.int64), np.zeros((_FLIPPED + 1, rows), np.uint32)
    seen, place = np.zeros(rows, np.int64), np.arange(rows)
    for rank, flip in zip(ranks, flips, strict=True):
        adds = flip != 0
        rank[:] = np.where(adds, seen, _FLIPPED)
        added.reshape(-1)[rank * rows + place] = flip
        seen += adds & (seen < _FLIPPED)
    return ranks, added[:_FLIPPED]


def _draw_slot(circuits: Circuits, slot: int, packed: Words, open_: Mask, bits: RandomBits) -> Mask:
    """Draw the gates of a slot, and those that do not matter again; returns which still do not."""
    idle = circuits.place(slot, slice(len(packed)), *draw_gates(packed, bits))
    for _ in range(_REDRAWN):
        again = np.flatnonzero(idle & open_[: len(idle)])
        if len(again) * _FEW <= len(idle):
            break
        idle[again] = circuits.place(slot, again, *draw_gates(packed.take(again), bits))
    return idle
