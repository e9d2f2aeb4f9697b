"""Interrupted runs: what is finished is never asked again, and the end is that of an uninterrupted run."""

import json
import random
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from endpoint import Endpoint, endpoint, solved
from evaluating import command, evaluate, lines, read, started, winning, without_timing

from eval_harness.runs.journal import Lock
from eval_harness.runs.runner import GRACE
from synthlm_tasks.cli import main

# Thirty samples of the task that is made fastest, for processes that have to make them anew.
QUICKEST: Final = ("--tasks", "filtro", "--samples-per-combo", "10")


@pytest.fixture
def served() -> Iterator[Endpoint]:
    with endpoint() as running:
        yield running


def wait_for(happened: Callable[[], bool], process: "subprocess.Popen[str]", seconds: float = 120) -> None:
    """Wait for something that a process does."""
    end = time.monotonic() + seconds
    while not happened() and process.poll() is None:
        assert time.monotonic() < end, "nothing happens"
        time.sleep(0.002)


def whole_lines(directory: Path) -> list[dict[str, object]]:
    """The lines of a journal that may be torn."""
    journal = directory / "results.jsonl"
    if not journal.exists():
        return []
    return [
        json.loads(line) for line in journal.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")
    ]


def killed_until_done(served: Endpoint, directory: Path, kills: int, *options: str) -> None:
    """Kill a run `kills` times at random moments, then let it end; nothing finished may be asked again."""
    draw = random.Random(kills)
    for turn in range(kills + 1):
        finished = {line["input_text"] for line in whole_lines(directory)}
        before = len(served.asked)
        begun = turn and (directory / "run.json").exists()
        process = started(
            ["eval", "--resume", str(directory)] if begun else command(served, directory, *options)
        )
        if turn < kills:
            wanted = before + draw.randrange(12)
            wait_for(lambda wanted=wanted: len(served.asked) > wanted, process)  # type: ignore[misc]
            time.sleep(draw.random() * 0.02)
            process.kill()
        output, _ = process.communicate(timeout=60)
        assert turn < kills or process.returncode == 0, output
        assert not finished & set(served.asked[before:])


def compare_with_uninterrupted(served: Endpoint, directory: Path, *options: str) -> None:
    whole = directory.with_name("whole")
    assert evaluate(served, whole, *options) == 0
    assert winning(directory) == winning(whole)
    assert without_timing(read(directory, "summary")) == without_timing(read(whole, "summary"))


def test_killed_runs_go_on_to_the_end_of_an_uninterrupted_one(served: Endpoint, tmp_path: Path) -> None:
    served.latency = 0.01
    options = ("--tasks", "filtro", "--samples-per-combo", "20", "--max-concurrent", "4")
    killed_until_done(served, tmp_path / "run", 2, *options)
    compare_with_uninterrupted(served, tmp_path / "run", *options)


@pytest.mark.slow
def test_a_hundred_kills_change_nothing(served: Endpoint, tmp_path: Path) -> None:
    served.latency = 0.005
    options = ("--tasks", "filtro", "--samples-per-combo", "300", "--max-concurrent", "4")
    killed_until_done(served, tmp_path / "run", 100, *options)
    compare_with_uninterrupted(served, tmp_path / "run", *options)


@pytest.mark.parametrize("lost", [1, 2, 200])
def test_a_torn_last_line_is_cut_off_and_asked_again(served: Endpoint, tmp_path: Path, lost: int) -> None:
    run = tmp_path / "run"
    assert evaluate(served, run) == 0
    journal = run / "results.jsonl"
    torn = lines(run)[-1]["input_text"]
    journal.write_bytes(journal.read_bytes()[:-lost])
    asked = len(served.asked)
    assert main(["eval", "--resume", str(run)]) == 0
    assert served.asked[asked:] == [torn]
    assert len(lines(run)) == 30


