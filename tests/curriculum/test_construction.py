"""Folders: written shard by shard, resumed, refused, and equal to the byte however they were made."""

import contextlib
import itertools
import json
import os
import random
import shutil
import signal
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from folders import COMMAND, digests, process, synthlm

from synthlm_tasks.cli import curriculum
from synthlm_tasks.curriculum.executors import processes
from synthlm_tasks.curriculum.executors.dealing import WorkQueue
from synthlm_tasks.curriculum.layout import Layout, Portion, Shard
from synthlm_tasks.curriculum.shards import Progress, ShardRecord, ShardWriter, no_progress, write_shards
from synthlm_tasks.curriculum.storage import WORK, Folder
from synthlm_tasks.errors import AbortedError

SMALL = ["single", "logic", "--total-tokens", "200K", "--shard-rows", "800"]
SHARDS = 6


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder made in one go."""
    folder = tmp_path_factory.mktemp("whole")
    assert synthlm(folder, *SMALL) == 0
    return folder


def test_the_same_command_gives_the_same_bytes(whole: Path, tmp_path: Path) -> None:
    assert synthlm(tmp_path, *SMALL) == 0
    assert digests(tmp_path) == digests(whole)


def test_processes_give_the_same_bytes(whole: Path, tmp_path: Path) -> None:
    assert synthlm(tmp_path, *SMALL, "--num-proc", "2") == 0
    assert digests(tmp_path) == digests(whole)


def test_other_rows_come_of_another_seed(whole: Path, tmp_path: Path) -> None:
    assert synthlm(tmp_path, *SMALL, "--seed", "43") == 0
    shared = digests(tmp_path).items() & digests(whole).items()
    same = {"eval.yaml", "tokenizer/tokenizer.json", "tokenizer/tokenizer_config.json"}
    assert {name for name, _ in shared} == same


def test_a_whole_folder_is_left_as_it_is(whole: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.stat().st_mtime_ns for path in whole.rglob("*.*")}
    assert synthlm(whole, *SMALL) == 0
    assert {path: path.stat().st_mtime_ns for path in whole.rglob("*.*")} == before
    assert "nothing to do" in capsys.readouterr().out


def test_nothing_but_the_dataset_is_left(whole: Path) -> None:
    shards = [f"train-{number:05}-of-00004.parquet" for number in range(4)]
    papers = ["README.md", "eval.yaml", "metadata.json"]
    papers += ["tokenizer/tokenizer.json", "tokenizer/tokenizer_config.json"]
    held_out = [f"{split}-00000-of-00001.parquet" for split in ("test", "validation")]
    assert sorted(digests(whole)) == sorted([*shards, *papers, *held_out])
    assert not (whole / WORK).exists()


def test_metadata_gives_the_digest_of_every_file(whole: Path) -> None:
    files = json.loads((whole / "metadata.json").read_text())["files"]
    found = digests(whole)
    assert {file["path"]: file["sha256"] for file in files} == {
        name: digest for name, digest in found.items() if name.endswith(".parquet")
    }


def test_papers_tell_of_no_time_host_or_path(whole: Path) -> None:
    for name in ("metadata.json", "README.md"):
        text = (whole / name).read_text()
        assert str(whole) not in text
        assert str(Path.home()) not in text.replace("/root", str(Path.home()))
        assert time.strftime("%Y-%m-%d") not in text


def test_only_what_is_missing_is_made_again(whole: Path, tmp_path: Path) -> None:
    assert synthlm(tmp_path, *SMALL) == 0
    lost = tmp_path / "train-00002-of-00004.parquet"
    lost.unlink()
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.*")}
    assert synthlm(tmp_path, *SMALL) == 0
    assert digests(tmp_path) == digests(whole)
    assert {path for path in tmp_path.rglob("*.*") if before.get(path) != path.stat().st_mtime_ns} == {lost}


def stopping(count: int) -> type[Exception]:
    """Make the next run stop after `count` shards."""

    class StoppedError(Exception):
        def __call__(
            self, layout: Layout, shards: Sequence[Shard], folder: Folder, progress: Progress = no_progress
        ) -> Iterator[ShardRecord]:
            writer = ShardWriter(layout, folder)
            for shard in shards[:count]:
                yield writer.write(shard, progress)
            raise self

    return StoppedError


@pytest.mark.parametrize("count", [0, 1, SHARDS - 1, SHARDS])
def test_finished_shards_are_kept_and_the_rest_is_made(
    count: int, whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = stopping(count)
    with monkeypatch.context() as patch:
        patch.setattr("synthlm_tasks.cli.options.in_process", stop())
        with pytest.raises(stop):
            synthlm(tmp_path, *SMALL)
    kept = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.parquet")}
    assert len(kept) == count
    (tmp_path / WORK / "partial").mkdir(exist_ok=True)
    (tmp_path / WORK / "partial" / "torn.parquet").write_bytes(b"PAR1")
    assert synthlm(tmp_path, *SMALL) == 0
    assert digests(tmp_path) == digests(whole)
    assert {path: path.stat().st_mtime_ns for path in kept} == kept


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--seed", "7"], "seed is 42, asked is 7"),
        (["--max-held-out", "9"], "max_held_out is 10000, asked is 9"),
        (["--format", "jsonl"], "format is 'parquet', asked is 'jsonl'"),
        (["--curriculum-weights", "1", "0", "0"], "curriculum_weights is [0.4, 0.35, 0.25], asked is [1.0,"),
    ],
)
def test_a_folder_of_other_settings_is_refused_with_what_differs(
    arguments: list[str], complaint: str, whole: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = digests(whole)
    assert synthlm(whole, *SMALL, *arguments) == 2
    assert complaint in capsys.readouterr().err
    assert digests(whole) == before


def test_another_command_is_refused(whole: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert synthlm(whole, "merged", *SMALL[2:]) == 2
    assert "command is 'single', asked is 'merged'" in capsys.readouterr().err


def test_another_version_of_the_writer_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stop = stopping(1)
    with monkeypatch.context() as patch:
        patch.setattr("synthlm_tasks.cli.options.in_process", stop())
        with pytest.raises(stop):
            synthlm(tmp_path, *SMALL)
    monkeypatch.setattr(curriculum, "version", lambda _: "999.0")
    assert synthlm(tmp_path, *SMALL) == 2
    assert "writer is 'pyarrow " in (message := capsys.readouterr().err)
    assert "asked is 'pyarrow 999.0'" in message


def test_a_folder_of_something_else_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "thesis.tex").write_text("chapter 1")
    assert synthlm(tmp_path, *SMALL) == 2
    assert "holds other files (thesis.tex)" in capsys.readouterr().err
    assert digests(tmp_path).keys() == {"thesis.tex"}


@pytest.mark.parametrize("papers", [b"[]", b"{}", b"{", b"\xff", b'{"settings": 1}'])
def test_a_folder_whose_papers_are_not_ours_is_refused(
    papers: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "metadata.json").write_bytes(papers)
    assert synthlm(tmp_path, *SMALL) == 2
    assert "its metadata.json is not one of ours" in capsys.readouterr().err
    assert digests(tmp_path).keys() == {"metadata.json"}


def test_a_folder_that_another_process_writes_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Folder(str(tmp_path)).locked():
        assert synthlm(tmp_path, *SMALL) == 2
    assert "another process is writing to it" in capsys.readouterr().err
    assert synthlm(tmp_path, *SMALL) == 0


FULL = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (15_000, 15_000)); {COMMAND}"


def test_a_full_disk_stops_clearly_and_can_be_resumed(whole: Path, tmp_path: Path) -> None:
    run = process(FULL, *SMALL, "--output-dir", str(tmp_path / "d"), folder=tmp_path)
    _, message = run.communicate(timeout=120)
    assert run.returncode == 3, message
    assert "cannot be written" in message
    assert "run the same command again" in message.replace("\n", " ")
    assert not list((tmp_path / "d").glob("**/*.parquet"))
    assert synthlm(tmp_path / "d", *SMALL) == 0
    assert digests(tmp_path / "d") == digests(whole)


def kill(arguments: list[str], seconds: float) -> None:
    """Start the command and kill it, all its processes, after so many seconds."""
    run = process(f"import os; os.setsid(); {COMMAND}", *arguments)
    time.sleep(seconds)
    with contextlib.suppress(ProcessLookupError):  # it may be done
        os.killpg(run.pid, signal.SIGKILL)
    run.communicate(timeout=60)


def finish(arguments: list[str]) -> None:
    """Let the command run to its end."""
    run = process(COMMAND, *arguments)
    _, message = run.communicate(timeout=600)
    assert run.returncode == 0, message


def test_killed_runs_end_like_an_undisturbed_one(whole: Path, tmp_path: Path) -> None:
    arguments = [*SMALL, "--num-proc", "2", "--output-dir", str(tmp_path)]
    for seconds in (1.8, 2.6):
        kill(arguments, seconds)
    finish(arguments)
    assert digests(tmp_path) == digests(whole)


def descendants(process: int) -> list[int]:
    """The children of a process, and theirs."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [number for child in map(int, children) for number in (child, *descendants(child))]


