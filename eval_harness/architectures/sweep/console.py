"""What a person sees of a sweep: the plan with what it takes, and how far it is."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich import box
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from eval_harness.architectures.spec import CurvePoint, RunResult
from eval_harness.architectures.sweep.estimates import Estimate
from eval_harness.architectures.sweep.plan import VALIDATION, PlannedRun
from synthlm_tasks.curriculum.amounts import format_amount


def format_time(seconds: float) -> str:
    """e.g. 90 → "1.5 min", 7200 → "2.0 h"."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.1f} min" if seconds < 3600 else f"{seconds / 3600:.1f} h"


def show_plan(
    console: Console, runs: Sequence[PlannedRun], missing: int, found: Sequence[Estimate], workers: int
) -> None:
    """Print runs and tokens by training, and hours of what is missing by architecture."""
    trainings = _table("training", "runs", "tokens")
    for title in dict.fromkeys(run.training for run in runs):
        each = [run.spec.tokens for run in runs if run.training == title]
        trainings.add_row(Text(title), f"{len(each):,}", format_amount(sum(each)))
    console.print(trainings)
    speeds = _table("architecture", "runs", "tokens", "tokens/s", "hours")
    for part in found:
        name = Text(f"{part.architecture} {part.size}")
        rate = f"{part.rate:,.0f} ({part.source})"
        hours = f"{part.seconds / 3600:,.2f}"
        speeds.add_row(name, f"{part.runs:,}", format_amount(part.tokens), rate, hours)
    if found:
        console.print(speeds)
    tokens = sum(run.spec.tokens for run in runs)
    seconds = sum(part.seconds for part in found)
    console.print(
        f"{len(runs):,} runs, {format_amount(tokens)} tokens; {missing:,} to be made: about "
        f"{seconds / 3600:,.1f} hours of one worker, {format_time(seconds / workers)} with {workers} at a "
        "time, without the time for scores",
        soft_wrap=True,
    )


def _table(first: str, *others: str) -> Table:
    table = Table(first, *others, box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for column in table.columns[1:]:
        column.justify, column.no_wrap = "right", True
    return table


@dataclass
class SweepProgress:
    """Hears of runs and shows how far they are: a line a run, and a bar on a terminal."""

    console: Console
    runs: int
    tokens: int
    bar: Progress | None
    begun: float = field(default_factory=time.monotonic)
    _done: int = 0
    _finished: int = 0
    """Tokens of runs that are done."""
    _under_way: dict[str, int] = field(default_factory=dict)

    def further(self, run: PlannedRun, point: CurvePoint) -> None:
        """A run has got to a point of its curve."""
        self._under_way[run.spec.key] = point.tokens
        self._draw()

    def done(self, run: PlannedRun, result: RunResult) -> None:
        """A run is done."""
        self._under_way.pop(run.spec.key, None)
        self._done += 1
        self._finished += run.spec.tokens
        self.console.print(f"{self._done}/{self.runs} {run.words}: {_outcome(result)}", soft_wrap=True)
        self._draw()

    def _draw(self) -> None:
        if self.bar is None:
            return
        tokens = self._finished + sum(self._under_way.values())
        left = (time.monotonic() - self.begun) * (self.tokens / tokens - 1) if tokens else 0
        words = f"{self._done}/{self.runs} runs, {format_amount(tokens)} tokens, {format_time(left)} left"
        self.bar.update(self.bar.task_ids[0], completed=tokens, description=words)


def _outcome(result: RunResult) -> str:
    if result.error is not None:
        return f"failed: {result.error}"
    names = [name for name in result.scores if name != VALIDATION]
    scores = ", ".join(f"{name} {100 * result.scores[name].accuracy:.1f}%" for name in names)
    return f"{scores} ({format_time(result.seconds)})"


@contextmanager
def show_sweep(console: Console, missing: Sequence[PlannedRun]) -> Iterator[SweepProgress]:
    """Show how far the missing runs are, until they are done."""
    tokens = sum(run.spec.tokens for run in missing)
    if not console.is_terminal or not missing:
        yield SweepProgress(console, len(missing), tokens, None)
        return
    with Progress(BarColumn(), TextColumn("{task.description}"), console=console) as bar:
        bar.add_task("beginning", total=tokens)
        yield SweepProgress(console, len(missing), tokens, bar)