def test_garbage_in_the_journal_is_left_out_and_asked_again(served: Endpoint, tmp_path: Path) -> None:
    run = tmp_path / "run"
    assert evaluate(served, run) == 0
    journal = run / "results.jsonl"
    first, *rest = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b'{"sample_id": "\xff\xfe"}\n' + b"[]\n" + b"".join(rest) + b'{"sample_id": "\xff')
    asked = len(served.asked)
    assert main(["eval", "--resume", str(run)]) == 0
    assert served.asked[asked:] == [json.loads(first)["input_text"]]
    assert read(run, "summary")["overall"]["scored"] == 30


def test_of_several_lines_of_a_sample_the_first_that_is_no_error_counts(
    served: Endpoint, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    assert evaluate(served, run, "--configs", "logic-easy", "--samples-per-combo", "2") == 0
    one, two = lines(run)
    right = {**one, "is_correct": True, "outcome": "ok"}
    wrong = {**one, "is_correct": False, "outcome": "no_answer"}
    failed = {**one, "is_correct": None, "outcome": "error", "error": "HTTP 500"}
    written = [failed, right, wrong, failed, {**two, "is_correct": True}, {**two, "epoch": 1}]
    (run / "results.jsonl").write_text("".join(json.dumps(line) + "\n" for line in written))
    asked = len(served.asked)
    assert main(["eval", "--resume", str(run)]) == 0
    overall = read(run, "summary")["overall"]
    assert (overall["scored"], overall["correct"], overall["errors"]) == (2, 2, 0)
    assert len(served.asked) == asked


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--model", "other"], "--model was 'm', now 'other'"),
        (["--seed", "43"], "--seed was 42, now 43"),
        (["--temperature", "0.5"], "--temperature"),
        (["--max-tokens", "9"], "--max-tokens"),
        (["--mode", "direct"], "--mode"),
        (["--endpoint", "completions"], "--endpoint"),
        (["--shots", "2"], "--shots"),
        (["--tasks", "dyna"], "--tasks"),
        (["--difficulties", "1"], "--difficulties"),
        (["--extra-body", '{"top_p": 0.9}'], "--extra-body"),
        (["--samples-per-combo", "1"], "--samples-per-combo was 2, now 1"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_what_changes_the_meaning_is_refused_by_name(
    options: list[str],
    named: str,
    run_of_two: tuple[Endpoint, Path],
    capsys: pytest.CaptureFixture[str],
) -> None:
    served, run = run_of_two
    asked = len(served.asked)
    assert main(["eval", "--resume", str(run), *options]) == 2
    assert named in capsys.readouterr().err.replace("\n", " ")
    assert len(served.asked) == asked


def test_a_system_prompt_may_not_change(
    run_of_two: tuple[Endpoint, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "prompt").write_text("Be brief.")
    assert main(["eval", "--resume", str(run_of_two[1]), "--system-prompt", str(tmp_path / "prompt")]) == 2
    assert "--system-prompt" in capsys.readouterr().err


@pytest.fixture(scope="module")
def run_of_two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Endpoint, Path]]:
    """A finished run with two samples of each task and level, never changed by the tests that share it."""
    with endpoint() as running:
        directory = tmp_path_factory.mktemp("resume") / "run"
        assert evaluate(running, directory, "--samples-per-combo", "2") == 0
        yield running, directory


def test_rate_bounds_endpoint_and_more_samples_may_change(served: Endpoint, tmp_path: Path) -> None:
    run = tmp_path / "run"
    assert evaluate(served, run, "--samples-per-combo", "2") == 0
    options = [
        "--requests-per-minute",
        "6000",
        "--max-concurrent",
        "3",
        "--timeout",
        "9",
        "--max-retries",
        "1",
    ]
    with endpoint() as moved:
        more = ["--samples-per-combo", "4", "--epochs", "2", "--base-url", moved.url, "--header", "A=b"]
        # The same tasks in another order are the same tasks.
        assert main(["eval", "--resume", str(run), "--tasks", "logic", "dyna", *options, *more]) == 0
        assert len(moved.asked) == 24 * 2 - 12
    assert read(run, "summary")["overall"]["scored"] == 48
    assert read(run, "run")["settings"]["base_url"] == moved.url
    assert read(run, "run")["settings"]["tasks"] == ["dyna", "logic"]


def test_a_second_process_and_a_directory_with_content_are_refused(
    served: Endpoint, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run"
    assert evaluate(served, run) == 0
    asked = len(served.asked)
    with Lock(run):
        assert main(["eval", "--resume", str(run)]) == 2
    assert "another process is at work" in capsys.readouterr().err
    assert evaluate(served, run) == 2
    assert "is not empty" in capsys.readouterr().err
    assert main(["eval", "--resume", str(tmp_path)]) == 2
    assert "no run directory" in capsys.readouterr().err
    assert len(served.asked) == asked


def test_samples_of_another_version_are_refused(
    served: Endpoint, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run"
    assert evaluate(served, run) == 0
    manifest = read(run, "run")
    manifest["plan"][1]["sha256"] = "0" * 64
    (run / "run.json").write_text(json.dumps(manifest))
    assert main(["eval", "--resume", str(run)]) == 2
    assert "dyna-medium (dyna, level 2)" in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_a_signal_lets_what_is_in_flight_finish_and_starts_nothing(
    number: signal.Signals, served: Endpoint, tmp_path: Path
) -> None:
    released = threading.Event()

    def second_wave_held(text: str) -> dict[str, Any]:
        if served.asked.index(text) >= 5:  # the first, and a wave of four
            released.wait(60)
        return solved(text)

    served.respond = second_wave_held
    process = started(command(served, tmp_path / "run", *QUICKEST, "--max-concurrent", "4"))
    wait_for(lambda: len(served.asked) == 9, process)
    process.send_signal(number)
    time.sleep(0.3)  # it has nothing to do but to hear of the signal
    released.set()
    output, _ = process.communicate(timeout=20)
    assert process.returncode == 130, output
    assert len(lines(tmp_path / "run")) == len(served.asked) == len(served.answered) == 9
    assert read(tmp_path / "run", "summary")["overall"]["pending"] == 21
    assert "synthlm eval --resume" in output
    assert main(["eval", "--resume", str(tmp_path / "run")]) == 0
    assert sorted(served.asked) == sorted(set(served.asked))


@pytest.mark.slow
def test_what_is_in_flight_has_seconds_not_minutes(served: Endpoint, tmp_path: Path) -> None:
    served.latency = 60
    process = started(command(served, tmp_path / "run", *QUICKEST))
    wait_for(lambda: len(served.asked) == 10, process)
    begun = time.monotonic()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=40)
    assert GRACE <= time.monotonic() - begun < GRACE + 10
    assert process.returncode == 130
    assert read(tmp_path / "run", "summary")["overall"]["pending"] == 30


def test_a_second_ctrl_c_lets_go_at_once(served: Endpoint, tmp_path: Path) -> None:
    served.latency = 60
    process = started(command(served, tmp_path / "run", *QUICKEST))
    wait_for(lambda: len(served.asked) == 10, process)
    process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    assert process.poll() is None
    begun = time.monotonic()
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=20)
    assert time.monotonic() - begun < 3
    assert process.returncode == 130, output
    assert read(tmp_path / "run", "summary")["overall"]["pending"] == 30


def test_ctrl_c_does_not_wait_for_the_rate(served: Endpoint, tmp_path: Path) -> None:
    process = started(command(served, tmp_path / "run", *QUICKEST, "--requests-per-minute", "20"))
    wait_for(lambda: len(served.answered) == 1, process)
    begun = time.monotonic()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert time.monotonic() - begun < 2
    assert process.returncode == 130
    assert len(served.asked) == len(lines(tmp_path / "run")) == 1
