"""The comparison of runs: every run beside the first, on the samples they share."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from eval_harness.analysis.pairing import Comparison, PairedCell, compare_runs
from eval_harness.analysis.runs import LoadedRun, RunError
from eval_harness.report.charts import Axis, Dot, DotChart, Style, run_style
from eval_harness.report.document import note, row, swatch, table
from eval_harness.report.markup import Markup, element, join
from eval_harness.report.scales import format_count, format_percent, ticks
from eval_harness.report.svg import draw_dot

_HEADS: Final = (
    "task", "level", "pairs", "first", "second", "difference", "", "95% interval", "lost", "won", "p",
)  # fmt: skip

_UNDECIDED: Final = Style("soft")
_LEVEL: Final = 0.05
"""A test with a smaller p decides which run is better, and its row has that run's colour."""


def comparison_charts(runs: Sequence[LoadedRun]) -> list[DotChart]:
    """A chart of differences for each run after the first; those that cannot be compared are left out."""
    charts = []
    for number in range(1, len(runs)):
        with suppress(RunError):
            found = compare_runs(runs[0], runs[number])
            if found.cells:
                charts.append(_chart(runs, number, found))
    return charts


def _chart(runs: Sequence[LoadedRun], number: int, found: Comparison) -> DotChart:
    reach = max(max(abs(cell.difference.low), abs(cell.difference.high)) for cell in found.cells) or 1.0
    places = [(tick, f"{100 * tick:+g}" if tick else "0") for tick in ticks(-reach, reach, logarithmic=False)]
    return DotChart(
        title=f"{runs[number].name} minus {runs[0].name}",
        rows=[f"{_family(cell)}, {'all levels' if cell.level is None else f'level {cell.level}'}"
              for cell in found.cells],
        axis=Axis("points of accuracy, with 95% intervals", -reach, reach, places),
        dots=[_dot(place, cell, number) for place, cell in enumerate(found.cells)],
    )  # fmt: skip


def _family(cell: PairedCell) -> str:
    return cell.family or "all tasks"


def _dot(place: int, cell: PairedCell, number: int) -> Dot:
    found = cell.difference
    tooltip = f"{_describe(cell)}, p {format_p_value(cell.p_value)}"
    better = Style(run_style(number if found.mean > 0 else 0).colour)
    style = better if cell.p_value < _LEVEL else _UNDECIDED
    return Dot(place, found.mean, found.low, found.high, tooltip, style)


def _describe(cell: PairedCell) -> str:
    found = cell.difference
    low, high = format_points(found.low), format_points(found.high)
    return f"{format_points(found.mean)} points, from {low} to {high}"


def comparison_section(runs: Sequence[LoadedRun]) -> Markup:
    """One table for each run after the first; several are folded, with their overall difference in sight."""
    return join(*(_compare_with_first(runs, number) for number in range(1, len(runs))))


def _compare_with_first(runs: Sequence[LoadedRun], number: int) -> Markup:
    first, second = runs[0], runs[number]
    keys = [swatch(run_style(place)) for place in (0, number)]
    title = element("h3", {}, keys[0], first.name, " (first) and ", keys[1], second.name, " (second)")
    try:
        found = compare_runs(first, second)
    except RunError as error:
        return join(title, element("p", {"class": "none"}, f"Not compared: {error}."))
    if not found.cells:
        return join(title, element("p", {"class": "none"}, "No sample was scored in both runs."))
    chart = _chart(runs, number, found)
    rows = [_row(cell, draw_dot(chart.axis, dot)) for cell, dot in zip(found.cells, chart.dots, strict=True)]
    whole = found.cells[-1]
    overall = f"{_describe(whole)} (p {format_p_value(whole.p_value)}, {_family(whole)})"
    head = element("summary", {}, title, element("p", {}, overall))
    state = {"open": ""} if len(runs) == 2 else {}
    content = (head, note(describe_comparison(found)), table(_HEADS, rows))
    return element("details", {"class": "comparison", **state}, *content)


def describe_comparison(found: Comparison) -> str:
    """What was paired and what else differs, in words."""
    parts = [f"{format_count(found.pairs)} samples scored in both"]
    if found.unscored:
        parts.append(f"{format_count(found.unscored)} shared but not scored in both")
    if found.unpaired:
        parts.append(f"{format_count(found.unpaired)} in one run only")
    settings = ", ".join(found.settings)
    return "; ".join(parts) + "." + (f" Settings that differ: {settings}." if settings else "")


def _row(cell: PairedCell, interval: Markup) -> Markup:
    found = cell.difference
    return row(
        _family(cell),
        "all" if cell.level is None else str(cell.level),
        format_count(cell.pairs),
        format_percent(cell.first),
        format_percent(cell.second),
        format_points(found.mean),
        interval,
        f"{format_points(found.low)} to {format_points(found.high)}",
        format_count(cell.lost),
        format_count(cell.won),
        format_p_value(cell.p_value),
        kind="whole" if cell.level is None else "",
    )


def format_points(difference: float) -> str:
    """A difference of accuracies in points, e.g. 0.034 → "+3.4"."""
    return f"{100 * difference:+z.1f}"


def format_p_value(value: float) -> str:
    """e.g. 0.0312 → "0.031", 0.00001 → "<0.001"."""
    return "<0.001" if value < 0.001 else f"{value:.3f}"
