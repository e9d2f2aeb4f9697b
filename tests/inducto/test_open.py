"""The open family's rearrangements and sequences, one at a time."""

import itertools
import random
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inducto_plain import below, letter_sets, spelled

from synthlm_tasks.inducto.letter_sets import train_sets
from synthlm_tasks.inducto.rearrangements import (
    MOST,
    OPEN_LENGTHS,
    RearrangedSequences,
    rearrangements,
)
from synthlm_tasks.inducto.space.inputs import SETS
from synthlm_tasks.inducto.space.rules import LENGTHS, Letters, rules
from synthlm_tasks.rows.splits import in_split, key_words
from synthlm_tasks.rows.streams import RandomBits


def bytes_of(word: int) -> list[int]:
    """The eight bytes of a word, the first lowest."""
    return list(int(word).to_bytes(8, "little"))


@cache
def unnamed(length: int) -> list[Letters]:
    """The rearrangements that no rule makes."""
    plain = tuple(range(length))
    named = {plain} | {rule(plain) for rule in rules() if not rule.sorts}
    return [order for order in itertools.permutations(plain) if order not in named]


@cache
def unsorted(length: int) -> list[Letters]:
    """The orders that no rule that sorts gives."""
    plain = tuple(range(length))
    sorting = {rule(plain) for rule in rules() if rule.sorts and not rule.shift}
    return [order for order in itertools.permutations(plain) if order not in sorting]


@cache
def train_numbers(length: int) -> list[int]:
    """The letter sets of train, by number over all lengths."""
    words = [int(word) for word in key_words("inducto letters", 26)]
    keys = [sum(words[letter] for letter in letters) % 2**64 for letters in letter_sets(length)]
    accepted = in_split(np.array(keys, np.uint64), "train").tolist()
    return [LENGTHS.index(length) * SETS + place for place, there in enumerate(accepted) if there]


@pytest.mark.parametrize("length", OPEN_LENGTHS)
def test_rearrangements_in_use_are_those_no_rule_makes(length: int) -> None:
    known, place = rearrangements(), OPEN_LENGTHS.index(length)
    first, end = known.starts[place : place + 2].tolist()
    assert end - first == len(unnamed(length))
    words = key_words("inducto open keys", MOST, MOST).tolist()
    some = list(enumerate(unnamed(length), first))
    for number, order in random.Random(length).sample(some, min(600, len(some))):
        sources = [*order, *range(length, MOST)]
        assert bytes_of(known.sources[number]) == [8 * source for source in sources]
        assert known.hashes[number] == sum(words[to][source] for to, source in enumerate(sources)) % 2**64


@pytest.mark.parametrize("length", OPEN_LENGTHS)
def test_the_orders_of_outputs_are_those_that_no_rule_that_sorts_gives(length: int) -> None:
    known, place = rearrangements(), OPEN_LENGTHS.index(length)
    first, end = known.rank_starts[place : place + 2].tolist()
    listed = [bytes_of(word) for word in known.ranks[first:end].tolist()]
    blank = [0] * (MOST - length)
    assert listed == [[64 + 8 * rank for rank in order] + blank for order in unsorted(length)]


def test_of_five_letters_every_split_has_rearrangements() -> None:
    hashes = rearrangements().hashes[slice(*rearrangements().starts[1:3].tolist())]
    assert len(hashes) == len(unnamed(5))
    assert all(in_split(hashes, split).sum() >= 3 for split in ("train", "validation", "test"))


@settings(derandomize=True, max_examples=30, deadline=None)
@given(lengths=st.lists(st.sampled_from(OPEN_LENGTHS), min_size=1, max_size=30), seed=st.integers(0, 2**32))
def test_letters_of_a_split_and_an_order_of_the_output_are_drawn(lengths: list[int], seed: int) -> None:
    index = np.array([LENGTHS.index(length) for length in lengths])
    made = RearrangedSequences.draw(np.zeros_like(index), index, train_sets(), RandomBits(seed, ()))
    words = RandomBits(seed, ())
    set_words, order_words = words.words(len(lengths)).tolist(), words.words(len(lengths)).tolist()
    for row, length in enumerate(lengths):
        numbers = train_numbers(length)
        assert made.sets[row] == numbers[below(set_words[row], len(numbers))]
        first = int(rearrangements().rank_starts[OPEN_LENGTHS.index(length)])
        assert made.outputs[row] == first + below(order_words[row], len(unsorted(length)))


def test_inputs_and_outputs_are_written_as_the_rearrangement_says() -> None:
    draw, rows, expected = random.Random(5), [], []
    for length in [*OPEN_LENGTHS] * 200:
        place = OPEN_LENGTHS.index(length)
        rearrangement, order = draw.randrange(len(unnamed(length))), draw.randrange(len(unsorted(length)))
        letters = draw.choice(list(enumerate(letter_sets(length))))
        starts = int(rearrangements().starts[place]), int(rearrangements().rank_starts[place])
        rows.append([starts[0] + rearrangement, LENGTHS.index(length) * SETS + letters[0], starts[1] + order])
        output = [sorted(letters[1])[rank] for rank in unsorted(length)[order]]
        sources = unnamed(length)[rearrangement]
        expected.append(([output[sources.index(place)] for place in range(length)], output))
    sequences = RearrangedSequences(*np.array(rows).T.copy())
    inputs = sequences.spell_inputs().astype("<u2").tobytes().decode()
    outputs = sequences.spell_outputs(0).astype("<u2").tobytes().decode()
    for row, (given_letters, made) in enumerate(expected):
        assert inputs[16 * row : 16 * row + 16] == spelled(tuple(given_letters)).ljust(16)
        assert outputs[16 * row : 16 * row + 16] == spelled(tuple(made)).ljust(16)
        assert sequences.input_width[row] == sequences.output_width[row] == 2 * len(made) - 1
    assert len(set(sequences.codes.tolist())) == len({tuple(row[1:]) for row in rows})


def test_codes_of_the_last_set_and_order_do_not_overflow() -> None:
    known = rearrangements()
    sets, outputs = np.array([len(LENGTHS) * SETS - 1] * 2), np.array([0, len(known.ranks) - 1])
    codes = RearrangedSequences(np.zeros(2, np.int64), sets, outputs).codes
    assert codes.tolist() == [int(one) << 17 | int(other) for one, other in zip(sets, outputs, strict=True)]
