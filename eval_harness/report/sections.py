"""The page's middle: accuracy by level, heat maps, latency and tokens."""

from collections.abc import Callable, Sequence
from typing import Final

from eval_harness.analysis.groups import GroupCounts, HeatMap, by_family, by_level, count_group, heat_map
from eval_harness.analysis.runs import LoadedRun
from eval_harness.records import Record
from eval_harness.report.charts import Curve, Point, accuracy_curves, bars
from eval_harness.report.markup import Markup, element, joined
from eval_harness.report.scales import bins, format_count, format_percent, histogram, percentile

MEASURES: Final[dict[str, tuple[str, str, Callable[[Record], float | None]]]] = {
    "latency": ("Latency", "ms", lambda record: record.latency_ms),
    "prompt_tokens": ("Prompt tokens", "tokens", lambda record: record.prompt_tokens),
    "completion_tokens": ("Completion tokens", "tokens", lambda record: record.completion_tokens),
}
"""What is shown as a histogram: name → title, unit, value of a record."""


def families(runs: Sequence[LoadedRun]) -> list[str]:
    """Every family that occurs in some run, in order."""
    return list(dict.fromkeys(family for run in runs for family in by_family(run.records)))


def run_keys(runs: Sequence[LoadedRun]) -> Markup:
    """Which colour is which run, and that the dashed line is chance."""
    keys = [
        element("li", {}, element("span", {"class": f"key run{style % 6}"}), run.name)
        for style, run in enumerate(runs)
    ]
    dash = element("li", {}, element("span", {"class": "key dash"}), "chance")
    return element("ul", {"class": "legend"}, *keys, dash)


def level_section(runs: Sequence[LoadedRun]) -> Markup:
    """Accuracy by level for each family, as a chart and as a table."""
    held = [{family: by_level(found) for family, found in by_family(run.records).items()} for run in runs]
    charts = [
        element(
            "figure",
            {"class": "chart"},
            element("figcaption", {}, family),
            _chart(family, [levels.get(family, {}) for levels in held]),
        )
        for family in families(runs)
    ]
    return joined(run_keys(runs), element("div", {"class": "charts"}, *charts), _table(runs, held))


def _chart(family: str, runs: Sequence[dict[int, list[Record]]]) -> Markup:
    levels = sorted({level for run in runs for level in run})
    curves = []
    for style, run in enumerate(runs):
        points = []
        for place, level in enumerate(levels):
            counted = count_group(run.get(level, []))
            if counted.accuracy is not None and counted.ci95 is not None:
                low, high = counted.ci95
                told = f"level {level}: {_interval(counted)}, {counted.correct} of {counted.scored}"
                points.append(Point(place, counted.accuracy, low, high, told))
        curves.append(Curve(style, points))
    chances = [
        count_group([record for run in runs for record in run.get(level, [])]).chance for level in levels
    ]
    return accuracy_curves(f"{family}: accuracy by level", [str(n) for n in levels], curves, chances)


def _interval(counted: GroupCounts) -> str:
    low, high = counted.ci95 or (None, None)
    return f"{format_percent(counted.accuracy)} [{format_percent(low)}, {format_percent(high)}]"


def _table(runs: Sequence[LoadedRun], held: Sequence[dict[str, dict[int, list[Record]]]]) -> Markup:
    heads = [element("th", {"scope": "col"}, text) for text in ("task", "level", "chance")]
    heads += [element("th", {"scope": "col"}, run.name) for run in runs]
    rows = []
    for family in families(runs):
        levels = sorted({level for run in held for level in run.get(family, {})})
        for level in levels:
            cells = [run.get(family, {}).get(level, []) for run in held]
            chance = count_group([record for cell in cells for record in cell]).chance
            first = [element("th", {"scope": "row"}, family), element("td", {}, level)]
            first.append(element("td", {}, format_percent(chance)))
            rows.append(element("tr", {}, *first, *(_cell(cell) for cell in cells)))
    body = element("table", {}, element("thead", {}, element("tr", {}, *heads)), element("tbody", {}, *rows))
    return element("div", {"class": "scroll"}, body)


def _cell(records: Sequence[Record]) -> Markup:
    counted = count_group(records)
    if counted.accuracy is None:
        return element("td", {"class": "none"}, "nothing scored" if records else "not asked")
    small = element("small", {}, f" {format_count(counted.correct)} / {format_count(counted.scored)}")
    return element("td", {}, _interval(counted), small)


def map_section(runs: Sequence[LoadedRun]) -> Markup:
    """A heat map for each family and run."""
    figures = []
    for family in families(runs):
        for style, run in enumerate(runs):
            records = by_family(run.records).get(family)
            drawn = heat_map(family, records) if records else None
            if drawn is not None:
                name = joined(element("span", {"class": f"key run{style % 6}"}), f"{family}, {run.name}")
                caption = element("figcaption", {}, name if len(runs) > 1 else family)
                figures.append(element("figure", {"class": "map"}, caption, _map(drawn)))
    return element("div", {"class": "maps"}, *figures)


def _map(drawn: HeatMap) -> Markup:
    across, up = drawn.axes
    heads = [element("th", {"scope": "col"}, str(span)) for span in drawn.columns]
    # The larger values stand on top, as on an axis.
    rows = [
        element(
            "tr",
            {},
            element("th", {"scope": "row"}, str(span) if up else ""),
            *(_heat(cell) for cell in cells),
        )
        for span, cells in reversed(list(zip(drawn.rows, drawn.cells, strict=True)))
    ]
    corner = element("th", {"class": "corner"}, f"{up} ↑" if up else "")
    foot = element("tr", {}, corner, *heads)
    label = element("p", {"class": "axis"}, f"{across} →")
    return joined(
        element("div", {"class": "scroll"}, element("table", {"class": "heat"}, *rows, foot)), label
    )


def _heat(cell: GroupCounts | None) -> Markup:
    if cell is None or cell.accuracy is None:
        return element("td", {"class": "none", "title": "nothing scored"})
    chance = "" if cell.chance is None else f", chance {format_percent(cell.chance)}"
    told = f"{_interval(cell)}, {cell.correct} of {cell.scored}{chance}"
    # Seven steps of one scale; the style sheet gives each a colour that its text can be read on.
    step = min(int(cell.accuracy * 7), 6)
    small = element("small", {}, f"{cell.scored}")
    return element("td", {"class": f"h{step}", "title": told}, format_percent(cell.accuracy, 0), small)


def measure_section(runs: Sequence[LoadedRun]) -> Markup:
    """Histograms of latency and tokens, a run below the other on the same axis."""
    figures = []
    for title, unit, value in MEASURES.values():
        found = [[float(v) for record in run.records if (v := value(record)) is not None] for run in runs]
        everything = [one for values in found for one in values]
        if not everything:
            figures.append(element("p", {"class": "none"}, f"{title}: the endpoint told none."))
            continue
        edges, logarithmic = bins(everything)
        for style, (run, values) in enumerate(zip(runs, found, strict=True)):
            if values:
                shown = histogram(values, edges, logarithmic)
                marked = [("p50", percentile(values, 0.5)), ("p95", percentile(values, 0.95))]
                drawn = bars(f"{title} of {run.name}", unit, style, shown, marked)
                caption = f"{title}, {run.name}" if len(runs) > 1 else title
                figures.append(
                    element("figure", {"class": "chart"}, element("figcaption", {}, caption), drawn)
                )
    return element("div", {"class": "charts"}, *figures)
