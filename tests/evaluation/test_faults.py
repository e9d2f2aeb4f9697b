"""Whole runs against a server that fails in every way at once: the end is that of a run without faults."""

import json
from pathlib import Path
from typing import Final

import pytest
from evaluating import lines, read, winning, without_timing
from mock_servers import mock_server

from synthlm_tasks.cli import main

# Everything that asking again helps with.
SENDING: Final = (
    "429:0.05,429-date:0.02,429-ms:0.05,429-bare:0.05,500:0.05,502:0.05,503:0.05,524:0.05,reset:0.05,"
    "reset-body:0.05,malformed:0.05,cut:0.05,no-choices:0.05,error-200:0.05"
)

# Everything that is said badly, and is scored as it is.
SAYING: Final = (
    "think:0.1,think-unclosed:0.1,reasoning:0.1,truncated:0.1,no-answer:0.1,refused:0.05,filtered:0.05,parts:0.1,"
    "no-usage:0.1,not-utf8:0.1"
)


def options(url: str, run: Path) -> list[str]:
    quick = ["--requests-per-minute", "0", "--samples-per-combo", "20", "--tasks", "filtro", "logic"]
    return ["eval", "--base-url", url, "--model", "m", "--output-dir", str(run), *quick]


def asked(log: Path) -> list[str]:
    return [json.loads(line)["problem"] for line in log.read_text().splitlines()]


@pytest.mark.slow
def test_faults_on_the_way_change_no_outcome(tmp_path: Path) -> None:
    with mock_server("--faults", SAYING) as calm:
        assert main(options(calm, tmp_path / "calm")) == 0
    with mock_server("--faults", f"{SAYING},{SENDING}") as wild:
        assert main([*options(wild, tmp_path / "wild"), "--max-retries", "20"]) == 0
    assert winning(tmp_path / "wild") == winning(tmp_path / "calm")
    assert max(line["attempts"] for line in lines(tmp_path / "wild")) > 2
    calm_summary, wild_summary = (read(tmp_path / name, "summary") for name in ("calm", "wild"))
    assert without_timing(wild_summary) == without_timing(calm_summary)
    overall = wild_summary["overall"]
    assert min(overall[name] for name in ("no_answer", "truncated", "refused")) > 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("faults", "code", "extra"),
    [
        ("401@1-", 3, []),
        ("401@40-", 3, []),
        ("403@40-", 3, []),
        ("404@1-", 3, []),
        ("quota@40-", 3, []),
        ("redirect@1-", 3, []),
        ("400@1-", 3, []),
        ("400@40-60", 1, []),
        ("500@40-", 3, ["--max-retries", "0"]),
        ("500:0.3", 1, ["--max-retries", "0"]),
        ("hang:0.05", 1, ["--max-retries", "0", "--timeout", "1"]),
        ("slow:0.05", 1, ["--max-retries", "0", "--timeout", "1"]),
        ("huge:0.05", 1, []),
    ],
)
def test_a_run_that_faults_ended_goes_on_to_the_end_of_an_undisturbed_one(
    faults: str, code: int, extra: list[str], tmp_path: Path
) -> None:
    run, log = tmp_path / "run", tmp_path / "log"
    with mock_server("--faults", faults, "--log", str(tmp_path / "first")) as failing:
        assert main([*options(failing, run), *extra]) == code
    finished = {line["input_text"] for line in lines(run) if line["outcome"] != "error"}
    overall = read(run, "summary")["overall"]
    assert overall["scored"] == len(finished) < 120
    assert overall["errors"] + overall["pending"] == 120 - len(finished)
    with mock_server("--log", str(log)) as healed:
        assert main(["eval", "--resume", str(run), "--base-url", healed, "--timeout", "60"]) == 0
        assert not finished & set(asked(log))
        assert len(asked(log)) == 120 - len(finished)
        assert main(options(healed, tmp_path / "whole")) == 0
    assert winning(run) == winning(tmp_path / "whole")
