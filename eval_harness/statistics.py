"""Statistics of accuracies: intervals, standard errors, pass@k, and comparisons of two runs."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

Z95: Final = 1.96
"""The normal quantile of a two-sided 95% interval."""


def wilson(correct: float, total: float, z: float = Z95) -> tuple[float, float] | None:
    """The score interval of a share (Wilson 1927), None without observations; e.g. (0, 20) → 0 to 0.161.

    Unlike the textbook p ± z·se it is sound for small numbers and at 0% and 100%.
    """
    if not total:
        return None
    share, square = correct / total, z * z
    centre = share + square / (2 * total)
    half = z * math.sqrt(share * (1 - share) / total + square / (4 * total * total))
    scale = 1 + square / total
    # Rounding must not push the limits past the ends, or past the share itself at the ends.
    low = 0.0 if correct == 0 else (centre - half) / scale
    high = 1.0 if correct == total else (centre + half) / scale
    return low, high


def stratified_error(cells: Iterable[tuple[int, int]]) -> float | None:
    """The standard error of the pooled accuracy of `cells`, each (correct, total): within cells only.

    How many samples each cell has is planned, not drawn, so that differences between cells add nothing.
    Cells without samples do not count; None where no cell or some cell of one sample is left.
    """
    counted = [(correct, total) for correct, total in cells if total]
    if not counted or min(total for _, total in counted) < 2:
        return None
    everything = sum(total for _, total in counted)
    variance = 0.0
    for correct, total in counted:
        share = correct / total
        variance += (total / everything) ** 2 * share * (1 - share) / (total - 1)
    return math.sqrt(variance)


def clustered_error(
    values: Sequence[float], clusters: Sequence[object], strata: Sequence[object] | None = None
) -> float | None:
    """The cluster-robust standard error of the mean of `values`, e.g. of epochs clustered by sample.

    Deviations from the mean (of the stratum, if `strata` are given) are summed within each cluster before
    they are squared, with the factor G / (G - 1) for G clusters: the sandwich estimator of a regression on
    a constant. None where some stratum has fewer than two clusters.
    """
    if not len(values):
        return None
    numbers = np.asarray(values, np.float64)
    stratum = _codes(strata if strata is not None else [0] * len(numbers))
    cluster = _codes(list(zip(stratum.tolist(), clusters, strict=True)))
    means = np.bincount(stratum, numbers) / np.bincount(stratum)
    sums = np.bincount(cluster, numbers - means[stratum])
    home = np.zeros(len(sums), np.int64)
    home[cluster] = stratum
    groups = np.bincount(home)
    if groups.min() < 2:
        return None
    variance = float((np.bincount(home, sums**2) * groups / (groups - 1)).sum())
    return math.sqrt(variance) / len(numbers)


def pass_at_k(tries: int, correct: int, k: int) -> float | None:
    """The chance that at least one of `k` of the tries is correct; None for fewer than `k` tries.

    The unbiased estimator 1 - C(n - c, k) / C(n, k) of Chen et al., "Evaluating Large Language Models
    Trained on Code" (2021, arXiv 2107.03374), section 2.1.
    """
    if not 1 <= k <= tries:
        return None
    return 1 - math.comb(tries - correct, k) / math.comb(tries, k)


def mcnemar(only_first: int, only_second: int) -> float:
    """The p-value of the exact two-sided McNemar test, given the pairs that only one run got right."""
    pairs = only_first + only_second
    tail = ways = 1
    for i in range(min(only_first, only_second)):
        ways = ways * (pairs - i) // (i + 1)  # = C(pairs, i + 1), in whole numbers: nothing is rounded
        tail += ways
    return min(1.0, 2 * tail / (1 << pairs))


@dataclass(frozen=True, slots=True)
class Difference:
    """A mean paired difference (second minus first) and its 95% interval."""

    mean: float
    low: float
    high: float


def paired_bootstrap(
    first: Sequence[float], second: Sequence[float], seed: int = 42, rounds: int = 10_000
) -> Difference | None:
    """The mean difference of two runs over the same samples, with a percentile interval.

    Entry i of both belongs to sample i (with epochs: the sample's mean). None without samples.
    """
    differences = np.asarray(second, np.float64) - np.asarray(first, np.float64)
    if not len(differences):
        return None
    # Drawing samples with replacement is drawing how often each distinct difference occurs.
    distinct, counts = np.unique(differences, return_counts=True)
    drawn = np.random.default_rng(seed).multinomial(len(differences), counts / len(differences), rounds)
    low, high = np.quantile(drawn @ distinct / len(differences), (0.025, 0.975))
    return Difference(float(differences.mean()), float(low), float(high))


def _codes(labels: Sequence[object]) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Labels numbered in order of appearance, e.g. b, a, b → 0, 1, 0."""
    numbers: dict[object, int] = {}
    return np.array([numbers.setdefault(label, len(numbers)) for label in labels], np.int64)