def test_workers_end_with_the_process_that_started_them(tmp_path: Path) -> None:
    run = process(
        COMMAND, "merged", "--total-tokens", "50M", "--num-proc", "2", "--output-dir", str(tmp_path)
    )
    deadline = time.monotonic() + 60
    while len(workers := descendants(run.pid)) < 4 and time.monotonic() < deadline:
        time.sleep(0.1)  # two that write, the server they are forked from, and a tracker
    run.kill()
    run.communicate(timeout=60)
    assert len(workers) >= 4
    while any(Path(f"/proc/{worker}").exists() for worker in workers) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(Path(f"/proc/{worker}").exists() for worker in workers)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_an_interrupted_command_says_so_and_goes_on(
    number: signal.Signals, whole: Path, tmp_path: Path
) -> None:
    at_the_first_file = f"""
import os, signal
from synthlm_tasks.curriculum.storage import Folder
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job is started to ignore it
Folder.writing = lambda *_: os.kill(os.getpid(), {int(number)})
{COMMAND}"""
    run = process(at_the_first_file, *SMALL, "--output-dir", str(tmp_path))
    run.communicate(timeout=60)
    assert run.returncode == 130
    assert synthlm(tmp_path, *SMALL) == 0
    assert digests(tmp_path) == digests(whole)


