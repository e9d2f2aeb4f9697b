"""Progress of writing: a bar on a terminal, plain lines elsewhere."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from synthlm_tasks.curriculum.amounts import format_amount
from synthlm_tasks.curriculum.shards import Progress as Hearer

# Seconds between plain lines.
_PAUSE: Final = 10.0


class _Rates:
    """Rows so far, and speeds since the start."""

    def __init__(self, rows: int, tokens_per_row: float) -> None:
        self.rows, self.done, self._tokens = rows, 0, tokens_per_row
        self._begun = time.monotonic()

    def __str__(self) -> str:
        seconds = max(time.monotonic() - self._begun, 1e-9)
        speed = self.done / seconds
        tokens = format_amount(speed * self._tokens)
        return f"{self.done:,}/{self.rows:,} rows, {format_amount(speed)} rows/s, {tokens} tokens/s"


@contextmanager
def show_progress(console: Console, rows: int, tokens_per_row: float) -> Iterator[Hearer]:
    """Show the progress of `rows` rows that the yielded function hears of."""
    rates = _Rates(rows, tokens_per_row)
    if not console.is_terminal:
        yield _lines(console, rates)
        return
    columns = (BarColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("", total=rows)

        def hear(more: int) -> None:
            rates.done += more
            bar.update(task, advance=more, description=str(rates))

        yield hear


def _lines(console: Console, rates: _Rates) -> Hearer:
    last = time.monotonic()

    def hear(more: int) -> None:
        nonlocal last
        rates.done += more
        if time.monotonic() - last > _PAUSE or rates.done == rates.rows:
            last = time.monotonic()
            console.print(str(rates), highlight=False)

    return hear
