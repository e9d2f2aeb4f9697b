"""Statistics against published values, other libraries' results (quoted), and simulation."""

import math

import numpy as np
import pytest

from eval_harness.statistics import (
    clustered_error,
    mcnemar,
    paired_bootstrap,
    pass_at_k,
    stratified_error,
    wilson,
)


@pytest.mark.parametrize(
    ("correct", "total", "low", "high"),
    [
        # Newcombe, "Two-sided confidence intervals for the single proportion" (1998), table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
        # statsmodels 0.15.0, proportion_confint(method="wilson")
        (29, 29, 0.8830, 1.0000),
        (234, 300, 0.7297, 0.8232),
    ],
)
def test_wilson_intervals_are_the_published_ones(correct: int, total: int, low: float, high: float) -> None:
    assert wilson(correct, total) == pytest.approx((low, high), abs=6e-5)


def test_wilson_has_no_interval_of_nothing_and_stays_within_0_and_1() -> None:
    assert wilson(0, 0) is None
    for total in (1, 3, 10**6):
        assert wilson(0, total)[0] == 0 < wilson(0, total)[1] < 1  # type: ignore[index]
        assert wilson(total, total)[1] == 1 > wilson(total, total)[0] > 0  # type: ignore[index]
        assert wilson(1, 2 * total, z=0) == pytest.approx((1 / (2 * total),) * 2)


def test_wilson_covers_the_truth_about_95_times_in_100() -> None:
    counts = np.random.default_rng(1).binomial(100, 0.8, 5_000)
    covered = sum(low <= 0.8 <= high for low, high in (wilson(int(c), 100) or (1, 0) for c in counts))
    assert 0.93 < covered / len(counts) < 0.97


def test_a_stratified_error_is_that_within_the_cells() -> None:
    assert stratified_error([(8, 10)]) == pytest.approx(math.sqrt(0.8 * 0.2 / 9))
    # Between cells of accuracy 1 and 0 nothing is left to chance.
    assert stratified_error([(50, 50), (0, 50)]) == 0
    # Two cells of weights 1/4 and 3/4, by hand.
    by_hand = math.sqrt((1 / 16) * 0.25 / 9 + (9 / 16) * (1 / 3) * (2 / 3) / 29)
    assert stratified_error([(5, 10), (10, 30), (0, 0)]) == pytest.approx(by_hand)


@pytest.mark.parametrize("cells", [[], [(0, 0)], [(1, 1), (5, 10)]])
def test_a_cell_of_one_sample_has_no_stratified_error(cells: list[tuple[int, int]]) -> None:
    assert stratified_error(cells) is None


VALUES = [1, 1, 0, 0, 0, 1, 1, 1, 1, 0, 1, 0, 1, 0, 0]


@pytest.mark.parametrize(
    ("sizes", "error"),
    [
        # statsmodels 0.15.0, OLS(VALUES, ones).fit(cov_type="cluster", cov_kwds={"groups": …}).bse
        ([3, 3, 3, 3, 3], 0.13333333),
        ([4, 2, 3, 2, 4], 0.13480667),
    ],
)
def test_a_clustered_error_is_the_sandwich_estimate(sizes: list[int], error: float) -> None:
    clusters = [name for name, size in zip("abcde", sizes, strict=True) for _ in range(size)]
    assert clustered_error(VALUES, clusters) == pytest.approx(error, abs=1e-8)


def test_single_samples_as_clusters_give_the_stratified_error() -> None:
    cells = [(5, 10), (10, 30), (7, 7)]
    values = [float(i < correct) for correct, total in cells for i in range(total)]
    strata = [cell for cell, (_, total) in enumerate(cells) for _ in range(total)]
    expected = stratified_error(cells)
    assert expected is not None
    assert clustered_error(values, range(len(values)), strata) == pytest.approx(expected)


def test_epochs_that_always_agree_add_no_certainty() -> None:
    once = [1.0, 0.0, 1.0, 1.0]
    alone = clustered_error(once, range(4))
    assert alone is not None
    assert clustered_error(once * 5, list(range(4)) * 5) == pytest.approx(alone)


def test_the_same_cluster_name_in_two_strata_is_two_clusters() -> None:
    values, strata = [1.0, 0.0, 0.0, 1.0], [1, 1, 2, 2]
    assert clustered_error(values, ["a", "b", "a", "b"], strata) == clustered_error(values, range(4), strata)


def test_one_cluster_has_no_error() -> None:
    assert clustered_error([], []) is None
    assert clustered_error([1, 0], ["a", "a"]) is None
    assert clustered_error([1, 0, 1], ["a", "b", "c"], [1, 1, 2]) is None


def test_pass_at_k_is_the_share_of_draws_with_a_correct_try() -> None:
    assert pass_at_k(10, 3, 1) == pytest.approx(0.3)
    assert pass_at_k(10, 3, 5) == pytest.approx(1 - (7 * 6 * 5 * 4 * 3) / (10 * 9 * 8 * 7 * 6))
    assert pass_at_k(5, 0, 5) == 0
    assert pass_at_k(5, 1, 5) == 1
    assert pass_at_k(5, 3, 3) == 1
    assert pass_at_k(5, 3, 6) is None
    assert pass_at_k(5, 3, 0) is None


@pytest.mark.parametrize(
    ("only_first", "only_second", "p"),
    [
        # statsmodels 0.15.0, mcnemar(exact=True)
        (0, 0, 1.0),
        (5, 5, 1.0),
        (1, 9, 0.021484375),
        (9, 1, 0.021484375),
        (86, 150, 3.7159361395713866e-05),
        (59, 121, 4.4344492637551645e-06),
    ],
)
def test_mcnemar_is_exact(only_first: int, only_second: int, p: float) -> None:
    assert mcnemar(only_first, only_second) == pytest.approx(p, rel=1e-9)


def test_mcnemar_takes_large_runs() -> None:
    assert 0.9 < mcnemar(20_000, 20_010) < 1
    assert mcnemar(10_000, 20_000) < 1e-300


def test_the_bootstrap_interval_is_that_of_the_paired_differences() -> None:
    first = [1.0] * 60 + [0.0] * 40
    second = [1.0] * 50 + [0.0] * 20 + [1.0] * 30
    found = paired_bootstrap(first, second)
    assert found is not None
    assert found.mean == pytest.approx(0.2)
    # The normal interval of the same differences: 10 of -1, 30 of +1, 60 of 0.
    half = 1.96 * math.sqrt((0.4 - 0.2**2) / 100)
    assert (found.low, found.high) == pytest.approx((0.2 - half, 0.2 + half), abs=0.01)
    assert found == paired_bootstrap(first, second)


def test_equal_runs_differ_by_nothing() -> None:
    found = paired_bootstrap([1, 0, 1], [1, 0, 1])
    assert found is not None
    assert (found.mean, found.low, found.high) == (0, 0, 0)
    assert paired_bootstrap([], []) is None
