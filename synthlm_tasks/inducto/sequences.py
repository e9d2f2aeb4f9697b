"""Inducto's sequences: letters packed in words, permuted by shifts (see `tables` for the words)."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.inducto.letter_sets import SplitSets
from synthlm_tasks.inducto.space.inputs import SETS
from synthlm_tasks.inducto.space.rules import LENGTHS
from synthlm_tasks.inducto.space.tables import PARTS, PAST_END, Tables
from synthlm_tasks.rows.streams import Ints, RandomBits, Words
from synthlm_tasks.rows.text import Bytes


@dataclass(frozen=True, eq=False)
class Sequences:
    """Inputs of rules, one per entry (c,): rule, letter set (over all lengths) and order (of its length)."""

    tables: Tables
    rule: Ints
    sets: Ints
    orders: Ints

    @classmethod
    def draw(
        cls, tables: Tables, rule: Ints, length_index: Ints, letter_sets: SplitSets, bits: RandomBits
    ) -> "Sequences":
        """A letter set of a split and an order clean for the rule, for each rule at a length index: (c,)."""
        entry = length_index * len(tables.shift) + rule
        plain, every = letter_sets.plain.take(length_index), letter_sets.count.take(length_index)
        drawn = bits.below(np.where(tables.plain_only.take(entry), plain, every), len(rule))
        sets = letter_sets.numbers.take(letter_sets.start.take(length_index) + drawn)
        picked = bits.below(tables.clean_count.take(entry), len(rule))
        picked += tables.clean_start.take(entry)
        orders = tables.clean_orders.take(picked).astype(np.int64)
        return cls(tables, rule, sets, orders)

    @property
    def input_codes(self) -> Words:
        """One number for letter set and order (c,): equal inputs, and no others, have equal ones.

        Bits 16 to 30 are the set (below 6 * 4096), bits 0 to 15 the order (below 2048), e.g. set 3 in order 5
        is 0x30005.
        """
        return (self.sets << 16 | self.orders).astype(np.uint32)

    @cached_property
    def length_index(self) -> Ints:
        """Index in `LENGTHS` of each input's length."""
        return self.sets // SETS

    @cached_property
    def entry(self) -> Ints:
        """Place of each rule at this length in the tables."""
        return self.length_index * len(self.tables.shift) + self.rule

    @cached_property
    def input_width(self) -> Ints:
        """Bytes of each input, written out: n letters and the n - 1 blanks between them."""
        return 2 * self.length_index + 2 * LENGTHS[0] - 1

    @cached_property
    def output_width(self) -> Ints:
        """Bytes of each output, written out."""
        return 2 * self.tables.output_size.take(self.entry) - 1

    @cached_property
    def _letters(self) -> NDArray[np.uint64]:
        return self.tables.letters.take(self.sets)

    @cached_property
    def _shifted_letters(self) -> NDArray[np.uint64]:
        shift = self.tables.shift.take(self.rule)
        letters: NDArray[np.uint64] = self.tables.shifted_letters.take(
            self.sets + shift * (SETS * len(LENGTHS))
        )
        return letters

    @cached_property
    def _ranks(self) -> NDArray[np.uint64]:
        """The word of ranks that each output reads its places from."""
        stride = self.tables.rank_stride.take(self.entry)
        base = self.tables.rank_base.take(self.entry)
        ranks: NDArray[np.uint64] = self.tables.ranks.take(base + self.orders * stride)
        return ranks

    def output_prefixes(self) -> NDArray[np.uint64]:
        """A number (c,) for each output by its size and first two letters: equal outputs have equal ones.

        Bits 16 to 21 the size (2 to 32), bits 8 to 15 the first letter, bits 0 to 7 the second, both before
        the rule's shift and XOR 32, e.g. 4 letters, the first D C: 0x46463.
        """
        shifts = self.tables.output_shifts[0].take(self.entry)
        prefix = self.tables.output_size.take(self.entry).astype(np.uint64)
        for shift in (shifts & np.uint64(255), shifts >> np.uint64(8) & np.uint64(255)):
            # The low six bits of 64 + 8 * rank are 8 * rank: no XOR is needed for a letter that exists.
            rank = self._ranks >> shift & np.uint64(PAST_END - 1)
            prefix = prefix << np.uint64(8) | self._letters >> rank & np.uint64(255)
        return prefix

    def spell_inputs(self) -> NDArray[np.uint16]:
        """Every input written out: (c, 8) letters, each with a blank behind it, two blanks for none."""
        ranks = self.tables.ranks.take(self.tables.input_base.take(self.length_index) + self.orders)
        return spell(self._letters, unpack_bytes(ranks))

    def outputs(self) -> NDArray[np.uint16]:
        """Every output written out, as in `spell_inputs`: (c, 32)."""
        return np.concatenate([self.spell_outputs(part) for part in range(PARTS)], axis=1)

    def spell_outputs(self, part: int, which: Ints | None = None) -> NDArray[np.uint16]:
        """Letters 8 * part to 8 * part + 7 of the outputs, as in `spell_inputs`: (c, 8).

        `which` (k,) picks sequences; then the result is (k, 8).
        """
        entry, ranks, letters = self.entry, self._ranks, self._shifted_letters
        if which is not None:
            entry, ranks, letters = entry.take(which), ranks.take(which), letters.take(which)
        shifts = unpack_bytes(self.tables.output_shifts[part].take(entry))
        return spell(letters, (ranks[:, None] >> shifts).astype(np.uint8))


def unpack_bytes(words: NDArray[np.uint64]) -> Bytes:
    """The eight bytes of each word, the first lowest: (n,) → (n, 8), e.g. 0x0201 → 1 2 0 0 0 0 0 0."""
    return words.astype("<u8", copy=False).view(np.uint8).reshape(-1, 8)


def spell(letters: NDArray[np.uint64], ranks: Bytes) -> NDArray[np.uint16]:
    """Letters (n,) by rank bytes (n, 8), both as in `tables`: ASCII in the low byte, a blank in the high one.

    In plain words `sorted_letters[rank] + " "`, and two blanks where the rank byte is 0.
    """
    # 64 + 8 * rank becomes 8 * rank, and 0 becomes PAST_END, which leaves nothing of the letters. XOR 0x2020
    # undoes the letter's XOR 32, or makes a blank of nothing, and puts the blank behind it.
    picked = (letters[:, None] >> (ranks ^ np.uint8(PAST_END))).astype(np.uint8)
    return picked ^ np.uint16(0x2020)
