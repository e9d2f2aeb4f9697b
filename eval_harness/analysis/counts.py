"""A journal counted: outcomes by cell, what failed and why, what the replies call themselves.

Memory does not grow with replies: of every sample stay its key, its outcome and its latency.
"""

from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from eval_harness.analysis.estimates import Samples, Votes
from eval_harness.endpoint.answers.finish_reasons import ending_of
from eval_harness.records import SCORED, SETTLED, Record
from eval_harness.runs.journal import read_records
from eval_harness.runs.manifest import Manifest
from eval_harness.runs.plan import CellKey, Plan, cell_key


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
    votes: Votes = field(default_factory=dict)
    """Of runs of several epochs."""

    def add(self, record: Record, *, vote: bool = False) -> None:
        """Count a settled record; with `vote`, which answer it gives too."""
        self.outcomes[record.outcome] += 1
        if record.outcome not in SCORED:
            return
        right = record.is_correct is True
        self.correct += right
        scored, correct = self.samples.get(record.sample_id, (0, 0))
        self.samples[record.sample_id] = _intern_counts((scored + 1, correct + right))
        if vote:
            votes = self.votes.setdefault(record.sample_id, Counter())
            if record.extracted_answer is not None:
                votes[None if right else record.extracted_answer] += 1

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
        whole.votes |= tally.votes
    return whole


class JournalCounts:
    """A journal read once: tallies by cell, errors, names, latencies and tokens."""

    def __init__(self, manifest: Manifest) -> None:
        """Start with every planned sample pending."""
        self._plan = Plan(manifest)
        self.cells: dict[CellKey, CellCounts] = {}
        for cell in manifest.plan:
            planned = cell.samples * manifest.settings.epochs
            self.cells[cell_key(cell)] = CellCounts(planned, planned * cell.chance)
        self._done: list[set[str]] = [set() for _ in range(manifest.settings.epochs)]
        self.failed: dict[tuple[str, int], tuple[CellKey, str]] = {}
        self.too_long: Counter[str] = Counter()
        """Messages of the samples that are too long."""
        self.strays = 0
        """Lines that are not of this run's samples."""
        self.models: Counter[str] = Counter()
        self.fingerprints: Counter[str] = Counter()
        self.unknown_reasons: Counter[str] = Counter()
        self.scored = 0
        self.correct = 0
        self.latencies = array("d")
        self.first_tokens = array("d")
        self.tokens = {"prompt": 0, "completion": 0}

    def add(self, record: Record) -> bool:
        """Take a record in; returns whether it is of this run's samples.

        Of a sample in an epoch the first record that is no error counts.
        """
        if self._plan.holds(record):
            self._add_planned(record)
            return True
        self.strays += 1
        return False

    def _add_planned(self, record: Record) -> None:
        key = (record.sample_id, record.epoch)
        if self.has(*key):
            return
        if record.outcome not in SETTLED:
            self.failed[key] = (cell_key(record), record.error or "")
            return
        self._done[record.epoch].add(record.sample_id)
        self.failed.pop(key, None)
        self.cells[cell_key(record)].add(record, vote=len(self._done) > 1)
        if record.outcome in SCORED:
            self._add_reply(record)
        else:
            self.too_long[record.error or ""] += 1

    def _add_reply(self, record: Record) -> None:
        """Count what a scored reply says of itself."""
        self.scored += 1
        self.correct += record.is_correct is True
        if record.latency_ms is not None:
            self.latencies.append(record.latency_ms)
        if record.first_token_ms is not None:
            self.first_tokens.append(record.first_token_ms)
        self.tokens["prompt"] += record.prompt_tokens or 0
        self.tokens["completion"] += record.completion_tokens or 0
        if record.model:
            self.models[record.model] += 1
        if record.system_fingerprint:
            self.fingerprints[record.system_fingerprint] += 1
        if record.finish_reason and ending_of(record.finish_reason) == "unknown":
            self.unknown_reasons[record.finish_reason] += 1

    def has(self, sample_id: str, epoch: int) -> bool:
        """Whether a sample has an outcome that is final in an epoch."""
        return sample_id in self._done[epoch]

    @property
    def settled(self) -> int:
        """How many samples are never asked again."""
        return self.scored + self.too_long.total()

    @property
    def finished(self) -> int:
        """How many samples have an outcome, errors included."""
        return self.settled + len(self.failed)


def count_journal(directory: Path, manifest: Manifest) -> JournalCounts:
    """The journal of a run directory, counted."""
    count = JournalCounts(manifest)
    for record in read_records(directory):
        count.add(record)
    return count
