"""The summary: what a run found out, always computed from its whole journal.

Memory does not grow with replies: of every sample stay its key, its outcome and its latency.
"""

from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias

from eval_harness.analysis.estimates import Samples, bounds, interval, pass_at, standard_error
from eval_harness.records import SCORED, Record
from eval_harness.runs.journal import read_records
from eval_harness.runs.manifest import Manifest, PlannedCell

NAME: Final = "summary.json"

CellKey: TypeAlias = tuple[str, str, int]

# Distinct error messages kept, the most frequent first.
_MESSAGES: Final = 5


@dataclass
class CellCounts:
    """What is known of the samples of one cell, or of several added up."""

    planned: int = 0
    chances: float = 0.0
    """Sum of the planned samples' chance levels."""
    outcomes: Counter[str] = field(default_factory=Counter)
    correct: int = 0
    samples: Samples = field(default_factory=dict)
    """Sample id → (scored, correct) over the epochs."""

    def add(self, record: Record) -> None:
        """Count a scored record."""
        right = record.is_correct is True
        self.outcomes[record.outcome] += 1
        self.correct += right
        scored, correct = self.samples.get(record.sample_id, (0, 0))
        self.samples[record.sample_id] = _intern_counts((scored + 1, correct + right))

    @property
    def scored(self) -> int:
        """How many samples have an outcome that counts."""
        return sum(self.outcomes[name] for name in SCORED)


@cache
def _intern_counts(counts: tuple[int, int]) -> tuple[int, int]:
    # One object for all samples with these counts: there are many samples, and few such pairs.
    return counts


def add_counts(tallies: Iterable[CellCounts]) -> CellCounts:
    """Several tallies as one."""
    whole = CellCounts()
    for tally in tallies:
        whole.planned += tally.planned
        whole.chances += tally.chances
        whole.outcomes += tally.outcomes
        whole.correct += tally.correct
        whole.samples |= tally.samples
    return whole


class JournalCounts:
    """A journal read once: tallies by cell, errors, latencies and tokens."""

    def __init__(self, manifest: Manifest) -> None:
        """Start with every planned sample pending."""
        self._epochs = manifest.settings.epochs
        self.cells: dict[CellKey, CellCounts] = {}
        for cell in manifest.plan:
            planned = cell.samples * self._epochs
            self.cells[_key(cell)] = CellCounts(planned, planned * cell.chance)
        self._done: list[set[str]] = [set() for _ in range(self._epochs)]
        self.failed: dict[tuple[str, int], tuple[CellKey, str]] = {}
        self.scored = 0
        self.correct = 0
        self.latencies = array("d")
        self.tokens = {"prompt": 0, "completion": 0}

    def add(self, record: Record) -> None:
        """Take a record in; of a sample in an epoch the first that is no error counts."""
        place = (record.config, record.task, record.difficulty)
        key = (record.sample_id, record.epoch)
        if place not in self.cells or record.epoch >= self._epochs or self.has(*key):
            return
        if record.outcome not in SCORED:
            self.failed[key] = (place, record.error or "")
            return
        self._done[record.epoch].add(record.sample_id)
        self.failed.pop(key, None)
        self.cells[place].add(record)
        self.scored += 1
        self.correct += record.is_correct is True
        if record.latency_ms is not None:
            self.latencies.append(record.latency_ms)
        self.tokens["prompt"] += record.prompt_tokens or 0
        self.tokens["completion"] += record.completion_tokens or 0

    def has(self, sample_id: str, epoch: int) -> bool:
        """Whether a sample has an outcome that counts in an epoch."""
        return sample_id in self._done[epoch]

    @property
    def finished(self) -> int:
        """How many samples have an outcome, errors included."""
        return self.scored + len(self.failed)


def count_journal(directory: Path, manifest: Manifest) -> JournalCounts:
    """The journal of a run directory, counted."""
    count = JournalCounts(manifest)
    for record in read_records(directory):
        count.add(record)
    return count


def summarize(manifest: Manifest, count: JournalCounts) -> dict[str, Any]:
    """The contents of `summary.json`."""
    errors = Counter(place for place, _ in count.failed.values())
    for place, tally in count.cells.items():
        tally.outcomes["error"] = errors[place]
    epochs = manifest.settings.epochs
    overall = add_counts(count.cells.values())
    statistics = _statistics(overall, epochs)
    statistics = {"total_samples": statistics.pop("total"), **statistics}
    statistics["standard_error"] = standard_error(tally.samples for tally in count.cells.values())
    messages = Counter(message for _, message in count.failed.values())
    return {
        "run_id": manifest.run_id,
        "model": manifest.settings.model,
        "overall": statistics,
        "by_task": {
            task: _statistics(_of(count, task=task), epochs)
            | {"by_difficulty": _by_difficulty(count, manifest, task)}
            for task in dict.fromkeys(cell.task for cell in manifest.plan)
        },
        "by_difficulty": _by_difficulty(count, manifest, None),
        "by_config": {
            config: _statistics(_of(count, config=config), epochs)
            for config in dict.fromkeys(cell.config for cell in manifest.plan)
        },
        "timing": _timing(count.latencies),
        "tokens": {**count.tokens, "total": sum(count.tokens.values())},
        "error_messages": dict(messages.most_common(_MESSAGES)),
    }


def _by_difficulty(count: JournalCounts, manifest: Manifest, task: str | None) -> dict[str, Any]:
    cells = [cell for cell in manifest.plan if task in (None, cell.task)]
    levels = sorted({cell.difficulty for cell in cells})
    epochs = manifest.settings.epochs
    return {str(level): _statistics(_of(count, task=task, difficulty=level), epochs) for level in levels}


def _of(
    count: JournalCounts, config: str | None = None, task: str | None = None, difficulty: int | None = None
) -> CellCounts:
    """The tally of the cells with these properties, None being any."""
    wanted = (config, task, difficulty)
    return add_counts(
        tally
        for key, tally in count.cells.items()
        if all(want in (None, have) for want, have in zip(wanted, key, strict=True))
    )


def _statistics(tally: CellCounts, epochs: int) -> dict[str, Any]:
    """What is reported of a tally; outcomes sum to `total`."""
    scored, errors = tally.scored, tally.outcomes["error"]
    found: dict[str, Any] = {
        "total": tally.planned,
        "scored": scored,
        "correct": tally.correct,
        "accuracy": tally.correct / scored if scored else None,
        "ci95": interval(tally.samples),
        "chance": tally.chances / tally.planned,
        **{name: tally.outcomes[name] for name in ("no_answer", "truncated", "refused")},
        "errors": errors,
        "pending": tally.planned - scored - errors,
        "coverage": scored / tally.planned,
        "bounds": bounds(tally.correct, scored, tally.planned),
    }
    if epochs > 1:
        powers = [1 << power for power in range(epochs.bit_length())]
        found["pass_at"] = {str(k): pass_at(tally.samples, k) for k in sorted({*powers, epochs})}
    return found


def _timing(latencies: Iterable[float]) -> dict[str, float | None]:
    """Latencies in milliseconds; null where there are none."""
    ordered = sorted(latencies)
    count = len(ordered)
    return {
        "avg_latency_ms": sum(ordered) / count if count else None,
        **{f"p{p}_latency_ms": ordered[-(-count * p // 100) - 1] if count else None for p in (50, 95)},
    }


def _key(cell: PlannedCell) -> CellKey:
    return cell.config, cell.task, cell.difficulty
