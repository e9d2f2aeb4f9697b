"""The bundled tokenizer: closed, lossless, and counted as rows are made."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from support import EXTREMES, STOCK, made
from tokenizers import Tokenizer

import synthlm_tasks
from synthlm_tasks import TASKS, LogicTask, ParameterError
from synthlm_tasks.rows.splits import Split
from synthlm_tasks.rows.tables import make_table
from synthlm_tasks.rows.vocabulary import SPECIAL, TEXT, TOKENS
from synthlm_tasks.tokens.tokenizer import TokenCounter, load_counter
from synthlm_tasks.tokens.tokenizer.files import files

FOLDER = Path(synthlm_tasks.__file__).parent / "tokens" / "tokenizer" / "text"
TOKENIZER = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))


def tokens(text: str) -> list[str]:
    """The tokens of a text, none of them unknown."""
    found = TOKENIZER.encode(text).tokens
    assert SPECIAL["unk_token"] not in found
    return found


def assert_lossless(rows: pa.Table) -> None:
    """Prompts, targets and training texts come back unchanged."""
    prompts, targets = rows["input_text"].to_pylist(), rows["target"].to_pylist()
    joined = [f"{prompt} {target}" for prompt, target in zip(prompts, targets, strict=True)]
    for text in [*prompts, *targets, *joined]:
        encoded = TOKENIZER.encode(text)
        assert TOKENIZER.decode(encoded.ids) == text
        assert TOKENIZER.token_to_id(SPECIAL["unk_token"]) not in encoded.ids


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


@pytest.mark.parametrize("name", STOCK)
@pytest.mark.parametrize("split", ["train", "test"])
def test_rows_come_with_the_tokens_that_the_library_finds(name: str, split: Split) -> None:
    rows = make_table(STOCK[name], 3, split, 5, 30, counted=TEXT)
    texts = [f"{row['input_text']} {row['target']}" for row in rows.to_pylist()]
    assert TokenCounter(frame=2).counts(rows).tolist() == [len(TOKENIZER.encode(t).ids) + 2 for t in texts]


def test_another_tokenizer_is_counted_by_encoding() -> None:
    other = load_counter(str(FOLDER / "tokenizer.json"))
    rows = make_table(STOCK["dyna-hard"], 42, "train", 0, 40, counted=TEXT)
    assert not other.precounted
    assert np.array_equal(other.counts(rows), TokenCounter().counts(rows))
    assert other.digest == load_counter(str(FOLDER)).digest == TokenCounter().digest


def test_a_tokenizer_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(ParameterError, match=r"tokenizer='.*tokenizer\.json': expected 'bundled'"):
        load_counter(str(tmp_path / "tokenizer.json"))
