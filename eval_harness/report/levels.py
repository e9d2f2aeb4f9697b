"""Accuracy by level: a chart of each family, and a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eval_harness.analysis.groups import GroupCounts, by_family, by_level, count_group
from eval_harness.analysis.runs import LoadedRun
from eval_harness.report.charts import ACCURACY, Chance, Curve, CurveChart, Point, run_style
from eval_harness.report.document import figure, row, swatch, table
from eval_harness.report.markup import Markup, element, join
from eval_harness.report.scales import format_count, format_percent
from eval_harness.report.svg import draw_curves


@dataclass(frozen=True)
class LevelCounts:
    """One level of a family: each run's counts, and what guessing reaches over the samples of all runs."""

    level: int
    chance: float | None
    runs: Sequence[GroupCounts]


def list_families(runs: Sequence[LoadedRun]) -> list[str]:
    """Every family that occurs in some run, in order."""
    return list(dict.fromkeys(family for run in runs for family in by_family(run.records)))


def count_levels(runs: Sequence[LoadedRun]) -> dict[str, list[LevelCounts]]:
    """Count the records of each family by level."""
    groups = [{name: by_level(found) for name, found in by_family(run.records).items()} for run in runs]
    counted: dict[str, list[LevelCounts]] = {}
    for family in list_families(runs):
        for level in sorted({level for levels in groups for level in levels.get(family, {})}):
            cells = [levels.get(family, {}).get(level, []) for levels in groups]
            chance = count_group([record for cell in cells for record in cell]).chance
            counts = LevelCounts(level, chance, [count_group(cell) for cell in cells])
            counted.setdefault(family, []).append(counts)
    return counted


def accuracy_charts(runs: Sequence[LoadedRun]) -> list[CurveChart]:
    """Accuracy by level: a chart a family, in it a curve a run."""
    return [_chart(family, runs, levels) for family, levels in count_levels(runs).items()]


def _chart(family: str, runs: Sequence[LoadedRun], levels: Sequence[LevelCounts]) -> CurveChart:
    return CurveChart(
        title=family,
        description=f"{family}: accuracy by level",
        label="level",
        places=[str(counts.level) for counts in levels],
        axis=ACCURACY,
        curves=[Curve(run.name, run_style(n), _points(n, levels)) for n, run in enumerate(runs)],
        chance=[
            Chance(place, counts.chance, f"chance {format_percent(counts.chance)}")
            for place, counts in enumerate(levels)
            if counts.chance is not None
        ],
    )


def _points(run: int, levels: Sequence[LevelCounts]) -> list[Point]:
    points = []
    for place, counts in enumerate(levels):
        group = counts.runs[run]
        if group.accuracy is not None and group.ci95 is not None:
            tooltip = f"level {counts.level}: {format_accuracy(group)}, {group.correct} of {group.scored}"
            points.append(Point(place, group.accuracy, *group.ci95, tooltip))
    return points


def format_accuracy(group: GroupCounts) -> str:
    """e.g. "78.1% [70.0%, 84.5%]"."""
    low, high = group.ci95 or (None, None)
    return f"{format_percent(group.accuracy)} [{format_percent(low)}, {format_percent(high)}]"


def level_section(runs: Sequence[LoadedRun]) -> Markup:
    """Accuracy by level for each family, as a chart and as a table."""
    counted = count_levels(runs)
    charts = [_chart(family, runs, levels) for family, levels in counted.items()]
    figures = [figure("chart", chart.title, draw_curves(chart)) for chart in charts]
    return join(_legend(runs), element("div", {"class": "charts"}, *figures), _table(runs, counted))


def _legend(runs: Sequence[LoadedRun]) -> Markup:
    keys = [element("li", {}, swatch(run_style(number)), run.name) for number, run in enumerate(runs)]
    dash = element("li", {}, element("span", {"class": "key dash"}), "chance")
    return element("ul", {"class": "legend"}, *keys, dash)


def _table(runs: Sequence[LoadedRun], counted: Mapping[str, Sequence[LevelCounts]]) -> Markup:
    rows = [
        row(family, counts.level, format_percent(counts.chance), *(_cell(group) for group in counts.runs))
        for family, levels in counted.items()
        for counts in levels
    ]
    return table(["task", "level", "chance", *(run.name for run in runs)], rows)


def _cell(group: GroupCounts) -> Markup:
    if group.accuracy is None:
        return element("span", {"class": "none"}, "nothing scored" if group.records else "not asked")
    share = element("small", {}, f" {format_count(group.correct)} / {format_count(group.scored)}")
    return join(format_accuracy(group), share)
