"""The page of a comparison: one file that needs no other."""

import json
from typing import Final

from eval_harness.architectures.comparison.charts import (
    axis_charts,
    learning_charts,
    lr_chart,
    overview_chart,
    seed_charts,
    styles,
)
from eval_harness.architectures.comparison.predictions import (
    BANDS,
    LEARNED,
    PREDICTION_HEADS,
    prediction_rows,
)
from eval_harness.architectures.comparison.ranks import correlations
from eval_harness.architectures.comparison.results import Results
from eval_harness.architectures.comparison.tables import HEADS, cell_row, correlation_row, facts, floor_words
from eval_harness.report.document import document, figure, note, read_asset, row, table
from eval_harness.report.heat_maps import draw_map
from eval_harness.report.markup import Markup, element, join
from eval_harness.report.svg import draw_curves, draw_dots, draw_key, draw_lines

_HERE: Final = "eval_harness.report"

_SCALED: Final = (
    "Scaled accuracy is (accuracy − chance) / (1 − chance): 0 is guessing, 1 is all right. Each number is "
    "the median over seeds at the learning rate that has the best median on validation; MAD is the median "
    "absolute deviation. Intervals go from the lowest to the highest end of the seeds' 95% Wilson intervals. "
    "Only the first query of a problem counts. What is compared is how fast a skill is acquired at this size "
    "and these tokens, not what an architecture can do."
)
_SEEDS: Final = (
    "A dot is a seed, a diamond the median with its interval. 0% is chance; the broken line is the best "
    "shortcut of the audit: what a trick that leaves the work undone reaches."
)
_PREDICTED: Final = (
    "Of the scaled accuracy that the best architecture has in the same training, good means at least "
    f"{BANDS['good'][0]:.0%}, poor less than {BANDS['poor'][1]:.0%}. Where the interval lies across the "
    f"line, and where nobody reaches {LEARNED:.0%}, architectures are not told apart. Controls do not count."
)


def render_page(results: Results) -> str:
    """Render the whole page."""
    sections = [("Overview", _overview(results)), ("Predictions", _predictions(results))]
    for training in results.trainings:
        if results.of(training):
            name = f"{training} (control)" if results.is_control(training) else training
            sections.append((name, _training(results, training)))
    if correlations(results):
        sections.append(("Are models ordered alike?", _correlations(results)))
    failed = [found for found in results.rows if found.failed]
    if failed:
        lines = [row(f"{found.training}, {found.spec.architecture}, lr {found.spec.lr:g}, seed "
                     f"{found.spec.seed}", str(found.result.error)) for found in failed]  # fmt: skip
        sections.append(("Failed runs", table(["run", "error"], lines)))
    return document(
        "SynthLM: architectures compared", "Architectures compared", sections, read_asset(_HERE, "page.css")
    )


def _overview(results: Results) -> Markup:
    chart = overview_chart(results)
    told = note(facts(results))
    if not chart.columns:
        return join(told, element("p", {"class": "none"}, "No run has scores."))
    return join(note(_SCALED), told, figure("map", chart.title, *draw_map(chart)))


def _predictions(results: Results) -> Markup:
    lines = [row(*cells) for cells in prediction_rows(results)]
    return join(note(_PREDICTED), table(PREDICTION_HEADS, lines))


def _legend(results: Results, training: str) -> Markup:
    looks = styles(results)
    models = [group.model for group in results.of(training)]
    keys = [element("li", {}, draw_key(looks[model]), results.names[model]) for model in models]
    return element("ul", {"class": "legend"}, *keys)


def _training(results: Results, training: str) -> Markup:
    spec = results.of(training)[0].chosen[0].spec
    axes = "".join(f", {name} {json.dumps(value)}" for name, value in spec.axes.items())
    words = f"Trained on {spec.config}{axes}: {spec.tokens:,} tokens a run."
    parts = [note(words), note(_SEEDS), _legend(results, training)]
    dots = [
        figure("chart", chart.title, draw_dots(chart, 420, 150)) for chart in seed_charts(results, training)
    ]
    parts.append(element("div", {"class": "dots"}, *dots))
    for evaluation in results.evaluations(training):
        cells = results.cells(training, evaluation)
        lines = [row(name, *others) for name, *others in (cell_row(results, cell) for cell in cells)]
        title = element("p", {}, element("b", {}, evaluation.name), f": {floor_words(results, cells)}")
        parts += [title, table(HEADS, lines)]
    for heading, charts in (
        (
            "While they learn",
            [(chart.title, draw_lines(chart)) for chart in learning_charts(results, training)],
        ),
        ("Along the axes", [(chart.title, draw_curves(chart)) for chart in axis_charts(results, training)]),
    ):
        if charts:
            figures = [figure("chart", name, drawn) for name, drawn in charts]
            parts += [element("h3", {}, heading), element("div", {"class": "charts"}, *figures)]
    sensitivity = lr_chart(results, training)
    if sensitivity:
        drawn = figure(
            "chart", "On validation, from the lowest to the highest seed", draw_curves(sensitivity)
        )
        parts += [element("h3", {}, "Learning rates"), element("div", {"class": "charts"}, drawn)]
    return join(*parts)


def _correlations(results: Results) -> Markup:
    lines = [row(*correlation_row(one)) for one in correlations(results)]
    words = (
        "Of the models' mean scaled accuracies in two trainings: 1 is the same order, −1 the opposite one."
    )
    return join(note(words), table(["trainings", "models", "Spearman's ρ", "Kendall's τ"], lines))
