"""Sequences in packed words against tuples of letters, one at a time."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inducto_plain import below, clean_orders, letter_sets, orders, sequence, spelled, usable_entries

from synthlm_tasks.inducto.letter_sets import train_sets
from synthlm_tasks.inducto.sequences import Sequences
from synthlm_tasks.inducto.space.inputs import SETS
from synthlm_tasks.inducto.space.rules import LENGTHS, Letters, rules
from synthlm_tasks.inducto.space.tables import PARTS, rule_tables
from synthlm_tasks.rows.splits import in_split, key_words
from synthlm_tasks.rows.streams import RandomBits

SEED = st.integers(0, 2**32)


@dataclass(frozen=True)
class Plain:
    """One sequence: a rule's number, a letter set's over all lengths, an order's."""

    rule: int
    set: int
    order: int

    @property
    def index(self) -> int:
        return self.set // SETS

    @property
    def sets(self) -> list[int]:
        """The letter sets that the rule may have at this length, of those of train."""
        may_wrap = not rule_tables().plain_only[self.index * len(rules()) + self.rule]
        return [number for number, plain in train_numbers(self.index) if plain or may_wrap]

    @property
    def input(self) -> Letters:
        return sequence(self.set, self.order)

    @property
    def output(self) -> Letters:
        return rules()[self.rule](self.input)

    @property
    def code(self) -> int:
        return self.set * 65536 + self.order


@cache
def train_numbers(index: int) -> list[tuple[int, bool]]:
    """The letter sets of train at a length, by number, and whether none of its letters wraps past Z."""
    words = [int(word) for word in key_words("inducto letters", 26)]
    found = []
    for place, letters in enumerate(letter_sets(LENGTHS[index])):
        key = sum(words[letter] for letter in letters) % 2**64
        if in_split(np.array([key], np.uint64), "train")[0]:
            found.append((index * SETS + place, max(letters) <= 22))
    return found


def plain(sequences: Sequences) -> list[Plain]:
    arrays = (sequences.rule, sequences.sets, sequences.orders)
    return [Plain(*numbers) for numbers in zip(*(array.tolist() for array in arrays), strict=True)]


def packed(sequences: list[Plain]) -> Sequences:
    columns = [[one.rule, one.set, one.order] for one in sequences]
    return Sequences(rule_tables(), *np.array(columns).reshape(-1, 3).T.copy())


def drawn(seed: int, count: int) -> Sequences:
    """Sequences of any usable rules and lengths."""
    bits = RandomBits(seed, (1,))
    entries = np.array(usable_entries())[bits.below(len(usable_entries()), count)]
    return Sequences.draw(rule_tables(), entries[:, 0].copy(), entries[:, 1].copy(), train_sets(), bits)


@cache
def every_end() -> list[Plain]:
    """For every usable rule and length the first and the last letter set and order it may have."""
    ends = []
    for rule, index in usable_entries():
        sets = Plain(rule, index * SETS, 0).sets
        clean = clean_orders(rule, index)
        ends += [Plain(rule, sets[0], clean[0]), Plain(rule, sets[-1], clean[-1])]
    return ends


@settings(derandomize=True, max_examples=30, deadline=None)
@given(seed=SEED, count=st.integers(1, 50))
def test_a_set_and_a_clean_order_are_drawn_for_each_rule(seed: int, count: int) -> None:
    bits = RandomBits(seed, ())
    places = RandomBits(seed, (2,)).below(len(usable_entries()), count).tolist()
    rows = [usable_entries()[place] for place in places]
    rule, index = np.array(rows).T.copy()
    made = plain(Sequences.draw(rule_tables(), rule, index, train_sets(), bits))
    words = RandomBits(seed, ())
    set_words, order_words = words.words(count).tolist(), words.words(count).tolist()
    for one, (number, length), set_word, order_word in zip(made, rows, set_words, order_words, strict=True):
        sets = Plain(number, length * SETS, 0).sets
        clean = clean_orders(number, length)
        order = clean[below(order_word, len(clean))]
        assert one == Plain(number, sets[below(set_word, len(sets))], order)


def test_inputs_and_outputs_are_spelled_as_the_rule_makes_them() -> None:
    some = every_end() + plain(drawn(1, 2000))
    sequences = packed(some)
    inputs = sequences.spell_inputs().astype("<u2").tobytes().decode()
    parts = [sequences.spell_outputs(part).astype("<u2").tobytes().decode() for part in range(PARTS)]
    for row, one in enumerate(some):
        assert inputs[16 * row : 16 * row + 16] == spelled(one.input).ljust(16)
        written = "".join(text[16 * row : 16 * row + 16] for text in parts)
        assert written == spelled(one.output).ljust(16 * PARTS)


def test_widths_and_codes_are_those_of_each_sequence() -> None:
    some = every_end()
    sequences = packed(some)
    assert sequences.input_width.tolist() == [len(spelled(one.input)) for one in some]
    assert sequences.output_width.tolist() == [len(spelled(one.output)) for one in some]
    assert sequences.length_index.tolist() == [LENGTHS.index(len(one.input)) for one in some]
    assert sequences.input_codes.tolist() == [one.code for one in some]
    assert sequences.input_codes.dtype == np.uint32


def test_codes_of_different_inputs_differ() -> None:
    last = [len(orders(length)) - 1 for length in LENGTHS]
    corners = [
        Plain(0, index * SETS + place, order)
        for index in range(len(LENGTHS))
        for place in (0, 1, len(letter_sets(LENGTHS[index])) - 1)
        for order in (0, 1, last[index])
    ]
    assert len(set(packed(corners).input_codes.tolist())) == len(corners)


@pytest.mark.parametrize("part", range(PARTS))
def test_outputs_of_some_sequences_are_those_of_all_at_their_places(part: int) -> None:
    sequences, which = drawn(2, 100), np.array([99, 3, 3, 0])
    assert (sequences.spell_outputs(part, which) == sequences.spell_outputs(part)[which]).all()


def test_prefixes_tell_size_and_the_first_two_letters_before_the_shift() -> None:
    some = every_end()
    for one, prefix in zip(some, packed(some).output_prefixes().tolist(), strict=True):
        first, second = ((letter - rules()[one.rule].shift) % 26 for letter in one.output[:2])
        assert prefix == len(one.output) << 16 | (97 + first) << 8 | 97 + second
