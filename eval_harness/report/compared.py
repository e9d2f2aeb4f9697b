"""The page's comparison of runs: every run beside the first, on the samples they share."""

from collections.abc import Sequence
from typing import Final

from eval_harness.analysis.pairing import Comparison, PairedCell, compare_runs
from eval_harness.analysis.runs import LoadedRun, RunError
from eval_harness.report.charts import interval
from eval_harness.report.markup import Markup, element, joined
from eval_harness.report.scales import format_count, format_percent

_HEADS: Final = (
    "task", "level", "pairs", "first", "second", "difference", "", "95% interval", "lost", "won", "p",
)  # fmt: skip


def comparison_section(runs: Sequence[LoadedRun]) -> Markup:
    """One table for each run after the first."""
    return joined(*(_against(runs[0], runs[place], place) for place in range(1, len(runs))))


def _against(first: LoadedRun, second: LoadedRun, style: int) -> Markup:
    names = [element("span", {"class": f"key run{place % 6}"}) for place in (0, style)]
    title = element("h3", {}, names[0], first.name, " (first) and ", names[1], second.name, " (second)")
    try:
        found = compare_runs(first, second)
    except RunError as error:
        return joined(title, element("p", {"class": "none"}, f"Not compared: {error}."))
    if not found.cells:
        return joined(title, element("p", {"class": "none"}, "No sample was scored in both runs."))
    return joined(title, element("p", {"class": "note"}, sentence(found)), _table(found))


def sentence(found: Comparison) -> str:
    """What was paired and what else differs, in words."""
    parts = [f"{format_count(found.pairs)} samples scored in both"]
    if found.unscored:
        parts.append(f"{format_count(found.unscored)} shared but not scored in both")
    if found.unpaired:
        parts.append(f"{format_count(found.unpaired)} in one run only")
    settings = ", ".join(found.settings)
    return "; ".join(parts) + "." + (f" Settings that differ: {settings}." if settings else "")


def _table(found: Comparison) -> Markup:
    reach = max(max(abs(cell.difference.low), abs(cell.difference.high)) for cell in found.cells) or 1.0
    heads = [element("th", {"scope": "col"}, head) for head in _HEADS]
    rows = [_row(cell, reach) for cell in found.cells]
    table = element("table", {}, element("thead", {}, element("tr", {}, *heads)), element("tbody", {}, *rows))
    return element("div", {"class": "scroll"}, table)


def _row(cell: PairedCell, reach: float) -> Markup:
    found = cell.difference
    values = [
        "all" if cell.level is None else str(cell.level),
        format_count(cell.pairs),
        format_percent(cell.first),
        format_percent(cell.second),
        points(found.mean),
        interval(found.low, found.mean, found.high, reach),
        f"{points(found.low)} to {points(found.high)}",
        format_count(cell.lost),
        format_count(cell.won),
        p_value(cell.p_value),
    ]
    kind = {"class": "whole"} if cell.level is None else {}
    first = element("th", {"scope": "row"}, cell.family or "all tasks")
    return element("tr", kind, first, *(element("td", {}, value) for value in values))


def points(difference: float) -> str:
    """A difference of accuracies in points, e.g. 0.034 → "+3.4"."""
    return f"{100 * difference:+.1f}"


def p_value(value: float) -> str:
    """e.g. 0.0312 → "0.031", 0.00001 → "<0.001"."""
    return "<0.001" if value < 0.001 else f"{value:.3f}"
