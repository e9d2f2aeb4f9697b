"""What is made of a table of runs: learning rates, medians, intervals, ranks, predictions, shortcuts."""

import itertools
import math
import statistics
from dataclasses import replace

import pytest
from finished_sweeps import row
from hypothesis import given
from hypothesis import strategies as st

from eval_harness.architectures.comparison.cells import Cell, mad, scale
from eval_harness.architectures.comparison.charts import axis_charts, overview_chart
from eval_harness.architectures.comparison.predictions import PREDICTIONS, judge, predictions_table
from eval_harness.architectures.comparison.ranks import correlations, kendall, spearman
from eval_harness.architectures.comparison.results import Results, collect
from eval_harness.architectures.comparison.shortcuts import best_shortcut
from eval_harness.architectures.comparison.tables import HEADS, cell_row, facts, markdown
from eval_harness.architectures.spec import Evaluation
from eval_harness.architectures.sweep.table import Row
from eval_harness.errors import SettingsError
from synthlm_tasks.audit.published import load_summary
from synthlm_tasks.version import DATASET_VERSION


def only_cell(results: Results, training: str = "swaps") -> Cell:
    (cell,) = results.cells(training, results.evaluations(training)[0])
    return cell


def test_the_learning_rate_is_chosen_by_the_median_over_seeds_on_validation() -> None:
    lucky = [row("gru", seed, 1e-2, validation, 0.9) for seed, validation in enumerate((0.95, 0.3, 0.3))]
    steady = [row("gru", seed, 1e-3, 0.5, test) for seed, test in enumerate((0.4, 0.6, 0.52))]
    cell = only_cell(collect([*lucky, *steady]))
    assert cell.lr == 1e-3  # though the other is better in test, and has the best seed
    assert [seed.score.accuracy for seed in cell.seeds] == [0.4, 0.6, 0.52]
    assert cell.accuracy == 0.52
    assert cell.median == pytest.approx(0.4)  # (0.52 − 0.2) / 0.8
    assert cell.spread == pytest.approx(0.1)  # deviations 0.15, 0.1, 0


def test_a_learning_rate_at_which_a_seed_failed_is_not_chosen_for_its_lucky_ones() -> None:
    failed = [row("gru", 0, 1e-2, 0.9, 0.9), row("gru", 1, 1e-2, 0, 0, error="the loss is no number")]
    whole = [row("gru", seed, 1e-3, 0.5, 0.5) for seed in (0, 1)]
    results = collect([*failed, *whole])
    assert only_cell(results).lr == 1e-3
    assert [found.spec.seed for found in results.groups[0].failed] == [1]


def test_seeds_that_only_some_learning_rates_have_do_not_decide() -> None:
    begun = [row("gru", 0, 1e-2, 0.9, 0.9), row("gru", 0, 1e-3, 0.5, 0.5), row("gru", 1, 1e-3, 0.5, 0.5)]
    cell = only_cell(collect(begun))  # a second seed is under way, the worse rate first
    assert (cell.lr, [seed.seed for seed in cell.seeds]) == (1e-2, [0])
    further = [row("gru", seed, 1e-2, 0.6, 0.6) for seed in (1, 2)]  # of the best rate alone
    cell = only_cell(collect([*begun[:2], *further]))
    assert (cell.lr, [seed.seed for seed in cell.seeds]) == (1e-2, [0, 1, 2])
    apart = [row("gru", seed, 1e-3, 0.5, 0.5) for seed in (1, 2)]
    assert only_cell(collect([*begun[:1], *apart])).lr == 1e-3  # no seed in common: the most seeds
    diverged = row("gru", 1, 1e-2, 0, 0, error="the loss is no number")
    assert only_cell(collect([*begun[:2], diverged])).lr == 1e-3


