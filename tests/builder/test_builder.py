"""`load_dataset("synthlm", …)` and everything around it, on whichever datasets version is installed."""

import hashlib
import itertools
import json
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import datasets
import datasets.inspect
import datasets.load
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from datasets import load_dataset, load_dataset_builder
from datasets.distributed import split_dataset_by_node

import synthlm_dataset
from synthlm_dataset import SynthLM
from synthlm_tasks import DATASET_VERSION, TASKS, catalog
from synthlm_tasks.rows.presets import task_preset

EACH_TASK = pytest.mark.parametrize("task", TASKS)
SIZES = {"train": 2700, "validation": 150, "test": 150}
ROWS = sum(SIZES.values())

Row = dict[str, Any]


@pytest.fixture(autouse=True)
def fresh_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    cache = tmp_path / "cache"
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", cache)
    return cache


def loaded(name: str, **options: object) -> dict[str, list[Row]]:
    made = load_dataset("synthlm", name, **{"num_samples": ROWS, **options})
    return {split: rows.to_list() for split, rows in made.items()}


def run(code: str, folder: Path) -> str:
    """Run `code` in a fresh offline process in `folder`, with caches of its own; returns what it printed."""
    root = str(Path(synthlm_dataset.__file__).parent)
    env = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(folder.parent / "hf"), "PYTHONPATH": root}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=env, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def digest(rows: dict[str, list[Row]]) -> str:
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


# The literal call


