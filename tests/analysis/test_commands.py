"""`synthlm report`, `compare` and `rescore` as a person runs them."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from run_folders import settings, unanswered, write_run, wrong

from synthlm_tasks.cli import main


@pytest.fixture
def folders(tmp_path: Path) -> tuple[str, str]:
    chosen = settings(configs=["logic-easy", "dyna-easy"], samples_per_combo=10)
    write_run(tmp_path / "a", chosen, lambda n, record: wrong(record) if n % 2 else record)
    write_run(tmp_path / "b", settings(**{**chosen.model_dump(), "model": "large"}))
    return str(tmp_path / "a"), str(tmp_path / "b")


def test_a_report_lies_in_the_run_and_its_files_are_named(
    folders: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", folders[0], "--export", "csv"]) == 0
    written = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert {path.parent for path in written} == {Path(folders[0], "report")}
    assert sorted(written) == sorted(Path(folders[0], "report").iterdir())
    assert written[0].read_text().startswith("<!doctype html>")
    with written[-1].open(newline="") as file:
        assert len(list(csv.DictReader(file))) == 20


def test_a_report_on_several_runs_lies_in_the_first(folders: tuple[str, str]) -> None:
    assert main(["report", *folders, "--no-png", "--export", "parquet"]) == 0
    folder = Path(folders[0], "comparison")
    assert sorted(path.name for path in folder.iterdir()) == ["report.html", "results.parquet"]


def test_compare_prints_cells_and_what_else_differs(
    folders: tuple[str, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["compare", *folders]) == 0
    printed = capsys.readouterr().out
    lines = [line.split() for line in printed.splitlines()]
    row = "all tasks all 20 50.0% 100.0% +50.0 [+21.1,+69.8] 0 10 0.002"
    assert row.split() in lines
    assert max(map(len, printed.splitlines())) <= 80
    assert "model: 'tiny' and 'large'" in printed


def test_runs_on_other_samples_are_refused(
    folders: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_run(tmp_path / "c", settings(configs=["logic-easy"], seed=1))
    assert main(["compare", folders[0], str(tmp_path / "c")]) == 2
    assert "seed 42 and 1" in capsys.readouterr().err


def test_rescore_tells_what_changed_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_run(
        tmp_path / "run",
        settings(configs=["dyna-easy"], samples_per_combo=4),
        lambda n, record: replace(unanswered(record), raw_response=record.raw_response) if n else record,
    )
    assert main(["rescore", str(tmp_path / "run")]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "4 replies read again, 3 judged otherwise: accuracy was 25.0%, now 100.0%" in printed
    assert "3 × no_answer → correct" in printed
    assert main(["rescore", str(tmp_path / "run")]) == 0
    assert "nothing changed" in capsys.readouterr().out


@pytest.mark.parametrize("command", [["report"], ["rescore"], ["compare", "."]])
def test_a_folder_that_is_no_run_is_refused(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, str(tmp_path / "nothing")]) == 2
    assert "run.json" in " ".join(capsys.readouterr().err.split())