def test_of_a_run_in_several_tables_the_first_that_has_scores_counts() -> None:
    failed = row("gru", 0, 1e-3, 0, 0, error="x")
    made, elsewhere = row("gru", 0, 1e-3, 0.5, 0.5), row("gru", 0, 1e-3, 0.6, 0.6)
    other = row("attention", 0, 1e-3, 0.5, 0.5)
    for tables, told in (
        ([failed, other, made, other], "2 runs, dataset version 2.0.0."),
        ([made, other, failed], "2 runs, dataset version 2.0.0."),
        (
            [made, other, elsewhere, elsewhere],
            "2 runs, dataset version 2.0.0. Of 1 the tables have different scores: the first table's count.",
        ),
    ):
        results = collect(tables)
        assert [one.spec.architecture for one in results.rows] == ["gru", "attention"]
        cells = results.cells("swaps", results.evaluations("swaps")[0])
        assert [cell.accuracy for cell in cells] == [0.5, 0.5]
        assert facts(results) == told.replace("2.0.0", DATASET_VERSION)
        assert markdown(results).startswith(facts(results))


def test_of_equal_learning_rates_the_lower_is_chosen() -> None:
    assert only_cell(collect([row("gru", 0, lr, 0.5, 0.5) for lr in (1e-2, 1e-3, 3e-3)])).lr == 1e-3


def test_a_model_of_which_every_run_failed_has_no_cell() -> None:
    results = collect([row("gru", 0, 1e-3, 0, 0, error="x"), row("attention", 0, 1e-3, 0.5, 0.5)])
    assert [cell.model.architecture for cell in results.cells("swaps", results.evaluations("swaps")[0])] == [
        "attention"
    ]


def test_intervals_hold_all_seeds_and_the_rows_drawn() -> None:
    few = only_cell(
        collect([row("gru", seed, 1e-3, 0.5, test, n=100) for seed, test in enumerate((0.4, 0.6))])
    )
    many = only_cell(collect([row("gru", seed, 1e-3, 0.5, test) for seed, test in enumerate((0.4, 0.6))]))
    for cell, margin in ((few, 0.1), (many, 0.035)):
        low, high = cell.interval
        assert low == pytest.approx(scale(0.4 - margin, 0.2), abs=0.02)
        assert high == pytest.approx(scale(0.6 + margin, 0.2), abs=0.02)


def test_tokens_to_a_threshold_are_those_of_the_scaled_accuracy_and_none_where_most_seeds_never_had_it() -> (
    None
):
    fast = row("gru", 0, 1e-3, 0.5, 0.95, curve=(0.3, 0.61, 0.8, 0.95))
    slow = row("gru", 1, 1e-3, 0.5, 0.7, curve=(0.2, 0.3, 0.59, 0.7))
    never = row("gru", 2, 1e-3, 0.5, 0.5, curve=(0.2, 0.5, 0.5, 0.5))
    cell = only_cell(collect([fast, slow, never]))
    assert cell.tokens_to(0.5) == 1_000_000  # 0.6 is half-way from 0.2 to 1: after 0.5M, 1M, never
    assert cell.tokens_to(0.9) is None
    assert only_cell(collect([fast])).tokens_to(0.5) == 500_000


def test_models_are_named_by_what_distinguishes_them() -> None:
    runs = [
        row("attention", 0, 1e-3, 0.5, 0.5),
        row("attention", 0, 1e-3, 0.5, 0.5, convolution=False),
        row("attention", 0, 1e-3, 0.5, 0.5, optimizer="muon", ffn=False),
    ]
    assert list(collect(runs).names.values()) == [
        "attention", "attention, no convolution", "attention, muon, no FFN",
    ]  # fmt: skip
    larger = [*runs[:1], row("attention", 0, 1e-3, 0.5, 0.5, width=128)]
    assert list(collect(larger).names.values()) == ["attention, 2x64", "attention, 2x128"]


def test_the_overview_has_a_row_for_a_form_of_a_model_only_where_it_stands_beside_another() -> None:
    def without(name: str, training: str) -> Row:
        return row(name, 0, 1e-3, 0.5, 0.4, training=training, control=True, ffn=False)

    tasks = [row(name, 0, 1e-3, 0.5, 0.6) for name in ("attention", "gru")]
    apart = overview_chart(collect([*tasks, without("attention", "why"), without("gru", "why")]))
    assert (apart.rows, apart.columns) == (["gru", "attention"], ["swaps", "why"])
    assert all(cell is not None for cells in apart.cells for cell in cells)
    assert "attention, no FFN" in str(apart.cells[1][1])
    beside = overview_chart(collect([*tasks, without("attention", "swaps"), without("gru", "why")]))
    assert beside.rows == ["attention, no FFN", "gru", "attention"]
    there = [[cell is not None for cell in cells] for cells in beside.cells]
    assert there == [[True, False], [True, True], [True, False]]


