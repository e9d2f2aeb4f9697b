"""Packed folders: what the stream gives, in files that load anywhere, made and resumed like every folder."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from datasets import load_dataset
from folders import digests, synthlm
from tokenizers import Tokenizer

import synthlm_dataset  # noqa: F401  # teaches `load_dataset` the name
from synthlm_tasks import packing
from synthlm_tasks.rows.vocabulary import SPECIAL, TOKENS
from synthlm_tasks.tokens.contexts import COLUMNS, IGNORED

PACK = ["pack", "all-easy", "--num-samples", "40000", "--shard-rows", "20000"]


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A packed config of four tasks, train in two files."""
    folder = tmp_path_factory.mktemp("packed")
    assert synthlm(folder, *PACK) == 0
    return folder


def metadata(folder: Path) -> dict[str, Any]:
    """The folder's metadata.json."""
    found: dict[str, Any] = json.loads((folder / "metadata.json").read_text())
    return found


def test_the_folder_loads_and_holds_what_the_stream_gives(packed: Path, tmp_path: Path) -> None:
    for split in ("train", "validation", "test"):
        loaded = load_dataset(str(packed), split=split, cache_dir=str(tmp_path)).with_format("numpy")
        streamed = list(packing.stream("all-easy", split=split, num_samples=40_000))
        assert len(loaded) == len(streamed)
        for name in COLUMNS:
            assert np.array_equal(np.stack(loaded[name]), np.stack([example[name] for example in streamed]))


def test_papers_tell_what_is_there(packed: Path) -> None:
    found = metadata(packed)
    totals, splits = found["totals"], found["configs"][0]["splits"]
    assert totals["problems"] == 40_000
    assert [splits[split]["problems"] for split in ("train", "validation", "test")] == [36_000, 2000, 2000]
    assert len(list(packed.glob("train-*"))) == 2
    streamed = list(packing.stream("all-easy", split="test", num_samples=40_000))
    assert splits["test"]["rows"] == len(streamed)
    assert splits["test"]["tokens"] == sum(int((example["document_ids"] > 0).sum()) for example in streamed)
    assert splits["train"]["filled"] > 0.99
    assert set(splits["train"]["by_task_and_level"]) == {"dyna/1", "filtro/1", "inducto/1", "logic/1"}
    assert "repeats" not in json.dumps(found)
    card = (packed / "README.md").read_text()
    assert f"{totals['rows']:,} contexts of 2048 tokens" in card
    assert "synthlm pack all-easy --context 2048 --loss answers" in card


def test_processes_write_the_same_bytes(packed: Path, tmp_path: Path) -> None:
    assert synthlm(tmp_path, *PACK, "--num-proc", "2") == 0
    assert digests(tmp_path) == digests(packed)


def test_only_what_is_missing_is_made_again(packed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(packed, folder)
    (folder / "train-00001-of-00002.parquet").unlink()
    assert synthlm(folder, *PACK) == 0
    assert digests(folder) == digests(packed)


def test_other_settings_are_refused_with_what_differs(
    packed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert synthlm(packed, *PACK, "--context", "1024", "--loss", "all") == 2
    message = capsys.readouterr().err
    assert "context is 2048, asked is 1024; loss is 'answers', asked is 'all'" in message


def test_a_token_budget_counts_bos_and_eos(tmp_path: Path) -> None:
    assert synthlm(tmp_path, "pack", "dyna-easy", "filtro-hard", "--total-tokens", "1M", "--loss", "all") == 0
    for config in metadata(tmp_path)["configs"]:
        assert sum(split["tokens"] for split in config["splits"].values()) == pytest.approx(1e6, rel=0.01)
        for file in (tmp_path / config["name"]).glob("*.parquet"):
            labels = np.stack(load_dataset("parquet", data_files=str(file), split="train")["labels"])
            assert (labels != IGNORED).mean() > 0.9


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["pack"], "CONFIG: none given"),
        (["pack", "dyna-esay"], "CONFIG 'dyna-esay': expected one of"),
        (
            ["pack", "dyna-ood", "--context", "512"],
            "--context 512: problems of config 'dyna-ood' may have",
        ),
        (["pack", "all", "--total-tokens", "1M", "--num-samples", "5"], "give either --total-tokens or"),
        (["pack", "all", "--total-tokens", "many"], "--total-tokens 'many': expected a positive number"),
        (["pack", "all", "--shard-rows", "0"], "--shard-rows 0"),
        (["pack", "all", "--tokens", "short"], "--tokens"),
        (["pack", "filtro-hard", "--tokens", "compact", "--context", "64"], "may have 97 tokens with"),
    ],
)
def test_what_cannot_be_packed_is_refused_before_anything_is_written(
    arguments: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert synthlm(tmp_path / "folder", *arguments) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "folder").exists()


