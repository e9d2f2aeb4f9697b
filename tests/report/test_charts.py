"""The descriptions of charts: what is shown is decided there, and both renderers show it."""

import itertools
import re
from dataclasses import replace
from html import escape
from pathlib import Path

import pytest
from run_folders import Alter, failed, settings, write_run, wrong

from eval_harness.analysis.runs import LoadedRun, load_run
from eval_harness.records import Record
from eval_harness.report.charts import ACCURACY, Axis, CurveChart, Dot, DotChart, Style, run_style
from eval_harness.report.compared import comparison_charts
from eval_harness.report.document import read_asset
from eval_harness.report.figures import write_figures
from eval_harness.report.heat_maps import heat_charts
from eval_harness.report.levels import accuracy_charts
from eval_harness.report.measures import MEASURES, histogram_charts
from eval_harness.report.overview import OUTCOMES, outcome_bars
from eval_harness.report.page import render_page
from eval_harness.report.svg import draw_dot, draw_dots, draw_histogram


def load(folder: Path, name: str, alter: Alter = lambda _, record: record, **options: object) -> LoadedRun:
    write_run(folder / name, settings(**{"samples_per_combo": 12, **options}), alter)
    return load_run(folder / name)


def pair(folder: Path) -> list[LoadedRun]:
    first = load(folder, "first", lambda n, r: wrong(r) if n % 3 else r, tasks=["dyna"])
    second = load(folder, "second", lambda n, r: wrong(r) if n % 2 else r, tasks=["dyna", "logic"])
    return [first, second]


def test_the_page_shows_every_tooltip_of_every_description(tmp_path: Path) -> None:
    runs = pair(tmp_path)
    text = render_page(runs, 0)
    curves = [point for chart in accuracy_charts(runs) for curve in chart.curves for point in curve.points]
    cells = [
        cell
        for charts in heat_charts(runs).values()
        for chart in charts
        for cells in chart.cells
        for cell in cells
        if cell is not None
    ]
    histograms = [chart for measure in MEASURES for chart in histogram_charts(measure, runs)]
    bars = [bar for chart in histograms for bar in chart.bars]
    dots = [dot for chart in comparison_charts(runs) for dot in chart.dots]
    assert (len(curves), len(histograms)) == (9, 6)  # levels of one family, and of two; measures of two runs
    assert dots
    for shown in (*curves, *cells, *bars, *dots):
        assert escape(shown.tooltip) in text
    for chart in histograms:
        assert all(mark.text in text for mark in chart.marks)


def test_charts_come_by_family_with_a_curve_a_run(tmp_path: Path) -> None:
    runs = pair(tmp_path)
    charts = accuracy_charts(runs)
    assert [chart.title for chart in charts] == ["dyna", "logic"]
    assert [curve.name for curve in charts[0].curves] == ["first", "second"]
    assert [len(curve.points) for curve in charts[1].curves] == [0, 3]  # the first was not asked
    assert {family: len(maps) for family, maps in heat_charts(runs).items()} == {"dyna": 2, "logic": 1}
    assert [chart.title for chart in heat_charts(runs)["logic"]] == ["logic, second"]
    assert [chart.title for chart in heat_charts(runs[:1])["dyna"]] == ["dyna"]


def test_what_was_not_scored_has_no_point_and_no_cell(tmp_path: Path) -> None:
    run = load(tmp_path, "run", lambda _, r: failed(r) if r.difficulty == 1 else r, tasks=["logic"])
    (chart,) = accuracy_charts([run])
    assert chart.places == ["1", "2", "3"]
    assert [point.place for point in chart.curves[0].points] == [1, 2]
    assert [chance.place for chance in chart.chance] == [0, 1, 2]  # guessing is known there all the same
    ((heat,),) = heat_charts([run]).values()
    assert any(cell is None for cells in heat.cells for cell in cells)
    assert sum(cell.scored for cells in heat.cells for cell in cells if cell is not None) == 24


