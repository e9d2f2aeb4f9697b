"""The report's charts as PNG files, for papers and slides."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from eval_harness.analysis.runs import LoadedRun, RunError
from eval_harness.report.charts import CurveChart, DotChart, HeatChart, HistogramChart, Mark, OutcomeBar
from eval_harness.report.compared import comparison_charts
from eval_harness.report.document import read_asset
from eval_harness.report.heat_maps import heat_charts
from eval_harness.report.levels import accuracy_charts
from eval_harness.report.measures import MEASURES, histogram_charts
from eval_harness.report.overview import outcome_bars

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MARKERS: Final = {"circle": "o", "square": "s", "triangle": "^", "diamond": "D"}
_HATCHES: Final = {"error": "////", "pending": "||||"}
_DARK: Final = 0.45
"""Accuracies below it have a shade so dark that their text is white."""

_STYLE: Final[dict[str, Any]] = {
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titleweight": "bold",
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "figure.constrained_layout.use": True,
    "legend.frameon": False,
    "savefig.dpi": 160,
    # A run's name is text, whatever it holds: dollar signs begin no formula.
    "text.parse_math": False,
}


def check_matplotlib() -> None:
    """Raise RunError, naming the extra, where matplotlib is not installed."""
    try:
        import matplotlib as _  # noqa: F401  # only whether it is there
    except ImportError:
        raise RunError(
            "the PNG figures need matplotlib: pip install 'synthlm[plots]', or pass --no-png for the page"
        ) from None


def write_figures(runs: Sequence[LoadedRun], folder: Path) -> list[Path]:
    """Write every figure there is something to draw for, and return their paths."""
    import matplotlib
    from matplotlib.figure import Figure

    written = []
    with matplotlib.rc_context(_STYLE | {"axes.edgecolor": _colours()["soft"]}):
        for name, draw in _figures(runs):
            figure = Figure()
            draw(figure)
            path = folder / f"{name}.png"
            # No clock time or version inside: equal runs give equal files.
            figure.savefig(path, metadata={"Software": None})
            written.append(path)
    return written


def _figures(runs: Sequence[LoadedRun]) -> Iterator[tuple[str, Callable[["Figure"], None]]]:
    yield "outcomes", partial(_draw_outcomes, outcome_bars(runs))
    if curves := accuracy_charts(runs):
        yield "accuracy", partial(_draw_curves, curves)
    for family, maps in heat_charts(runs).items():
        yield f"heatmap-{family}", partial(_draw_maps, maps)
    for measure in MEASURES:
        if histograms := histogram_charts(measure, runs):
            yield measure.name, partial(_draw_histograms, histograms)
    if len(runs) > 1:
        yield "comparison", partial(_draw_dots, comparison_charts(runs))


@cache
def _colours() -> dict[str, str]:
    """The colours of the page by name, the light ones, which come first in its style sheet."""
    named = re.findall(r"--(\w+): (#[0-9a-f]{6})", read_asset("eval_harness.report", "page.css"))
    return dict(reversed(named))


def _draw_outcomes(bars: Sequence[OutcomeBar], figure: "Figure") -> None:
    figure.set_size_inches(7.5, 1.3 + 0.45 * len(bars))
    axes = figure.subplots()
    for place, bar in enumerate(bars):
        start = 0.0
        for part in bar.parts:
            axes.barh(
                place,
                part.share,
                left=start,
                color=_colours()[part.colour],
                hatch=_HATCHES.get(part.colour),
                edgecolor="white",
                label=part.name if place == 0 else None,
            )
            start += part.share
    axes.set_yticks(range(len(bars)), [bar.run for bar in bars])
    axes.invert_yaxis()
    axes.set(xlim=(0, 1), xlabel="share of planned samples", title="Outcomes")
    axes.xaxis.set_major_formatter("{x:.0%}")
    figure.legend(loc="outside lower center", ncols=len(bars[0].parts), fontsize=8)


def _draw_curves(charts: Sequence[CurveChart], figure: "Figure") -> None:
    columns = min(len(charts), 4)
    rows = -(-len(charts) // columns)
    figure.set_size_inches(max(2.6 * columns, 4), 2.7 * rows + 0.4)
    every = list(figure.subplots(rows, columns, squeeze=False, sharey=True).flat)
    labels: dict[str, Any] = {}
    for axes, chart in zip(every, charts, strict=False):
        _draw_curve_chart(axes, chart)
        labels |= {label: handle for handle, label in zip(*axes.get_legend_handles_labels(), strict=True)}
    for axes in every[len(charts) :]:
        axes.set_axis_off()
    figure.supylabel(charts[0].axis.label)
    figure.legend(list(labels.values()), list(labels), loc="outside lower center", ncols=min(len(labels), 5))


def _draw_curve_chart(axes: "Axes", chart: CurveChart) -> None:
    for number, curve in enumerate(chart.curves):
        axes.errorbar(
            [point.place + chart.offset(number) for point in curve.points],
            [point.value for point in curve.points],
            yerr=[
                [max(point.value - point.low, 0) for point in curve.points],
                [max(point.high - point.value, 0) for point in curve.points],
            ],
            color=_colours()[curve.style.colour],
            marker=_MARKERS[curve.style.marker],
            linestyle=curve.style.dash,
            label=curve.name,
        )
    for place, chance in enumerate(chart.chance):
        ends = (chance.place - 0.5, chance.place + 0.5)
        label = "" if place else "chance"
        axes.hlines(chance.value, *ends, color=_colours()["soft"], linestyle="--", linewidth=1, label=label)
    axes.set(xlim=(-0.5, len(chart.places) - 0.5), xlabel=chart.label, title=chart.title)
    axes.set_xticks(range(len(chart.places)), chart.places)
    axes.set_ylim(chart.axis.low - 0.03, chart.axis.high + 0.03)
    axes.set_yticks(*zip(*chart.axis.ticks, strict=True))
    axes.grid(axis="y", color=_colours()["hair"])
    axes.set_axisbelow(True)


def _draw_maps(charts: Sequence[HeatChart], figure: "Figure") -> None:
    wide, tall = len(charts[0].columns), len(charts[0].rows)
    figure.set_size_inches((1.1 + 0.62 * wide) * len(charts) + 0.7, 1.3 + 0.45 * tall)
    every = list(figure.subplots(1, len(charts), squeeze=False).flat)
    for axes, chart in zip(every, charts, strict=True):
        _draw_map(axes, chart)
    figure.colorbar(every[0].images[0], ax=every, label="accuracy", format="{x:.0%}")


def _draw_map(axes: "Axes", chart: HeatChart) -> None:
    # nan, not 0, where nothing was scored: such cells stay empty.
    values = [[float("nan") if cell is None else cell.accuracy for cell in cells] for cells in chart.cells]
    axes.imshow(values, vmin=0, vmax=1, cmap="viridis", origin="lower", aspect="auto")
    for y, cells in enumerate(chart.cells):
        for x, cell in enumerate(cells):
            if cell is not None:
                colour = "white" if cell.accuracy < _DARK else "black"
                text = f"{cell.text}\n{cell.scored}"
                axes.text(x, y, text, ha="center", va="center", color=colour, fontsize=7)
    axes.set_xticks(range(len(chart.columns)), chart.columns)
    axes.set_yticks(range(len(chart.rows)), chart.rows)
    axes.set(xlabel=chart.labels[0], ylabel=chart.labels[1], title=chart.title)
    axes.spines[:].set_visible(False)


def _draw_histograms(charts: Sequence[HistogramChart], figure: "Figure") -> None:
    figure.set_size_inches(5, 1.2 + 1.8 * len(charts))
    every = figure.subplots(len(charts), squeeze=False)[:, 0]
    for axes, chart in zip(every, charts, strict=True):
        edges = [chart.bars[0].low, *(bar.high for bar in chart.bars)]
        axes.stairs([bar.count for bar in chart.bars], edges, fill=True, color=_colours()[chart.style.colour])
        axes.set(title=chart.title, ylabel=chart.counts.label)
        axes.set_xscale("log" if chart.values.logarithmic else "linear")
        axes.set_xlim(chart.values.low, chart.values.high)
        axes.set_xticks(*zip(*chart.values.ticks, strict=True))
        axes.set_yticks(*zip(*chart.counts.ticks, strict=True))
        # Room above the bars, for the names of the marks.
        axes.set_ylim(chart.counts.low, 1.45 * chart.counts.high)
        axes.minorticks_off()
        for mark in chart.marks:
            _draw_mark(axes, mark)
    every[-1].set_xlabel(charts[-1].values.label)


def _draw_mark(axes: "Axes", mark: Mark) -> None:
    from matplotlib.patheffects import withStroke

    axes.axvline(mark.value, ymax=1 - 0.13 * mark.row, color=_colours()["ink"], linewidth=1, linestyle=":")
    axes.annotate(
        mark.text,
        (mark.value, 1),
        (-3 if mark.before else 3, -8 - 10 * mark.row),
        xycoords=("data", "axes fraction"),
        textcoords="offset points",
        ha="right" if mark.before else "left",
        fontsize=8,
        path_effects=[withStroke(linewidth=3, foreground="white")],
    )


def _draw_dots(charts: Sequence[DotChart], figure: "Figure") -> None:
    heights = [len(chart.rows) for chart in charts]
    figure.set_size_inches(6, max(0.9 * len(charts) + 0.24 * sum(heights), 1.5))
    if not charts:
        figure.suptitle("No sample was scored in both runs")
        return
    every = figure.subplots(len(charts), squeeze=False, height_ratios=heights)[:, 0]
    for axes, chart in zip(every, charts, strict=True):
        for dot in chart.dots:
            colour = _colours()[dot.style.colour]
            axes.plot([dot.low, dot.high], [dot.place] * 2, color=colour)
            axes.plot(dot.value, dot.place, _MARKERS[dot.style.marker], color=colour)
        axes.axvline(0, color=_colours()["soft"], linewidth=1, linestyle="--")
        axes.set_yticks(range(len(chart.rows)), chart.rows)
        axes.set_xticks(*zip(*chart.axis.ticks, strict=True))
        axes.set(xlim=(1.04 * chart.axis.low, 1.04 * chart.axis.high), xlabel=chart.axis.label)
        # The first row stands on top.
        axes.set(ylim=(len(chart.rows) - 0.4, -0.6), title=chart.title)
