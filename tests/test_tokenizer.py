"""The bundled tokenizer: closed, lossless, and counted without encoding."""

from pathlib import Path

import hypothesis.strategies as st
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from support import EXTREMES, STOCK, made
from tokenizers import Tokenizer

import synthlm_tasks
from synthlm_tasks import TASKS, LogicTask, ParameterError
from synthlm_tasks.tokenizer import TokenCounter, counter
from synthlm_tasks.tokenizer.vocabulary import SPECIAL, TOKENS, files

FOLDER = Path(synthlm_tasks.__file__).parent / "tokenizer"
TOKENIZER = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))


def tokens(text: str) -> list[str]:
    """The tokens of a text, none of them unknown."""
    found = TOKENIZER.encode(text).tokens
    assert SPECIAL["unk_token"] not in found
    return found


def assert_lossless(rows: pa.Table) -> None:
    """Prompts, targets and training texts come back unchanged, and are counted right."""
    prompts, targets = rows["input_text"].to_pylist(), rows["target"].to_pylist()
    joined = [f"{prompt} {target}" for prompt, target in zip(prompts, targets, strict=True)]
    for text in [*prompts, *targets, *joined]:
        encoded = TOKENIZER.encode(text)
        assert TOKENIZER.decode(encoded.ids) == text
        assert TOKENIZER.token_to_id(SPECIAL["unk_token"]) not in encoded.ids
    assert TokenCounter().counts(rows).tolist() == [len(TOKENIZER.encode(text).ids) for text in joined]


def test_the_shipped_files_are_those_of_the_vocabulary() -> None:
    assert {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.json")} == files()


def test_the_vocabulary_is_closed_and_small() -> None:
    assert len(TOKENS) == len(set(TOKENS)) == TOKENIZER.get_vocab_size() < 512


@pytest.mark.parametrize("split", ["train", "test"])
@pytest.mark.parametrize("name", STOCK)
def test_every_config_comes_back_unchanged(name: str, split: str) -> None:
    assert_lossless(made(name, split, 60))


@pytest.mark.parametrize("name", EXTREMES)
def test_the_ends_of_the_axes_come_back_unchanged(name: str) -> None:
    assert_lossless(TASKS[name]().generate_table(100, "hard", **EXTREMES[name]))


def test_the_largest_parity_comes_back_unchanged() -> None:
    sample = LogicTask().generate_xor_parity_sample(num_bits=64)
    assert {"x63", "g62", "XOR"} <= set(tokens(sample["input_text"]))


def test_words_numbers_and_operations_are_single_tokens() -> None:
    text = "STATE [B, D] || OPS ROTATE_LEFT(19) | SWAP(0,12) || QUERY element B -> 10"
    assert tokens(text) == [
        *("STATE", " [", "B", ", ", "D", "] || ", "OPS", " ", "ROTATE_LEFT", "(", "19", ") | ", "SWAP", "("),
        *("0", ",", "12", ") || ", "QUERY", " ", "element", " ", "B", " ->", " ", "10"),
    ]


@pytest.mark.parametrize("name", TASKS)
def test_a_prompts_tokens_begin_its_training_text(name: str) -> None:
    for row in made(f"{name}-easy", "train", 50).to_pylist():
        prompt = tokens(row["input_text"])
        assert tokens(f"{row['input_text']} {row['target']}") == [*prompt, " ", *tokens(row["target"])]


@settings(deadline=None)
@given(st.lists(st.text(st.sampled_from("aZ9_ ->|(é"), max_size=30), max_size=8))
def test_any_text_is_counted_as_the_library_splits_it(texts: list[str]) -> None:
    column = pa.chunked_array([pa.array(texts, pa.string())]).slice(1)
    rows = pa.table({"input_text": column, "target": pa.array(["A"] * len(column), pa.string())})
    expected = [len(TOKENIZER.pre_tokenizer.pre_tokenize_str(text)) + 2 for text in texts[1:]]
    assert TokenCounter().counts(rows).tolist() == expected


def test_long_columns_are_counted_across_the_edges_of_portions() -> None:
    texts = ["OPS -> " * 30_000, "(" * 300_000, "QUERY ->" * 20_000]
    rows = pa.table({"input_text": texts, "target": ["A"] * 3})
    assert TokenCounter().counts(rows).tolist() == [len(TOKENIZER.encode(t).ids) + 2 for t in texts]


def test_another_tokenizer_is_counted_by_encoding() -> None:
    other = counter(str(FOLDER / "tokenizer.json"))
    rows = made("dyna-hard", "train", 40)
    assert not other.swift
    assert np.array_equal(other.counts(rows), TokenCounter().counts(rows))
    assert other.digest == counter(str(FOLDER)).digest == TokenCounter().digest


def test_a_tokenizer_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(ParameterError, match=r"tokenizer='.*tokenizer\.json': expected 'bundled'"):
        counter(str(tmp_path / "tokenizer.json"))