def test_outcomes_sum_to_what_was_planned_with_nothing_left_out(tmp_path: Path) -> None:
    run = load(tmp_path, "run", lambda n, r: (None, failed(r), wrong(r), r)[n % 4], tasks=["dyna"])
    (bar,) = outcome_bars([run])
    assert [part.name for part in bar.parts] == list(OUTCOMES.values())
    assert {part.name: part.count for part in bar.parts if part.count} == {
        "correct": 9, "wrong": 9, "failed": 9, "pending": 9,
    }  # fmt: skip
    assert sum(part.share for part in bar.parts) == pytest.approx(1)


def test_a_difference_has_the_colour_of_the_better_run_where_its_test_decides(tmp_path: Path) -> None:
    right = load(tmp_path, "right", configs=["dyna-easy"])
    bad = load(tmp_path, "bad", lambda _, r: wrong(r), configs=["dyna-easy"])
    same = replace(right, name="same")

    def colours(*runs: LoadedRun) -> list[str]:
        return [dot.style.colour for chart in comparison_charts(runs) for dot in chart.dots]

    assert colours(bad, right) == ["run1"]
    assert colours(right, bad) == ["run0"]
    assert colours(right, same) == ["soft"]
    assert colours(bad, bad, right) == ["soft", "run2"]
    # Of six lost p is 0.031, of five 0.063, though both intervals leave 0 out.
    for lost, colour in ((6, "run0"), (5, "soft")):
        some = load(
            tmp_path, f"lost{lost}", lambda n, r, k=lost: wrong(r) if n < k else r, configs=["dyna-easy"]
        )
        (chart,) = comparison_charts([right, some])
        assert [dot.style.colour for dot in chart.dots] == [colour]
        assert chart.dots[0].high < 0
    other = load(tmp_path, "other", configs=["logic-easy"])
    assert comparison_charts([right, other]) == []


def test_counts_have_whole_ticks(tmp_path: Path) -> None:
    run = load(tmp_path, "run", lambda n, r: replace(r, latency_ms=100.0 + n), configs=["dyna-easy"])
    (chart,) = histogram_charts(MEASURES[0], [run])
    assert max(bar.count for bar in chart.bars) == 1
    assert chart.counts.ticks == [(0, "0"), (1, "1")]


def test_the_first_twelve_runs_look_different() -> None:
    assert len({run_style(number) for number in range(12)}) == 12


def test_every_colour_is_in_the_style_sheet_in_both_themes() -> None:
    sheet = read_asset("eval_harness.report", "page.css")
    for name in (*(run_style(number).colour for number in range(12)), *OUTCOMES, "soft", "hair", "ink"):
        assert len(re.findall(rf"--{name}: #[0-9a-f]{{6}};", sheet)) == 2, name
    for name in (*(run_style(number).colour for number in range(12)), "soft"):
        assert f".{name} {{ color: var(--{name}); }}" in sheet


def test_a_colour_means_one_run_or_one_outcome() -> None:
    sheet = read_asset("eval_harness.report", "page.css")
    names = [*(run_style(number).colour for number in range(6)), *OUTCOMES, "soft"]
    for theme in (0, 1):
        shades = [re.findall(rf"--{name}: (#[0-9a-f]{{6}});", sheet)[theme] for name in names]
        assert len(set(shades)) == len(names)
        values = [[int(shade[place : place + 2], 16) for place in (1, 3, 5)] for shade in shades]
        nearest = min(
            sum(abs(a - b) for a, b in zip(first, second, strict=True))
            for number, first in enumerate(values)
            for second in values[:number]
        )
        assert nearest > 40