@pytest.mark.slow
def test_twenty_kills_end_like_an_undisturbed_run(tmp_path: Path) -> None:
    command = ["merged", "--total-tokens", "2M", "--shard-rows", "500", "--num-proc", "2", "--output-dir"]
    begun = time.monotonic()
    finish([*command, str(tmp_path / "undisturbed")])
    length = time.monotonic() - begun
    killed = tmp_path / "killed"
    for _ in range(20):
        if (killed / "metadata.json").exists():
            assert digests(killed) == digests(tmp_path / "undisturbed")
            shutil.rmtree(killed)
        kill([*command, str(killed)], random.uniform(0, length))
    finish([*command, str(killed)])
    assert digests(killed) == digests(tmp_path / "undisturbed")


def test_a_worker_that_dies_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_write", _die)
    made = layout()
    with pytest.raises(AbortedError, match="run the same command again"):
        list(processes.Processes(2)(made, made.shards, Folder(str(tmp_path))))


def _die(_: Shard) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def layout(shard_rows: int = 500) -> Layout:
    """A small mixture of three levels."""
    counts = {"train": (900, 0, 800), "test": (50, 20, 0)}
    portion = Portion("default", "dyna", counts, dict.fromkeys(counts, (0, 0, 0)), {})
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


def test_folders_of_any_kind_hold_the_same_bytes(tmp_path: Path) -> None:
    made = layout()
    list(write_shards(made, made.shards, Folder(str(tmp_path))))
    memory = Folder("memory://curriculum-test")
    written = list(write_shards(made, made.shards, memory))
    assert {record.path: record.sha256 for record in written}.items() <= digests(tmp_path).items()
    assert list(write_shards(made, made.shards, memory)) == written


@pytest.mark.parametrize(("numbers", "workers"), [(10, 3), (2, 4), (7, 1), (0, 2)])
def test_runs_deal_every_number_once_and_mostly_neighbours(numbers: int, workers: int) -> None:
    runs = WorkQueue(numbers, workers)
    dealt: dict[int, list[int]] = {worker: [] for worker in range(workers)}
    while sum(_deal(runs, worker, dealt) for worker in dealt):
        pass
    assert sorted(number for some in dealt.values() for number in some) == list(range(numbers))
    steps = [b - a for some in dealt.values() for a, b in itertools.pairwise(some)]
    assert steps.count(1) >= len(steps) / 2


def _deal(runs: WorkQueue, worker: int, dealt: dict[int, list[int]]) -> bool:
    number = runs.next(worker)
    if number is not None:
        dealt[worker].append(number)
    return number is not None
