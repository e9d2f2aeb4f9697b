"""Inducto's sequences: letters packed in words, permuted by shifts."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.inducto.choices import RULES
from synthlm_tasks.inducto.inputs import SETS
from synthlm_tasks.inducto.rules import LENGTHS
from synthlm_tasks.inducto.tables import BLANK, Tables
from synthlm_tasks.rows.splits import Accept, Hashes, first_accepted
from synthlm_tasks.rows.streams import Ints, RandomBits, Words
from synthlm_tasks.rows.text import Bytes

_SETS_TRIED: Final = 65
_SHIFT_OF: Final = np.array([rule.shift for rule in RULES])


@dataclass(frozen=True)
class Sequences:
    """Inputs of rules, one per entry: rule, letter set (over all lengths) and order (of its length)."""

    look: Tables
    rule: Ints
    sets: Ints
    orders: Ints

    @classmethod
    def draw(cls, look: Tables, rule: Ints, length: Ints, bits: RandomBits) -> "Sequences":
        """A letter set and an order clean for the rule, for each rule at a length (index)."""
        group = length * len(RULES) + rule
        sets = bits.below(look.available.take(group), len(rule))
        picked = bits.below(look.clean_count.take(group), len(rule))
        picked += look.clean_start.take(group)
        return cls(look, rule, length * SETS + sets, look.clean.take(picked).astype(np.int64))

    def further(self, steps: Ints, places: Ints | slice = slice(None)) -> "Sequences":
        """The sequences at `places` with the letter sets so many `steps` on, of those each rule may have.

        `steps` are less than there are sets, and broadcast against the sequences.
        """
        first, available = self.length[places] * SETS, self.look.available.take(self.group[places])
        sets = self.sets[places] - first + steps
        sets -= available * (sets >= available)
        return Sequences(self.look, self.rule[places], sets + first, self.orders[places])

    @property
    def codes(self) -> Words:
        """One number for letter set and order."""
        return (self.sets << 16 | self.orders).astype(np.uint32)

    @cached_property
    def length(self) -> Ints:
        """Length index of each sequence."""
        return self.sets // SETS

    @cached_property
    def group(self) -> Ints:
        """Place of each rule at this length in the tables."""
        return self.length * len(RULES) + self.rule

    @cached_property
    def input_width(self) -> Ints:
        """Bytes of each input, written out."""
        return 2 * self.length + 2 * LENGTHS[0] - 1

    @cached_property
    def output_width(self) -> Ints:
        """Bytes of each output, written out."""
        return 2 * self.look.size.take(self.group) - 1

    @cached_property
    def _letters(self) -> NDArray[np.uint64]:
        return self.look.letters.take(self.sets)

    @cached_property
    def _moved_letters(self) -> NDArray[np.uint64]:
        shift = _SHIFT_OF.take(self.rule)
        letters: NDArray[np.uint64] = self.look.moved_letters.take(self.sets + shift * (SETS * len(LENGTHS)))
        return letters

    @cached_property
    def _ranks(self) -> NDArray[np.uint64]:
        by_order = self.look.by_order.take(self.group)
        ranks: NDArray[np.uint64] = self.look.ranks.take(
            self.look.row.take(self.group) + self.orders * by_order
        )
        return ranks

    def heads(self) -> NDArray[np.uint64]:
        """A number for each output by its size and first two letters: equal outputs have equal ones."""
        places = self.look.output[0].take(self.group)
        head = self.look.size.take(self.group).astype(np.uint64)
        for place in (places & np.uint64(255), places >> np.uint64(8) & np.uint64(255)):
            rank = self._ranks >> place & np.uint64(BLANK - 1)
            head = head << np.uint64(8) | self._letters >> rank & np.uint64(255)
        return head

    def inputs(self) -> NDArray[np.uint16]:
        """Every input written out: (c, 8) letters, each with the blank behind it."""
        ranks = self.look.ranks.take(self.look.first_order.take(self.length) + self.orders)
        return _space_out(self._letters, _unpack_bytes(ranks))

    def outputs(self, part: int, which: Ints | None = None) -> NDArray[np.uint16]:
        """Letters 8 * part to 8 * part + 7 of the outputs, each with the blank behind it: (c, 8)."""
        group, ranks, letters = self.group, self._ranks, self._moved_letters
        if which is not None:
            group, ranks, letters = group.take(which), ranks.take(which), letters.take(which)
        places = self.look.output[part].take(group)
        return _space_out(letters, (ranks[:, None] >> _unpack_bytes(places)).astype(np.uint8))


def choose_accepted_sets(
    drawn: Sequences, hashes: Hashes, accept: Accept
) -> tuple[Sequences, NDArray[np.bool_]]:
    """Queries with the first letter sets, from those drawn on, that belong, and where there are any."""

    def keys(places: Ints, steps: Ints) -> Hashes:
        if not steps[0]:
            return (drawn.codes + hashes)[np.newaxis]
        return drawn.further(steps[:, None], places).codes + hashes[places]

    steps, found = first_accepted(keys, len(hashes), _SETS_TRIED, accept)
    moved = np.flatnonzero(found & (steps > 0))
    drawn.sets[moved] = drawn.further(steps[moved], moved).sets
    return drawn, found


def _unpack_bytes(words: NDArray[np.uint64]) -> Bytes:
    """The eight bytes of each word, the first lowest: (n,) → (n, 8)."""
    return words.astype("<u8", copy=False).view(np.uint8).reshape(-1, 8)


def _space_out(letters: NDArray[np.uint64], ranks: Bytes) -> NDArray[np.uint16]:
    """Letters by their ranks (n, 8), each with the blank behind it; rank bytes as in `Tables.ranks`."""
    return (letters[:, None] >> (ranks ^ np.uint8(BLANK))).astype(np.uint8) ^ np.uint16(0x2020)
