"""What a person sees while a run is under way."""

import io
from pathlib import Path

import pytest
from rich.console import Console
from run_folders import failed, records_of, settings, wrong

from eval_harness.analysis.counts import JournalCounts
from eval_harness.endpoint.client import Waiting
from eval_harness.evaluation import progress as module
from eval_harness.evaluation.evaluation import Run
from eval_harness.evaluation.progress import format_duration, show_progress
from eval_harness.runs.manifest import new_manifest
from eval_harness.runs.samples import generate_cells


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds since the start, as the only entry of a list."""
    now = [0.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def run() -> Run:
    """Sixty samples, none of them asked."""
    chosen = settings(configs=("logic",))
    cells = generate_cells(chosen)
    manifest = new_manifest("run", chosen, cells)
    return Run(Path("run"), manifest, cells, JournalCounts(manifest))


def shown(text: io.StringIO) -> list[str]:
    return text.getvalue().splitlines()


def test_lines_say_how_far_how_well_how_fast_and_how_long(run: Run, clock: list[float]) -> None:
    text = io.StringIO()
    records = records_of(configs=("logic",))
    with show_progress(run, Console(file=text, width=100)) as watch:
        for second in range(1, 31):
            clock[0] = float(second)
            record = records[second]
            run.count.add(failed(record) if second == 7 else wrong(record) if second % 2 else record)
            watch()
    assert shown(text) == [
        "9/60 · accuracy 55.6% · 60/min · 50s left · 1 errors",
        "19/60 · accuracy 52.6% · 60/min · 40s left · 1 errors",
        "29/60 · accuracy 51.7% · 60/min · 30s left · 1 errors",
        "29/60 · accuracy 51.7% · 60/min · 30s left · 1 errors",
    ]


def test_the_rate_is_that_of_the_last_minute(run: Run, clock: list[float]) -> None:
    text = io.StringIO()
    records = records_of(configs=("logic",))
    with show_progress(run, Console(file=text, width=100)) as watch:
        for record in records[:40]:
            run.count.add(record)
        for second in range(1, 200):
            clock[0] = float(second)
            watch()
    assert "40/60 · accuracy 100.0% · 0/min · 0 errors" in shown(text)[-1]


def test_a_terminal_gets_a_bar(run: Run) -> None:
    text = io.StringIO()
    console = Console(file=text, width=100, force_terminal=True)
    with show_progress(run, console) as watch:
        run.count.add(records_of(configs=("logic",))[0])
        watch()
    assert "━" in text.getvalue()
    assert "1/60 · accuracy 100.0%" in text.getvalue()


@pytest.mark.parametrize(
    ("waiting", "words"),
    [
        (Waiting("the first reply", None, ""), "waiting for the first reply"),
        (
            Waiting("the rate limit", 42, "HTTP 429: [red] slow"),
            "waiting for the rate limit, at most 42s: HTTP 429: [red] slow",
        ),
        (Waiting("the server", 540, "x" * 200), f"waiting for the server, at most 9min: {'x' * 100} […]"),
    ],
)
def test_the_line_says_what_is_waited_for_and_no_time_to_the_end(
    waiting: Waiting, words: str, run: Run, clock: list[float]
) -> None:
    text = io.StringIO()
    with show_progress(run, Console(file=text, width=300), lambda: waiting) as watch:
        run.count.add(records_of(configs=("logic",))[0])
        clock[0] = 10.0
        watch()
    assert shown(text)[0] == f"1/60 · accuracy 100.0% · 6/min · 0 errors · {words}"


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0s"), (99, "99s"), (600, "10min"), (5990, "1h40"), (12_000, "3h20")]
)
def test_durations_are_short(seconds: float, words: str) -> None:
    assert format_duration(seconds) == words
