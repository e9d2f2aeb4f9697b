"""Prompts and answers written as a person would, and as tokens of that very text."""

from functools import cache

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inducto_plain import clean_orders, sequence, spelled, usable_entries

from synthlm_tasks.inducto.inputs import SETS
from synthlm_tasks.inducto.rules import MOST_EXAMPLES, rules
from synthlm_tasks.inducto.sequences import Sequences
from synthlm_tasks.inducto.tables import rule_tables
from synthlm_tasks.inducto.text import Answers, Prompts
from synthlm_tasks.rows.lazy_text import LazyText
from synthlm_tasks.rows.vocabulary import COMPACT, TEXT

Shown = tuple[int, int]  # a letter set, an order
Row = tuple[int, list[Shown]]  # a rule; the query, then the examples


@cache
def by_output_size() -> list[tuple[int, int]]:
    """Usable rules and lengths of every size of the output, one for each, and of both ends once more."""
    sizes: dict[int, tuple[int, int]] = {}
    for rule, index in usable_entries():
        sizes.setdefault(len(rules()[rule](tuple(range(4 + index)))), (rule, index))
    return [*sizes.values(), sizes[min(sizes)], sizes[max(sizes)]]


@st.composite
def row(draw: st.DrawFn) -> Row:
    """A rule of any output size with its sequences, all of one length."""
    rule, index = draw(st.sampled_from(by_output_size()))
    clean = clean_orders(rule, index)
    sets = st.integers(index * SETS, index * SETS + 999)
    shown = st.tuples(sets, st.sampled_from([clean[0], clean[-1], clean[len(clean) // 2]]))
    return rule, draw(st.lists(shown, min_size=2, max_size=1 + MOST_EXAMPLES))


def packed(rows: list[tuple[int, Shown]]) -> Sequences:
    return Sequences(rule_tables(), *np.array([(rule, *shown) for rule, shown in rows]).T.copy())


def prompts(rows: list[Row]) -> Prompts:
    examples = []
    for place in range(1, max(len(shown) for _, shown in rows)):
        having = [number for number, (_, shown) in enumerate(rows) if len(shown) > place]
        sequences = packed([(rows[number][0], rows[number][1][place]) for number in having])
        examples.append((np.array(having), sequences))
    return Prompts(packed([(rule, shown[0]) for rule, shown in rows]), examples)


def prompt(rule: int, shown: list[Shown]) -> str:
    query, *examples = (sequence(*one) for one in shown)
    texts = [
        f"Ex{number}: [{spelled(x)}] -> [{spelled(rules()[rule](x))}]" for number, x in enumerate(examples, 1)
    ]
    return " | ".join([*texts, f"Query: [{spelled(query)}] ->"])


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
    answers = [spelled(rules()[rule](sequence(*shown[0]))) for rule, shown in rows]
    assert_written(Answers(made.queries), answers)


@pytest.mark.parametrize("examples", [1, MOST_EXAMPLES])
def test_every_pair_of_sizes_may_stand_side_by_side(examples: int) -> None:
    rows: list[Row] = []
    for first in by_output_size():
        for rule, index in (pair for second in by_output_size() for pair in (first, second)):
            rows.append(
                (
                    rule,
                    [(index * SETS + place, clean_orders(rule, index)[0]) for place in range(1 + examples)],
                )
            )
    made = prompts(rows)
    assert_written(made, [prompt(*one) for one in rows])
    assert_written(Answers(made.queries), [spelled(rules()[r](sequence(*shown[0]))) for r, shown in rows])


@settings(derandomize=True, max_examples=5, deadline=None)
@given(rows=st.lists(row(), min_size=1, max_size=3))
def test_a_text_can_be_asked_for_again(rows: list[Row]) -> None:
    made = prompts(rows)
    assert made.text == made.text
    assert made.tokens == made.tokens
