"""Rank correlations: whether two trainings put the models in the same order."""

import itertools
import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eval_harness.architectures.comparison.models import Model
from eval_harness.architectures.comparison.results import Results

_LEAST = 3
"""Fewer models have no order to speak of."""


@dataclass(frozen=True)
class Correlation:
    """How alike two trainings order the models that both have."""

    first: str
    second: str
    models: int
    spearman: float
    kendall: float


def rank(values: Sequence[float]) -> list[float]:
    """Ranks from 1 on, equal values sharing theirs, e.g. 5, 7, 7 → 1, 2.5, 2.5."""
    ordered = sorted(values)
    return [ordered.index(value) + (ordered.count(value) + 1) / 2 for value in values]


def spearman(first: Sequence[float], second: Sequence[float]) -> float:
    """The correlation of ranks (Spearman 1904); nan where one side has no order."""
    a, b = rank(first), rank(second)
    if len(set(a)) < 2 or len(set(b)) < 2:
        return math.nan
    return statistics.correlation(a, b)


def kendall(first: Sequence[float], second: Sequence[float]) -> float:
    """Pairs in the same order less those in the other, tau-b of Kendall (1945), which allows for ties."""
    agreeing, ties = 0, [0, 0]
    pairs = list(itertools.combinations(zip(first, second, strict=True), 2))
    for (a, b), (c, d) in pairs:
        left, right = (a > c) - (a < c), (b > d) - (b < d)
        agreeing += left * right
        ties[0] += left == 0
        ties[1] += right == 0
    least = math.sqrt((len(pairs) - ties[0]) * (len(pairs) - ties[1]))
    return agreeing / least if least else math.nan


def skills(results: Results, training: str) -> dict[Model, float]:
    """The median scaled accuracy of each model, the mean over what the training is scored on."""
    found: dict[Model, list[float]] = {}
    for evaluation in results.evaluations(training):
        for cell in results.cells(training, evaluation):
            found.setdefault(cell.model, []).append(cell.median)
    return {model: statistics.fmean(values) for model, values in found.items()}


def correlations(results: Results) -> list[Correlation]:
    """Every pair of trainings that are no controls and have three models in common."""
    every: Mapping[str, dict[Model, float]] = {
        training: skills(results, training)
        for training in results.trainings
        if not results.is_control(training)
    }
    found = []
    for first, second in itertools.combinations(every, 2):
        common = [model for model in every[first] if model in every[second]]
        if len(common) >= _LEAST:
            a, b = ([every[name][model] for model in common] for name in (first, second))
            found.append(Correlation(first, second, len(common), spearman(a, b), kendall(a, b)))
    return found
