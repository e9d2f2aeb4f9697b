"""What the charts of a comparison show; drawn on the page and as PNG files like those of any report."""

import json
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from eval_harness.architectures.comparison.cells import Cell, scale
from eval_harness.architectures.comparison.models import Model, name_models
from eval_harness.architectures.comparison.ranks import skills
from eval_harness.architectures.comparison.results import Results
from eval_harness.architectures.comparison.shortcuts import best_shortcut
from eval_harness.architectures.spec import Evaluation
from eval_harness.architectures.sweep.table import Row
from eval_harness.report.charts import (
    ACCURACY,
    Axis,
    Chance,
    Curve,
    CurveChart,
    Dot,
    DotChart,
    HeatCell,
    HeatChart,
    Line,
    LineChart,
    Point,
    Style,
    run_style,
)
from eval_harness.report.scales import format_percent, ticks
from eval_harness.statistics import wilson
from synthlm_tasks.curriculum.amounts import format_amount

_LOWEST: Final = -0.1
"""The end of the axis below chance: an accuracy under it is drawn at it."""

SCALED: Final = Axis(
    "scaled accuracy", _LOWEST, 1, [(tick, f"{tick:.0%}") for tick in (0, 0.25, 0.5, 0.75, 1)]
)
"""The axis of every scaled accuracy: 0 is chance, 1 is all right."""

_SEED: Final = "circle"
_MEDIAN: Final = "diamond"


def styles(results: Results) -> dict[Model, Style]:
    """The look of each model, the same in every chart."""
    return {model: run_style(place) for place, model in enumerate(results.models)}


def overview_chart(results: Results) -> HeatChart:
    """Models over trainings: the median scaled accuracy, the mean over what is scored there.

    A model without FFN or convolution stands in the row of its architecture where the training has it in one
    form only.
    """
    plain = name_models(model.plain for model in results.models)
    seeds = {(group.training, group.model): len(group.chosen) for group in results.groups}
    cells: dict[str, dict[str, HeatCell]] = {}
    for training in (training for training in results.trainings if results.of(training)):
        found = skills(results, training)
        forms = Counter(model.plain for model in found)
        cells[training] = {
            plain[model.plain] if forms[model.plain] == 1 else results.names[model]: _heat_cell(
                skill, seeds.get((training, model), 0), results.names[model]
            )
            for model, skill in found.items()
        }
    names = [name for model in results.models for name in (plain[model.plain], results.names[model])]
    rows = [name for name in dict.fromkeys(names) if any(name in column for column in cells.values())][::-1]
    return HeatChart(
        title="Scaled accuracy, and how many seeds",
        style=run_style(0),
        labels=("trained on", "model"),
        columns=list(cells),
        rows=rows,
        cells=[[column.get(name) for column in cells.values()] for name in rows],
        measure=SCALED.label,
    )


def _heat_cell(skill: float, seeds: int, name: str) -> HeatCell:
    words = f"{name}: scaled accuracy {format_percent(skill)}, {seeds} seeds"
    return HeatCell(max(skill, 0.0), format_percent(skill, 0), seeds, words)


def seed_charts(results: Results, training: str) -> list[DotChart]:
    """Every seed as a dot and the median with its interval, a chart for each evaluation."""
    return [
        _seed_chart(results, evaluation, cells)
        for evaluation in results.evaluations(training)
        if (cells := results.cells(training, evaluation))
    ]


def _seed_chart(results: Results, evaluation: Evaluation, cells: Sequence[Cell]) -> DotChart:
    looks, dots = styles(results), []
    for place, cell in enumerate(cells):
        colour, (low, high) = looks[cell.model].colour, cell.interval
        words = f"{results.names[cell.model]}: median {format_percent(cell.median)}, lr {cell.lr:g}"
        low, high = _shown(low), _shown(high)
        for seed in cell.seeds:
            value = _shown(seed.scaled)
            told = f"seed {seed.seed}: {format_percent(seed.score.accuracy)} of {seed.score.n}"
            dots.append(Dot(place, value, value, value, told, Style(colour, _SEED)))
        dots.append(Dot(place, _shown(cell.median), low, high, words, Style(colour, _MEDIAN)))
    shortcut = best_shortcut(evaluation, results.rows[0].dataset_version)
    marks = []
    if shortcut and cells:
        value = _shown(scale(shortcut.accuracy, cells[0].chance))
        marks = [Chance(place, value, f"best shortcut: {shortcut.name}") for place in range(len(cells))]
    return DotChart(evaluation.name, [results.names[cell.model] for cell in cells], SCALED, dots, marks)


def _shown(value: float) -> float:
    return max(value, _LOWEST)


