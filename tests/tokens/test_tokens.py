"""Tokens straight from the generators: those that encoding the text gives, row by row."""

from pathlib import Path
from typing import Any

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
from synthlm_tasks.rows.vocabulary import SPECIAL, TEXT, VOCABULARIES, TokensName
from synthlm_tasks.tokens.framing import token_lengths

FOLDER = Path(synthlm_tasks.__file__).parent / "tokens" / "tokenizer"
TOKENIZERS = {name: Tokenizer.from_file(str(FOLDER / name / "tokenizer.json")) for name in VOCABULARIES}

UNKNOWN = TEXT.ids[SPECIAL["unk_token"]]


def ids(tokens: Tokens) -> list[list[int]]:
    """The token ids of each text."""
    return [np.frombuffer(text, ID).tolist() for text in tokens.to_pylist()]


def encoded(texts: list[str], name: TokensName) -> list[list[int]]:
    """What the tokenizer's own library gives."""
    return [found.ids for found in TOKENIZERS[name].encode_batch_fast(texts)]


def assert_the_tokens_of(texts: list[str], tokens: Tokens, name: TokensName) -> None:
    """The tokens are those of the texts; of the text vocabulary they lead back to them."""
    tokens.validate(full=True)
    found = ids(tokens)
    assert found == encoded(texts, name)
    back = TOKENIZERS[name].decode_batch(found)
    if name == "text":
        assert back == texts
    else:
        assert encoded(back, name) == found
        assert not any(UNKNOWN in row for row in found)


def assert_alike(
    recipe: Recipe, seed: int, split: Split, number: int, places: slice, name: TokensName
) -> None:
    """Both forms of a block are the same rows, also where prompt and answer are one text."""
    vocabulary = VOCABULARIES[name]
    text = make_block.__wrapped__(recipe, seed, split, number, counted=vocabulary)
    tokens = make_token_block(recipe, seed, split, number, vocabulary)
    assert np.array_equal(text.cells, tokens.cells)
    joint = int(name == "text")
    sizes = token_lengths(tokens.prompt) + token_lengths(tokens.answer) + joint
    assert np.array_equal(text.token_counts, sizes)
    prompts, answers = text.input_text[places].to_pylist(), text.target[places].to_pylist()
    assert len(tokens.prompt) == len(tokens.answer) == len(text.input_text)
    assert_the_tokens_of(prompts, tokens.prompt[places], name)
    assert_the_tokens_of(answers, tokens.answer[places], name)
    assert TOKENIZERS[name].decode_batch(ids(tokens.answer[places])) == answers
    whole = encoded([f"{prompt} {answer}" for prompt, answer in zip(prompts, answers, strict=True)], name)
    pairs = zip(ids(tokens.prompt[places]), ids(tokens.answer[places]), strict=True)
    assert whole == [[*prompt, *encoded([" "], name)[0], *answer] for prompt, answer in pairs]


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
@pytest.mark.parametrize("name", STOCK)
def test_every_config_emits_the_tokens_of_its_text(name: str, vocabulary: TokensName) -> None:
    assert_alike(STOCK[name], 42, "test", 0, slice(None, None, 40), vocabulary)


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
@pytest.mark.parametrize("name", EXTREMES)
def test_the_ends_of_the_axes_emit_the_tokens_of_their_text(name: str, vocabulary: TokensName) -> None:
    recipe = level_recipe(TASKS[name], name, 3, EXTREMES[name])
    assert_alike(recipe, 7, "validation", 0, slice(100), vocabulary)


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
@pytest.mark.parametrize(
    "axes",
    [
        ("dyna", {"state_size": (8, 20), "num_queries": (1, 4)}),
        ("filtro", {"num_nodes": (11, 15), "num_hops": (1, 4), "num_queries": (1, 4)}),
    ],
)
def test_rows_of_several_queries_emit_the_tokens_of_their_text(
    axes: tuple[str, dict[str, Any]], vocabulary: TokensName
) -> None:
    name, given = axes
    assert_alike(level_recipe(TASKS[name], name, 2, given), 7, "train", 0, slice(300), vocabulary)


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
@settings(max_examples=12, deadline=None)
@given(
    st.sampled_from(list(STOCK)), st.integers(0, 1 << 40), st.sampled_from(SPLITS), st.integers(0, 1 << 35)
)
def test_any_block_of_any_seed_emits_the_tokens_of_its_text(
    vocabulary: TokensName, name: str, seed: int, split: Split, number: int
) -> None:
    assert_alike(STOCK[name], seed, split, number, slice(-60, None), vocabulary)


@pytest.mark.slow
@pytest.mark.parametrize("vocabulary", VOCABULARIES)
@pytest.mark.parametrize("name", STOCK)
def test_a_million_rows_have_the_tokens_of_their_text(name: str, vocabulary: TokensName) -> None:
    # All configs together: a block of 32,768 rows each.
    assert len(STOCK) * 32_768 > 1_000_000
    text = make_block.__wrapped__(STOCK[name], 1, "train", 0)
    tokens = make_token_block(STOCK[name], 1, "train", 0, VOCABULARIES[vocabulary])
    for start in range(0, 32_768, 4096):
        places = slice(start, start + 4096)
        assert_the_tokens_of(text.input_text[places].to_pylist(), tokens.prompt[places], vocabulary)
        answers = text.target[places].to_pylist()
        assert_the_tokens_of(answers, tokens.answer[places], vocabulary)
        assert TOKENIZERS[vocabulary].decode_batch(ids(tokens.answer[places])) == answers


@settings(deadline=None)
@given(st.data())
def test_fragments_have_both_forms(data: st.DataObject) -> None:
    place = st.integers(0, 4)
    rows = data.draw(st.lists(st.lists(place, min_size=3, max_size=3), max_size=5))
    table = Concatenated((FragmentTable.of(["SWAP(1,2", ") | "]), FragmentTable.of(["", "A", " -> B"])))
    laid = Gathered(table, np.array(rows, np.int64).reshape(-1, 3).T)
    assert laid.text.to_pylist() == ["".join(table.text[i].as_py() for i in row) for row in rows]
    assert ids(laid.tokens(TEXT)) == [[n for i in row for n in ids(table.tokens(TEXT))[i]] for row in rows]


def test_a_text_the_vocabulary_lacks_has_no_tokens() -> None:
    assert FragmentTable.of(["HELLO"]).text.to_pylist() == ["HELLO"]
    with pytest.raises(KeyError):
        TEXT.encode("HELLO")
    with pytest.raises(KeyError):
        FragmentTable.of(["HELLO"]).tokens(TEXT)
