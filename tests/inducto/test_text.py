"""Prompts and answers written as a person would, and as tokens of that very text."""

import itertools
from functools import cache

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inducto_plain import clean_orders, sequence, spelled, usable_entries

from synthlm_tasks.inducto.sequences import Sequences
from synthlm_tasks.inducto.space.inputs import SETS
from synthlm_tasks.inducto.space.rules import LENGTHS, MOST_EXAMPLES, rules
from synthlm_tasks.inducto.space.tables import rule_tables
from synthlm_tasks.inducto.text import Answers, Prompts
from synthlm_tasks.rows.lazy_text import LazyText
from synthlm_tasks.rows.vocabulary import COMPACT, TEXT

Shown = tuple[int, int]  # a letter set, an order
Row = tuple[int, list[Shown], list[Shown]]  # a rule; examples; queries, the last of which is asked


@cache
def by_output_size() -> list[tuple[int, int]]:
    """Usable rules and lengths of every size of the output, one for each, and of both ends once more."""
    sizes: dict[int, tuple[int, int]] = {}
    for rule, index in usable_entries():
        sizes.setdefault(len(rules()[rule](tuple(range(LENGTHS[index])))), (rule, index))
    return [*sizes.values(), sizes[min(sizes)], sizes[max(sizes)]]


@cache
def usable_lengths(rule: int) -> list[int]:
    """The lengths, by their place among all, at which a rule may stand."""
    return [index for of_rule, index in usable_entries() if of_rule == rule]


@st.composite
def one_shown(draw: st.DrawFn, rule: int) -> Shown:
    """A sequence of any length that the rule takes."""
    index = draw(st.sampled_from(usable_lengths(rule)))
    clean = clean_orders(rule, index)
    letters = draw(st.integers(index * SETS, index * SETS + 999))
    return letters, draw(st.sampled_from([clean[0], clean[-1], clean[len(clean) // 2]]))


@st.composite
def row(draw: st.DrawFn) -> Row:
    """A rule of any output size with its sequences, each of its own length."""
    rule, _ = draw(st.sampled_from(by_output_size()))
    shown = one_shown(rule)
    examples = draw(st.lists(shown, min_size=1, max_size=MOST_EXAMPLES))
    return rule, examples, draw(st.lists(shown, min_size=1, max_size=10))


def packed(rows: list[tuple[int, Shown]]) -> Sequences:
    return Sequences(rule_tables(), *np.array([(rule, *shown) for rule, shown in rows]).T.copy())


def pairs(rows: list[Row], shown: list[list[Shown]]) -> list[tuple[np.ndarray, Sequences]]:
    """Place by place, the rows that show something there, and what."""
    found = []
    for place in range(max(map(len, shown))):
        having = [number for number, of_row in enumerate(shown) if len(of_row) > place]
        found.append(
            (np.array(having), packed([(rows[number][0], shown[number][place]) for number in having]))
        )
    return found


def prompts(rows: list[Row]) -> Prompts:
    return Prompts(
        packed([(rule, queries[-1]) for rule, _, queries in rows]),
        pairs(rows, [examples for _, examples, _ in rows]),
        pairs(rows, [queries[:-1] for _, _, queries in rows]),
    )


def prompt(rule: int, examples: list[Shown], queries: list[Shown]) -> str:
    def pair(one: Shown) -> str:
        return f"[{spelled(sequence(*one))}] -> [{spelled(rules()[rule](sequence(*one)))}]"

    texts = [f"Ex{number}: {pair(one)}" for number, one in enumerate(examples, 1)]
    texts += [f"Query: {pair(one)}" for one in queries[:-1]]
    return " | ".join([*texts, f"Query: [{spelled(sequence(*queries[-1]))}] ->"])


def answer(row: Row) -> str:
    rule, _, queries = row
    return spelled(rules()[rule](sequence(*queries[-1])))


def ids(tokens: pa.BinaryArray) -> list[list[int]]:
    return [np.frombuffer(row, "<u2").tolist() for row in tokens.to_pylist()]


def assert_written(made: LazyText, texts: list[str]) -> None:
    assert made.text.to_pylist() == texts
    for vocabulary in (TEXT, COMPACT):
        encoded = [vocabulary.encode(text) for text in texts]
        assert ids(made.tokens(vocabulary)) == encoded
        assert made.token_counts(vocabulary).tolist() == list(map(len, encoded))


@settings(derandomize=True, max_examples=100, deadline=None)
@given(rows=st.lists(row(), min_size=1, max_size=12))
def test_prompts_and_answers_are_what_one_would_write_by_hand(rows: list[Row]) -> None:
    made = prompts(rows)
    assert_written(made, [prompt(*one) for one in rows])
    assert_written(Answers(made.queries), [answer(one) for one in rows])


@pytest.mark.parametrize("queries", [1, 2])
@pytest.mark.parametrize("examples", [1, MOST_EXAMPLES])
def test_every_pair_of_sizes_may_stand_side_by_side(examples: int, queries: int) -> None:
    rows: list[Row] = []
    for first in by_output_size():
        for rule, index in (pair for second in by_output_size() for pair in (first, second)):
            some = [
                (index * SETS + place, clean_orders(rule, index)[0]) for place in range(examples + queries)
            ]
            rows.append((rule, some[:examples], some[examples:]))
    made = prompts(rows)
    assert_written(made, [prompt(*one) for one in rows])
    assert_written(Answers(made.queries), [answer(one) for one in rows])


@pytest.mark.parametrize("answered", [False, True])
def test_a_long_output_may_stand_before_the_shortest_query(answered: bool) -> None:
    rows: list[Row] = []
    for rule in dict.fromkeys(rule for rule, _ in by_output_size()):
        for lengths in itertools.product(usable_lengths(rule), repeat=2):
            output, query = ((index * SETS, clean_orders(rule, index)[0]) for index in lengths)
            rows.append((rule, [output], [output, query] if answered else [query]))
            rows.append((rule, [query], [query]))
    assert_written(prompts(rows), [prompt(*one) for one in rows])


@settings(derandomize=True, max_examples=5, deadline=None)
@given(rows=st.lists(row(), min_size=1, max_size=3))
def test_a_text_can_be_asked_for_again(rows: list[Row]) -> None:
    made = prompts(rows)
    assert made.text == made.text
    assert made.tokens == made.tokens
