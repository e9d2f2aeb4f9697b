"""An evaluation: a run directory from its beginning, or its interruption, to its summary."""

import asyncio
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from eval_harness.analysis import summary
from eval_harness.analysis.counts import JournalCounts, count_journal
from eval_harness.endpoint.client import Client
from eval_harness.errors import HarnessError, SettingsError
from eval_harness.records import Record, Sample
from eval_harness.runs.journal import Journal, Lock, StorageError
from eval_harness.runs.manifest import (
    Manifest,
    check_same_samples,
    new_manifest,
    read_manifest,
    resumed_manifest,
    write_json,
)
from eval_harness.runs.prompts import make_prompts
from eval_harness.runs.runner import Runner
from eval_harness.runs.samples import Cell, generate_cells, iter_samples, limit_cells
from eval_harness.runs.settings import RunSettings, resumed_settings
from eval_harness.scoring.extraction import EXTRACTION_VERSION
from synthlm_tasks.paths import make_folder

STATE: Final = "state.json"
INTERRUPTED: Final = 130

# Seconds between two states; it is only derived, so it need not be fresh.
_STATE_SECONDS: Final = 15.0


@dataclass
class Run:
    """A run directory held by this process: what is planned, and what is known so far."""

    directory: Path
    manifest: Manifest
    cells: list[Cell]
    count: JournalCounts
    warnings: list[str] = field(default_factory=list)
    """What a person should know before the end, in the order in which it came up."""

    def keep(self, record: Record) -> None:
        """Count a record that was written, and warn where its reply is another model's than those before."""
        known = {*self.count.models, self.manifest.reported_model} - {None}
        if record.model and known and record.model not in known:
            names = ", ".join(sorted(map(repr, known)))
            self.warnings.append(f"a reply names its model {record.model!r}, those before {names}")
        self.count.add(record)

    def unfinished(self) -> Iterator[Sample]:
        """The samples without a final outcome."""
        every = iter_samples(self.cells, self.manifest.settings.epochs)
        return (sample for sample in every if not self.count.has(sample.sample_id, sample.epoch))

    def state(self) -> dict[str, Any]:
        """The contents of `state.json`: counts and completed ids, derived from the journal."""
        epochs = self.manifest.settings.epochs
        complete = [
            name
            for tally in self.count.cells.values()
            for name, (scored, _) in tally.samples.items()
            if scored == epochs
        ]
        return {
            "run_id": self.manifest.run_id,
            "planned": self.manifest.total,
            "completed": self.count.scored,
            "too_long": self.count.too_long.total(),
            "errors": len(self.count.failed),
            "completed_ids": complete,
        }

    def recount(self) -> dict[str, Any]:
        """The summary, from the whole journal: it, not what this process remembers, is the truth."""
        self.count = JournalCounts(
            self.manifest
        )  # what was remembered goes first: both would be twice the memory
        self.count = count_journal(self.directory, self.manifest)
        return summary.summarize(self.manifest, self.count)


Tell = Callable[[str], None]
"""Hears in a few words how far the planning of a run is."""


def be_silent(_: str) -> None:
    """Tell nobody."""


@contextmanager
def new_run(settings: RunSettings, directory: Path, tell: Tell = be_silent) -> Iterator[Run]:
    """A run from its beginning; raises HarnessError where the directory holds something or is in use.

    Raises PathError where the directory cannot be made.
    """
    cells = planned_cells(settings, tell)
    make_folder(directory)
    if any(directory.iterdir()):
        raise SettingsError(
            f"{str(directory)!r}: is not empty; choose another --output-dir, or go on with the run in it by "
            "--resume"
        )
    with Lock(directory):
        manifest = new_manifest(directory.resolve().name, settings, cells)
        manifest.write(directory)
        yield Run(directory, manifest, cells, JournalCounts(manifest))


