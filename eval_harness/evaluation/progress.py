"""Progress: a bar while a run is under way, or plain lines where there is no terminal."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from eval_harness.endpoint.client import Waiting
from eval_harness.evaluation.evaluation import Run

# Seconds that the rate is measured over, and between two plain lines.
_RATE_SECONDS: Final = 60.0
_LINE_SECONDS: Final = 10.0

_MOST_WORDS: Final = 100


class Progress:
    """How far a run is, how well it goes, and how long it will take."""

    def __init__(self, run: Run, waiting: Callable[[], Waiting | None]) -> None:
        """Start the clock. `waiting` tells what the client waits for at the moment."""
        self._run = run
        self._waiting = waiting
        self._marks = deque([(time.monotonic(), run.count.finished)])
        self._told = 0

    def mark(self) -> None:
        """Note how far the run is; the rate is that over the last minute."""
        now = time.monotonic()
        self._marks.append((now, self._run.count.finished))
        while self._marks[1][0] < now - _RATE_SECONDS:
            self._marks.popleft()

    def tell_warnings(self, console: Console) -> None:
        """Print the run's warnings that have not been printed yet."""
        for warning in self._run.warnings[self._told :]:
            console.print(Text(f"warning: {warning}"), style="yellow", soft_wrap=True)
        self._told = len(self._run.warnings)

    @property
    def line(self) -> str:
        """One line, e.g. `120/1,200 · accuracy 78.3% · 59 requests/min · 18 min left · 2 errors`."""
        count, total = self._run.count, self._run.manifest.total
        (since, before), (now, after) = self._marks[0], self._marks[-1]
        rate = (after - before) / (now - since) if now > since else 0.0
        scored = count.scored
        left, waiting = total - count.finished, self._waiting()
        parts = [
            f"{count.settled:,}/{total:,}",
            f"accuracy {count.correct / scored:.1%}" if scored else "accuracy -",
            f"{rate * 60:,.0f}/min",
            f"{format_duration(left / rate)} left" if left and rate and not waiting else "",
            f"{count.too_long.total():,} too long" if count.too_long else "",
            f"{len(count.failed):,} errors",
            _describe_wait(waiting),
        ]
        return " · ".join(part for part in parts if part)

    def bar(self) -> RenderableType:
        """The line beside a bar."""
        grid = Table.grid(padding=(0, 1))
        grid.add_row(
            ProgressBar(total=self._run.manifest.total, completed=self._run.count.settled, width=30),
            Text(self.line),
        )
        return grid


@contextmanager
def show_progress(
    run: Run, console: Console, waiting: Callable[[], Waiting | None] = lambda: None
) -> Iterator[Callable[[], None]]:
    """Show progress; yields what to call about once a second. Plain lines where there is no terminal."""
    shown = Progress(run, waiting)
    shown.tell_warnings(console)
    if console.is_terminal:

        def mark() -> None:
            shown.mark()
            shown.tell_warnings(console)

        with Live(get_renderable=shown.bar, console=console, refresh_per_second=2):
            yield mark
        shown.tell_warnings(console)
        return
    last = time.monotonic()

    def watch() -> None:
        nonlocal last
        shown.mark()
        shown.tell_warnings(console)
        if time.monotonic() - last >= _LINE_SECONDS:
            last = time.monotonic()
            console.print(shown.line, markup=False, highlight=False)

    yield watch
    shown.mark()
    shown.tell_warnings(console)
    console.print(shown.line, markup=False, highlight=False)


def _describe_wait(waiting: Waiting | None) -> str:
    """e.g. `waiting for the server, at most 9min: HTTP 503: busy`; the server's words cut short."""
    if waiting is None:
        return ""
    most = "" if waiting.seconds is None else f", at most {format_duration(waiting.seconds)}"
    words = waiting.why if len(waiting.why) <= _MOST_WORDS else waiting.why[:_MOST_WORDS].rstrip() + " […]"
    return f"waiting for {waiting.what}{most}" + (f": {words}" if words else "")


def format_duration(seconds: float) -> str:
    """e.g. 42s, 18min, 3h20."""
    if seconds < 100:
        return f"{seconds:.0f}s"
    minutes = round(seconds / 60)
    return f"{minutes}min" if minutes < 100 else f"{minutes // 60}h{minutes % 60:02}"
