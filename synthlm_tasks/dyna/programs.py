"""Dyna's programs: drawing them, their split key, and an element whose way through them order decides.

Rows come sorted by falling number of operations, so that each step has a prefix of them.
"""

import itertools
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.dyna.moves import LEAST_STATE, MOST_STATE, PERMUTATIONS, Followers, images, mirrors
from synthlm_tasks.rows.splits import Accept, Hashes, first_accepted, key_words
from synthlm_tasks.rows.streams import Ints, RandomBits
from synthlm_tasks.rows.text import Bytes

Operations: TypeAlias = NDArray[np.uint16]

# Elements tried for a program before it counts as rejected.
_ELEMENTS_TRIED: Final = 3

# One in so many programs without a valid element costs less to draw anew than to trace again.
_FEW: Final = 16

# Four operations in a 64-bit word, all bits but the lowest of each, which is the spelling.
_NO_SPELLINGS: Final = np.uint64(0xFFFEFFFEFFFEFFFE)


@cache
def _step_words() -> Hashes:
    """The split key's words, one for four operations: odd, so that no two such fours share a product."""
    return key_words("dyna steps", 25) | np.uint64(1)


def draw_programs(table: Followers, size: Ints, live: list[int], bits: RandomBits) -> Operations:
    """Programs (t, c) in which neighbours never commute, for lists of `size` (c,).

    `live[t]` rows, the first ones, have an operation t; beyond a program's end there is 0, and t is rounded
    up to whole words of four. Each step draws one of the kinds that have any operation, then one of those.
    """
    steps, rows = len(live) - 1, len(size)
    # Transposed later: rows that are no power of two apart keep out of each other's way in the cache.
    operations = np.zeros((-(-steps // 4) * 4, rows + 32), np.uint16)[:, :rows]
    sizes = ((size - LEAST_STATE) * (PERMUTATIONS * table.slots)).astype(np.uint32)
    for step, count in enumerate(live[:-1]):
        # One word serves both draws. Its upper 24 bits are a fraction of 2**24. Times slots, which divide
        # lcm(1, 2, 3, 4) = 12, they fit 32 bits again: the slot above a new fraction of 24 bits. That times a
        # count below 2**8 fits as well: the place in the run above what is thrown away.
        #     slot, fraction = divmod((word >> 8) * slots, 2**24);  place = fraction * count >> 24
        # e.g. word 0x90000000, 4 slots, 10 operations: 0x900000 * 4 = 0x02_400000, slot 2;
        # 0x400000 * 10 = 0x02_800000, place 2.
        word = bits.words(count)
        word >>= np.uint32(8)
        word *= np.uint32(table.slots)
        slot = word >> np.uint32(24)
        slot += sizes[:count]
        if step:  # permutation 0 before the first: anything may follow it
            permutation = (operations[step - 1, :count] >> np.uint16(1)).astype(np.uint32)
            permutation *= np.uint32(table.slots)
            slot += permutation
        run = table.choices.take(slot)  # start << 8 | count
        word &= np.uint32(0xFFFFFF)
        word *= run & np.uint32(255)
        word >>= np.uint32(24)
        run >>= np.uint32(8)
        run += word
        operations[step, :count] = table.follow.take(run)
    return operations


@dataclass(frozen=True)
class Questions:
    """For each program (c,): its hash, an initial index to ask about, and whether that problem belongs."""

    hashes: Hashes
    initial: Ints
    accepted: NDArray[np.bool_]


def mirror_unaccepted(
    operations: Operations, size: Ints, accept: Accept, bits: RandomBits
) -> tuple[Operations, Questions]:
    """Choose what to ask; mirror programs (t, c), in place, where nothing may be: count from the other end.

    Returns the programs (c, t) too. A program mirrored is drawn just as often as the program itself.
    """
    programs = np.ascontiguousarray(operations.T)
    hashes = _key_hashes(programs, size)
    initial, found = _choose_initial(bits.below(size, len(size)), size, hashes, accept)
    lost = np.flatnonzero(~found)
    mirrored, sizes = programs.take(lost, 0), size.take(lost)
    places = (sizes - LEAST_STATE)[:, None] * PERMUTATIONS + (mirrored >> np.uint16(1))
    mirrored &= np.uint16(1)  # the spelling stays
    mirrored |= mirrors().take(places) << np.uint16(1)
    programs[lost], operations[:, lost] = mirrored, mirrored.T
    hashes[lost] = _key_hashes(mirrored, sizes)
    initial[lost], found[lost] = _choose_initial(initial.take(lost), sizes, hashes.take(lost), accept)
    return programs, Questions(hashes, initial, found)


def _key_hashes(programs: Operations, size: Ints) -> Hashes:
    """The hash of each program's permutations in a list of its size: programs (c, t) → (c,)."""
    # Operation t is bits 16 * (t % 4) to 16 * (t % 4) + 15 of word t // 4, so that four cost one product:
    #     sum(((operation & ~1) << 16 * (t % 4)) * step_word[t // 4]) + size_word  (mod 2**64)
    # e.g. operations 2, 5, 0, 0: the word 0x0005_0002, without spellings 0x0004_0002.
    words = programs.astype("<u2", copy=False).view("<u8").astype(np.uint64, copy=False)
    hashes: Hashes = np.einsum("ct,t->c", words & _NO_SPELLINGS, _step_words()[: words.shape[1]])
    hashes += key_words("dyna", MOST_STATE + 1).take(size)
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
    """An initial index to ask about, its final index, and whether the problem is valid: (c,) each.

    Valid is a program where at least `needed` (c,) adjacent transpositions change the answer. Where too few
    do, another element is cheaper than another program.
    """
    offsets = (operations >> np.uint16(1)) * np.uint16(MOST_STATE)
    initial, final = np.zeros((2, len(size)), np.int64)
    valid = np.zeros(len(size), bool)
    pending = np.arange(len(size))
    tried, wanted = asked.initial, asked.accepted
    for _ in range(_ELEMENTS_TRIED):
        if not wanted.all():
            pending, tried = pending[wanted], tried[wanted]
        theirs = offsets if len(pending) == len(size) else offsets.take(pending, 1)
        initial[pending] = tried
        final[pending], changed = _trace(theirs, tried, np.searchsorted(pending, live).tolist())
        enough = changed >= needed[pending]
        valid[pending] = enough
        pending = pending[~enough]
        if len(pending) <= len(size) // _FEW:
            break
        sizes = size[pending]
        tried, wanted = _choose_initial(bits.below(sizes, len(sizes)), sizes, asked.hashes[pending], accept)
        wanted &= tried != initial[pending]  # tried already
    return initial, final, valid


def _choose_initial(
    drawn: Ints, size: Ints, hashes: Hashes, accept: Accept
) -> tuple[Ints, NDArray[np.bool_]]:
    """For each program the first index, from `drawn` on, whose problem accept, and whether any does: (c,)."""
    index_words = key_words("dyna slots", MOST_STATE)

    def keys(places: Ints, steps: Ints) -> Hashes:
        if not steps[0]:
            return (hashes + index_words.take(drawn))[np.newaxis]
        indices = (drawn[places] + steps[:, None]) % size[places]
        found: Hashes = hashes[places] + index_words.take(indices)
        return found

    steps, found = first_accepted(keys, len(size), int(size.max(initial=1)), accept)
    steps *= found  # which are less than the size: a lap later the same problems come again
    steps += drawn
    steps -= size * (steps >= size)  # (drawn + steps) % size
    return steps, found


def _trace(offsets: Operations, initial: Ints, live: list[int]) -> tuple[Operations, Bytes]:
    """Follow the element at `initial` (c,): its final index, and how many adjacent transpositions change it.

    `offsets` (t, c) are where the permutations' images begin in the table. Exchanging operations t - 1 and t
    takes the traced element elsewhere or not; what follows is a bijection, so the answer changes exactly if
    it does. The same holds for both kinds of query.
    """
    table = images()
    position = initial.astype(np.uint16)  # before this operation, and, as `earlier`, before the last
    final, changed = position.copy(), np.zeros(len(initial), np.uint8)  # at most 99 change it
    previous = earlier = position
    for step, (count, continuing) in enumerate(itertools.pairwise(live)):
        offset = offsets[step, :count]
        after = table.take(offset + position[:count])  # below 528 * 20, so that 16 bits do
        if step:  # the last two the other way round: this operation first, then the one before
            exchanged = table.take(offset + earlier[:count])
            exchanged += previous[:count]
            changed[:count] += (table.take(exchanged) != after).view(np.uint8)
        previous, earlier, position = offset, position, after
        final[continuing:count] = after[continuing:]
    return final, changed
