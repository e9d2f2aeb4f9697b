"""Generated folders as others see them: budgets met, papers that tell the truth, loaded without SynthLM."""

import itertools
import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow.json as pj
import pyarrow.parquet as pq
import pytest
from folders import process, synthlm
from huggingface_hub import DatasetCard
from tokenizers import Tokenizer

from synthlm_tasks import TASKS, catalog
from synthlm_tasks.options import check_options, default_options
from synthlm_tasks.rows.tables import SCHEMA

TOTAL = 1_000_000


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A curriculum of all tasks."""
    folder = tmp_path_factory.mktemp("merged")
    assert synthlm(folder, "merged", "--total-tokens", "1M", "--shard-rows", "3000") == 0
    return folder


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three named configs."""
    folder = tmp_path_factory.mktemp("exported")
    command = ["export", "dyna-hard", "filtro-shared-easy", "logic", "--num-samples", "1000"]
    assert synthlm(folder, *command) == 0
    return folder


def metadata(folder: Path) -> dict[str, Any]:
    """The folder's metadata.json."""
    found: dict[str, Any] = json.loads((folder / "metadata.json").read_text())
    return found


def rows_of(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """All rows of Parquet files, in order."""
    return [row for path in sorted(paths) for row in pq.read_table(path).to_pylist()]


def tokens_of(folder: Path, rows: list[dict[str, Any]]) -> Counter[tuple[str, int]]:
    """The tokens of rows by task and level, each row encoded by the folder's own tokenizer."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer" / "tokenizer.json"))
    counted: Counter[tuple[str, int]] = Counter()
    for row in rows:
        encoded = tokenizer.encode(f"{row['input_text']} {row['target']}")
        counted[row["task"], row["difficulty"]] += len(encoded.ids)
    return counted


def test_the_budget_and_its_shares_are_met_to_a_percent(merged: Path) -> None:
    counted = tokens_of(merged, rows_of(merged.glob("*.parquet")))
    assert counted.total() == metadata(merged)["totals"]["tokens"] == pytest.approx(TOTAL, rel=0.01)
    for (_, level), tokens in counted.items():
        assert tokens == pytest.approx(TOTAL / len(TASKS) * (0.40, 0.35, 0.25)[level - 1], rel=0.03)


def test_splits_have_the_rows_asked_for(merged: Path) -> None:
    rows = {split: len(rows_of(merged.glob(f"{split}-*"))) for split in ("train", "validation", "test")}
    total = sum(rows.values())
    assert rows["train"] == pytest.approx(0.9 * total, rel=0.005)
    assert rows["validation"] == rows["test"] == pytest.approx(0.05 * total, rel=0.01)


def test_metadata_counts_every_cell(merged: Path) -> None:
    for split, found in metadata(merged)["configs"][0]["splits"].items():
        rows = rows_of(merged.glob(f"{split}-*"))
        counted, tokens = Counter((row["task"], row["difficulty"]) for row in rows), tokens_of(merged, rows)
        for cell, counts in found["by_task_and_level"].items():
            task, level = cell.split("/")
            assert counts["rows"] == counted[task, int(level)]
            assert counts["tokens"] == tokens[task, int(level)]
        if split == "train":
            prompts = Counter(row["input_text"] for row in rows if row["task"] == "logic")
            cells = [
                counts for cell, counts in found["by_task_and_level"].items() if cell.startswith("logic")
            ]
            assert sum(counts["repeats"] for counts in cells) == prompts.total() - len(prompts) > 0
            assert all(counts["repeats_exact"] for counts in cells)


def test_train_is_shuffled_across_tasks_and_levels(merged: Path) -> None:
    rows = rows_of(merged.glob("train-*"))
    whole = Counter((row["task"], row["difficulty"]) for row in rows)
    for start in range(0, len(rows) - 2000, 1000):
        part = Counter((row["task"], row["difficulty"]) for row in rows[start : start + 1000])
        for cell, count in whole.items():
            expected = 1000 * count / len(rows)
            assert abs(part[cell] - expected) < 5 * expected**0.5 + 1
    neighbours = sum(a["task"] == b["task"] for a, b in itertools.pairwise(rows)) / len(rows)
    assert neighbours < 0.5


def test_no_prompt_is_in_two_splits(merged: Path) -> None:
    prompts = [
        {row["input_text"] for row in rows_of(merged.glob(f"{split}-*"))}
        for split in ("train", "validation", "test")
    ]
    assert sum(map(len, prompts)) == len(set.union(*prompts))


def test_row_groups_are_small_enough_to_look_at(tmp_path: Path) -> None:
    assert synthlm(tmp_path, "export", "logic-easy", "--num-samples", "60000") == 0
    (train,) = (tmp_path / "logic-easy").glob("train-*")
    groups = pq.ParquetFile(train).metadata
    assert [groups.row_group(i).num_rows for i in range(groups.num_row_groups)] == [20_000, 20_000, 14_000]
    assert groups.row_group(0).column(0).compression == "ZSTD"


@pytest.mark.parametrize("config", ["dyna-hard", "filtro-shared-easy", "logic"])
def test_exported_configs_are_the_builders_rows_in_its_order(config: str, exported: Path) -> None:
    options = check_options({**vars(default_options()), "num_samples": 1000})
    for split, mixture in catalog.plan(config, options, {}).items():
        expected = [row for table in mixture.tables() for row in table.to_pylist()]
        assert rows_of((exported / config).glob(f"{split}-*")) == expected


LOAD = """
import json, os, sys
from datasets import get_dataset_config_names, load_dataset
folder, = sys.argv[1:]
found = {}
for config in get_dataset_config_names(folder):
    whole = load_dataset(folder, config, cache_dir=".")
    stream = load_dataset(folder, config, streaming=True)
    found[config] = {
        split: [len(rows), str(rows.features), rows[0], next(iter(stream[split]))]
        for split, rows in whole.items()
    }
assert not any(name.startswith("synthlm") for name in sys.modules)
print(json.dumps(found), flush=True)
os._exit(0)  # threads of a stream that is not read to its end can abort the interpreter's own end
"""


def loaded(folder: Path, cache: Path) -> dict[str, Any]:
    """What a process that never imports SynthLM finds: config → split → rows, features, first row."""
    run = process(LOAD, str(folder), folder=cache)
    output, errors = run.communicate(timeout=300)
    assert run.returncode == 0, errors
    found: dict[str, Any] = json.loads(output)
    return found


def test_a_curriculum_loads_by_plain_load_dataset(merged: Path, tmp_path: Path) -> None:
    found = loaded(merged, tmp_path)
    assert list(found) == ["default"]
    for split, (count, features, first, streamed) in found["default"].items():
        rows = rows_of(merged.glob(f"{split}-*"))
        assert count == len(rows)
        assert first == streamed == rows[0]
        assert "int8" in features


def test_every_exported_config_loads_by_name(exported: Path, tmp_path: Path) -> None:
    found = loaded(exported, tmp_path)
    assert list(found) == ["dyna-hard", "filtro-shared-easy", "logic"]
    for config, splits in found.items():
        assert [count for count, *_ in splits.values()] == [900, 50, 50]
        assert splits["test"][2] == rows_of((exported / config).glob("test-*"))[0]


def test_jsonl_holds_the_same_rows_and_loads(tmp_path: Path) -> None:
    command = ["single", "logic", "--total-tokens", "100K"]
    assert synthlm(tmp_path / "parquet", *command) == 0
    assert synthlm(tmp_path / "jsonl", *command, "--format", "jsonl") == 0
    names = sorted(path.name for path in (tmp_path / "jsonl").glob("*.jsonl"))
    assert names == ["test.jsonl", "train.jsonl", "validation.jsonl"]
    for split in ("train", "validation", "test"):
        lines = (tmp_path / "jsonl" / f"{split}.jsonl").read_text().splitlines()
        rows = rows_of((tmp_path / "parquet").glob(f"{split}-*"))
        assert [json.loads(line) for line in lines] == rows
        assert list(json.loads(lines[0])) == SCHEMA.names
        assert pj.read_json(tmp_path / "jsonl" / f"{split}.jsonl").num_rows == len(rows)
    (tmp_path / "cache").mkdir()
    found = loaded(tmp_path / "jsonl", tmp_path / "cache")
    assert "int8" in found["default"]["train"][1]


def test_jsonl_is_cut_into_shards_like_parquet(tmp_path: Path) -> None:
    command = ["single", "logic", "--total-tokens", "100K", "--format", "jsonl", "--shard-rows", "500"]
    assert synthlm(tmp_path, *command) == 0
    names = sorted(path.name for path in tmp_path.glob("train*"))
    assert names == [f"train-{number:05}-of-00003.jsonl" for number in range(3)]


def test_the_card_tells_what_is_there(merged: Path, exported: Path) -> None:
    for folder in (merged, exported):
        card = DatasetCard.load(folder / "README.md")
        assert card.data.license == "cc-by-4.0"
        named = [config["config_name"] for config in card.data.configs]
        assert named == [info["config_name"] for info in card.data.dataset_info]
        for config, info in zip(card.data.configs, card.data.dataset_info, strict=True):
            for files, split in zip(config["data_files"], info["splits"], strict=True):
                assert files["split"] == split["name"]
                assert (
                    sum(pq.read_metadata(folder / path).num_rows for path in files["path"])
                    == (split["num_examples"])
                )
        assert "2512.17351" in card.text
        assert "synthlm_dataset" not in card.text
        audited = re.findall(r"^\| `([a-z-]+)` \| \d+\.\d \|", card.text, re.MULTILINE)
        assert set(audited) >= {f"logic-{level}" for level in ("easy", "medium", "hard")}


def test_the_cards_command_makes_every_byte_again(exported: Path, tmp_path: Path) -> None:
    (line,) = [
        line for line in (exported / "README.md").read_text().splitlines() if line.startswith("synthlm")
    ]
    name, *words, option, folder = line.split()
    assert (name, option, folder) == ("synthlm", "--output-dir", "DIR")
    assert synthlm(tmp_path, *words) == 0
    assert metadata(tmp_path) == metadata(exported)


def test_a_compact_budget_is_met_by_compact_tokens(tmp_path: Path) -> None:
    assert synthlm(tmp_path, "merged", "--total-tokens", "1M", "--tokens", "compact") == 0
    counted = tokens_of(tmp_path, rows_of(tmp_path.glob("*.parquet")))
    assert counted.total() == metadata(tmp_path)["totals"]["tokens"] == pytest.approx(1e6, rel=0.01)
    for task in TASKS:
        of_task = sum(tokens for (name, _), tokens in counted.items() if name == task)
        assert of_task == pytest.approx(1e6 / len(TASKS), rel=0.02)
    assert len(json.loads((tmp_path / "tokenizer" / "tokenizer.json").read_text())["model"]["vocab"]) == 770
    assert metadata(tmp_path)["settings"]["options"]["tokens"] == "compact"


def test_another_tokenizers_budget_is_met(tmp_path: Path) -> None:
    # A tokenizer of bytes: every character is a token.
    vocabulary = {chr(code): code - 32 for code in range(32, 127)}
    model = {"type": "BPE", "vocab": vocabulary, "merges": [], "unk_token": None}
    (tmp_path / "characters.json").write_text(
        json.dumps({"version": "1.0", "added_tokens": [], "model": model})
    )
    command = ["single", "filtro", "--total-tokens", "1M", "--tokenizer", str(tmp_path / "characters.json")]
    assert synthlm(tmp_path / "d", *command) == 0
    rows = rows_of((tmp_path / "d").glob("*.parquet"))
    counted = sum(len(row["input_text"]) + 1 + len(row["target"]) for row in rows)
    assert counted == pytest.approx(1_000_000, rel=0.01)
    assert metadata(tmp_path / "d")["totals"]["tokens"] == pytest.approx(counted, rel=0.01)
    assert not metadata(tmp_path / "d")["tokens_counted"]
    assert not (tmp_path / "d" / "tokenizer").exists()
    assert str(tmp_path) not in (tmp_path / "d" / "metadata.json").read_text()
