"""The terminal: what takes long says what it is doing, and text is printed as it is."""

import io
import time
from pathlib import Path

import pytest
from endpoint import endpoint
from evaluating import command
from rich.console import Console

from eval_harness.runs import dataset
from synthlm_tasks.cli import main, terminal
from synthlm_tasks.cli.terminal import plain_console, show_waiting


def wait_for(text: str, output: io.StringIO) -> None:
    deadline = time.monotonic() + 30
    while text not in output.getvalue():
        assert time.monotonic() < deadline, output.getvalue()
        time.sleep(0.01)


def test_a_long_silence_is_broken_by_lines_that_say_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "_PAUSE", 0.01)
    output = io.StringIO()
    with show_waiting(Console(file=output, markup=False), "reading [the] samples") as tell:
        wait_for("reading [the] samples (0 s)\n", output)
        tell("12,000 rows")
        wait_for("reading [the] samples: 12,000 rows (", output)
    told = output.getvalue()
    time.sleep(0.05)
    assert output.getvalue() == told


def test_what_is_quick_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with show_waiting(plain_console(stderr=True), "reading"):
        pass
    assert capsys.readouterr().err == ""


def test_a_terminal_sees_at_once_what_is_done() -> None:
    output = io.StringIO()
    with show_waiting(Console(file=output, force_terminal=True, width=80), "reading [the] samples") as tell:
        tell("5 rows")
        wait_for("reading [the] samples: 5 rows", output)


def test_who_wants_quiet_has_it(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(terminal, "_PAUSE", 0.01)
    with show_waiting(plain_console(stderr=True, quiet=True), "reading"):
        time.sleep(0.1)
    assert capsys.readouterr().err == ""


def test_a_large_dataset_is_read_aloud(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(tmp_path / "made")
    assert main(["export", "dyna-easy", "--num-samples", "300", "--output-dir", folder]) == 0
    monkeypatch.setattr(terminal, "_PAUSE", 0.01)
    monkeypatch.setattr(dataset, "_TOLD_ROWS", 5)
    choose = dataset._choose

    def slow(*given: object) -> bool:
        time.sleep(0.05)
        return choose(*given)

    monkeypatch.setattr(dataset, "_choose", slow)
    capsys.readouterr()
    with endpoint() as served:
        options = ["--dataset", folder, "--tasks", "dyna", "--difficulties", "1", "--dry-run"]
        assert main(command(served, tmp_path / "run", *options)) == 0
    told = capsys.readouterr().err
    assert f"reading the samples: the configs of {folder} (" in told
    assert "reading the samples: 5 rows of dyna-easy, test (" in told


def test_text_is_printed_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    plain_console().print("[red]a[/] :key: 5")
    assert capsys.readouterr().out == "[red]a[/] :key: 5\n"