def test_the_literal_call_works_offline_in_a_fresh_process_from_an_empty_folder(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    row = run(
        "import synthlm_dataset; from datasets import load_dataset\n"
        'print(load_dataset("synthlm", "dyna-hard")["train"][0])',
        empty,
    )
    assert "'sample_id': 'dyna_3_train_0'" in row
    assert list(empty.iterdir()) == []


def test_another_process_makes_the_same_bytes(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    other = run(
        "import hashlib, json, synthlm_dataset; from datasets import load_dataset\n"
        f'made = load_dataset("synthlm", num_samples={ROWS})\n'
        "rows = {split: rows.to_list() for split, rows in made.items()}\n"
        "print(hashlib.sha256(json.dumps(rows).encode()).hexdigest())",
        empty,
    )
    assert other.strip() == digest(loaded("all"))


def test_the_builder_wins_over_whatever_lies_in_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "synthlm").mkdir()
    decoy = pa.table({"input_text": ["from the folder"]})
    for name in ("train.parquet", "synthlm/train.parquet"):
        pq.write_table(decoy, tmp_path / name)
    (tmp_path / "synthlm.py").write_text("a local script\n")
    monkeypatch.chdir(tmp_path)
    assert load_dataset("synthlm", "dyna-easy", num_samples=20)["train"][0]["sample_id"] == "dyna_1_train_0"
    for read in (load_dataset("./synthlm"), load_dataset("parquet", data_files={"train": "train.parquet"})):
        assert read["train"].to_list() == decoy.to_pylist()


@pytest.mark.skipif(
    int(datasets.__version__.partition(".")[0]) > 3, reason="datasets 4 and later run no loading scripts"
)
def test_the_file_is_a_loading_script_on_datasets_3(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    script = synthlm_dataset.__file__
    row = run(
        "from datasets import load_dataset\n"
        f'call = dict(path={script!r}, name="dyna-hard", trust_remote_code=True, split="train")\n'
        "print(load_dataset(**call, num_samples=3000, num_proc=2)[0])\n"
        "print(next(iter(load_dataset(**call, streaming=True))))",
        empty,
    )
    assert row.count("'sample_id': 'dyna_3_train_0'") == 2


# The same rows in every way of reading them


def test_rows_equal_the_task_api() -> None:
    for split, rows in loaded("dyna-medium", seed=7).items():
        table = TASKS["dyna"](seed=7).generate_table(SIZES[split], "medium", split)
        assert rows == table.to_pylist()


@EACH_TASK
def test_axis_keywords_reach_the_rows(task: str) -> None:
    axis, value = next(iter(task_preset(task).hard.items()))
    rows = loaded(f"{task}-easy", **{axis: value})["train"]
    assert rows == TASKS[task]().generate_table(2700, "easy", **{axis: value}).to_pylist()
    assert rows[0]["sample_id"] != f"{task}_1_train_0"  # an id names one row


@pytest.mark.parametrize("name", ["dyna-hard", "all"])
def test_two_processes_make_the_same_rows_in_the_same_order(name: str) -> None:
    one = loaded(name)
    datasets.config.HF_DATASETS_CACHE = datasets.config.HF_DATASETS_CACHE / "two"
    assert loaded(name, num_proc=2) == one


@pytest.mark.parametrize("name", ["dyna-hard", "all"])
def test_a_stream_has_the_same_rows_in_the_same_order(name: str) -> None:
    streams = load_dataset("synthlm", name, num_samples=ROWS, streaming=True)
    assert {split: list(rows) for split, rows in streams.items()} == loaded(name)


def test_examples_are_the_same_rows_under_unique_keys() -> None:
    builder = SynthLM(config_name="all", num_samples=ROWS)
    for generator in builder._split_generators(None):
        keys, rows = zip(*builder._generate_examples(**generator.gen_kwargs), strict=True)
        assert list(rows) == loaded("all")[generator.name]
        assert len(set(keys)) == len(rows)
        assert {type(key) for key in keys} <= {int, str}


def test_another_seed_gives_other_rows() -> None:
    one, other = loaded("dyna-hard"), loaded("dyna-hard", seed=43)
    for split, rows in one.items():
        assert not {row["input_text"] for row in rows} & {row["input_text"] for row in other[split]}


@EACH_TASK
def test_more_samples_keep_every_row(task: str) -> None:
    small, large = loaded(task), loaded(task, num_samples=2 * ROWS)
    for split, rows in small.items():
        by_id = {row["sample_id"]: row for row in large[split]}
        assert len(by_id) == 2 * SIZES[split]
        assert all(by_id[row["sample_id"]] == row for row in rows)


def test_split_slices_are_slices() -> None:
    rows = loaded("dyna")
    sliced = load_dataset("synthlm", "dyna", num_samples=ROWS, split="train[10:20]+test[:50%]")
    assert sliced.to_list() == rows["train"][10:20] + rows["test"][:75]
    parts = load_dataset("synthlm", "dyna", num_samples=ROWS, split=["validation", "train[-1:]"])
    assert [part.to_list() for part in parts] == [rows["validation"], rows["train"][-1:]]


def test_nodes_share_the_shards_of_a_stream() -> None:
    stream = load_dataset("synthlm", "dyna", num_samples=10_000, streaming=True, split="train")
    assert stream.n_shards == 8
    shares = [[row["sample_id"] for row in split_dataset_by_node(stream, rank, 4)] for rank in range(4)]
    ids = [row["sample_id"] for row in stream]
    assert sorted(itertools.chain(*shares)) == sorted(ids)
    assert all(1500 < len(share) < 3000 for share in shares)


def test_a_stream_survives_pickling_and_resumes_from_its_state() -> None:
    stream = load_dataset("synthlm", "dyna", num_samples=5_000, streaming=True, split="train")
    rows = list(stream)
    assert list(pickle.loads(pickle.dumps(stream))) == rows
    reader = iter(stream)
    for _ in range(1500):
        next(reader)
    state = stream.state_dict()
    stream.load_state_dict(state)
    assert list(stream) == rows[1500:]


def test_data_loader_workers_share_a_stream() -> None:
    torch_data = pytest.importorskip("torch.utils.data", reason="torch is not installed")
    stream = load_dataset("synthlm", "dyna", num_samples=5_000, streaming=True, split="train")
    loader = torch_data.DataLoader(stream.with_format("torch"), num_workers=2, batch_size=None)
    assert sorted(row["sample_id"] for row in loader) == sorted(row["sample_id"] for row in stream)


# The builder object


def test_infos_are_there_before_anything_is_prepared(fresh_cache: Path) -> None:
    info = load_dataset_builder("synthlm", "dyna-hard", num_samples=ROWS).info
    assert {split: part.num_examples for split, part in info.splits.items()} == SIZES
    assert {name: feature.dtype for name, feature in info.features.items()} == {
        **dict.fromkeys(["input_text", "target", "task"], "string"),
        "difficulty": "int8",
        **dict.fromkeys(["split", "sample_id", "metadata"], "string"),
    }
    assert info.license == "CC-BY-4.0"
    assert "2512.17351" in info.citation
    assert "SSRN 5240330" in info.citation
    assert "Zeyuan" in info.citation
    assert "dyna, hard" in info.description
    assert str(info.version) == DATASET_VERSION
    assert not list(fresh_cache.rglob("*.arrow"))


def test_it_is_a_generator_based_builder() -> None:
    builder = SynthLM(config_name="dyna-easy")
    assert isinstance(builder, datasets.GeneratorBasedBuilder)
    assert isinstance(builder, datasets.ArrowBasedBuilder)


def test_it_prepares_by_itself_and_shares_the_cache_with_load_dataset() -> None:
    builder = SynthLM(config_name="dyna-easy", num_samples=ROWS)
    builder.download_and_prepare()
    assert builder.as_dataset(split="test").to_list() == loaded("dyna-easy")["test"]
    assert builder.cache_dir == load_dataset_builder("synthlm", "dyna-easy", num_samples=ROWS).cache_dir


def test_it_prepares_parquet_files(tmp_path: Path) -> None:
    SynthLM(config_name="dyna", num_samples=ROWS).download_and_prepare(
        str(tmp_path / "out"), file_format="parquet"
    )
    files = {split: str(next((tmp_path / "out").glob(f"*{split}*.parquet"))) for split in SIZES}
    assert load_dataset("parquet", data_files=files)["test"].to_list() == loaded("dyna")["test"]


def test_a_builder_survives_pickling() -> None:
    builder = pickle.loads(pickle.dumps(SynthLM(config_name="dyna", num_samples=ROWS, seed=3)))
    builder.download_and_prepare()
    assert builder.as_dataset(split="train").to_list() == loaded("dyna", seed=3)["train"]


def test_names_are_those_of_the_catalog() -> None:
    assert datasets.get_dataset_config_names("synthlm") == list(catalog.configs())
    assert datasets.get_dataset_split_names("synthlm", "dyna") == ["train", "validation", "test"]
    assert datasets.get_dataset_default_config_name("synthlm") == "all"
    assert load_dataset_builder("synthlm").config.name == "all"


def test_every_axis_of_every_task_is_a_field_of_the_config() -> None:
    config = SynthLM(config_name="all").config
    assert all(getattr(config, name) is None for name in catalog.axis_names())


def test_registering_again_changes_nothing() -> None:
    before = datasets.load.dataset_module_factory, datasets.inspect.dataset_module_factory
    synthlm_dataset._register()
    assert (datasets.load.dataset_module_factory, datasets.inspect.dataset_module_factory) == before
