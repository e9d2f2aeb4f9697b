"""A cell: what one model came to on one evaluation, every seed of it."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eval_harness.architectures.comparison.models import Model
from eval_harness.architectures.spec import Evaluation, Score
from eval_harness.statistics import wilson


def scale(accuracy: float, chance: float) -> float:
    """Accuracy from chance (0) to all right (1), e.g. 0.75 where guessing gives 0.5 → 0.5."""
    return (accuracy - chance) / (1 - chance) if chance < 1 else 0.0


def mad(values: Sequence[float]) -> float:
    """The median absolute deviation from the median."""
    middle = statistics.median(values)
    return statistics.median(abs(value - middle) for value in values)


@dataclass(frozen=True)
class SeedScore:
    """One run's score on one evaluation."""

    seed: int
    score: Score
    reached: Mapping[float, int | None]
    """Scaled accuracy → the tokens after which the curve first had it; None where it never did."""

    @property
    def scaled(self) -> float:
        """The scaled accuracy."""
        return scale(self.score.accuracy, self.score.chance)

    @property
    def interval(self) -> tuple[float, float]:
        """The 95% interval of the scaled accuracy, over the rows that were drawn."""
        limits = wilson(round(self.score.accuracy * self.score.n), self.score.n) or (0.0, 1.0)
        low, high = (scale(limit, self.score.chance) for limit in limits)
        return low, high


THRESHOLDS = (0.5, 0.9)
"""Scaled accuracies for which the tokens are counted that it takes to reach them."""


@dataclass(frozen=True)
class Cell:
    """One model on one evaluation of one training, its seeds at the chosen learning rate."""

    training: str
    evaluation: Evaluation
    model: Model
    lr: float
    seeds: Sequence[SeedScore]
    tried: frozenset[float]
    """The learning rates that it was chosen from."""

    @property
    def median(self) -> float:
        """The median over seeds of the scaled accuracy."""
        return statistics.median(seed.scaled for seed in self.seeds)

    @property
    def spread(self) -> float:
        """The MAD over seeds of the scaled accuracy."""
        return mad([seed.scaled for seed in self.seeds])

    @property
    def accuracy(self) -> float:
        """The median over seeds of the accuracy itself."""
        return statistics.median(seed.score.accuracy for seed in self.seeds)

    @property
    def chance(self) -> float:
        """The accuracy of guessing."""
        return self.seeds[0].score.chance

    @property
    def interval(self) -> tuple[float, float]:
        """From the lowest to the highest end of the seeds' intervals: seeds and rows both vary."""
        limits = [seed.interval for seed in self.seeds]
        return min(low for low, _ in limits), max(high for _, high in limits)

    def tokens_to(self, threshold: float) -> int | None:
        """The median over seeds of the tokens to a scaled accuracy; None where half of them never had it."""
        found = [seed.reached[threshold] for seed in self.seeds]
        ordered = sorted(found, key=lambda tokens: float("inf") if tokens is None else tokens)
        return ordered[len(ordered) // 2]