def learning_charts(results: Results, training: str) -> list[LineChart]:
    """Scaled accuracy over tokens at the chosen learning rate: the median, and every seed behind it."""
    charts = []
    for evaluation in results.evaluations(training):
        lines: list[Line] = []
        for group in results.of(training):
            look = styles(results)[group.model]
            lines += _learning_lines(results.names[group.model], look, evaluation, group.chosen)
        most = max((x for line in lines for x, _ in line.spots), default=0)
        if most:
            places = [(tick, format_amount(tick) if tick else "0") for tick in ticks(0, most, False, 4)]
            title = evaluation.name
            words = f"{training}, {title}: scaled accuracy over tokens"
            charts.append(LineChart(title, words, Axis("tokens", 0, most, places), SCALED, lines))
    return charts


def _learning_lines(name: str, look: Style, evaluation: Evaluation, rows: Sequence[Row]) -> list[Line]:
    curves = []
    for row in rows:
        chance = row.result.scores[evaluation.name].chance
        points = [point for point in row.result.curve if evaluation.name in point.accuracy]
        curves.append([(p.tokens, _shown(scale(p.accuracy[evaluation.name], chance))) for p in points])
    behind = [
        Line(name, look, curve, f"{name}, seed {row.spec.seed}", thin=True)
        for row, curve in zip(rows, curves, strict=True)
        if curve and len(rows) > 1
    ]
    # Runs of one training have their points at the same tokens, but for the length of a step.
    middle = [
        (statistics.median(x for x, _ in spots), statistics.median(y for _, y in spots))
        for spots in zip(*curves, strict=False)
    ]
    return [*behind, Line(name, look, middle, name)] if middle else behind


def axis_charts(results: Results, training: str) -> list[CurveChart]:
    """Accuracy along each axis that varies in an evaluation: the mini scaling laws."""
    charts = []
    for evaluation in results.evaluations(training):
        cells = results.cells(training, evaluation)
        axes = dict.fromkeys(axis for cell in cells for seed in cell.seeds for axis in seed.score.by_axis)
        for axis in axes:
            values = _values(cells, axis)
            if len(values) > 1:
                title = f"{evaluation.name}: {axis}" if len(results.evaluations(training)) > 1 else axis
                curves = [
                    Curve(results.names[cell.model], styles(results)[cell.model], _along(cell, axis, values))
                    for cell in cells
                ]
                words = f"{training}, {evaluation.name}: accuracy by {axis}"
                charts.append(CurveChart(title, words, axis, _short(values), ACCURACY, curves, ()))
    return charts


def _values(cells: Sequence[Cell], axis: str) -> list[str]:
    """The values of an axis that occur, in order."""
    found = {value for cell in cells for seed in cell.seeds for value in seed.score.by_axis.get(axis, {})}
    parsed: Mapping[str, object] = {value: json.loads(value) for value in found}
    # False and true are numbers to Python: 0 and 1.
    numbers = {text: float(value) for text, value in parsed.items() if isinstance(value, int | float)}
    return sorted(found, key=lambda text: (numbers[text] if len(numbers) == len(found) else 0.0, text))


def _short(values: Sequence[str]) -> list[str]:
    """Values as a chart has room for: those of many that can be read."""
    words = [value.strip('"') for value in values]
    step = -(-len(words) // 8)
    return [word if place % step == 0 else "" for place, word in enumerate(words)]


def _along(cell: Cell, axis: str, values: Sequence[str]) -> list[Point]:
    points = []
    for place, value in enumerate(values):
        counts = [seed.score.by_axis.get(axis, {}).get(value, (0, 0)) for seed in cell.seeds]
        shares = [right / n for right, n in counts if n]
        limits = [wilson(right, n) for right, n in counts if n]
        if shares:
            low = min(limit[0] for limit in limits if limit)
            high = max(limit[1] for limit in limits if limit)
            words = f"{axis} {value}: {format_percent(statistics.median(shares))}"
            points.append(Point(place, statistics.median(shares), low, high, words))
    return points


def lr_chart(results: Results, training: str) -> CurveChart | None:
    """Validation over learning rates, from the lowest to the highest seed; None where there is but one."""
    groups = results.of(training)
    lrs = sorted({lr for group in groups for lr in group.by_lr})
    if len(lrs) < 2:
        return None
    curves = []
    for group in groups:
        points = []
        for place, lr in enumerate(lrs):
            if lr in group.by_lr:
                found = [_shown(value) for value in group.validation(lr)]
                words = f"lr {lr:g}: {format_percent(statistics.median(found))}, {len(found)} seeds"
                points.append(Point(place, statistics.median(found), min(found), max(found), words))
        curves.append(Curve(results.names[group.model], styles(results)[group.model], points))
    words = f"{training}: scaled accuracy on validation by learning rate"
    return CurveChart(training, words, "learning rate", [f"{lr:g}" for lr in lrs], SCALED, curves, ())
