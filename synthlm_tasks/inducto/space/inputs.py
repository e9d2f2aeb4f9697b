"""Inducto's inputs: the letter sets and the orders that sequences are made of."""

import itertools
import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.inducto.space.rules import SHIFTS
from synthlm_tasks.rows.streams import RandomBits, digest

SETS: Final = 4096  # sets of letters in use per length; of three letters all that may be, about half as many
_SETS_AT_ONCE: Final = 8192  # drawn until there are as many that may be used
_MOST_ORDERS: Final = 2048  # orders in use per length (all, up to length 6)
MOST_PAIRS: Final = {3: 1, 4: 1, 5: 1, 6: 2, 7: 2, 8: 3}  # by length: what leaves enough sets to draw from
LAST_PLAIN: Final = 25 - max(SHIFTS)  # letters up to this one never wrap past Z under one shift


def sets_of(length: int) -> NDArray[np.int64]:
    """Distinct sets of letters (at most SETS, length), each sorted, those without wrapping first.

    A set has at most `MOST_PAIRS` pairs at each distance that two rules' shifts can differ by.
    """
    if math.comb(26, length) <= SETS:
        every = np.array(list(itertools.combinations(range(26), length)))
        return _sort_plain_first(every[_have_few_pairs(_mask_letters(every), MOST_PAIRS[length])])
    bits = RandomBits(0, digest("inducto sets", length))
    sets = np.empty((0, length), np.int64)
    while len(sets) < SETS:
        # A random number in bits 5 to 31 and the letter in bits 0 to 4 (below 26): the letters with the
        # smallest numbers are a uniform set, and one sort carries them along.
        keys = (bits.words(_SETS_AT_ONCE, 26) & np.uint32(0xFFFFFFE0)) | np.arange(26, dtype=np.uint32)
        drawn = np.sort(np.sort(keys, axis=1)[:, :length] & np.uint32(31), axis=1).astype(np.int64)
        sets = np.concatenate([sets, drawn[_have_few_pairs(_mask_letters(drawn), MOST_PAIRS[length])]])
        sets = sets[np.sort(np.unique(_mask_letters(sets), return_index=True)[1])]  # the first of equal ones
    return _sort_plain_first(sets[:SETS])


def _sort_plain_first(sets: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sets (n, length) without a letter that wraps past Z under one shift, then the others, both in order."""
    plain_first: NDArray[np.int64] = sets[np.argsort(sets[:, -1] > LAST_PLAIN, kind="stable")]
    return plain_first


def _mask_letters(sets: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sets of letters (n, length) as 26 bits (n,), letter k as bit k, e.g. A C → 0b101."""
    masks: NDArray[np.int64] = (np.int64(1) << sets).sum(axis=1)
    return masks


def _have_few_pairs(masks: NDArray[np.int64], most: int) -> NDArray[np.bool_]:
    """Which sets (n,) have at most so many pairs at every distance that counts, around the alphabet."""
    fine = np.ones(len(masks), bool)
    for distance in range(1, 2 * max(SHIFTS) + 1):
        # The 26 bits turned by the distance: bit k says that letter k - distance is in the set too. What is
        # pushed above bit 25 comes in again from below, and is cut off above by the mask itself.
        turned = (masks << distance | masks >> (26 - distance)) & masks
        fine &= sum((turned >> letter & 1) for letter in range(26)) <= most
    return fine


def orders_of(length: int) -> NDArray[np.int64]:
    """The orders in use (orders, length): all, or a fixed draw of them; the sorted order comes first."""
    every = np.array(list(itertools.permutations(range(length))))
    if len(every) <= _MOST_ORDERS:
        return every
    bits = RandomBits(0, digest("inducto orders", length))
    others = 1 + np.argsort(bits.words64(len(every) - 1), kind="stable")[: _MOST_ORDERS - 1]
    drawn: NDArray[np.int64] = every[np.concatenate([[0], np.sort(others)])]
    return drawn
