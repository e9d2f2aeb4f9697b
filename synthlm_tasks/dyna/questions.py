"""What Dyna asks: an element whose way through the program order decides, and others after it.

Programs come sorted by falling number of operations, so that each step has a prefix of them.
"""

import itertools
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.dyna.moves import MOST_STATE, images
from synthlm_tasks.dyna.programs import Operations, count_live
from synthlm_tasks.rows.streams import Ints, RandomBits
from synthlm_tasks.rows.text import Bytes

# Elements tried for a program before it counts as rejected.
_ELEMENTS_TRIED: Final = 6

# One in so many programs without a valid element costs less to draw anew than to trace again.
_FEW: Final = 16


@dataclass(frozen=True)
class Questions:
    """What is asked of each program (c,): an element by its initial index, and where that goes.

    `effective` is how many operations move it, `valid` whether order decides enough of its way.
    """

    initial: Ints
    final: Ints
    effective: Bytes
    valid: NDArray[np.bool_]


def choose_elements(
    operations: Operations,
    size: Ints,
    needed: Ints,
    live: list[int],
    accepted: NDArray[np.bool_],
    bits: RandomBits,
) -> Questions:
    """An element of each accepted program (t, c) whose answer at least `needed` (c,) exchanges change.

    An exchange is one of two neighbouring operations. Where too few change the answer, another element is
    cheaper than another program.
    """
    offsets = (operations >> np.uint16(1)) * np.uint16(MOST_STATE)
    initial, final = np.zeros((2, len(size)), np.int64)
    effective, valid = np.zeros(len(size), np.uint8), np.zeros(len(size), bool)
    pending = np.flatnonzero(accepted)
    for _ in range(_ELEMENTS_TRIED):
        theirs = offsets if len(pending) == len(size) else offsets.take(pending, 1)
        tried = bits.below(size[pending], len(pending))
        way = _trace(theirs, tried, np.searchsorted(pending, live).tolist())
        initial[pending], final[pending], effective[pending] = tried, way.final, way.moved
        enough = way.changed >= needed[pending]
        valid[pending] = enough
        pending = pending[~enough]
        if len(pending) <= len(size) // _FEW:
            break
    return Questions(initial, final, effective, valid)


@dataclass(frozen=True)
class _Way:
    """Where elements (c,) end, how many operations move them, and how many exchanges change their end."""

    final: Operations
    moved: Bytes
    changed: Bytes


def _trace(offsets: Operations, initial: Ints, live: list[int]) -> _Way:
    """Follow the element at `initial` (c,) through its program.

    `offsets` (t, c) are where the permutations' images begin in the table. Exchanging operations t - 1 and t
    takes the traced element elsewhere or not; what follows is a bijection, so the answer changes exactly if
    it does. The same holds for both kinds of query.
    """
    table = images()
    position = initial.astype(np.uint16)  # before this operation, and, as `earlier`, before the last
    final = position.copy()
    moved, changed = np.zeros((2, len(initial)), np.uint8)  # at most 100 operations
    previous = earlier = position
    for step, (count, continuing) in enumerate(itertools.pairwise(live)):
        offset, position = offsets[step, :count], position[:count]
        after = table.take(offset + position)  # below 534 * 20, so that 16 bits do
        moved[:count] += (after != position).view(np.uint8)
        if step:  # the last two the other way round: this operation first, then the one before
            exchanged = table.take(offset + earlier[:count])
            exchanged += previous[:count]
            changed[:count] += (table.take(exchanged) != after).view(np.uint8)
        previous, earlier, position = offset, position, after
        final[continuing:count] = after[continuing:]
    return _Way(final, moved, changed)


@dataclass(frozen=True)
class FurtherQuestions:
    """Elements (k, c) asked after the first: initial and final index, and 0 for a position query, 1 else."""

    initial: NDArray[np.uint16]
    final: NDArray[np.uint16]
    asked: Ints


def draw_further(
    programs: Operations, size: Ints, ops: Ints, first: Ints, queries: Ints, count: int, bits: RandomBits
) -> FurtherQuestions:
    """Draw `count` other elements than `first` (c,), each at most once, for programs (c, t) in any order.

    Only the first `queries - 1` (c,) of them are followed through the program; the rest is arbitrary.
    """
    picks = bits.below(np.maximum(size - np.arange(1, count + 1)[:, None], 1), count, len(size))
    initial = decode_picks(np.concatenate([first[None], picks]).astype(np.uint8))[1:].astype(np.uint16)
    order = np.argsort(-ops, kind="stable")
    live = count_live(ops[order], int(ops.max()))
    further = queries[order] - 1
    # One entry for each query that is there, those of one program side by side: far fewer than count * c.
    bounds = np.concatenate([[0], np.cumsum(further)])
    row = np.repeat(np.arange(len(order)), further)
    place, column = np.arange(len(row)) - bounds.take(row), order.take(row)
    offsets = np.ascontiguousarray((programs.take(order, 0) >> np.uint16(1)).T) * np.uint16(MOST_STATE)
    table, position = images(), initial[place, column]
    for step, entries in enumerate(bounds.take(live[:-1]).tolist()):
        position[:entries] = table.take(offsets[step].take(row[:entries]) + position[:entries])
    final = initial.copy()
    final[place, column] = position
    return FurtherQuestions(initial, final, bits.below(2, count, len(size)))


def decode_picks(picks: Bytes) -> Bytes:
    """What picks (k, c) take in turn from 0, 1, 2, … (a Lehmer code), in place: `unused.pop(picks[k])`.

    e.g. 0, 0, 1 → 0, 1, 3. The first is itself.
    """
    # Backwards: those after k are numbered among what k leaves unused, until those from k's on move up by
    # one to make room for it: 0, 0, 1 → 0, 0, 2 → 0, 1, 3.
    for k in range(len(picks) - 2, -1, -1):
        later = picks[k + 1 :]
        later += (later >= picks[k]).view(np.uint8)
    return picks
