"""The report's charts as PNG files."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from eval_harness.analysis.runs import LoadedRun
from eval_harness.report.charts import OutcomeBar
from eval_harness.report.compared import comparison_charts
from eval_harness.report.drawing import (
    Draw,
    check_matplotlib,
    draw_curves,
    draw_dots,
    draw_histograms,
    draw_maps,
    page_colours,
    save_figures,
)
from eval_harness.report.heat_maps import heat_charts
from eval_harness.report.levels import accuracy_charts
from eval_harness.report.measures import MEASURES, histogram_charts
from eval_harness.report.overview import outcome_bars

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_HATCHES: Final = {"error": "////", "pending": "||||"}

__all__ = ["check_matplotlib", "write_figures"]


def write_figures(runs: Sequence[LoadedRun], folder: Path) -> list[Path]:
    """Write every figure there is something to draw for, and return their paths."""
    return save_figures(_figures(runs), folder)


def _figures(runs: Sequence[LoadedRun]) -> Iterator[tuple[str, Draw]]:
    yield "outcomes", partial(_draw_outcomes, outcome_bars(runs))
    if curves := accuracy_charts(runs):
        yield "accuracy", partial(draw_curves, curves)
    for family, maps in heat_charts(runs).items():
        yield f"heatmap-{family}", partial(draw_maps, maps)
    for measure in MEASURES:
        if histograms := histogram_charts(measure, runs):
            yield measure.name, partial(draw_histograms, histograms)
    if len(runs) > 1:
        yield "comparison", partial(draw_dots, comparison_charts(runs))


def _draw_outcomes(bars: Sequence[OutcomeBar], figure: "Figure") -> None:
    """What became of every run's samples, a bar a run."""
    figure.set_size_inches(7.5, 1.3 + 0.45 * len(bars))
    axes = figure.subplots()
    for place, bar in enumerate(bars):
        start = 0.0
        for part in bar.parts:
            axes.barh(
                place,
                part.share,
                left=start,
                color=page_colours()[part.colour],
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