def test_runs_that_two_tables_share_count_once_and_tables_that_do_not_compare_are_refused() -> None:
    runs = [row("gru", seed, 1e-3, 0.5, 0.5) for seed in (0, 1)]
    assert len(collect([*runs, *runs]).rows) == 2
    longer = row("attention", 0, 1e-3, 0.5, 0.5, data_seed=7)
    with pytest.raises(
        SettingsError, match=r"training 'swaps': its runs do not compare: data_seed=7, not 42"
    ):
        collect([*runs, longer])
    with pytest.raises(SettingsError, match=r"dataset versions .* and 0\.0\.0"):
        collect([*runs, replace(row("attention", 0, 1e-3, 0.5, 0.5), dataset_version="0.0.0")])
    with pytest.raises(SettingsError, match="no runs yet"):
        collect([])


values = st.lists(st.integers(0, 5), min_size=3, max_size=8)


@given(st.data(), values)
def test_rank_correlations_agree_with_counting(data: st.DataObject, first: list[float]) -> None:
    second = data.draw(st.lists(st.integers(0, 5), min_size=len(first), max_size=len(first)))
    pairs = list(itertools.combinations(range(len(first)), 2))
    signs = [
        [math.copysign(1, b - a) if a != b else 0 for a, b in ((side[i], side[j]) for i, j in pairs)]
        for side in (first, second)
    ]
    untied = [sum(sign != 0 for sign in side) for side in signs]
    if not all(untied):
        assert math.isnan(kendall(first, second))
        assert math.isnan(spearman(first, second))
        return
    expected = sum(a * b for a, b in zip(*signs, strict=True)) / math.sqrt(untied[0] * untied[1])
    assert kendall(first, second) == pytest.approx(expected)
    # Of ranks that are means over ties, counted by comparison with every value.
    ranks = [
        [sum((other < value) + (other == value) / 2 for other in side) for value in side]
        for side in (first, second)
    ]
    assert spearman(first, second) == pytest.approx(statistics.correlation(*ranks))


def test_trainings_are_correlated_over_the_models_that_both_have_and_controls_are_not() -> None:
    order = {"attention": 0.9, "gru": 0.6, "mamba2": 0.4}
    runs = [row(name, 0, 1e-3, 0.5, test) for name, test in order.items()]
    runs += [
        row(name, 0, 1e-3, 0.5, 1 - test, training="logic", config="logic-easy")
        for name, test in order.items()
    ]
    runs += [row("linear", 0, 1e-3, 0.5, 0.5)]
    runs += [row(name, 0, 1e-3, 0.5, 0.5, training="why", control=True) for name in order]
    (found,) = correlations(collect(runs))
    assert (found.first, found.second, found.models) == ("swaps", "logic", 3)
    assert found.spearman == pytest.approx(-1)
    assert found.kendall == pytest.approx(-1)


@pytest.mark.parametrize(
    ("attention", "linear", "verdict"),
    [
        (0.9, 0.3, "confirmed"),
        (0.9, 0.85, "contradicted"),
        (0.9, 0.48, "not told apart at this size"),  # 40% of the best lies in the interval
        (0.3, 0.2, "not yet measured"),  # nobody has learned it
    ],
)
def test_a_prediction_is_judged_by_the_share_of_the_best(
    attention: float, linear: float, verdict: str
) -> None:
    runs = [
        row(name, seed, 1e-3, 0.5, test)
        for name, test in (("attention", attention), ("linear", linear))
        for seed in (0, 1)
    ]
    poor = next(found for found in PREDICTIONS if (found.task, found.architecture) == ("dyna", "linear"))
    assert judge(collect(runs), poor).words == verdict
    controls = collect([replace(found, control=True) for found in runs])
    assert judge(controls, poor).words == "not yet measured"


