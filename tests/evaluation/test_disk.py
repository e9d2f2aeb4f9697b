"""A full disk: sending stops at once, the journal keeps whole lines only, and the run can go on."""

import errno
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from endpoint import Endpoint, endpoint
from evaluating import command, evaluate, lines, read, winning

from eval_harness.evaluation import evaluation
from eval_harness.runs import journal
from synthlm_tasks.cli import main


@pytest.fixture
def served() -> Iterator[Endpoint]:
    with endpoint() as running:
        yield running


def ends_like_an_uninterrupted_run(served: Endpoint, run: Path) -> None:
    finished = {line["input_text"] for line in lines(run)}
    asked = len(served.asked)
    assert main(["eval", "--resume", str(run)]) == 0
    assert not finished & set(served.asked[asked:])
    assert evaluate(served, run.with_name("whole")) == 0
    assert winning(run) == winning(run.with_name("whole"))


def test_a_file_that_may_not_grow_stops_the_run(served: Endpoint, tmp_path: Path) -> None:
    # The kernel writes what still fits of a line, and only then refuses.
    run = tmp_path / "run"
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (15_000, 15_000)); "
    program = f"{limit}from synthlm_tasks.cli import run; run()"
    arguments = [sys.executable, "-P", "-c", program, *command(served, run, "--max-concurrent", "2")]
    ended = subprocess.run(arguments, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 3, ended.stdout + ended.stderr
    assert "cannot write results.jsonl" in ended.stderr
    written = lines(run)
    assert 5 < len(written) < 30
    assert (run / "results.jsonl").read_bytes().endswith(b"\n")
    assert len(written) < len(served.asked) <= len(written) + 3
    assert read(run, "summary")["overall"]["scored"] == len(written)
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY
    ends_like_an_uninterrupted_run(served, run)


@pytest.mark.parametrize("torn", [0, 40], ids=["nothing fits", "a part fits"])
def test_a_full_disk_stops_the_run(
    torn: int,
    served: Endpoint,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run = tmp_path / "run"
    write, left = os.write, iter(range(12))

    def full(file: int, data: bytes) -> int:
        if not data.startswith(b'{"sample_id"') or next(left, None) is not None:
            return write(file, data)
        if torn:
            return write(file, data[:torn])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(journal.os, "write", full)
        assert evaluate(served, run, "--max-concurrent", "2") == 3
    assert "No space left on device" in capsys.readouterr().err
    assert len(lines(run)) == 12
    assert len(served.asked) <= 14
    ends_like_an_uninterrupted_run(served, run)


def test_no_room_for_the_summary_is_said_and_the_journal_stands(
    served: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run"
    written = evaluation.write_json

    def full(path: Path, data: dict[str, object]) -> None:
        if path.name == "summary.json":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written(path, data)

    with monkeypatch.context() as patched:
        patched.setattr(evaluation, "write_json", full)
        assert evaluate(served, run) == 3
    shown = capsys.readouterr()
    assert "No space left on device" in shown.err
    assert "correct (" in shown.out
    assert len(lines(run)) == 30
    assert main(["eval", "--resume", str(run)]) == 0
    assert len(served.asked) == 30
