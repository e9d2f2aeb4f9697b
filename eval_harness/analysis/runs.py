"""A run directory, read for analysis. The journal is the truth: the summary is computed from it, not read."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval_harness.analysis.counts import JournalCounts
from eval_harness.analysis.summary import summarize
from eval_harness.errors import HarnessError
from eval_harness.records import SETTLED, Record
from eval_harness.runs.journal import read_records
from eval_harness.runs.manifest import Manifest, read_manifest


class RunError(HarnessError, ValueError):
    """A run does not hold what is asked of it, or two runs do not belong together."""


@dataclass(frozen=True)
class LoadedRun:
    """What a run directory holds, or a log of another harness; `records` has one record a key, in order."""

    name: str
    folder: Path
    manifest: Manifest
    summary: Mapping[str, Any]
    records: Sequence[Record]

    @property
    def model(self) -> str:
        """The model that was asked."""
        return self.manifest.settings.model

    @property
    def facts(self) -> list[str]:
        """What else a reader wants to know of a run, in a few words each."""
        settings = self.manifest.settings
        return [
            f"dataset version {self.manifest.dataset_version}, seed {settings.seed}",
            f"{settings.endpoint}, {settings.mode} mode, {settings.shots} shots",
            f"temperature {settings.temperature:g}, at most {settings.max_tokens:,} tokens",
            *([f"{settings.epochs} epochs"] if settings.epochs > 1 else []),
        ]


def load_run(folder: Path) -> LoadedRun:
    """Read a run directory; raises SettingsError where it is none."""
    return gather_run(folder, read_manifest(folder), read_records(folder))


def gather_run(folder: Path, manifest: Manifest, records: Iterable[Record]) -> LoadedRun:
    """The run of these records, as far as they are of its plan; of a key the first settled one counts."""
    count = JournalCounts(manifest)
    held: dict[tuple[str, int], Record] = {}
    for record in records:
        if not count.add(record):
            continue
        key = (record.sample_id, record.epoch)
        if key not in held or (held[key].outcome not in SETTLED and record.outcome in SETTLED):
            held[key] = record
    ordered = sorted(held.values(), key=_place)
    return LoadedRun(manifest.run_id, folder, manifest, summarize(manifest, count), ordered)


def _place(record: Record) -> tuple[str, int, int, str, int]:
    head, _, index = record.sample_id.rpartition("_")
    return record.config, record.difficulty, int(index) if index.isdecimal() else 0, head, record.epoch


def load_runs(folders: Sequence[Path], load: Callable[[Path], LoadedRun] = load_run) -> list[LoadedRun]:
    """Read several runs, each by `load`; names that would be equal become their paths.

    Raises RunError where one is given twice.
    """
    places = [folder.resolve() for folder in folders]
    for place, folder in zip(places, folders, strict=True):
        if places.count(place) > 1:
            raise RunError(f"{folder}: given twice")
    runs = [load(folder) for folder in folders]
    names = [run.name for run in runs]
    return [
        run if names.count(run.name) == 1 else LoadedRun(str(run.folder), *list(vars(run).values())[1:])
        for run in runs
    ]
