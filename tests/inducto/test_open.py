"""The open family's letters, rearrangements and fragments, one sequence at a time."""

import itertools
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inducto_plain import below, spelled

from synthlm_tasks.inducto.open import OPENINGS, OpenInducto, fragment_table, pair_fragments
from synthlm_tasks.inducto.rearrangements import (
    NO_LETTER,
    OPEN_LENGTHS,
    draw_letters,
    find_named_outputs,
    rank_codes,
    rearrangements,
)
from synthlm_tasks.inducto.rules import MOST_EXAMPLES, Letters, rules
from synthlm_tasks.rows.lazy_text import Gathered
from synthlm_tasks.rows.splits import key_words
from synthlm_tasks.rows.streams import RandomBits
from synthlm_tasks.rows.vocabulary import COMPACT, TEXT

MOST = max(OPEN_LENGTHS)
LETTERS = st.integers(6, 8).flatmap(
    lambda length: st.lists(st.integers(0, 25), min_size=length, max_size=length, unique=True).map(tuple)
)


def columns(sequences: list[Letters]) -> np.ndarray:
    """Sequences as columns (8, c) of letter codes."""
    rows = [[*letters, *[NO_LETTER] * (MOST - len(letters))] for letters in sequences]
    return np.array(rows, np.uint8).reshape(-1, MOST).T.copy()


@settings(derandomize=True, max_examples=50, deadline=None)
@given(
    lengths=st.lists(st.sampled_from(OPEN_LENGTHS), min_size=1, max_size=9),
    places=st.integers(2, 4),
    seed=st.integers(0, 2**32),
)
def test_every_letter_is_drawn_from_those_still_unused(lengths: list[int], places: int, seed: int) -> None:
    made = draw_letters(np.array(lengths), places, RandomBits(seed, ()))
    words = RandomBits(seed, ()).words(MOST, places, len(lengths)).tolist()
    for place, row in itertools.product(range(places), range(len(lengths))):
        unused = list(range(26))
        drawn = [unused.pop(below(words[k][place][row], len(unused))) for k in range(MOST)]
        assert made[:, place, row].tolist() == drawn[: lengths[row]] + [NO_LETTER] * (MOST - lengths[row])


@settings(derandomize=True, max_examples=100, deadline=None)
@given(sequences=st.lists(LETTERS, min_size=1, max_size=9))
def test_rank_codes_are_the_ranks_to_the_base_nine(sequences: list[Letters]) -> None:
    for letters, code in zip(sequences, rank_codes(columns(sequences)).tolist(), strict=True):
        ranks = [sorted(letters).index(letter) for letter in letters] + [len(letters)] * (MOST - len(letters))
        assert code == sum(rank * 9**power for power, rank in enumerate(reversed(ranks)))


def test_rank_codes_of_the_worked_example() -> None:
    assert rank_codes(np.array([[2, 25], [0, 23], [1, 24]], np.uint8)).tolist() == [163, 163]


@pytest.mark.parametrize("length", OPEN_LENGTHS)
def test_rearrangements_in_use_are_those_no_rule_makes(length: int) -> None:
    known, plain = rearrangements(), tuple(range(length))
    named = {plain} | {rule(plain) for rule in rules() if not rule.sorts}
    unnamed = [order for order in itertools.permutations(plain) if order not in named]
    first, end = known.starts[length], known.starts[length + 1]
    assert end - first == len(unnamed)
    words = key_words("inducto open", MOST, MOST).tolist()
    for place, order in random.Random(length).sample(list(enumerate(unnamed, first)), 600):
        sources = [*order, *range(length, MOST)]
        assert known.sources[:, place].tolist() == sources
        assert known.hashes[place] == sum(words[to][source] for to, source in enumerate(sources)) % 2**64


def test_an_output_is_named_if_a_rule_that_sorts_gives_it_too() -> None:
    draw, inputs, outputs = random.Random(0), [], []
    sorting = [rule for rule in rules() if rule.sorts]
    for length in [*OPEN_LENGTHS] * 300:
        inputs.append(tuple(draw.sample(range(26), length)))
        made = draw.choice(sorting)(inputs[-1])
        turned = tuple(draw.sample(inputs[-1], length))
        swapped = (made[1], made[0], *made[2:]) if len(made) > 1 else made
        usable = [y for y in (made, swapped) if sorted(y) == sorted(inputs[-1])]
        outputs.append(draw.choice([turned, *usable, *usable]))
    lengths = np.array([len(x) for x in inputs])
    found = find_named_outputs(columns(outputs)[:, None], lengths, rearrangements().named)[0].tolist()
    expected = [any(rule(x) == y for rule in sorting) for x, y in zip(inputs, outputs, strict=True)]
    assert found == expected
    assert 100 < sum(expected) < 800


@pytest.mark.parametrize(("number", "opening"), list(enumerate(OPENINGS)))
def test_a_sequence_is_its_opening_and_its_letters(number: int, opening: str) -> None:
    draw = random.Random(number)
    sequences = [tuple(draw.sample(range(26), 6 + place % 3)) for place in range(200)]
    fragments = pair_fragments(columns(sequences), number)
    assert Gathered(fragment_table(), fragments).text.to_pylist() == [opening + spelled(x) for x in sequences]


def test_every_pair_of_letters_has_a_fragment_behind_every_opening() -> None:
    table = fragment_table().texts
    names = [*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", ""]
    for number, opening in enumerate(OPENINGS):
        for first, second in itertools.product(range(26), range(27)):
            text = table[729 * (1 + number) + 27 * first + second]
            assert text == f"{opening}{names[first]} {names[second]}".rstrip()
        assert table[729 * (1 + number) + 728] == ""


@settings(derandomize=True, max_examples=50, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.lists(LETTERS, min_size=2, max_size=1 + MOST_EXAMPLES), st.permutations(range(MOST))),
        min_size=1,
        max_size=6,
    )
)
def test_rows_are_what_one_would_write_by_hand(rows: list[tuple[list[Letters], list[int]]]) -> None:
    most = max(len(shown) for shown, _ in rows)
    pairs = [
        [(x, tuple(x[source] for source in order if source < len(x))) for x in shown] for shown, order in rows
    ]
    padded = [[*row, *[row[0]] * (most - len(row))] for row in pairs]
    inputs, outputs = (
        np.stack([columns([row[place][part] for row in padded]) for place in range(most)], axis=1)
        for part in (0, 1)
    )
    problem = {"inputs": inputs, "outputs": outputs, "examples": np.array([len(row) - 1 for row in pairs])}
    made, texts = OpenInducto.render(problem), []
    for (query, _), *examples in pairs:
        shown = [f"Ex{number}: [{spelled(x)}] -> [{spelled(y)}]" for number, (x, y) in enumerate(examples, 1)]
        texts.append(" | ".join([*shown, f"Query: [{spelled(query)}] ->"]))
    assert made.input_text.text.to_pylist() == texts
    assert made.target.text.to_pylist() == [spelled(row[0][1]) for row in pairs]
    for vocabulary in (TEXT, COMPACT):
        counts = made.input_text.token_counts(vocabulary).tolist()
        assert counts == [len(vocabulary.encode(text)) for text in texts]
