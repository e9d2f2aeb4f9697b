"""Lengths drawn one row at a time from the same raw words."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inducto_plain import usable_entries

from synthlm_tasks.inducto.choices import held_out_rules, rule_pools
from synthlm_tasks.inducto.lengths import draw_lengths, draw_option, packed_options
from synthlm_tasks.inducto.space.rules import LENGTHS, MOST_EXAMPLES, rules
from synthlm_tasks.inducto.space.tables import rule_tables
from synthlm_tasks.rows.streams import RandomBits

INDICES = range(len(LENGTHS))
TRIES = 6
ALL = 63  # lengths 3 to 8
USUAL = 62


def used_rules() -> list[int]:
    """The rules that are used at any length."""
    return sorted({number for number, _ in usable_entries()})


def usable_lengths(rule: int, allowed: int = ALL) -> list[int]:
    """The lengths (indices) that a rule is shown or asked at, of those allowed."""
    return [index for index in INDICES if rule_tables().usable[rule, index] and allowed >> index & 1]


def pick(options: list[int], word: int) -> int:
    """The option that the upper 29 bits of a word stand for."""
    return options[(word >> 3) * len(options) >> 29]


@pytest.mark.parametrize("allowed", [ALL, USUAL, 1, 0b101])
def test_packed_options_list_the_usable_lengths_but_one(allowed: int) -> None:
    packed = packed_options(allowed).tolist()
    assert len(packed) == 7 * len(rules())
    for rule in used_rules():
        for left_out in (*INDICES, None):
            if not usable_lengths(rule, allowed):
                continue
            word = packed[7 * rule + (len(INDICES) if left_out is None else left_out)]
            options = [index for index in usable_lengths(rule, allowed) if index != left_out] or [left_out]
            assert word >> 18 == len(options)
            assert [word >> 3 * place & 7 for place in range(len(options))] == options


@pytest.mark.parametrize("count", range(1, 7))
def test_options_change_at_the_words_where_multiply_and_shift_does(count: int) -> None:
    options = [4, 0, 3, 5, 1, 2][:count]
    packed = sum(option << 3 * place for place, option in enumerate(options)) | count << 18
    firsts = [-(-(place << 29) // count) << 3 for place in range(count)]
    words = sorted({word for first in [*firsts, 1 << 32] for word in (first, first - 1, first + 7)})
    words = [word for word in words if 0 <= word < 1 << 32]
    given_words = np.array([words, words[::-1]], np.uint32)
    drawn = draw_option(np.full(len(words), packed, np.uint32), given_words).tolist()
    expected = [pick(options, word) for word in words]
    assert drawn == [expected, expected[::-1]]
    assert set(expected) == set(options)


def is_told_apart(rule: int, seen: set[int]) -> bool:
    """Whether the rule is trained, or no trained one agrees with it on examples of these lengths."""
    held, classes = held_out_rules().tolist(), rule_tables().classes.tolist()
    if not held[rule]:
        return True
    return not any(
        all(classes[index][rule] == classes[index][other] for index in seen)
        for other in range(len(rules()))
        if not held[other]
    )


def draw_plainly(
    rows: list[tuple[int, int, int]], most: int, allowed: int, bits: RandomBits
) -> tuple[list[list[int]], list[bool]]:
    """Length indices by row, the query's first, and whether they decide.

    Rows are (rule, examples, unseen).
    """
    lengths, decided = [[0] * (1 + most) for _ in rows], [False] * len(rows)
    for _ in range(TRIES):
        pending = [row for row, done in enumerate(decided) if not done]
        if not pending:
            break
        query_words, shown_words = bits.words(len(pending)).tolist(), bits.words(most, len(pending)).tolist()
        for place, row in enumerate(pending):
            rule, examples, unseen = rows[row]
            options = usable_lengths(rule, allowed)
            query = pick(options, query_words[place])
            others = [index for index in options if index != query] or [query]
            shown = [pick(others if unseen else options, words[place]) for words in shown_words]
            query = query if unseen else shown[0]
            seen = set(shown[:examples])
            mask = sum(1 << index for index in seen)
            lengths[row] = [query, *shown]
            decided[row] = bool(rule_tables().decided[rule, mask, query]) and not (unseen and query in seen)
            decided[row] &= is_told_apart(rule, seen)
    return lengths, decided


USED = st.deferred(lambda: st.sampled_from(used_rules()))
ROW = st.tuples(USED, st.integers(1, MOST_EXAMPLES), st.integers(0, 1))


@settings(derandomize=True, max_examples=100, deadline=None)
@given(
    rows=st.lists(ROW, min_size=1, max_size=40),
    extra=st.integers(0, 2),
    allowed=st.integers(1, ALL),
    seed=st.integers(0, 2**32),
)
def test_lengths_are_those_of_one_row_at_a_time(
    rows: list[tuple[int, int, int]], extra: int, allowed: int, seed: int
) -> None:
    rows = [row for row in rows if usable_lengths(row[0], allowed)]
    if not rows:
        return
    rows = sorted(rows, key=lambda row: -row[1])
    most = rows[0][1] + extra
    rule, examples, unseen = np.array(rows).T
    bits, plain = RandomBits(seed, ()), RandomBits(seed, ())
    lengths, decided = draw_lengths(rule_tables(), rule, examples, unseen, most, allowed, bits)
    assert (lengths.T.tolist(), decided.tolist()) == draw_plainly(rows, most, allowed, plain)
    assert bits.words64(1) == plain.words64(1)


@pytest.mark.parametrize("allowed", [ALL, USUAL, 0b110100])
def test_examples_can_decide_an_unseen_length_if_some_choice_of_lengths_does(allowed: int) -> None:
    decided = rule_tables().decided.tolist()
    for rule in used_rules():
        options = usable_lengths(rule, allowed)
        sizes = [
            bin(mask).count("1") + (mask & 1)  # of three letters one order tells too little
            for mask in range(1, 1 << len(INDICES))
            for query in options
            if not mask >> query & 1
            and all(index in options for index in INDICES if mask >> index & 1)
            and decided[rule][mask][query]
            and is_told_apart(rule, {index for index in INDICES if mask >> index & 1})
        ]
        possible = [bool(sizes) and examples >= min(sizes) for examples in range(1, MOST_EXAMPLES + 1)]
        assert rule_pools(allowed).unseen[rule].tolist() == possible