@pytest.mark.parametrize("low", [2.0, 10.0, 400.0, 700.0, 900.0])
@pytest.mark.parametrize("gap", [0.0, 5.0, 60.0, 95.0, 500.0])
def test_names_of_percentiles_meet_neither_bars_nor_each_other(
    tmp_path: Path, low: float, gap: float
) -> None:
    def alter(n: int, record: Record) -> Record:
        # The axis reaches from 1 to 1,000 whatever the percentiles are.
        ends = {0: 1.0, 1: 1000.0}
        return replace(record, latency_ms=ends.get(n, min(low if n < 80 else low + gap, 1000.0)))

    run = load(tmp_path, "run", alter, configs=["dyna-easy"], samples_per_combo=120)
    (chart,) = histogram_charts(MEASURES[0], [run])
    drawing = draw_histogram(chart)
    top = min(float(y) for y in re.findall(r'class="bar" x="[\d.]+" y="([\d.]+)"', drawing))
    number = r"([\d.]+)"
    lines = re.findall(rf'<line class="mark" x1="{number}" y1="{number}"', drawing)
    names = re.findall(rf'<text class="marked (\w+)" x="{number}" y="{number}">([^<]+)<', drawing)
    boxes = []
    for kind, x, y, text in names:
        # Letters of 11 units are 6 wide, and 9 high above the line they stand on.
        left = float(x) - (6 * len(text) if kind == "end" else 0)
        boxes.append((left, left + 6 * len(text), float(y) - 9, float(y)))
    assert len(boxes) == len(lines) == 2
    for left, right, _, foot in boxes:
        assert left >= 0
        assert right <= 340
        assert foot < top
    (first, second) = boxes
    assert first[1] <= second[0] or second[1] <= first[0] or first[3] <= second[2] or second[3] <= first[2]
    for (left, right, head, foot), (x, start) in itertools.product(boxes, lines):
        assert not left < float(x) < right or float(start) >= foot, (head, foot)


def test_a_single_value_is_a_thin_bar(tmp_path: Path) -> None:
    for value in (0.0, 7.0, 500.0):
        run = load(
            tmp_path, f"run{value}", lambda _, r, v=value: replace(r, latency_ms=v), configs=["dyna-easy"]
        )
        (chart,) = histogram_charts(MEASURES[0], [run])
        assert [bar.count for bar in chart.bars if bar.count] == [12]
        assert len(chart.bars) == 30
        assert chart.values.low <= value < chart.values.high
        assert chart.values.low >= 0


def test_curves_stand_side_by_side_within_their_column() -> None:
    for number in range(1, 30):
        curves = [object()] * number
        chart = CurveChart("", "", "", ["1"], ACCURACY, curves, [])  # type: ignore[arg-type]  # only counted
        offsets = [chart.offset(place) for place in range(number)]
        assert offsets == sorted(offsets)
        assert len(set(offsets)) == number
        assert max(map(abs, offsets)) <= 0.3
        assert sum(offsets) == pytest.approx(0)


def test_dots_stand_where_their_axis_has_them() -> None:
    axis = Axis("", -0.5, 0.5, [(0, "0")])
    dot = Dot(0, 0.25, 0.0, 0.5, "said of it", Style("run1"))
    drawing = draw_dot(axis, dot)
    # 160 wide with 2% at each side: 0 in the middle, the end of the axis at 156.8.
    assert '<line class="whisker" x1="80.0" y1="9.0" x2="156.8" y2="9.0"></line>' in drawing
    assert '<circle class="marker" cx="118.4" cy="9.0" r="4"></circle><title>said of it</title>' in drawing
    rows = draw_dots(
        DotChart("title", ["<row>"], ACCURACY, [replace(dot, style=Style("run1", "diamond"))]), 384, 158
    )
    assert ">&lt;row&gt;</text>" in rows
    assert '<g class="run1"><line class="whisker" x1="158.0" y1="14.5" x2="261.0" y2="14.5">' in rows
    assert "<polygon" in rows


def test_a_run_name_with_dollar_signs_is_no_formula(tmp_path: Path) -> None:
    run = load(tmp_path, "run", configs=["dyna-easy"])
    written = write_figures([replace(run, name="a$\\frac$"), replace(run, name="b")], tmp_path)
    assert "comparison.png" in [path.name for path in written]