@contextmanager
def resumed_run(directory: Path, given: Mapping[str, Any], tell: Tell = be_silent) -> Iterator[Run]:
    """A run that goes on with the settings `given`; raises HarnessError where they change what it means."""
    read_manifest(directory)  # before the lock, which would leave its file where no run is
    with Lock(directory):
        before = read_manifest(directory)
        if before.extraction_version != EXTRACTION_VERSION:
            raise SettingsError(
                f"the replies in {directory} were read by extraction {before.extraction_version}, further "
                f"ones would be by {EXTRACTION_VERSION}: run `synthlm rescore {directory}` first"
            )
        settings = resumed_settings(before.settings, given)
        cells = planned_cells(settings, tell)
        check_same_samples(before, cells)
        manifest = resumed_manifest(before, settings, cells)
        manifest.write(directory)
        run = Run(directory, manifest, cells, count_journal(directory, manifest))
        if settings.base_url != before.settings.base_url:
            run.warnings.append(
                f"the run was started at {before.settings.base_url} and goes on at {settings.base_url}: "
                "only the same model there makes it one run"
            )
        yield run


def planned_cells(settings: RunSettings, tell: Tell = be_silent) -> list[Cell]:
    """The cells that the settings name; raises SynthLMError or HarnessError where they cannot be had."""
    if settings.dataset is None:
        return limit_cells(generate_cells(settings), settings.limit)
    from eval_harness.runs.dataset import dataset_cells  # imports `datasets`, which takes seconds

    return limit_cells(dataset_cells(settings, settings.dataset, tell), settings.limit)


@dataclass(frozen=True)
class RunResult:
    """How a run ended: its summary, the exit code, and what stopped it, if anything did."""

    summary: dict[str, Any]
    exit_code: int
    failure: HarnessError | None
    interrupted: bool


def evaluate(run: Run, client: Client, watch: Callable[[], None]) -> RunResult:
    """Ask all that is owed and sum up; `watch` is called about once a second.

    SIGINT and SIGTERM stop the run in good order; a second one at once.
    """
    settings = run.manifest.settings
    with Journal(run.directory) as journal:
        runner = Runner(settings, client, make_prompts(settings, run.cells), journal, run.keep)
        asyncio.run(_ask_all(run, runner, client, watch))
        found = run.recount()
        failure = runner.failure
        try:
            journal.sync()
            if runner.reported_model and not run.manifest.reported_model:
                run.manifest = run.manifest.model_copy(update={"reported_model": runner.reported_model})
                run.manifest.write(run.directory)
            write_json(run.directory / STATE, run.state())
            write_json(run.directory / summary.NAME, found)
        except (OSError, StorageError) as error:
            # A full disk: the journal's whole lines are what counts, and the run can go on from them.
            failure = failure or StorageError(f"cannot write to {run.directory}: {error}")
    overall = found["overall"]
    # What is too long is not scored, but nothing is owed: a run of such samples alone has found out nothing.
    complete = overall["scored"] and not overall["errors"] and not overall["pending"]
    code = 0 if complete else INTERRUPTED if runner.interrupted else 1
    return RunResult(found, failure.exit_code if failure else code, failure, runner.interrupted)


async def _ask_all(run: Run, runner: Runner, client: Client, watch: Callable[[], None]) -> None:
    """Run to the end, minding signals, with someone watching."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, runner.interrupt)
    watching = asyncio.create_task(_watch(run, watch))
    try:
        async with client:
            await runner.run(run.unfinished())
    finally:
        watching.cancel()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


async def _watch(run: Run, watch: Callable[[], None]) -> None:
    """Call `watch` every second, and keep `state.json` about right."""
    loop = asyncio.get_running_loop()
    written = loop.time()
    while True:
        await asyncio.sleep(1)
        watch()
        if loop.time() - written > _STATE_SECONDS:
            with suppress(OSError):  # derived: what matters is whether the journal can be written
                await asyncio.to_thread(write_json, run.directory / STATE, run.state())
            written = loop.time()
