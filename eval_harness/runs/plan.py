"""Which lines of a journal are of the run's own samples, and which are another run's."""

from typing import Final, TypeAlias

from eval_harness.records import Record
from eval_harness.runs.manifest import Manifest, PlannedCell
from eval_harness.runs.samples import MARK_LENGTH, sample_mark

CellKey: TypeAlias = tuple[str, str, int]
"""Config, task and level."""

_NO_MARKS: Final[frozenset[int]] = frozenset()


def cell_key(cell: PlannedCell | Record) -> CellKey:
    """The cell that a record belongs to, or that is planned."""
    return cell.config, cell.task, cell.difficulty


class Plan:
    """The samples that a manifest plans, in a few bytes each."""

    def __init__(self, manifest: Manifest) -> None:
        """Read the marks of all cells."""
        self._epochs = manifest.settings.epochs
        self._planned = {cell_key(cell): cell.samples for cell in manifest.plan}
        self._marks = {cell_key(cell): _marks_of(cell.members) for cell in manifest.plan}
        self._seen: dict[CellKey, set[str]] = {key: set() for key in self._planned}

    def holds(self, record: Record) -> bool:
        """Whether the record is of a planned sample in a planned epoch.

        Earlier versions wrote no marks: then as many different ids as are planned are taken for the run's.
        """
        key = cell_key(record)
        if key not in self._planned or not 0 <= record.epoch < self._epochs:
            return False
        if marks := self._marks[key]:
            return int(sample_mark(record.sample_id, record.input_text, record.target), 16) in marks
        seen = self._seen[key]
        if len(seen) < self._planned[key]:
            seen.add(record.sample_id)
        return record.sample_id in seen


def _marks_of(members: str) -> frozenset[int]:
    if not members:
        return _NO_MARKS
    return frozenset(int(members[at : at + MARK_LENGTH], 16) for at in range(0, len(members), MARK_LENGTH))
