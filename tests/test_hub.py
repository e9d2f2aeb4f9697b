"""Publishing: to a stand-in for the Hub on a loopback port, and read back by who has never heard of us."""

import json
import os
import shutil
import subprocess
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import huggingface_hub.constants
import pytest
from hub_api import READER, STRANGER, WRITER, Hub
from hub_repos import Refused, Repo
from hub_server import serving
from test_construction import digests

import synthlm_dataset
from synthlm_tasks import DATASET_VERSION, cli
from synthlm_tasks.hub import Destination, push_folder

# The library's own way of sending large files without xet is deprecated in the HTTP library under it.
pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=<...>':DeprecationWarning")

REPO = "user/synthlm"
CONFIGS = ("dyna-hard", "logic-easy")
EXPORT = ["export", *CONFIGS, "--num-samples", "300"]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished folder, not to be changed."""
    folder = tmp_path_factory.mktemp("exported") / "synthlm"
    assert cli.main([*EXPORT, "--output-dir", str(folder)]) == 0
    return folder


@pytest.fixture
def folder(exported: Path, tmp_path: Path) -> Path:
    """A finished folder of the test's own."""
    return Path(shutil.copytree(exported, tmp_path / "synthlm"))


def direct(patch: pytest.MonkeyPatch, url: str) -> None:
    """Make this process take `url` for the Hub, as HF_ENDPOINT would have."""
    patch.setattr(huggingface_hub.constants, "ENDPOINT", url)
    template = url + "/{repo_id}/resolve/{revision}/{filename}"
    patch.setattr(huggingface_hub.constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A Hub that this process pushes to, with the token of who may write in HF_TOKEN."""
    with serving() as hub:
        direct(monkeypatch, hub.url)
        monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", False)
        monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_DISABLE_XET", True)
        monkeypatch.setenv("HF_TOKEN", WRITER)
        yield hub


def push(folder: Path, *arguments: str, repo: str = REPO) -> int:
    """The exit code of `synthlm push`."""
    return cli.main(["push", str(folder), repo, *arguments])


def only_message(capsys: pytest.CaptureFixture[str]) -> str:
    """The one message on stderr, in which no token stands."""
    output, message = capsys.readouterr()
    assert output == ""
    assert message.startswith("error: ")
    assert message.count("\n") == 1
    assert not any(token in message for token in (WRITER, READER, STRANGER))
    return message


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


def test_a_curriculum_is_pushed_as_it_is_made_and_loads_as_the_default_config(
    hub: Hub, tmp_path: Path
) -> None:
    made = ["merged", "--total-tokens", "60K", "--output-dir", str(tmp_path / "made")]
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


# What is refused before the Hub hears of it


@pytest.mark.parametrize(
    ("repo", "reason"),
    [
        ("synthlm", "user/name"),
        ("user/a/b", "user/name"),
        ("user/", "user/name"),
        ("user/my synthlm", "user/name"),
        ("user/synthlm_dataset", "would run the synthlm_dataset.py in it"),
    ],
)
def test_names_that_cannot_be_are_refused(
    hub: Hub, exported: Path, repo: str, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert push(exported, repo=repo) == 2
    message = only_message(capsys)
    assert f"hub_repo={repo!r}" in message
    assert reason in message
    assert hub.asked == []


def damage(folder: Path, how: str) -> None:
    shard = next(folder.glob("dyna-hard/train*"))
    match how:
        case "no papers":
            (folder / "metadata.json").unlink()
        case "no card":
            (folder / "README.md").unlink()
        case "strange papers":
            (folder / "metadata.json").write_text("[]")
        case "no shard":
            shard.unlink()
        case "cut shard":
            shard.write_bytes(shard.read_bytes()[:-1])
        case "changed shard":
            content = bytearray(shard.read_bytes())
            content[100] ^= 1
            shard.write_bytes(content)


@pytest.mark.parametrize(
    ("how", "named"),
    [
        ("no papers", "metadata.json"),
        ("no card", "README.md"),
        ("strange papers", "metadata.json"),
        ("no shard", "dyna-hard/train-00000-of-00001.parquet is missing"),
        ("cut shard", "dyna-hard/train-00000-of-00001.parquet"),
        ("changed shard", "dyna-hard/train-00000-of-00001.parquet"),
    ],
)
def test_only_a_whole_folder_is_pushed(
    hub: Hub, folder: Path, how: str, named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    damage(folder, how)
    assert push(folder) == 2
    assert named in only_message(capsys)
    assert hub.asked == []


def test_json_lines_are_not_pushed(hub: Hub, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = [
        "single",
        "dyna",
        "--total-tokens",
        "20K",
        "--format",
        "jsonl",
        "--output-dir",
        str(tmp_path / "made"),
    ]
    assert cli.main([*made, "--push-to-hub", "--hub-repo", REPO]) == 2
    assert "format='jsonl'" in only_message(capsys)
    assert not (tmp_path / "made").exists()
    assert cli.main(made) == 0
    capsys.readouterr()
    assert push(tmp_path / "made") == 2
    assert "the Hub gets Parquet" in only_message(capsys)
    assert hub.asked == []


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--push-to-hub"], "--hub-repo"),
        (["--hub-repo", REPO], "--push-to-hub"),
        (["--push-to-hub", "--hub-repo", "user/synthlm_dataset"], "hub_repo='user/synthlm_dataset'"),
        (
            ["--push-to-hub", "--hub-repo", REPO, "--output-dir", "memory://made"],
            "output_dir='memory://made'",
        ),
    ],
)
def test_options_that_cannot_be_are_refused_before_anything_is_made(
    hub: Hub,
    options: list[str],
    named: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main([*EXPORT, *options]) == 2
    assert named in only_message(capsys)
    assert list(tmp_path.iterdir()) == []
    assert hub.asked == []


# What the Hub refuses, and what the network does not carry


@pytest.mark.parametrize(
    ("token", "repo", "named"),
    [
        ("hf_nobody", REPO, "hf_token"),
        (READER, REPO, f"hub_repo={REPO!r}"),
        (WRITER, "somebody/synthlm", "hub_repo='somebody/synthlm'"),
        (STRANGER, REPO, f"hub_repo={REPO!r}"),
    ],
)
@pytest.mark.parametrize("there", [False, True])
def test_who_may_not_write_is_told_once_and_the_folder_stays_pushable(
    hub: Hub, folder: Path, token: str, repo: str, named: str, there: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    if there:
        hub.repos[repo] = Repo(repo, private=False)
    before = digests(folder)
    assert push(folder, "--hf-token", token, repo=repo) == 2
    message = only_message(capsys)
    assert named in message
    assert token not in message
    assert digests(folder) == before
    assert push(folder, repo="user/another") == 0


def test_without_a_token_nothing_is_asked(
    hub: Hub,
    exported: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("HF_TOKEN")
    monkeypatch.setattr(huggingface_hub.constants, "HF_TOKEN_PATH", str(tmp_path / "token"))
    assert push(exported) == 2
    assert "HF_TOKEN" in only_message(capsys)
    assert hub.asked == []


def test_offline_nothing_is_asked(
    hub: Hub, exported: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    assert push(exported) == 2
    assert "HF_HUB_OFFLINE" in only_message(capsys)
    assert hub.asked == []


@pytest.mark.usefixtures("hub")
def test_without_a_network_the_folder_stays_pushable(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = digests(folder)
    with monkeypatch.context() as elsewhere:
        direct(elsewhere, "http://127.0.0.1:9")
        assert push(folder) == 3
    assert "cannot be reached" in only_message(capsys)
    assert digests(folder) == before
    assert push(folder) == 0


def test_a_push_broken_off_goes_on_where_it_was(
    hub: Hub, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = digests(folder)
    for fault in ("/commit/", "/tag/"):
        hub.faults = {fault: Refused(503, "busy")}
        assert push(folder) == 3
        assert "busy" in only_message(capsys)
    hub.faults = {}
    assert push(folder) == 0
    assert digests(folder) == before
    assert hub.log(REPO) == ["initial commit", f"SynthLM {DATASET_VERSION}"]
    sent = [line for line in hub.asked if "PUT" in line]
    assert len(sent) == len(set(sent)) == 3 * len(CONFIGS)


def test_no_token_is_in_the_traceback(hub: Hub, exported: Path) -> None:
    hub.faults = {"/preupload/": Refused(403, f"go away, {WRITER}")}
    with pytest.raises(Exception, match="go away") as caught:
        push_folder(exported, Destination.checked(REPO))
    assert WRITER not in "".join(traceback.format_exception(caught.value))
    assert WRITER not in repr(Destination.checked(REPO))
