"""Dyna's programs: drawing them, their split key, and an element whose way through them order decides.

Rows come sorted by falling number of operations, so that each step has a prefix of them.
"""

import itertools
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.dyna.moves import IMAGES, LEAST_STATE, MAPS, MIRRORED, MOST_STATE, Followers
from synthlm_tasks.rows.splits import Accept, Hashes, first_accepted, key_words
from synthlm_tasks.rows.streams import Ints, RandomBits
from synthlm_tasks.rows.text import Bytes

Operations: TypeAlias = NDArray[np.uint16]


def draw_programs(table: Followers, size: Ints, live: list[int], bits: RandomBits) -> Operations:
    """Programs in which neighbours never commute; `live[t]` rows, the first ones, have an operation t.

    Returns the operations (t, c), 0 beyond the end; t is rounded up to whole words of four. One word serves
    both draws of a step: a product's high bits choose the kind, its low bits the operation.
    """
    steps, rows = len(live) - 1, len(size)
    # Turned later: rows that are no power of two apart keep out of each other's way in the cache.
    operations = np.zeros((-(-steps // 4) * 4, rows + 32), np.uint16)[:, :rows]
    sizes = ((size - LEAST_STATE) * (MAPS * table.slots)).astype(np.uint32)
    for step, count in enumerate(live[:-1]):
        word = bits.words(count)
        word >>= np.uint32(8)
        word *= np.uint32(table.slots)
        slot = word >> np.uint32(24)
        slot += sizes[:count]
        if step:  # map 0 before the first: anything may follow it
            move = (operations[step - 1, :count] >> np.uint16(1)).astype(np.uint32)
            move *= np.uint32(table.slots)
            slot += move
        choice = table.choices.take(slot)
        word &= np.uint32(0xFFFFFF)
        word *= choice & np.uint32(255)
        word >>= np.uint32(24)
        choice >>= np.uint32(8)
        choice += word
        operations[step, :count] = table.follow.take(choice)
    return operations


@dataclass(frozen=True)
class Questions:
    """For each program (c,): its hash, an initial index to ask about, and whether that problem belongs."""

    hashes: Hashes
    slot: Ints
    accepted: NDArray[np.bool_]


def mirror_unaccepted(
    operations: Operations, size: Ints, accept: Accept, bits: RandomBits
) -> tuple[Operations, Questions]:
    """Choose what to ask; turn programs round, in place, where nothing may be: count from the other end.

    Returns the programs (c, t) too. A program turned round is drawn just as often as the program itself.
    """
    programs = np.ascontiguousarray(operations.T)
    hashes = _key_hashes(programs, size)
    slot, found = _draw_slots(bits.below(size, len(size)), size, hashes, accept)
    lost = np.flatnonzero(~found)
    turned, sizes = programs.take(lost, 0), size.take(lost)
    places = (sizes - LEAST_STATE)[:, None] * MAPS + (turned >> np.uint16(1))
    turned &= np.uint16(1)
    turned |= MIRRORED.take(places) << np.uint16(1)
    programs[lost], operations[:, lost] = turned, turned.T
    hashes[lost] = _key_hashes(turned, sizes)
    slot[lost], found[lost] = _draw_slots(slot.take(lost), sizes, hashes.take(lost), accept)
    return programs, Questions(hashes, slot, found)


def _key_hashes(programs: Operations, size: Ints) -> Hashes:
    """The hash of each program's index maps in a list of its size: programs (c, t) → (c,)."""
    words = programs.astype("<u2", copy=False).view("<u8").astype(np.uint64, copy=False)
    hashes: Hashes = np.einsum("ct,t->c", words & _MAPS_ONLY, _KEY_STEPS[: words.shape[1]])
    hashes += _KEY_SIZES.take(size)
    return hashes


def choose_elements(
    operations: Operations,
    size: Ints,
    needed: Ints,
    live: list[int],
    asked: Questions,
    accept: Accept,
    bits: RandomBits,
) -> tuple[Ints, Ints, NDArray[np.bool_]]:
    """For each program an initial index to ask about, its final index, and whether the problem is valid.

    Where too few transpositions change the answer, another element is cheaper than another program.
    """
    moves = (operations >> np.uint16(1)) * np.uint16(MOST_STATE)
    slot, place = np.zeros((2, len(size)), np.int64)
    valid = np.zeros(len(size), bool)
    pending = np.arange(len(size))
    tried, wanted = asked.slot, asked.accepted
    for _ in range(_ASKED_TRIES):
        if not wanted.all():
            pending, tried = pending[wanted], tried[wanted]
        here = moves if len(pending) == len(size) else moves.take(pending, 1)
        slot[pending] = tried
        place[pending], changed = _trace(here, tried, np.searchsorted(pending, live).tolist())
        enough = changed >= needed[pending]
        valid[pending] = enough
        pending = pending[~enough]
        if len(pending) <= len(size) // _FEW:
            break
        sizes = size[pending]
        tried, wanted = _draw_slots(bits.below(sizes, len(sizes)), sizes, asked.hashes[pending], accept)
        wanted &= tried != slot[pending]
    return slot, place, valid


def _draw_slots(drawn: Ints, size: Ints, hashes: Hashes, accept: Accept) -> tuple[Ints, NDArray[np.bool_]]:
    """For each program the first index, from `drawn` on, whose problem accept, and whether any does."""

    def keys(places: Ints, steps: Ints) -> Hashes:
        if not steps[0]:
            return (hashes + _KEY_SLOTS.take(drawn))[np.newaxis]
        slots = (drawn[places] + steps[:, None]) % size[places]
        found: Hashes = hashes[places] + _KEY_SLOTS.take(slots)
        return found

    steps, found = first_accepted(keys, len(size), int(size.max(initial=1)), accept)
    steps *= found  # which are less than the size
    steps += drawn
    steps -= size * (steps >= size)
    return steps, found


def _trace(moves: Operations, slot: Ints, live: list[int]) -> tuple[Operations, Bytes]:
    """Follow the element at `slot`: its final index, and how many adjacent transpositions change it.

    `moves` (t, c) are the places of the maps' images. Swapping operations t and t+1 moves the traced element
    elsewhere or not; what follows is a bijection, so the answer changes exactly if it moves elsewhere. The
    same holds for both kinds of query.
    """
    here = slot.astype(np.uint16)
    place, changed = here.copy(), np.zeros(len(slot), np.uint8)
    last = before = here
    for step, (count, staying) in enumerate(itertools.pairwise(live)):
        move = moves[step, :count]
        there = IMAGES.take(move + here[:count])
        if step:
            other = IMAGES.take(move + before[:count])
            other += last[:count]
            changed[:count] += (IMAGES.take(other) != there).view(np.uint8)
        last, before, here = move, here, there
        place[staying:count] = there[staying:]
    return place, changed


_ASKED_TRIES: Final = 3
_FEW: Final = 16  # a share of programs that costs less to draw anew than to trace
_KEY_SIZES: Final = key_words("dyna", MOST_STATE + 1)
_KEY_SLOTS: Final = key_words("dyna slots", MOST_STATE)
_KEY_STEPS: Final = key_words("dyna steps", 25) | np.uint64(1)  # for four operations each
_MAPS_ONLY: Final = np.uint64(0xFFFEFFFEFFFEFFFE)  # without the spelling
