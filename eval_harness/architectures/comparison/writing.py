"""A report on sweeps: the page, the figures, the tables, all from the table of runs."""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from eval_harness.architectures.comparison.charts import (
    axis_charts,
    learning_charts,
    lr_chart,
    overview_chart,
    seed_charts,
)
from eval_harness.architectures.comparison.page import render_page
from eval_harness.architectures.comparison.results import Results, collect
from eval_harness.architectures.comparison.tables import csv_table, markdown
from eval_harness.architectures.sweep.table import read_rows
from eval_harness.report.drawing import (
    Draw,
    check_matplotlib,
    draw_curves,
    draw_dots,
    draw_lines,
    draw_maps,
    save_figures,
)
from synthlm_tasks.paths import stage_files


def write_report(tables: Sequence[Path], folder: Path, png: bool) -> list[Path]:
    """Write report.html, results.md, results.csv and the figures; returns their paths.

    Raises SettingsError where tables do not go together, RunError where matplotlib is missing for `png`.
    """
    if png:
        check_matplotlib()
    results = collect([row for table in tables for row in read_rows(table)])
    with stage_files(folder) as draft:
        texts = {"report.html": render_page, "results.md": markdown, "results.csv": csv_table}
        for name, make in texts.items():
            (draft / name).write_text(make(results), "utf-8")
        written = [folder / name for name in texts]
        if png:
            written += [folder / path.name for path in save_figures(_figures(results), draft)]
    return written


def _figures(results: Results) -> Iterator[tuple[str, Draw]]:
    overview = overview_chart(results)
    if overview.columns:
        yield "overview", partial(draw_maps, [overview])
    for training in results.trainings:
        name = re.sub(r"[^\w-]+", "-", training).strip("-")
        if charts := seed_charts(results, training):
            yield f"accuracy-{name}", partial(draw_dots, charts)
        if lines := learning_charts(results, training):
            yield f"learning-{name}", partial(draw_lines, lines)
        if curves := axis_charts(results, training):
            yield f"axes-{name}", partial(draw_curves, curves)
        if sensitivity := lr_chart(results, training):
            yield f"learning-rates-{name}", partial(draw_curves, [sensitivity])
