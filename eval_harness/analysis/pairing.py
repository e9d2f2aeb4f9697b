"""Two runs on the same samples: paired differences of accuracy, cell by cell, with an interval and a test."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final, TypeAlias

import numpy as np

from eval_harness.analysis.groups import by_family, by_level
from eval_harness.analysis.runs import LoadedRun, RunError
from eval_harness.records import SCORED, Record
from eval_harness.statistics import Z95, Difference, mcnemar, paired_bootstrap

Pair: TypeAlias = tuple[Record, Record]

_SEED: Final = 42
_ROUNDS: Final = 10_000
_AT_ONCE: Final = 100  # rounds: memory stays small for many samples


@dataclass(frozen=True)
class PairedCell:
    """One cell of a comparison; `level` is None over all levels, `family` over all tasks.

    Differences are second minus first.
    """

    family: str | None
    level: int | None
    pairs: int
    first: float
    second: float
    won: int
    """Samples that only the second has right."""
    lost: int
    """Samples that only the first has right."""
    difference: Difference
    p_value: float


@dataclass(frozen=True)
class Comparison:
    """What two runs share: cells with their differences, and what could not be paired."""

    cells: Sequence[PairedCell]
    pairs: int
    unpaired: int
    """Samples that only one run has planned and recorded."""
    unscored: int
    """Shared samples that at least one run has not scored."""
    settings: Mapping[str, tuple[object, object]]
    """Settings that differ, with both values."""


def compare_runs(first: LoadedRun, second: LoadedRun) -> Comparison:
    """Compare two runs; raises RunError where they are not on the same samples."""
    pairs = _pairs(first, second)
    scored = [pair for pair in pairs if all(record.outcome in SCORED for record in pair)]
    return Comparison(
        list(_cells(scored)),
        len(scored),
        len(first.records) + len(second.records) - 2 * len(pairs),
        len(pairs) - len(scored),
        _differing_settings(first, second),
    )


def _pairs(first: LoadedRun, second: LoadedRun) -> list[Pair]:
    """The records of shared samples and epochs."""
    keys = {
        "dataset_version": (first.manifest.dataset_version, second.manifest.dataset_version),
        "seed": (first.manifest.settings.seed, second.manifest.settings.seed),
    }
    differing = [f"{name} {a!r} and {b!r}" for name, (a, b) in keys.items() if a != b]
    there = {_key(record): record for record in second.records}
    pairs = [(record, there[_key(record)]) for record in first.records if _key(record) in there]
    changed = {a.config for a, b in pairs if (a.input_text, a.target) != (b.input_text, b.target)}
    if changed:
        differing.append(f"the samples of {', '.join(sorted(changed))}")
    if not pairs and not differing:
        cells = [sorted({cell.config for cell in run.manifest.plan}) for run in (first, second)]
        differing.append(f"configs {' '.join(cells[0])} and {' '.join(cells[1])}, of which none are shared")
    if differing:
        raise RunError(
            f"{first.name} and {second.name} are not on the same samples: {'; '.join(differing)}. "
            "Compare runs with equal --seed and configs, made by the same dataset version"
        )
    return pairs


def _key(record: Record) -> tuple[str, str, int]:
    return record.config, record.sample_id, record.epoch


def _differing_settings(first: LoadedRun, second: LoadedRun) -> dict[str, tuple[object, object]]:
    mine, theirs = (run.manifest.settings.model_dump() for run in (first, second))
    return {name: (mine[name], theirs[name]) for name in mine if mine[name] != theirs[name]}


def _cells(pairs: Sequence[Pair]) -> Iterator[PairedCell]:
    """Every level of every family, every family with several levels, and the whole."""
    second = {id(a): b for a, b in pairs}

    def cell(family: str | None, level: int | None, records: Sequence[Record]) -> PairedCell:
        return _paired_cell(family, level, [(record, second[id(record)]) for record in records])

    families = by_family([a for a, _ in pairs])
    for family, records in families.items():
        levels = by_level(records)
        for level, held in levels.items():
            yield cell(family, level, held)
        if len(levels) > 1:
            yield cell(family, None, records)
    if len(families) > 1:
        yield cell(None, None, [a for a, _ in pairs])


def _paired_cell(family: str | None, level: int | None, pairs: Sequence[Pair]) -> PairedCell:
    first = [a.is_correct is True for a, _ in pairs]
    second = [b.is_correct is True for _, b in pairs]
    won = sum(b and not a for a, b in zip(first, second, strict=True))
    lost = sum(a and not b for a, b in zip(first, second, strict=True))
    samples = [a.sample_id for a, _ in pairs]
    if len(set(samples)) == len(samples):
        difference, p_value = paired_interval(lost, won, len(pairs)), mcnemar(lost, won)
    else:
        difference, p_value = _clustered(samples, first, second)
    shares = (sum(first) / len(pairs), sum(second) / len(pairs))
    return PairedCell(family, level, len(pairs), *shares, won, lost, difference, p_value)


def paired_interval(only_first: int, only_second: int, pairs: int) -> Difference:
    """The difference of two paired shares with its adjusted Wald interval (Bonett and Price, 2012).

    One pair is added to each kind that disagrees: sound for small numbers, and never of no width.
    """
    lost, won = (only_first + 1) / (pairs + 2), (only_second + 1) / (pairs + 2)
    half = Z95 * sqrt((lost + won - (won - lost) ** 2) / (pairs + 2))
    middle = won - lost
    return Difference((only_second - only_first) / pairs, max(middle - half, -1.0), min(middle + half, 1.0))


def _clustered(
    samples: Sequence[str], first: Sequence[bool], second: Sequence[bool]
) -> tuple[Difference, float]:
    """With several epochs: the means of each sample are compared, for its epochs are not independent."""
    numbers = {sample: number for number, sample in enumerate(sorted(set(samples)))}
    places = [numbers[sample] for sample in samples]
    epochs = np.bincount(places)
    means = [np.bincount(places, run) / epochs for run in (first, second)]
    found = paired_bootstrap(list(means[0]), list(means[1]))
    if found is None:
        raise RunError("nothing to compare")
    return found, sign_flip_test(means[1] - means[0])


def sign_flip_test(differences: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> float:
    """The p-value of the two-sided randomisation test, which swaps the runs of each sample at random."""
    draw = np.random.default_rng(_SEED)
    reached, observed = 0, abs(differences.sum()) - 1e-9
    for _ in range(_ROUNDS // _AT_ONCE):
        signs = draw.integers(0, 2, (_AT_ONCE, len(differences))) * 2 - 1
        reached += int((np.abs(signs @ differences) >= observed).sum())
    return (reached + 1) / (_ROUNDS + 1)
