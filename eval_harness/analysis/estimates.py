"""How sure a score is where samples are asked in several epochs, or not all are scored."""

from collections import Counter
from collections.abc import Iterable, Mapping
from math import fsum
from typing import TypeAlias

from eval_harness.statistics import clustered_error, pass_at_k, wilson

Interval: TypeAlias = tuple[float, float]

Samples: TypeAlias = dict[str, tuple[int, int]]
"""Sample id → (scored, correct) over its epochs."""

Votes: TypeAlias = dict[str, Counter[str | None]]
"""Sample id → answer (None is the right one) → how many epochs gave it."""


def interval(samples: Samples) -> Interval | None:
    """The Wilson 95% interval of the accuracy, None where nothing was scored.

    Epochs of one sample are not independent: with several, the interval is that of as many independent
    answers as would give the accuracy the variance it has between samples.
    """
    scored = sum(n for n, _ in samples.values())
    correct = sum(c for _, c in samples.values())
    if scored == len(samples):
        return wilson(correct, scored)
    accuracy, error = correct / scored, standard_error([samples])
    independent = float(len(samples))
    if error is not None and 0 < accuracy < 1:  # else nothing tells how alike the epochs of a sample are
        independent = min(max(independent, accuracy * (1 - accuracy) / max(error, 1e-9) ** 2), scored)
    return wilson(accuracy * independent, independent)


def standard_error(cells: Iterable[Mapping[str, tuple[int, int]]]) -> float | None:
    """The standard error of the accuracy over all answers: cells are strata, samples are clusters.

    None where nothing was scored or a cell has a single sample.
    """
    values: list[float] = []
    clusters: list[str] = []
    strata: list[int] = []
    for number, samples in enumerate(cells):
        for name, (scored, correct) in sorted(samples.items()):  # sums round alike in any order of replies
            values += [1.0] * correct + [0.0] * (scored - correct)
            clusters += [name] * scored
            strata += [number] * scored
    return clustered_error(values, clusters, strata)


def bounds(correct: int, scored: int, total: int) -> Interval | None:
    """The accuracy if all that is not scored were wrong, and if it were right; None where all is scored."""
    if scored == total:
        return None
    return correct / total, (correct + total - scored) / total


def pass_at(samples: Samples, k: int) -> float | None:
    """The mean chance that one of `k` answers to a sample is right, over samples with as many scored."""
    chances = [chance for n, c in samples.values() if (chance := pass_at_k(n, c, k)) is not None]
    return fsum(chances) / len(chances) if chances else None


def majority_vote(votes: Votes, samples: Samples, epochs: int) -> float | None:
    """The accuracy of the answer that most of a sample's epochs give, over samples scored in all epochs.

    Of answers that are equally frequent one is drawn: the right one counts by its share. A reply without an
    answer has no vote. (Self-consistency: Wang et al., 2022, arXiv 2203.11171.) None where no sample is
    scored in all epochs.
    """
    shares = [_share_of_right(votes[name]) for name, (scored, _) in samples.items() if scored == epochs]
    return fsum(shares) / len(shares) if shares else None


def _share_of_right(votes: Counter[str | None]) -> float:
    most = max(votes.values(), default=0)
    return 1 / sum(count == most for count in votes.values()) if most and votes[None] == most else 0.0
