"""Which letter sets belong to which split: no sequence of a held-out query has a place in train.

A set of letters is in one split, in whatever order they stand. Every example, in every split, has a set of
train; a query has one of its row's split. So the input of a held-out query, and any rearrangement of it, is
never seen in a train problem, whatever the config, seed or size.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.inducto.space.inputs import LAST_PLAIN, SETS, sets_of
from synthlm_tasks.inducto.space.rules import LENGTHS
from synthlm_tasks.rows.splits import Accept, Hashes, in_split, key_words
from synthlm_tasks.rows.streams import Ints
from synthlm_tasks.rows.text import Bytes

# One word a letter, and 0 for none: the hash of a set is their sum, whatever the order.
_WORDS: Final = np.append(key_words("inducto letters", 26), np.uint64(0))


def hash_letters(letters: Bytes) -> Hashes:
    """The hash of the letters (0 to 25, 26 for none) along the first axis: (8, …) → (…)."""
    hashes: Hashes = _WORDS.take(letters).sum(axis=0, dtype=np.uint64)
    return hashes


@dataclass(frozen=True, eq=False)
class SplitSets:
    """The letter sets of one split: their numbers over all lengths, those of a length after one another.

    start, count: (lengths,) where those of each length lie in `numbers`. plain: (lengths,) how many of them,
    the first ones, have no letter that wraps past Z under one shift.
    """

    numbers: Ints
    start: Ints
    count: Ints
    plain: Ints

    @classmethod
    def of(cls, accept: Accept) -> "SplitSets":
        """The sets that a split accepts."""
        hashes, exists, is_plain = _all_sets()
        accepted = (accept(hashes) & exists).reshape(len(LENGTHS), SETS)
        count = accepted.sum(axis=1)
        return cls(
            np.flatnonzero(accepted),
            np.cumsum(count) - count,
            count,
            (accepted & is_plain.reshape(accepted.shape)).sum(axis=1),
        )


@cache
def _all_sets() -> tuple[Hashes, NDArray[np.bool_], NDArray[np.bool_]]:
    """The hash of every set of `inputs.sets_of`, whether there is one, and whether it is plain: all (S,)."""
    hashes, last = np.zeros((len(LENGTHS), SETS), np.uint64), np.full((len(LENGTHS), SETS), -1)
    for index, length in enumerate(LENGTHS):
        sets = sets_of(length)
        hashes[index, : len(sets)] = _WORDS.take(sets).sum(axis=1, dtype=np.uint64)
        last[index, : len(sets)] = sets[:, -1]
    return hashes.ravel(), last.ravel() >= 0, last.ravel() <= LAST_PLAIN


@cache
def train_sets() -> SplitSets:
    """The sets of train, which all examples have."""
    return SplitSets.of(lambda hashes: in_split(hashes, "train"))
