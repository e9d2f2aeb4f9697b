"""Folders: written shard by shard, resumed, refused, and equal to the byte however they were made."""

import hashlib
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from synthlm_tasks import cli
from synthlm_tasks.curriculum.layout import Layout, Portion
from synthlm_tasks.curriculum.shards import ShardWriter, write_shards
from synthlm_tasks.curriculum.storage import Folder

SMALL = ["merged", "--total-tokens", "300K", "--shard-rows", "700"]


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file in a folder, hidden ones too."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def run(folder: Path, *arguments: str) -> int:
    """The exit code of the command, writing to `folder`."""
    return cli.main([*arguments, "--output-dir", str(folder)])


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder made in one go."""
    folder = tmp_path_factory.mktemp("whole")
    assert run(folder, *SMALL) == 0
    return folder


def test_the_same_command_gives_the_same_bytes(whole: Path, tmp_path: Path) -> None:
    assert run(tmp_path, *SMALL) == 0
    assert digests(tmp_path) == digests(whole)


def test_processes_give_the_same_bytes(whole: Path, tmp_path: Path) -> None:
    assert run(tmp_path, *SMALL, "--num-proc", "2") == 0
    assert digests(tmp_path) == digests(whole)


def test_a_whole_folder_is_left_as_it_is(whole: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in whole.rglob("*")}
    assert run(whole, *SMALL) == 0
    assert {path: path.stat().st_mtime_ns for path in whole.rglob("*")} == before


def test_nothing_but_the_dataset_is_left(whole: Path) -> None:
    shards = [f"train-{number:05}-of-00004.parquet" for number in range(4)]
    papers = ["README.md", "metadata.json", "tokenizer/tokenizer.json", "tokenizer/tokenizer_config.json"]
    held_out = [f"{split}-00000-of-00001.parquet" for split in ("test", "validation")]
    assert sorted(digests(whole)) == sorted([*shards, *papers, *held_out])


def test_metadata_gives_the_digest_of_every_file(whole: Path) -> None:
    files = json.loads((whole / "metadata.json").read_text())["files"]
    found = digests(whole)
    assert {file["path"]: file["sha256"] for file in files} == {
        name: digest for name, digest in found.items() if name.endswith(".parquet")
    }


def layout(shard_rows: int = 500) -> Layout:
    """A small mixture of three levels."""
    counts = {"train": (900, 0, 800), "test": (50, 20, 0)}
    portion = Portion("default", "dyna", counts, dict.fromkeys(counts, (0, 0, 0)))
    return Layout({}, 7, "parquet", shard_rows, True, (portion,))


def test_a_layout_travels_as_json() -> None:
    assert Layout.from_json(layout().to_json()) == layout()


def test_shards_in_any_order_are_the_same(tmp_path: Path) -> None:
    made = layout()
    list(write_shards(made, made.shards, Folder(str(tmp_path / "a"))))
    for shard in reversed(made.shards):
        ShardWriter(made, Folder(str(tmp_path / "b"))).write(shard)
    files = [f"train-{number:05}-of-00004.parquet" for number in range(4)] + ["test-00000-of-00001.parquet"]
    for name in files:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_shards_are_the_rows_of_the_mixture_in_order(tmp_path: Path) -> None:
    made = layout()
    written = list(write_shards(made, made.shards, Folder(str(tmp_path))))
    assert [record.rows for record in written] == [425, 425, 425, 425, 70]
    train = [pq.read_table(tmp_path / record.path) for record in written[:4]]
    whole = pa.concat_tables(made.mixtures["default", "train"].tables())
    assert pa.concat_tables(train).combine_chunks().equals(whole.combine_chunks())
