"""Dyna's programs: drawing them, and their split key.

Rows come sorted by falling number of operations, so that each step has a prefix of them.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.dyna.moves import (
    LEAST_STATE,
    MOST_STATE,
    PERMUTATIONS,
    ROTATION_OF_TWO,
    SWAP_OF_TWO,
    Followers,
)
from synthlm_tasks.rows.splits import Accept, Hashes, key_words
from synthlm_tasks.rows.streams import Ints, RandomBits, Words

Operations: TypeAlias = NDArray[np.uint16]

_MOST_STEPS: Final = 100

# All bits of an operation but the lowest, which is the spelling; and of four operations in a 64-bit word.
_NO_SPELLING: Final = np.uint16(0xFFFE)
_NO_SPELLINGS: Final = np.uint64(0xFFFEFFFEFFFEFFFE)

_FRACTION: Final = np.uint32(0xFFFFFF)

# Other ends of a program that the split does not want: so many operations in the last place but one, and for
# each so many of one kind in the last, evenly spread. Two programs in seven fail them all where one in twenty
# belongs: they are drawn anew, since ever fewer rows cost as many calls, and a short list has few ends.
_TURNS: Final = 3
_ENDS: Final = 8
_SPREAD: Final = np.arange(_ENDS, dtype=np.uint32)[:, None] * np.uint32(2**24 // _ENDS)


def count_live(ops: Ints, most: int) -> list[int]:
    """How many of the programs have more than t operations, for t up to `most`: `ops` (c,) never rises."""
    found: list[int] = np.searchsorted(-ops, -np.arange(most + 1)).tolist()
    return found


def draw_programs(table: Followers, size: Ints, live: list[int], bits: RandomBits) -> Operations:
    """Programs (t, c) in which neighbours never commute, for lists of `size` (c,).

    `live[t]` rows, the first ones, have an operation t; beyond a program's end there is 0, and t is rounded
    up to whole words of four.
    """
    steps, rows = len(live) - 1, len(size)
    # Transposed later: rows that are no power of two apart keep out of each other's way in the cache.
    operations = np.zeros((-(-steps // 4) * 4, rows + 32), np.uint16)[:, :rows]
    begin = _begin_of(table, size)
    for step, count in enumerate(live[:-1]):
        previous = operations[step - 1, :count]  # of the first step the last row: padding, or its own zeros
        operations[step, :count] = _draw_next(table, begin[:count], previous, bits.words(count))
    return operations


def _begin_of(table: Followers, size: Ints) -> Words:
    """Where the choices of lists of `size` (c,) begin in the table."""
    begin: Words = ((size - LEAST_STATE) * (PERMUTATIONS * table.slots)).astype(np.uint32)
    return begin


@dataclass(frozen=True)
class _Runs:
    """What may follow in some places (c,): `start << 8 | count` of a run, and where in it, in 1/2**24."""

    run: Words
    fraction: Words


def _choose_runs(table: Followers, begin: Words, previous: Operations, word: Words) -> _Runs:
    """One of the kinds that have any operation after `previous`, by uniform words, which are overwritten."""
    # One word serves both draws. Its upper 24 bits are a fraction of 2**24. Times slots, which divide
    # lcm(1, 2, 3, 4) = 12, they fit 32 bits again: the slot above a new fraction of 24 bits.
    #     slot, fraction = divmod((word >> 8) * slots, 2**24)
    # e.g. word 0x90000000, 4 slots: 0x900000 * 4 = 0x02_400000, slot 2.
    word >>= np.uint32(8)
    word *= np.uint32(table.slots)
    slot = word >> np.uint32(24)
    slot += begin
    permutation = (previous >> np.uint16(1)).astype(np.uint32)
    permutation *= np.uint32(table.slots)
    slot += permutation
    word &= _FRACTION
    return _Runs(table.choices.take(slot), word)


def _pick_operations(table: Followers, runs: _Runs, fraction: Words) -> Operations:
    """The operation in each run (c,) at this fraction (..., c), which is overwritten."""
    # A fraction times a count below 2**8 fits 32 bits: the place in the run above what is thrown away, e.g.
    # 0x400000 of 10 operations: 0x400000 * 10 = 0x02_800000, place 2.
    fraction *= runs.run & np.uint32(255)
    fraction >>= np.uint32(24)
    fraction += runs.run >> np.uint32(8)
    return table.follow.take(fraction)


def _draw_next(table: Followers, begin: Words, previous: Operations, word: Words) -> Operations:
    """Operations (c,) that may follow `previous`, one for each uniform word, which is overwritten.

    Each is one of the kinds that have any operation, and then one of those; anything may follow 0.
    """
    runs = _choose_runs(table, begin, previous, word)
    return _pick_operations(table, runs, runs.fraction)


# The split key of a program is the sum (mod 2**64) of a word for its list's size, a random word for the
# first operation's permutation, and each later operation's permutation times an odd word for its step. Where
# all operations commute every permutation has its random word instead, whatever the step: the sum does not
# see their order. A program of one operation has the same key either way.


@cache
def _step_words() -> Hashes:
    """The words of the steps, one for four operations: odd, so that no two such fours share a product."""
    return key_words("dyna steps", _MOST_STEPS // 4) | np.uint64(1)


@cache
def _step_weights() -> Hashes:
    """What an operation without its spelling is multiplied with, by step: that of the first is nothing."""
    shifts = np.arange(0, 64, 16, dtype=np.uint64)
    weights = (_step_words()[:, None] << shifts).ravel()
    weights[0] = 0
    return weights


@cache
def _map_words() -> Hashes:
    """The random words of permutations: the same for the same map, and none for the padding."""
    words = key_words("dyna maps", PERMUTATIONS).copy()
    words[ROTATION_OF_TWO] = words[SWAP_OF_TWO]
    words[0] = 0
    return words


def key_of_size(size: int) -> np.uint64:
    """What the split key of a program begins with, in a list of `size`."""
    word: np.uint64 = key_words("dyna", MOST_STATE + 1)[size]
    return word


def _key_hashes(programs: Operations, size: Ints, commuting: bool) -> Hashes:
    """The split key of each program in a list of its size: programs (c, t) → (c,)."""
    hashes: Hashes = key_words("dyna", MOST_STATE + 1).take(size)
    if commuting:
        hashes += _map_words().take(programs >> np.uint16(1)).sum(axis=1)
        return hashes
    # Operation t is bits 16 * (t % 4) to 16 * (t % 4) + 15 of word t // 4, so that four cost one product:
    #     sum(((operation & ~1) << 16 * (t % 4)) * step_word[t // 4])  (mod 2**64)
    # e.g. operations 2, 5, 0, 0: the word 0x0005_0002, without the first and all spellings 0x0004_0000.
    words = programs.astype("<u2", copy=False).view("<u8").astype(np.uint64, copy=False)
    kept = np.full(words.shape[1], _NO_SPELLINGS)
    kept[0] &= ~np.uint64(0xFFFF)
    hashes += np.einsum("ct,t->c", words & kept, _step_words()[: words.shape[1]])
    hashes += _map_words().take(programs[:, 0] >> np.uint16(1))
    return hashes


def key_parts(operations: Operations, step: NDArray[Any], commuting: bool) -> Hashes:
    """What operations (..., c) at a step (c,) add to the split key."""
    if commuting:
        return _map_words().take(operations >> np.uint16(1))
    parts: Hashes = (operations & _NO_SPELLING) * _step_weights().take(step)
    if not step.all():
        parts += np.where(step, np.uint64(0), _map_words().take(operations >> np.uint16(1)))
    return parts


def settle_programs(
    operations: Operations, size: Ints, ops: Ints, table: Followers, accept: Accept, bits: RandomBits
) -> tuple[Operations, NDArray[np.bool_]]:
    """Draw parts of programs (t, c) of `ops` operations anew, in place, whose split key is not accepted.

    What is drawn anew, as often as is worth it, are their last two operations, as they were drawn before: an
    end is as likely as any other draw of it. Where all operations commute other pairs take their turns too.
    Returns the programs (c, t) too, and which of them are accepted now.
    """
    programs = np.ascontiguousarray(operations.T)
    hashes = _key_hashes(programs, size, table.commuting)
    found = accept(hashes)
    lost = changed = np.flatnonzero(~found)
    key, last, begin = hashes[lost], ops[lost] - 1, _begin_of(table, size[lost])
    for turn in range(_TURNS):
        if not len(lost):
            break
        step = last - 2 * turn % np.maximum(last, 1) if table.commuting else last
        # A step before the first is one of the padding, counted from the end: it holds 0, which adds nothing.
        before, one, other = (programs[lost, step - back] for back in (2, 1, 0))
        key -= key_parts(one, step - 1, table.commuting) + key_parts(other, step, table.commuting)
        one = _draw_next(table, begin, before, bits.words(len(lost)))
        one *= step > 0
        runs = _choose_runs(table, begin, one, bits.words(len(lost)))
        others = _pick_operations(table, runs, runs.fraction + _SPREAD & _FRACTION)
        key += key_parts(one, step - 1, table.commuting)
        keys = key_parts(others, step, table.commuting) + key
        fine = accept(keys)
        # The first that is fine, or the first of all: matrices (n, c) have (i, row) at i * c + row.
        chosen = fine.argmax(axis=0) * len(lost)
        chosen += np.arange(len(lost))
        settled = fine.ravel().take(chosen)
        programs[lost, step - 1], programs[lost, step] = one, others.ravel().take(chosen)
        found[lost] = settled
        left = np.flatnonzero(~settled)
        key = keys.ravel().take(chosen.take(left))
        lost, last, begin = lost.take(left), last.take(left), begin.take(left)
    operations[:, changed] = programs[changed].T
    return programs, found
