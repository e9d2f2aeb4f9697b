"""Splits decided by a hash of the problem, so that they cannot overlap.

A problem's canonical form (each task says which) is hashed to 64 bits with a key that is one constant
per task. The split is the region the hash falls in: no seed, config, level, ratio or size enters, so
rows made with any of those are disjoint across splits.
"""

from collections.abc import Callable
from functools import cache
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.errors import ParameterError
from synthlm_tasks.rows.streams import Ints, RandomBits, digest

Hashes: TypeAlias = NDArray[np.uint64]
Accept: TypeAlias = Callable[[Hashes], NDArray[np.bool_]]
Split: TypeAlias = Literal["train", "validation", "test"]

SPLITS: Final[tuple[Split, ...]] = ("train", "validation", "test")

# Regions of the hash space, in 1/20: [0, 18) train, [18, 19) validation, [19, 20) test.
_PARTS: Final = 20
_REGION: Final = {"train": (0, 18), "validation": (18, 19), "test": (19, 20)}

# Variants of a problem that are tried together once the first does not belong: a round for each would cost
# more than the hashes of those after the accepted one, which nobody needs.
_AT_ONCE: Final = 8


def check_split(split: str) -> Split:
    """Return `split` as a known split name, or raise ParameterError."""
    for known in SPLITS:
        if split == known:
            return known
    raise ParameterError(f"split={split!r}: expected one of {', '.join(SPLITS)}")


@cache
def key_words(task: str, *shape: int) -> Hashes:
    """The constant 64-bit words of a task's split key: an array of the given shape that cannot be changed."""
    count = int(np.prod(shape))
    words = RandomBits(0, digest("split key", task)).words64(count).reshape(shape)
    words.flags.writeable = False  # all who ask for it share it
    return words


def splitmix64(words: Hashes) -> Hashes:
    """The splitmix64 finaliser, of any shape: spreads every input bit over all 64 output bits.

    Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
    """
    # words = (words ^ words >> 30) * 0xBF…; words = (words ^ words >> 27) * 0x94…; words ^ words >> 31,
    # in two arrays.
    shifted = words >> np.uint64(30)
    mixed: Hashes = words ^ shifted
    for factor, shift in ((0xBF58476D1CE4E5B9, 27), (0x94D049BB133111EB, 31)):
        mixed *= np.uint64(factor)
        shifted = np.right_shift(mixed, np.uint64(shift), out=shifted)
        mixed ^= shifted
    return mixed


def in_split(hashes: Hashes, split: Split) -> NDArray[np.bool_]:
    """Which problem hashes, of any shape, lie in the region of `split`."""
    # Whether the upper half of a hash lies in [low/20, high/20) of 2**32: one comparison of how far it is
    # from the lower end, as what lies before that comes round to the top.
    # e.g. an upper half of 0xF0000000, 15/16 of all, lies in [18/20, 19/20), which is validation.
    low, high = (-(-(part << 32) // _PARTS) for part in _REGION[split])
    fraction = (splitmix64(hashes) >> np.uint64(32)).astype(np.uint32)
    inside: NDArray[np.bool_] = fraction - np.uint32(low) < np.uint32(high - low)
    return inside


def first_accepted(
    hashes: Callable[[Ints, Ints], Hashes], rows: int, tries: int, accept: Accept
) -> tuple[Ints, NDArray[np.bool_]]:
    """For each row the first of its variants that is accepted, and whether there is one: (rows,) each.

    `hashes(places, variants)` gives the hashes (variants, places) of these rows in these variants, of which
    there are `tries`; variant 0 is the row itself, which alone is tried first. Where a variant takes the
    problems one to one to others that are drawn just as often, trying it leaves all as likely as they were
    drawn, on average over split keys: in a space so small that each problem has a share of the rows, some
    get another's too. Where none is accepted, the variant returned means nothing.
    """
    chosen, found = np.zeros(rows, np.int64), np.zeros(rows, bool)
    pending = np.arange(rows)
    start, end = 0, 1
    while start < tries and len(pending):
        accepted = accept(hashes(pending, np.arange(start, min(end, tries))))
        some = accepted.any(axis=0)
        chosen[pending] = accepted.argmax(axis=0) + start  # argmax is the first True
        found[pending] = some
        pending = pending[~some]
        start, end = end, end + _AT_ONCE
    return chosen, found
