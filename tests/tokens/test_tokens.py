"""Tokens straight from the generators: those that encoding the text gives, row by row."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import EXTREMES, STOCK
from tokenizers import Tokenizer

import synthlm_tasks
from synthlm_tasks import TASKS
from synthlm_tasks.rows.blocks import Recipe, make_block, make_token_block
from synthlm_tasks.rows.lazy_text import ID, Concatenated, FragmentTable, Gathered, Tokens
from synthlm_tasks.rows.recipes import level_recipe
from synthlm_tasks.rows.splits import SPLITS, Split
from synthlm_tasks.rows.text import Strings
from synthlm_tasks.rows.vocabulary import encode
from synthlm_tasks.tokens.framing import token_lengths

TOKENIZER = Tokenizer.from_file(
    str(Path(synthlm_tasks.__file__).parent / "tokens" / "tokenizer" / "tokenizer.json")
)


def ids(tokens: Tokens) -> list[list[int]]:
    """The token ids of each text."""
    return [np.frombuffer(text, ID).tolist() for text in tokens.to_pylist()]


def encoded(texts: list[str]) -> list[list[int]]:
    """What the tokenizer's own library gives."""
    return [found.ids for found in TOKENIZER.encode_batch_fast(texts)]


def assert_the_tokens_of(texts: Strings, tokens: Tokens, places: slice = slice(None)) -> None:
    """The tokens at these places are those of the texts, and lead back to them."""
    tokens.validate(full=True)
    assert len(tokens) == len(texts)
    expected, found = texts[places].to_pylist(), ids(tokens[places])
    assert found == encoded(expected)
    assert TOKENIZER.decode_batch(found) == expected


def assert_alike(recipe: Recipe, seed: int, split: Split, number: int, places: slice) -> None:
    """Both forms of a block are the same rows."""
    text = make_block.__wrapped__(recipe, seed, split, number, sized=True)
    tokens = make_token_block(recipe, seed, split, number)
    assert np.array_equal(text.cells, tokens.cells)
    assert np.array_equal(text.token_counts, token_lengths(tokens.prompt) + token_lengths(tokens.answer) + 1)
    assert_the_tokens_of(text.input_text, tokens.prompt, places)
    assert_the_tokens_of(text.target, tokens.answer, places)


@pytest.mark.parametrize("name", STOCK)
def test_every_config_emits_the_tokens_of_its_text(name: str) -> None:
    assert_alike(STOCK[name], 42, "test", 0, slice(None, None, 40))


@pytest.mark.parametrize("name", EXTREMES)
def test_the_ends_of_the_axes_emit_the_tokens_of_their_text(name: str) -> None:
    recipe = level_recipe(TASKS[name], name, 3, EXTREMES[name])
    assert_alike(recipe, 7, "validation", 0, slice(100))


@settings(max_examples=12, deadline=None)
@given(
    st.sampled_from(list(STOCK)), st.integers(0, 1 << 40), st.sampled_from(SPLITS), st.integers(0, 1 << 35)
)
def test_any_block_of_any_seed_emits_the_tokens_of_its_text(
    name: str, seed: int, split: Split, number: int
) -> None:
    assert_alike(STOCK[name], seed, split, number, slice(-60, None))


@pytest.mark.slow
@pytest.mark.parametrize("name", STOCK)
def test_a_million_rows_come_back_unchanged(name: str) -> None:
    # All configs together: a block of 32,768 rows each.
    assert len(STOCK) * 32_768 > 1_000_000
    text, tokens = (
        make_block.__wrapped__(STOCK[name], 1, "train", 0),
        make_token_block(STOCK[name], 1, "train", 0),
    )
    for start in range(0, 32_768, 4096):
        assert_the_tokens_of(text.input_text, tokens.prompt, slice(start, start + 4096))
        assert_the_tokens_of(text.target, tokens.answer, slice(start, start + 4096))


@settings(deadline=None)
@given(st.data())
def test_fragments_have_both_forms(data: st.DataObject) -> None:
    place = st.integers(0, 4)
    rows = data.draw(st.lists(st.lists(place, min_size=3, max_size=3), max_size=5))
    table = Concatenated((FragmentTable.of(["SWAP(1,2", ") | "]), FragmentTable.of(["", "A", " -> B"])))
    laid = Gathered(table, np.array(rows, np.int64).reshape(-1, 3).T)
    assert laid.text.to_pylist() == ["".join(table.text[i].as_py() for i in row) for row in rows]
    assert ids(laid.tokens) == [[n for i in row for n in ids(table.tokens)[i]] for row in rows]


def test_a_text_the_vocabulary_lacks_has_no_tokens() -> None:
    assert FragmentTable.of(["HELLO"]).text.to_pylist() == ["HELLO"]
    with pytest.raises(KeyError):
        encode("HELLO")
    with pytest.raises(KeyError):
        _ = FragmentTable.of(["HELLO"]).tokens
