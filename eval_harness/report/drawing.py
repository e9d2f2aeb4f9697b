"""Charts drawn by matplotlib as PNG files, for papers and slides."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

from eval_harness.analysis.runs import RunError
from eval_harness.report.charts import CurveChart, DotChart, HeatChart, HistogramChart, LineChart, Mark
from eval_harness.report.document import read_asset

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_Chart = TypeVar("_Chart", CurveChart, LineChart)

Draw: TypeAlias = "Callable[[Figure], None]"
"""Draws on an empty figure, whose size it chooses."""

_MARKERS: Final = {"circle": "o", "square": "s", "triangle": "^", "diamond": "D"}
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
    "savefig.bbox": "tight",  # a name of any length is seen whole
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


def save_figures(figures: Iterable[tuple[str, Draw]], folder: Path) -> list[Path]:
    """Write figures by name, and return their paths."""
    import matplotlib
    from matplotlib.figure import Figure

    written = []
    with matplotlib.rc_context(_STYLE | {"axes.edgecolor": page_colours()["soft"]}):
        for name, draw in figures:
            figure = Figure()
            draw(figure)
            path = folder / f"{name}.png"
            # No clock time or version inside: equal charts give equal files.
            figure.savefig(path, metadata={"Software": None})
            written.append(path)
    return written


@cache
def page_colours() -> dict[str, str]:
    """The colours of the page by name, the light ones, which come first in its style sheet."""
    named = re.findall(r"--(\w+): (#[0-9a-f]{6})", read_asset("eval_harness.report", "page.css"))
    return dict(reversed(named))


def draw_curves(charts: Sequence[CurveChart], figure: "Figure") -> None:
    """Curves of accuracy, a chart beside the other."""
    _draw_beside(charts, charts[0].axis.label, _draw_curve_chart, figure)


def draw_lines(charts: Sequence[LineChart], figure: "Figure") -> None:
    """Lines over two numeric axes, a chart beside the other."""
    _draw_beside(charts, charts[0].y.label, _draw_line_chart, figure)


def _draw_beside(
    charts: Sequence[_Chart], label: str, draw: "Callable[[Axes, _Chart], None]", figure: "Figure"
) -> None:
    """Charts in rows of four, with one legend."""
    columns = min(len(charts), 4)
    rows = -(-len(charts) // columns)
    figure.set_size_inches(max(2.6 * columns, 4), 2.7 * rows + 0.4)
    every = list(figure.subplots(rows, columns, squeeze=False, sharey=True).flat)
    labels: dict[str, Any] = {}
    for axes, chart in zip(every, charts, strict=False):
        draw(axes, chart)
        labels |= {label: handle for handle, label in zip(*axes.get_legend_handles_labels(), strict=True)}
    for axes in every[len(charts) :]:
        axes.set_axis_off()
    figure.supylabel(label)
    # As many names beside each other as there is room for.
    fitting = int(12 * figure.get_figwidth() / (max(map(len, labels)) + 8)) if labels else 1
    columns = min(len(labels), max(fitting, 1), 5)
    figure.set_figheight(figure.get_figheight() + 0.2 * (-(-len(labels) // columns) - 1))
    figure.legend(list(labels.values()), list(labels), loc="outside lower center", ncols=columns)


def _draw_line_chart(axes: "Axes", chart: LineChart) -> None:
    for line in chart.lines:
        axes.plot(
            *zip(*line.spots, strict=True),
            color=page_colours()[line.style.colour],
            linestyle=line.style.dash,
            marker=None if line.thin else _MARKERS[line.style.marker],
            markevery=[-1],
            alpha=0.3 if line.thin else 1,
            linewidth=0.8 if line.thin else 1.6,
            label=None if line.thin else line.name,
            clip_on=line.thin,  # the marker at the end of the axis is seen whole
        )
    axes.set_xscale("log" if chart.x.logarithmic else "linear")
    axes.set_xticks(*zip(*chart.x.ticks, strict=True))
    axes.set_yticks(*zip(*chart.y.ticks, strict=True))
    axes.set(xlim=(chart.x.low, chart.x.high), ylim=(chart.y.low, chart.y.high), title=chart.title)
    axes.set_xlabel(chart.x.label)
    axes.grid(axis="y", color=page_colours()["hair"])


def _draw_curve_chart(axes: "Axes", chart: CurveChart) -> None:
    for number, curve in enumerate(chart.curves):
        axes.errorbar(
            [point.place + chart.offset(number) for point in curve.points],
            [point.value for point in curve.points],
            yerr=[
                [max(point.value - point.low, 0) for point in curve.points],
                [max(point.high - point.value, 0) for point in curve.points],
            ],
            color=page_colours()[curve.style.colour],
            marker=_MARKERS[curve.style.marker],
            linestyle=curve.style.dash,
            label=curve.name,
        )
    for place, chance in enumerate(chart.chance):
        ends = (chance.place - 0.5, chance.place + 0.5)
        label = "" if place else "chance"
        axes.hlines(
            chance.value, *ends, color=page_colours()["soft"], linestyle="--", linewidth=1, label=label
        )
    axes.set(xlim=(-0.5, len(chart.places) - 0.5), xlabel=chart.label, title=chart.title)
    axes.set_xticks(range(len(chart.places)), chart.places)
    axes.set_ylim(chart.axis.low - 0.03, chart.axis.high + 0.03)
    axes.set_yticks(*zip(*chart.axis.ticks, strict=True))
    axes.grid(axis="y", color=page_colours()["hair"])
    axes.set_axisbelow(True)


def draw_maps(charts: Sequence[HeatChart], figure: "Figure") -> None:
    """Heat maps beside each other."""
    wide, tall = len(charts[0].columns), len(charts[0].rows)
    column = max(0.62, *(0.085 * len(word) for name in charts[0].columns for word in name.split()))
    left = max(1.1, *(0.085 * len(name) for name in charts[0].rows))
    map_width = max(column * wide, *(0.1 * len(chart.title) for chart in charts))  # titles begin with cells
    figure.set_size_inches((left + map_width) * len(charts) + 0.9, 1.5 + 0.45 * tall)
    every = list(figure.subplots(1, len(charts), squeeze=False).flat)
    for axes, chart in zip(every, charts, strict=True):
        _draw_map(axes, chart)
    figure.colorbar(every[0].images[0], ax=every, label=charts[0].measure, format="{x:.0%}")


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
    axes.set_xticks(range(len(chart.columns)), [name.replace(" ", "\n") for name in chart.columns])
    axes.set_yticks(range(len(chart.rows)), chart.rows)
    axes.set(xlabel=chart.labels[0], ylabel=chart.labels[1], title=chart.title)
    axes.spines[:].set_visible(False)


def draw_histograms(charts: Sequence[HistogramChart], figure: "Figure") -> None:
    """Histograms below each other, on one axis."""
    figure.set_size_inches(5, 1.2 + 1.8 * len(charts))
    every = figure.subplots(len(charts), squeeze=False)[:, 0]
    for axes, chart in zip(every, charts, strict=True):
        edges = [chart.bars[0].low, *(bar.high for bar in chart.bars)]
        axes.stairs(
            [bar.count for bar in chart.bars], edges, fill=True, color=page_colours()[chart.style.colour]
        )
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

    axes.axvline(
        mark.value, ymax=1 - 0.13 * mark.row, color=page_colours()["ink"], linewidth=1, linestyle=":"
    )
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


def draw_dots(charts: Sequence[DotChart], figure: "Figure") -> None:
    """Rows of dots below each other."""
    heights = [len(chart.rows) for chart in charts]
    figure.set_size_inches(6, max(0.9 * len(charts) + 0.24 * sum(heights), 1.5))
    if not charts:
        figure.suptitle("No sample was scored in both runs")
        return
    every = figure.subplots(len(charts), squeeze=False, height_ratios=heights)[:, 0]
    for axes, chart in zip(every, charts, strict=True):
        for dot in chart.dots:
            colour = page_colours()[dot.style.colour]
            axes.plot([dot.low, dot.high], [dot.place] * 2, color=colour)
            axes.plot(dot.value, dot.place, _MARKERS[dot.style.marker], color=colour, markeredgecolor="white")
        if chart.axis.low < 0:
            axes.axvline(0, color=page_colours()["soft"], linewidth=1, linestyle="--")
        for chance in chart.chance:
            ends = (chance.place - 0.5, chance.place + 0.5)
            axes.vlines(chance.value, *ends, color=page_colours()["soft"], linewidth=1.5, linestyle=":")
        axes.set_yticks(range(len(chart.rows)), chart.rows)
        axes.set_xticks(*zip(*chart.axis.ticks, strict=True))
        axes.set(xlim=(1.04 * chart.axis.low, 1.04 * chart.axis.high), xlabel=chart.axis.label)
        # The first row stands on top.
        axes.set(ylim=(len(chart.rows) - 0.4, -0.6), title=chart.title)
