"""Inducto's rearrangements without a name, and their sequences as packed words (see `tables`)."""

import itertools
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.inducto.letter_sets import SplitSets
from synthlm_tasks.inducto.sequences import spell, unpack_bytes
from synthlm_tasks.inducto.space.inputs import SETS
from synthlm_tasks.inducto.space.rules import LENGTHS, rules
from synthlm_tasks.inducto.space.tables import PAST_END, pack_bytes, rule_tables
from synthlm_tasks.rows.splits import Hashes, key_words
from synthlm_tasks.rows.streams import Ints, RandomBits, Words

OPEN_LENGTHS: Final = range(4, 9)  # every rearrangement of three letters is a named rule
MOST: Final = max(OPEN_LENGTHS)


@dataclass(frozen=True, eq=False)
class Rearrangements:
    """All rearrangements in use, and all orders of outputs; of each, those of one length after another's.

    sources: (m,) words of 8 * the input place that each output place is read from, its own beyond the length.
    hashes: (m,) what the split is decided by.
    starts: (lengths + 1,) where the rearrangements of each length begin, and m.
    ranks: (o,) words of the ranks of outputs that no sorting rule gives, packed as in `tables`.
    rank_starts: (lengths + 1,) as `starts`.
    """

    sources: NDArray[np.uint64]
    hashes: Hashes
    starts: Ints
    ranks: NDArray[np.uint64]
    rank_starts: Ints


@cache
def rearrangements() -> Rearrangements:
    """Every rearrangement of each length that no function of the published space makes, nor the identity."""
    listed: list[list[int]] = []
    starts, ranks, rank_starts = [0], [], [0]
    for length in OPEN_LENGTHS:
        ascending, rest = tuple(range(length)), list(range(length, MOST))
        whole = [rule for rule in rules() if not rule.shift and sorted(rule(ascending)) == list(ascending)]
        known = {ascending} | {rule(ascending) for rule in whole if not rule.sorts}
        sorting = {rule(ascending) for rule in whole if rule.sorts}
        every = list(itertools.permutations(ascending))
        listed += [[*order, *rest] for order in every if order not in known]
        ranks.append(pack_bytes(PAST_END + 8 * np.array([order for order in every if order not in sorting])))
        starts.append(len(listed))
        rank_starts.append(rank_starts[-1] + len(ranks[-1]))
    sources = np.array(listed)
    # A word for every (output place, input place) and their sum modulo 2**64: a hash of the whole.
    words = key_words("inducto open keys", MOST, MOST)
    hashes = words[np.arange(MOST), sources].sum(axis=1, dtype=np.uint64)
    return Rearrangements(
        pack_bytes(8 * sources), hashes, np.array(starts), np.concatenate(ranks), np.array(rank_starts)
    )


@dataclass(frozen=True, eq=False)
class RearrangedSequences:
    """Inputs of rearrangements, one per entry (c,): the rearrangement, letter set and order of the output.

    `sets` are numbered over all lengths, rearrangement and `outputs` as in `Rearrangements`.
    """

    rearrangement: Ints
    sets: Ints
    outputs: Ints

    @classmethod
    def draw(
        cls, rearrangement: Ints, length_index: Ints, letter_sets: SplitSets, bits: RandomBits
    ) -> "RearrangedSequences":
        """A letter set of a split, and an order that no sorting rule gives, for each rearrangement: (c,).

        `length_index` (c,) is the index in `LENGTHS` of each.
        """
        count, start = letter_sets.count.take(length_index), letter_sets.start.take(length_index)
        sets = letter_sets.numbers.take(start + bits.below(count, len(length_index)))
        starts = rearrangements().rank_starts
        place = length_index - LENGTHS.index(OPEN_LENGTHS[0])
        outputs = starts.take(place) + bits.below(np.diff(starts).take(place), len(place))
        return cls(rearrangement, sets, outputs)

    @property
    def codes(self) -> Words:
        """One number for each input (c,): equal ones of one rearrangement, and no others, have equal ones.

        Bits 17 to 31 are the set (below 6 * 4096), bits 0 to 16 the order of the output (below 50,000).
        """
        return (self.sets << 17 | self.outputs).astype(np.uint32)

    @cached_property
    def input_width(self) -> Ints:
        """Bytes of each input, written out: n letters and the n - 1 blanks between them."""
        return 2 * (self.sets // SETS) + 2 * LENGTHS[0] - 1

    @property
    def output_width(self) -> Ints:
        """Bytes of each output, written out: as many."""
        return self.input_width

    @cached_property
    def _letters(self) -> NDArray[np.uint64]:
        return rule_tables().letters.take(self.sets)

    @cached_property
    def _ranks(self) -> NDArray[np.uint64]:
        return rearrangements().ranks.take(self.outputs)

    def spell_inputs(self) -> NDArray[np.uint16]:
        """Every input written out: (c, 8) letters, each with a blank behind it, two blanks for none."""
        byte = np.uint64(255)
        sources, ranks = rearrangements().sources.take(self.rearrangement), np.zeros_like(self._ranks)
        for place in range(MOST):
            # The rank at this place of the output is the rank at the place that it is read from.
            moved = self._ranks >> np.uint64(8 * place) & byte
            moved <<= sources >> np.uint64(8 * place) & byte
            ranks |= moved
        return spell(self._letters, unpack_bytes(ranks))

    def spell_outputs(self, part: int, which: Ints | None = None) -> NDArray[np.uint16]:  # noqa: ARG002  # of one
        """Every output written out, or those at `which` (k,): an output has one part of eight letters."""
        letters, ranks = self._letters, self._ranks
        if which is not None:
            letters, ranks = letters.take(which), ranks.take(which)
        return spell(letters, unpack_bytes(ranks))