def test_what_has_no_runs_is_not_yet_measured() -> None:
    runs = [row(name, seed, 1e-3, 0.5, 0.9) for name in ("attention", "linear") for seed in (0, 1)]
    lines = predictions_table(collect(runs)).splitlines()[2:]
    assert len(lines) == len(PREDICTIONS)
    made = [line for line in lines if not line.endswith("|  | not yet measured |")]
    assert [line.split(" | ")[1] for line in made] == ["`attention`", "`linear`"]


def test_the_shortcut_of_a_named_config_is_the_audits_and_of_other_axes_is_tried_out() -> None:
    summary = load_summary()
    published = best_shortcut(Evaluation(name="test", config="dyna-swaps-easy"), DATASET_VERSION)
    if summary.dataset_version == DATASET_VERSION:
        kinds = summary.best["dyna-swaps-easy"]
        best = max(kinds["heuristic"].accuracy, kinds["learned"].accuracy)
        assert published is not None
        assert published.accuracy == best
    axes = {"state_size": 5, "initial": "ordered", "num_ops": 8, "num_queries": 2}
    tried = best_shortcut(Evaluation(name="8", config="dyna-swaps-easy", axes=axes), DATASET_VERSION)
    assert tried is not None
    assert 0.15 < tried.accuracy < 0.6
    assert best_shortcut(Evaluation(name="test", config="dyna-easy"), "0.1.0") is None
    assert best_shortcut(Evaluation(name="test", config="all-easy"), DATASET_VERSION) is None


def test_one_seed_has_no_spread() -> None:
    for seeds, shown in (((0,), "—"), ((0, 1), "0.0%")):
        results = collect([row("gru", seed, 1e-3, 0.5, 0.5) for seed in seeds])
        (cell,) = results.cells(results.trainings[0], results.evaluations(results.trainings[0])[0])
        assert dict(zip(HEADS, cell_row(results, cell), strict=True))["MAD"] == shown


def test_the_median_absolute_deviation_is_from_the_median() -> None:
    assert mad([1, 2, 3, 4, 100]) == 1
    assert scale(1.0, 1.0) == 0.0


def test_what_all_are_trained_by_is_no_part_of_their_names() -> None:
    rows = [row(name, 0, 1e-3, 0.5, 0.5, optimizer="muon") for name in ("attention", "gru")]
    assert list(collect(rows).names.values()) == ["attention", "gru"]


@pytest.mark.parametrize(("seeds", "verdict"), [((0,), "confirmed (one seed)"), ((0, 1), "confirmed")])
def test_runs_by_muon_are_held_against_the_predictions(seeds: tuple[int, ...], verdict: str) -> None:
    rows = [
        row(name, seed, 1e-3, 0.9, accuracy, optimizer="muon")
        for seed in seeds
        for name, accuracy in (("attention", 0.99), ("linear", 0.25))
    ]
    found = [one for one in PREDICTIONS if (one.task, one.architecture) == ("dyna", "attention")]
    assert [judge(collect(rows), one).words for one in found] == [verdict]


def test_a_verdict_says_where_others_were_chosen_from_more_learning_rates() -> None:
    def words(*lrs: float) -> str:
        rows = [row("attention", seed, lr, 0.9, 0.99) for seed in (0, 1) for lr in lrs]
        rows += [row("linear", seed, 1e-3, 0.9, 0.25) for seed in (0, 1)]
        (found,) = (one for one in PREDICTIONS if (one.task, one.architecture) == ("dyna", "linear"))
        return judge(collect(rows), found).words

    assert words(1e-3) == "confirmed"
    assert words(1e-3, 3e-3) == "confirmed (unequal learning rates)"


def test_an_axis_of_true_and_false_is_drawn_in_that_order() -> None:
    by_axis = {"length_unseen": {"true": (1, 2), "false": (2, 2)}}
    rows = [row("attention", 0, 1e-3, 0.5, 0.5, by_axis=by_axis)]
    (chart,) = axis_charts(collect(rows), rows[0].training)
    assert chart.places == ["false", "true"]
