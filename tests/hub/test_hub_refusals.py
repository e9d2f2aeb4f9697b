"""Publishing that cannot be: what is refused, by us and by the Hub, and what the network does not carry."""

import traceback
from pathlib import Path

import huggingface_hub.constants
import pytest
from folders import digests
from hub_api import READER, STRANGER, WRITER, Hub
from hub_repos import Refused, Repo
from publishing import (
    CONFIGS,
    EXPORT,
    OLD_UPLOAD,
    REPO,
    direct,
    only_message,
    push,
)

from synthlm_tasks import DATASET_VERSION, cli
from synthlm_tasks.hub import Destination, push_folder

pytestmark = OLD_UPLOAD


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
    assert f"REPO {repo!r}" in message
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
    assert "--format 'jsonl'" in only_message(capsys)
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
        (["--push-to-hub", "--hub-repo", "user/synthlm_dataset"], "--hub-repo 'user/synthlm_dataset'"),
        (
            ["--push-to-hub", "--hub-repo", REPO, "--output-dir", "memory://made"],
            "--output-dir 'memory://made'",
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
        ("hf_nobody", REPO, "--hf-token: "),
        (READER, REPO, f"REPO {REPO!r}"),
        (WRITER, "somebody/synthlm", "REPO 'somebody/synthlm'"),
        (STRANGER, REPO, f"REPO {REPO!r}"),
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
        push_folder(exported, Destination.create(REPO))
    assert WRITER not in "".join(traceback.format_exception(caught.value))
    assert WRITER not in repr(Destination.create(REPO))
