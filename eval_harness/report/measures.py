"""Latency and tokens: a histogram of each measure and run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from eval_harness.analysis.runs import LoadedRun
from eval_harness.records import Record
from eval_harness.report.charts import Axis, Bar, HistogramChart, Mark, Style, run_style
from eval_harness.report.document import figure
from eval_harness.report.markup import Markup, element
from eval_harness.report.scales import Histogram, bins, format_count, histogram, percentile, ticks
from eval_harness.report.svg import draw_histogram

_MARKED: Final = (("p50", 0.5), ("p95", 0.95))
# Shares of an axis that have room for a name before them, or none behind them.
_BEGINNING: Final = 0.3
_END: Final = 0.75


@dataclass(frozen=True)
class Measure:
    """Something that is counted of each reply."""

    name: str
    """The name of the figure's file."""
    title: str
    unit: str
    value: Callable[[Record], float | None]

    def values(self, run: LoadedRun) -> list[float]:
        """What the endpoint stated, record by record; nothing of a reply that it stated nothing of."""
        return [float(value) for record in run.records if (value := self.value(record)) is not None]


MEASURES: Final = (
    Measure("latency", "Latency", "ms", lambda record: record.latency_ms),
    Measure("prompt_tokens", "Prompt tokens", "tokens", lambda record: record.prompt_tokens),
    Measure("completion_tokens", "Completion tokens", "tokens", lambda record: record.completion_tokens),
)


def histogram_charts(measure: Measure, runs: Sequence[LoadedRun]) -> list[HistogramChart]:
    """Histograms of a measure, a run after the other, on the same axis; only of runs that have values."""
    found = [measure.values(run) for run in runs]
    everything = [value for values in found for value in values]
    if not everything:
        return []
    edges, logarithmic = bins(everything)
    places = [(tick, f"{tick:,g}") for tick in ticks(edges[0], edges[-1], logarithmic)]
    axis = Axis(measure.unit, edges[0], edges[-1], places, logarithmic)
    charts = []
    for number, (run, values) in enumerate(zip(runs, found, strict=True)):
        if values:
            title = f"{measure.title}, {run.name}" if len(runs) > 1 else measure.title
            description = f"{measure.title} of {run.name}"
            charts.append(_chart(title, description, run_style(number), axis, edges, values))
    return charts


def _chart(
    title: str, description: str, style: Style, axis: Axis, edges: tuple[float, ...], values: Sequence[float]
) -> HistogramChart:
    found = histogram(values, edges, axis.logarithmic)
    most = max(found.counts)
    # There is no half a sample.
    whole = [tick for tick in ticks(0, most, False, 4) if tick == round(tick)]
    return HistogramChart(
        title=title,
        description=description,
        style=style,
        values=axis,
        counts=Axis("samples", 0, most, [(tick, format_count(tick)) for tick in whole]),
        bars=_bars(found, axis.label),
        marks=_marks(axis, values),
    )


def _marks(axis: Axis, values: Sequence[float]) -> list[Mark]:
    """The median and the 95th percentile, named so that no name meets the other or the other's line.

    The names stand on the outer sides of the two lines, unless there is an end of the axis: then on the same
    side, and the line that would cross the other's name begins below it.
    """
    lower, upper = (percentile(values, share) for _, share in _MARKED)
    sides = axis.position(lower) > _BEGINNING, axis.position(upper) > _END
    rows = (1, 0) if sides[1] else (0, 1)
    return [
        Mark(value, f"{name} {value:,.4g}", before, line)
        for (name, _), value, before, line in zip(_MARKED, (lower, upper), sides, rows, strict=True)
    ]


def _bars(found: Histogram, unit: str) -> list[Bar]:
    return [
        Bar(low, high, count, f"{low:,.4g} to {high:,.4g} {unit}: {format_count(count)}")
        for low, high, count in zip(found.edges, found.edges[1:], found.counts, strict=False)
    ]


def measure_section(runs: Sequence[LoadedRun]) -> Markup:
    """Histograms of latency and tokens."""
    figures = []
    for measure in MEASURES:
        charts = histogram_charts(measure, runs)
        figures += [figure("chart", chart.title, draw_histogram(chart)) for chart in charts]
        if not charts:
            figures.append(element("p", {"class": "none"}, f"{measure.title}: the endpoint told none."))
    return element("div", {"class": "charts"}, *figures)
