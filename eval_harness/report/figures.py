"""The report's figures as PNG files, for papers and slides."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from eval_harness.analysis.groups import HeatMap, by_family, by_level, count_group, heat_map
from eval_harness.analysis.pairing import compare_runs
from eval_harness.analysis.runs import LoadedRun, RunError
from eval_harness.report.overview import FATES, outcome_counts
from eval_harness.report.scales import bins
from eval_harness.report.sections import MEASURES, families

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# The page's light colours: Okabe and Ito's, told apart by every kind of colour vision.
_RUNS: Final = ("#0072b2", "#d55e00", "#00805e", "#a8538a", "#56b4e9", "#a86f00")
_FATES: Final = ("#0072b2", "#d55e00", "#cc79a7", "#e0b400", "#6a51a3", "#8a6d3b", "#4a4f57", "#c3cad3")
_MARKERS: Final = "os^Dv*"
_STYLE: Final[dict[str, Any]] = {
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#5b6470",
    "axes.titleweight": "bold",
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "figure.constrained_layout.use": True,
    "legend.frameon": False,
    "savefig.dpi": 160,
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
    with matplotlib.rc_context(_STYLE):
        for name, draw in _figures(runs):
            figure = Figure()
            draw(figure)
            path = folder / f"{name}.png"
            # No clock time or version inside: equal runs give equal files.
            figure.savefig(path, metadata={"Software": None})
            written.append(path)
    return written


def _figures(runs: Sequence[LoadedRun]) -> Iterator[tuple[str, Callable[["Figure"], None]]]:
    yield "outcomes", partial(_outcomes, runs)
    names = families(runs)
    if names:
        yield "accuracy", partial(_accuracy, runs, names)
    for family in names:
        maps = [
            (run.name, drawn)
            for run in runs
            if (records := by_family(run.records).get(family)) and (drawn := heat_map(family, records))
        ]
        if maps:
            yield f"heatmap-{family}", partial(_maps, family, maps)
    for name in MEASURES:
        found = _values(runs, name)
        if any(found):
            yield name, partial(_histogram, runs, name, found)
    if len(runs) > 1:
        yield "comparison", partial(_comparison, runs)


def _outcomes(runs: Sequence[LoadedRun], figure: "Figure") -> None:
    figure.set_size_inches(7.5, 1.3 + 0.45 * len(runs))
    axes = figure.subplots()
    for place, run in enumerate(runs):
        fates = outcome_counts(run.summary["overall"])
        planned, start = sum(fates.values()) or 1, 0.0
        for (fate, number), colour in zip(fates.items(), _FATES, strict=True):
            hatch = {"error": "////", "pending": "||||"}.get(fate)
            label = FATES[fate] if place == 0 else None
            axes.barh(
                place, number / planned, left=start, color=colour, hatch=hatch, edgecolor="white", label=label
            )
            start += number / planned
    axes.set_yticks(range(len(runs)), [run.name for run in runs])
    axes.invert_yaxis()
    axes.set(xlim=(0, 1), xlabel="share of planned samples", title="Outcomes")
    axes.xaxis.set_major_formatter("{x:.0%}")
    figure.legend(loc="outside lower center", ncols=len(FATES), fontsize=8)


def _accuracy(runs: Sequence[LoadedRun], names: Sequence[str], figure: "Figure") -> None:
    columns = min(len(names), 4)
    rows = -(-len(names) // columns)
    figure.set_size_inches(max(2.6 * columns, 4), 2.7 * rows + 0.4)
    every = list(figure.subplots(rows, columns, squeeze=False, sharey=True).flat)
    for family, axes in zip(names, every, strict=False):
        _accuracy_of(axes, family, runs)
    for axes in every[len(names) :]:
        axes.set_axis_off()
    figure.supylabel("accuracy")
    handles, labels = every[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=min(len(labels), 5))


def _accuracy_of(axes: "Axes", family: str, runs: Sequence[LoadedRun]) -> None:
    held = [by_level(by_family(run.records).get(family, [])) for run in runs]
    levels = sorted({level for run in held for level in run})
    for style, (run, by_number) in enumerate(zip(runs, held, strict=True)):
        shown = []
        for level in levels:
            counted = count_group(by_number.get(level, []))
            if counted.accuracy is not None and counted.ci95 is not None:
                shown.append((level, counted.accuracy, *counted.ci95))
        aside = 0.06 * (style - (len(runs) - 1) / 2)
        axes.errorbar(
            [level + aside for level, *_ in shown],
            [value for _, value, _, _ in shown],
            yerr=[
                [max(value - low, 0) for _, value, low, _ in shown],
                [max(high - value, 0) for _, value, _, high in shown],
            ],
            color=_RUNS[style % 6],
            marker=_MARKERS[style % 6],
            linestyle=("-", "--", ":")[style % 3],
            label=run.name,
        )
    chances = [
        count_group([record for run in held for record in run.get(level, [])]).chance for level in levels
    ]
    known = [(level, chance) for level, chance in zip(levels, chances, strict=True) if chance is not None]
    for place, (level, chance) in enumerate(known):
        label = "" if place else "chance"
        axes.hlines(
            chance, level - 0.5, level + 0.5, color="#5b6470", linestyle="--", linewidth=1, label=label
        )
    axes.set(ylim=(-0.03, 1.03), title=family, xlabel="level", xticks=levels)
    axes.yaxis.set_major_formatter("{x:.0%}")
    axes.grid(axis="y", color="#e9ecf0")
    axes.set_axisbelow(True)


def _maps(family: str, maps: Sequence[tuple[str, HeatMap]], figure: "Figure") -> None:
    wide, tall = len(maps[0][1].columns), len(maps[0][1].rows)
    figure.set_size_inches((1.1 + 0.62 * wide) * len(maps) + 0.7, 1.3 + 0.45 * tall)
    every = list(figure.subplots(1, len(maps), squeeze=False).flat)
    for axes, (name, drawn) in zip(every, maps, strict=True):
        _map(axes, drawn)
        axes.set_title(f"{family}, {name}" if len(maps) > 1 else family)
    shades = every[0].images[0]
    figure.colorbar(shades, ax=every, label="accuracy", format="{x:.0%}")


def _map(axes: "Axes", drawn: HeatMap) -> None:
    # nan, not 0, where nothing was scored: such cells stay empty.
    values = [[float("nan") if cell is None or cell.accuracy is None else cell.accuracy for cell in row]
              for row in drawn.cells]  # fmt: skip
    axes.imshow(values, vmin=0, vmax=1, cmap="viridis", origin="lower", aspect="auto")
    for y, row in enumerate(drawn.cells):
        for x, cell in enumerate(row):
            if cell is not None and cell.accuracy is not None:
                colour = "white" if cell.accuracy < 0.45 else "black"
                text = f"{cell.accuracy:.0%}\n{cell.scored}"
                axes.text(x, y, text, ha="center", va="center", color=colour, fontsize=7)
    axes.set_xticks(range(len(drawn.columns)), [str(span) for span in drawn.columns])
    axes.set_yticks(range(len(drawn.rows)), [str(span) if drawn.axes[1] else "" for span in drawn.rows])
    axes.set(xlabel=drawn.axes[0], ylabel=drawn.axes[1])
    axes.spines[:].set_visible(False)


def _values(runs: Sequence[LoadedRun], name: str) -> list[list[float]]:
    value = MEASURES[name][2]
    return [[float(v) for record in run.records if (v := value(record)) is not None] for run in runs]


def _histogram(
    runs: Sequence[LoadedRun], name: str, found: Sequence[Sequence[float]], figure: "Figure"
) -> None:
    title, unit, _ = MEASURES[name]
    figure.set_size_inches(5, 3)
    axes = figure.subplots()
    edges, logarithmic = bins([one for values in found for one in values])
    for style, (run, values) in enumerate(zip(runs, found, strict=True)):
        if values:
            colour = _RUNS[style % 6]
            axes.hist(values, edges, color=colour, alpha=0.25)
            axes.hist(values, edges, color=colour, histtype="step", label=run.name)
    if logarithmic:
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter("{x:,.4g}")
    axes.set(title=title, xlabel=unit, ylabel="samples")
    if len(runs) > 1:
        axes.legend()


def _comparison(runs: Sequence[LoadedRun], figure: "Figure") -> None:
    axes = figure.subplots()
    labels: list[str] = []
    for style, run in enumerate(runs[1:], start=1):
        try:
            cells = compare_runs(runs[0], run).cells
        except RunError:
            cells = []
        for cell in cells:
            found = cell.difference
            level = "all levels" if cell.level is None else f"level {cell.level}"
            axes.plot([found.low, found.high], [len(labels)] * 2, color=_RUNS[style % 6])
            axes.plot(found.mean, len(labels), _MARKERS[style % 6], color=_RUNS[style % 6])
            labels.append(
                f"{cell.family or 'all tasks'}, {level}" + (f", {run.name}" if len(runs) > 2 else "")
            )
    figure.set_size_inches(6, 1.2 + 0.24 * max(len(labels), 1))
    axes.axvline(0, color="#5b6470", linewidth=1, linestyle="--")
    axes.set_yticks(range(len(labels)), labels)
    axes.invert_yaxis()
    axes.set(xlabel=f"accuracy minus that of {runs[0].name}, with 95% intervals", title="Runs compared")
    axes.xaxis.set_major_formatter("{x:+.0%}")
