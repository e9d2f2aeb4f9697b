"""Sequences in packed words against tuples of letters, one at a time."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inducto_plain import below, clean_orders, orders, sequence, spelled, usable_entries

from synthlm_tasks.inducto.inputs import SETS
from synthlm_tasks.inducto.rules import LENGTHS, Letters, rules
from synthlm_tasks.inducto.sequences import Sequences, choose_accepted_sets
from synthlm_tasks.inducto.tables import PARTS, rule_tables
from synthlm_tasks.rows.splits import Hashes
from synthlm_tasks.rows.streams import RandomBits

SETS_TRIED = 65
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
    def sets(self) -> int:
        """How many sets the rule may have at this length."""
        return int(rule_tables().set_count[self.index * len(rules()) + self.rule])

    @property
    def input(self) -> Letters:
        return sequence(self.set, self.order)

    @property
    def output(self) -> Letters:
        return rules()[self.rule](self.input)

    @property
    def code(self) -> int:
        return self.set * 65536 + self.order

    def moved(self, steps: int) -> "Plain":
        """The same with the letter set so many further on, from the last to the first."""
        first = self.index * SETS
        return Plain(self.rule, first + (self.set - first + steps) % self.sets, self.order)


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
    return Sequences.draw(rule_tables(), entries[:, 0].copy(), entries[:, 1].copy(), bits)


@cache
def every_end() -> list[Plain]:
    """For every usable rule and length the first and the last letter set and order it may have."""
    ends = []
    for rule, index in usable_entries():
        count = Plain(rule, index * SETS, 0).sets
        clean = clean_orders(rule, index)
        ends += [Plain(rule, index * SETS, clean[0]), Plain(rule, index * SETS + count - 1, clean[-1])]
    return ends


@settings(derandomize=True, max_examples=30, deadline=None)
@given(seed=SEED, count=st.integers(1, 50))
def test_a_set_and_a_clean_order_are_drawn_for_each_rule(seed: int, count: int) -> None:
    bits = RandomBits(seed, ())
    places = RandomBits(seed, (2,)).below(len(usable_entries()), count).tolist()
    rows = [usable_entries()[place] for place in places]
    rule, index = np.array(rows).T.copy()
    made = plain(Sequences.draw(rule_tables(), rule, index, bits))
    words = RandomBits(seed, ())
    set_words, order_words = words.words(count).tolist(), words.words(count).tolist()
    for one, (number, length), set_word, order_word in zip(made, rows, set_words, order_words, strict=True):
        first = Plain(number, length * SETS, 0)
        clean = clean_orders(number, length)
        order = clean[below(order_word, len(clean))]
        assert one == Plain(number, first.set + below(set_word, first.sets), order)


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
        for place in (0, 1, SETS - 1)
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


@settings(derandomize=True, max_examples=30, deadline=None)
@given(seed=SEED, steps=st.lists(st.integers(0, SETS_TRIED - 1), min_size=1, max_size=6))
def test_advancing_takes_the_sets_in_turn_and_the_first_after_the_last(seed: int, steps: list[int]) -> None:
    some = plain(drawn(seed, 20)) + every_end()[seed % 100 :: 100]
    sequences = packed(some)
    for row, step in zip(sequences.advance(np.array(steps)[:, None]).sets.tolist(), steps, strict=True):
        assert row == [one.moved(step).set for one in some]
    places = np.array([2, 0, 2])
    assert plain(sequences.advance(np.array([0, 64, 1]), places)) == [
        some[place].moved(step) for place, step in zip((2, 0, 2), (0, 64, 1), strict=True)
    ]


@settings(derandomize=True, max_examples=40, deadline=None)
@given(seed=SEED, share=st.sampled_from([1, 2, 20, 200, 10**9]))
def test_the_first_letter_set_that_belongs_is_chosen_for_each_query(seed: int, share: int) -> None:
    some = plain(drawn(seed, 40)) + every_end()[seed % 100 :: 100]
    hashes = RandomBits(seed, (3,)).words64(len(some))

    def accept(keys: Hashes) -> np.ndarray:
        return (keys ^ (keys >> np.uint64(7))) % np.uint64(share) == 0

    sequences = packed(some)
    chosen, found = choose_accepted_sets(sequences, hashes, accept)
    for one, start, got, belongs in zip(some, hashes.tolist(), plain(chosen), found.tolist(), strict=True):
        keys = [(start + one.moved(step).code) % 2**64 for step in range(SETS_TRIED)]
        fitting = [step for step, key in enumerate(keys) if (key ^ key >> 7) % share == 0]
        assert belongs == bool(fitting)
        assert got == one.moved(fitting[0] if fitting else 0)
    assert plain(sequences) == some
