"""Accuracy over the two axes that a family's grid crosses: a heat map of each family and run."""

from collections.abc import Sequence
from typing import Final

from eval_harness.analysis.groups import GroupCounts, HeatMap, by_family, heat_map
from eval_harness.analysis.runs import LoadedRun
from eval_harness.report.charts import HeatCell, HeatChart, Style, run_style
from eval_harness.report.document import figure, scrolling, swatch
from eval_harness.report.levels import format_accuracy, list_families
from eval_harness.report.markup import Markup, element, join
from eval_harness.report.scales import format_percent

_SHADES: Final = 7
"""Steps of the colour scale; the style sheet gives each a colour that its text can be read on."""


def heat_charts(runs: Sequence[LoadedRun]) -> dict[str, list[HeatChart]]:
    """Heat maps by family, a run after the other; families without an axis are left out."""
    charts: dict[str, list[HeatChart]] = {}
    for family in list_families(runs):
        for number, run in enumerate(runs):
            records = by_family(run.records).get(family)
            found = heat_map(family, records) if records else None
            if found is not None:
                title = f"{family}, {run.name}" if len(runs) > 1 else family
                charts.setdefault(family, []).append(_chart(title, run_style(number), found))
    return charts


def _chart(title: str, style: Style, found: HeatMap) -> HeatChart:
    return HeatChart(
        title=title,
        style=style,
        labels=found.axes,
        columns=[str(span) for span in found.columns],
        rows=[str(span) if found.axes[1] else "" for span in found.rows],
        cells=[[_cell(group) for group in groups] for groups in found.cells],
    )


def _cell(group: GroupCounts | None) -> HeatCell | None:
    if group is None or group.accuracy is None:
        return None
    chance = "" if group.chance is None else f", chance {format_percent(group.chance)}"
    tooltip = f"{format_accuracy(group)}, {group.correct} of {group.scored}{chance}"
    return HeatCell(group.accuracy, format_percent(group.accuracy, 0), group.scored, tooltip)


def map_section(runs: Sequence[LoadedRun]) -> Markup:
    """A heat map for each family and run."""
    figures = []
    for charts in heat_charts(runs).values():
        for chart in charts:
            caption = join(swatch(chart.style), chart.title) if len(runs) > 1 else chart.title
            figures.append(figure("map", caption, *draw_map(chart)))
    return element("div", {"class": "maps"}, *figures)


def draw_map(chart: HeatChart) -> tuple[Markup, Markup]:
    """The map as a table, so that its numbers can be copied, and the name of its columns."""
    across, up = chart.labels
    # The first row stands at the bottom, as on an axis.
    rows = [
        element("tr", {}, element("th", {"scope": "row"}, name), *(_draw_cell(cell) for cell in cells))
        for name, cells in reversed(list(zip(chart.rows, chart.cells, strict=True)))
    ]
    corner = element("th", {"class": "corner"}, f"{up} ↑" if up else "")
    foot = element("tr", {}, corner, *(element("th", {"scope": "col"}, name) for name in chart.columns))
    grid = element("table", {"class": "heat"}, *rows, foot)
    return scrolling(grid), element("p", {"class": "axis"}, f"{across} →")


def _draw_cell(cell: HeatCell | None) -> Markup:
    if cell is None:
        return element("td", {"class": "none", "title": "nothing scored"})
    shade = min(int(cell.accuracy * _SHADES), _SHADES - 1)
    return element(
        "td", {"class": f"h{shade}", "title": cell.tooltip}, cell.text, element("small", {}, f"{cell.scored}")
    )
