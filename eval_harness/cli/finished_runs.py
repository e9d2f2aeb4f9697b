"""`synthlm report`, `compare` and `rescore`: from options to finished runs and back to a screen."""

from collections.abc import Sequence
from typing import Annotated, Final, Literal

from cyclopts import Parameter
from rich.table import Table
from rich.text import Text

from eval_harness.analysis.export import records_table, write_table
from eval_harness.analysis.pairing import PairedCell, compare_runs
from eval_harness.analysis.runs import RunError, load_runs
from eval_harness.evaluation.rescore import RescoreResult, rescore
from eval_harness.plugins.finished import load_finished
from eval_harness.report.compared import describe_comparison, format_p_value, format_points
from eval_harness.report.figures import check_matplotlib, write_figures
from eval_harness.report.page import render_page
from eval_harness.report.scales import format_count, format_percent
from synthlm_tasks.cli.paths import FinishedRun, OutputFolder, RunFolder
from synthlm_tasks.cli.terminal import plain_console, show_waiting
from synthlm_tasks.paths import stage_files

_CHANGES_SHOWN: Final = 10

# Column → least width, for a table that is 80 wide at most.
_HEADS: Final = {
    "task": 0, "level": 5, "pairs": 5, "first": 6, "second": 6, "difference": 20, "lost": 4, "won": 4, "p": 6,
}  # fmt: skip


def report_command(
    runs: Annotated[tuple[FinishedRun, ...], Parameter(name="RUN", negative="")],
    /,
    *,
    output_dir: OutputFolder | None = None,
    export: Literal["csv", "parquet"] | None = None,
    png: bool = True,
    samples: int = 500,
) -> None:
    """Write a report on one or more runs: report.html, which needs nothing but a browser, and PNG figures.

    Parameters
    ----------
    runs
        Run directories, or logs of inspect_ai; the first is what the others are compared with
    output_dir
        Where to write [default: `report` in the first run's directory, or `comparison` for several runs]
    export
        Write results.csv or results.parquet too: one row a sample, metadata as columns
    png
        Write the figures as PNG files (extra `plots`)
    samples
        Most samples that the page carries to browse

    """
    if samples < 0:
        raise RunError(f"--samples {samples}: expected 0 or more")
    if png:
        check_matplotlib()
    with show_waiting(plain_console(stderr=True), "reading the runs") as tell:
        found = load_runs(runs, load_finished)
        home = runs[0] if runs[0].is_dir() else runs[0].with_suffix("")
        folder = output_dir or home / ("report" if len(runs) == 1 else "comparison")
        with stage_files(folder) as draft:
            tell("writing the report")
            written = [draft / "report.html"]
            written[0].write_text(render_page(found, samples), "utf-8")
            if png:
                written += write_figures(found, draft)
            if export:
                written.append(draft / f"results.{export}")
                write_table(records_table(found), written[-1], export)
    console = plain_console(soft_wrap=True)
    for path in written:
        console.print(str(folder / path.name))


def compare_command(first: FinishedRun, second: FinishedRun, /) -> None:
    """Compare two runs on the samples they share: differences (second minus first), intervals, tests.

    Parameters
    ----------
    first
        Run directory, or log of inspect_ai
    second
        Run directory or log on the same samples

    """
    with show_waiting(plain_console(stderr=True), "reading the runs"):
        runs = load_runs((first, second), load_finished)
        found = compare_runs(*runs)
    console = plain_console()
    for place, run in zip(("first: ", "second:"), runs, strict=True):
        console.print(f"{place} {run.name}, {run.model}")
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    for name, width in _HEADS.items():
        side: Literal["left", "right"] = "left" if name in ("task", "level") else "right"
        table.add_column(name, justify=side, no_wrap=True, min_width=width)
    for cell in found.cells:
        table.add_row(*map(Text, _row(cell)), style="bold" if cell.level is None else "")
    if found.cells:
        console.print(table)
    console.print(describe_comparison(found))
    for name, (old, new) in found.settings.items():
        console.print(f"  {name}: {old!r} and {new!r}")


def _row(cell: PairedCell) -> Sequence[str]:
    mean, low, high = map(format_points, (cell.difference.mean, cell.difference.low, cell.difference.high))
    return (
        cell.family or "all tasks",
        "all" if cell.level is None else str(cell.level),
        format_count(cell.pairs),
        format_percent(cell.first),
        format_percent(cell.second),
        f"{mean} [{low},{high}]",
        format_count(cell.lost),
        format_count(cell.won),
        format_p_value(cell.p_value),
    )


def rescore_command(run: RunFolder, /) -> None:
    """Read a run's replies again with the extraction of today; its journal as it was is kept.

    Parameters
    ----------
    run
        Run directory

    """
    console = plain_console()
    with show_waiting(plain_console(stderr=True), "reading the replies again"):
        found = rescore(run)
    console.print(_change_line(found))
    for (before, after), number in sorted(found.moves.items()):
        console.print(f"  {format_count(number)} × {before} → {after}")
    for change in found.changes[:_CHANGES_SHOWN]:
        record = change.after
        line = (
            f"  {record.sample_id}: read {change.before.extracted_answer!r}, now {record.extracted_answer!r}"
        )
        console.print(f"{line} (right: {record.target!r})")
    if len(found.changes) > _CHANGES_SHOWN:
        console.print(f"  … and {format_count(len(found.changes) - _CHANGES_SHOWN)} more")


def _change_line(found: RescoreResult) -> str:
    if found.kept is None:
        return f"{format_count(found.read)} replies read again: nothing changed, nothing was written."
    before, after = (summary["overall"]["accuracy"] for summary in (found.before, found.after))
    read, changed = format_count(found.read), format_count(len(found.changes))
    return (
        f"{read} replies read again, {changed} judged otherwise: accuracy was "
        f"{format_percent(before)}, now {format_percent(after)}. "
        f"The journal as it was: {found.kept}"
    )