def test_the_plan_is_printed_and_nothing_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert synthlm(tmp_path / "folder", "pack", "all-easy", "--dry-run") == 0
    assert "100K rows" in capsys.readouterr().out
    assert not (tmp_path / "folder").exists()


def test_the_tokenizer_comes_along_and_loads_by_transformers(packed: Path) -> None:
    transformers = pytest.importorskip("transformers")
    tokenizer = transformers.PreTrainedTokenizerFast.from_pretrained(str(packed / "tokenizer"))
    text = "STATE [B, D, A, C, E] || OPS SWAP(0,2) | ROTATE_LEFT(1) || QUERY position 3 -> E"
    ids = tokenizer(text)["input_ids"]
    assert tokenizer.convert_ids_to_tokens(ids)[:3] == ["STATE", " [", "B"]
    assert tokenizer.decode(ids) == text
    assert len(tokenizer) == len(TOKENS)
    for name, token in SPECIAL.items():
        assert getattr(tokenizer, name) == token


@pytest.fixture(scope="module")
def compact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A packed config of four tasks in the compact vocabulary."""
    folder = tmp_path_factory.mktemp("compact")
    command = ["pack", "all-easy", "--num-samples", "8000", "--tokens", "compact", "--context", "512"]
    assert synthlm(folder, *command) == 0
    return folder


def test_a_compact_folder_holds_what_the_compact_stream_gives(compact: Path, tmp_path: Path) -> None:
    loaded = load_dataset(str(compact), split="test", cache_dir=str(tmp_path)).with_format("numpy")
    streamed = list(packing.stream("all-easy", split="test", num_samples=8000, tokens="compact", context=512))
    for name in COLUMNS:
        assert np.array_equal(np.stack(loaded[name]), np.stack([example[name] for example in streamed]))
    assert metadata(compact)["settings"]["tokenizer"]["name"] == "bundled-compact"
    assert metadata(compact)["configs"][0]["splits"]["test"]["problems"] == 400


def test_a_compact_folder_has_its_own_tokenizer(compact: Path) -> None:
    tokenizer = Tokenizer.from_file(str(compact / "tokenizer" / "tokenizer.json"))
    rows = {
        tuple(tokenizer.encode(f"{row['input_text']} {row['target']}").ids): row
        for row in load_dataset("synthlm", "all-easy", split="test", num_samples=8000)
    }
    found = pq.read_table(next(compact.glob("test-*"))).to_pydict()
    told = 0
    for ids, labels, documents in zip(
        *(found[name] for name in ("input_ids", "labels", "document_ids")), strict=True
    ):
        for document in range(1, max(documents) + 1):
            start, stop = documents.index(document), len(documents) - documents[::-1].index(document)
            row = rows.pop(tuple(ids[start + 1 : stop - 1]))
            answer = [label for label in labels[start:stop] if label != IGNORED]
            assert tokenizer.decode(answer) == row["target"]  # eos is no text
            told += 1
    assert told == 400
    assert not rows
