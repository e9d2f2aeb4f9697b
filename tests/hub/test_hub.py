"""Publishing: to a stand-in for the Hub on a loopback port, and read back by who has never heard of us."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from folders import digests
from hub_api import WRITER, Hub
from hub_repos import Repo
from hub_server import serving
from publishing import CONFIGS, EXPORT, OLD_UPLOAD, REPO, only_message, push

import synthlm_dataset
from synthlm_tasks import DATASET_VERSION, cli

pytestmark = OLD_UPLOAD


# Loaded back by a process without SynthLM

LOAD = """
import json, sys
from datasets import get_dataset_config_names, load_dataset
repo, revision = sys.argv[1:]
found = {}
for name in get_dataset_config_names(repo, revision=revision):
    whole = load_dataset(repo, name, revision=revision)
    streams = load_dataset(repo, name, revision=revision, streaming=True)
    found[name] = {split: rows.to_list() for split, rows in whole.items()}
    assert {split: list(rows) for split, rows in streams.items()} == found[name]
assert not {"synthlm_tasks", "synthlm_dataset"} & set(sys.modules)
print(json.dumps(found))
"""


def process(hub: Hub, folder: Path, code: str, *arguments: str) -> str:
    """What a fresh process prints that knows of the Hub and has caches of its own."""
    env = {**os.environ, "HF_ENDPOINT": hub.url, "HF_HOME": str(folder / "hf"), "HF_TOKEN": WRITER}
    env |= {"HF_HUB_OFFLINE": "0", "HF_HUB_DISABLE_XET": "0" if hub.xet else "1"}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=env,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def rows_of(name: str) -> dict[str, list[dict[str, Any]]]:
    made = synthlm_dataset.SynthLM(config_name=name, num_samples=300).config.plan()
    return {
        split: [row for table in mixture.tables() for row in table.to_pylist()]
        for split, mixture in made.items()
    }


@pytest.mark.parametrize("storage", ["lfs", "xet"])
def test_what_is_pushed_loads_whole_and_as_a_stream(storage: str, exported: Path, tmp_path: Path) -> None:
    if storage == "xet":
        pytest.importorskip("hf_xet")
    with serving(tmp_path / "store" if storage == "xet" else None) as hub:
        command = "import sys; from synthlm_tasks import cli; sys.exit(cli.main(sys.argv[1:]))"
        for _ in range(2):
            process(hub, tmp_path, command, "push", str(exported), REPO, "--private")
        assert hub.log(REPO) == ["initial commit", f"SynthLM {DATASET_VERSION}"]
        assert any("xet-write-token" in asked for asked in hub.asked) == (storage == "xet")
        loaded = json.loads(process(hub, tmp_path, LOAD, REPO, DATASET_VERSION))
    assert loaded == {name: rows_of(name) for name in CONFIGS}


@pytest.mark.parametrize(
    "command", ["merged --total-tokens 60K", "pack dyna-easy --num-samples 2000 --context 512"]
)
def test_a_folder_is_pushed_as_it_is_made_and_loads_as_the_default_config(
    command: str, hub: Hub, tmp_path: Path
) -> None:
    made = [*command.split(), "--output-dir", str(tmp_path / "made")]
    assert cli.main([*made, "--push-to-hub", "--hub-repo", REPO]) == 0
    loaded = json.loads(process(hub, tmp_path, LOAD, REPO, "main"))
    papers = json.loads((tmp_path / "made" / "metadata.json").read_text())
    counts = {split: counted["rows"] for split, counted in papers["configs"][0]["splits"].items()}
    assert list(loaded) == ["default"]
    assert {split: len(rows) for split, rows in loaded["default"].items()} == counts


# What stands on the Hub


def test_all_configs_go_in_one_commit_under_a_tag_of_the_version(hub: Hub, folder: Path) -> None:
    before = digests(folder)
    assert push(folder) == 0
    repo = hub.repos[REPO]
    assert hub.log(REPO) == ["initial commit", f"SynthLM {DATASET_VERSION}"]
    assert repo.tags == {DATASET_VERSION: repo.head.oid}
    assert digests(folder) == before
    pushed = {path: blob.sha256 for path, blob in repo.head.files.items()}
    assert {path: pushed[path] for path in before} == before
    assert pushed.keys() - before.keys() == {".gitattributes", "synthlm_dataset.py"}


def test_the_builder_travels_with_the_data(hub: Hub, exported: Path) -> None:
    assert push(exported) == 0
    builder = Path(synthlm_dataset.__file__).read_bytes()
    assert hub.repos[REPO].head.files["synthlm_dataset.py"].data == builder


def test_the_same_data_pushed_twice_makes_no_commit(
    hub: Hub, exported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert push(exported) == 0
    commits, asked = hub.log(REPO), len(hub.asked)
    assert push(exported) == 0
    assert hub.log(REPO) == commits
    assert not [line for line in hub.asked[asked:] if "PUT" in line or "/commit/" in line]
    assert "nothing to do" in capsys.readouterr().out


def test_files_of_another_folder_are_none_of_the_push(hub: Hub, folder: Path) -> None:
    (folder / "notes.txt").write_text("mine")
    assert push(folder) == 0
    assert "notes.txt" not in hub.repos[REPO].head.files


def test_a_new_version_replaces_the_files_of_the_old_one(hub: Hub, folder: Path, exported: Path) -> None:
    papers = json.loads((folder / "metadata.json").read_text())
    papers["dataset_version"] = "0.9.0"
    gone = "dyna-hard/train-00001-of-00002.parquet"
    (train,) = (file for file in papers["files"] if file["path"].startswith("dyna-hard/train"))
    shutil.copy(folder / train["path"], folder / gone)
    papers["files"].append({**train, "path": gone})
    (folder / "metadata.json").write_text(json.dumps(papers))
    assert push(folder) == 0
    assert push(exported) == 0
    repo = hub.repos[REPO]
    assert list(repo.tags) == ["0.9.0", DATASET_VERSION]
    assert gone in repo.at("0.9.0").files
    assert gone not in repo.head.files


def test_a_private_repo_is_made_private(hub: Hub, exported: Path) -> None:
    assert push(exported, "--private") == 0
    assert hub.repos[REPO].private


def test_private_is_refused_where_the_repo_is_public(
    hub: Hub, exported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hub.repos[REPO] = Repo(REPO, private=False)
    assert push(exported, "--private") == 2
    assert "public" in only_message(capsys)
    assert hub.log(REPO) == ["initial commit"]


def test_other_data_under_the_same_version_is_refused_with_what_differs(
    hub: Hub, exported: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert push(exported) == 0
    other = tmp_path / "other"
    assert cli.main([*EXPORT, "--seed", "7", "--output-dir", str(other)]) == 0
    capsys.readouterr()
    commits = hub.log(REPO)
    assert push(other) == 2
    message = only_message(capsys)
    assert "seed (42 there, 7 here)" in message
    assert "files" in message
    assert "num_samples" not in message
    assert hub.log(REPO) == commits


def test_other_libraries_alone_make_no_other_data(hub: Hub, folder: Path) -> None:
    assert push(folder) == 0
    papers = json.loads((folder / "metadata.json").read_text())
    papers["libraries"]["numpy"] = "9.9"
    (folder / "metadata.json").write_text(json.dumps(papers))
    assert push(folder) == 0
    assert len(hub.log(REPO)) == 2
