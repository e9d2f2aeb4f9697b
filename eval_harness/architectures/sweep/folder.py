"""The folder of a sweep: its plan, a file for each run that is done, and the table of all of them."""

import json
import os
import shutil
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from eval_harness.architectures.spec import RunResult
from eval_harness.architectures.sweep.plan import Plan, PlannedRun
from eval_harness.architectures.sweep.table import (
    SCHEMA,
    Row,
    make_row,
    parse_row,
    read_file,
    read_table,
    rows_table,
)
from eval_harness.errors import SettingsError
from synthlm_tasks.paths import lock_file, make_folder
from synthlm_tasks.version import DATASET_VERSION

TABLE: Final = "sweep.parquet"
"""The table of all runs that are done, in the order of the plan."""

_PLAN: Final = "plan.json"
_SHOWN: Final = 5  # differing keys in a message


class SweepFolder:
    """A folder of one plan. A run is there when its file is: each file is put in place whole.

    ```
    plan.json            what is run: another plan is refused
    runs/KEY.parquet     one row a run that is done or failed
    sweep.parquet        all of them; with the plan alone it is enough to go on from
    checkpoints/KEY/     of runs that are under way
    ```
    """

    def __init__(self, path: Path) -> None:
        """Name the folder; nothing is made."""
        self.path = path
        self._rows: dict[str, dict[str, Any]] = {}

    @property
    def table(self) -> Path:
        """The table of all runs."""
        return self.path / TABLE

    def checkpoint(self, key: str) -> Path:
        """Where a run that is under way keeps what it goes on from."""
        return self.path / "checkpoints" / key

    @contextmanager
    def opened(self, plan: Plan) -> Iterator[None]:
        """Work on the folder, which is made or must be of this very plan; raises SettingsError."""
        refuse_other_plan(self.path, plan)
        make_folder(self.path)
        with (self.path / ".lock").open("w") as lock:
            try:
                lock_file(lock.fileno(), str(self.path))
            except BlockingIOError:
                raise SettingsError(f"{str(self.path)!r}: another sweep is at work there") from None
            _replace(self.path / _PLAN, json.dumps(_settings(plan), indent=1, sort_keys=True).encode())
            if self._published:
                self._unpack_table()
            make_folder(self._runs)
            self.read()
            yield

    def rows(self) -> dict[str, Row]:
        """The runs that are done, by key."""
        return {key: parse_row(row) for key, row in self._rows.items()}

    def add(self, run: PlannedRun, result: RunResult) -> None:
        """Write down a run that is done."""
        row = make_row(run, result, DATASET_VERSION)
        with _undisturbed():  # else an interruption between the two leaves a run that the table lacks
            _write_run(self._runs, row)
            self._rows[run.spec.key] = row

    def write_table(self, plan: Plan) -> None:
        """Write the table of all runs that are done, in the order of the plan."""
        keys = [run.spec.key for run in plan.runs()]
        rows = [self._rows[key] for key in keys if key in self._rows]
        with _undisturbed():
            _replace(self.table, _parquet(rows_table(rows)))

    def read(self) -> None:
        """Read the runs that are there; raises SettingsError where a table without its runs is none."""
        if self._published:
            self._rows = {row["key"]: row for row in read_table(self.table).to_pylist()}
            return
        self._rows = {}
        for file in sorted(self._runs.glob("*.parquet")):
            try:
                found = read_file(file)
            except pa.ArrowInvalid:
                continue  # a machine that lost power may leave such a file: the run is made anew
            if found.schema.equals(SCHEMA) and len(found) == 1:
                self._rows[file.stem] = found.to_pylist()[0]

    @property
    def _runs(self) -> Path:
        return self.path / "runs"

    @property
    def _published(self) -> bool:
        """Whether plan and table came without the runs, as they are committed or sent to a colleague."""
        return self.table.exists() and not self._runs.exists()

    def _unpack_table(self) -> None:
        """A file for each run of the table, all of them or none; raises SettingsError where it is none."""
        rows = read_table(self.table).to_pylist()
        draft = self.path / ".runs.draft"
        with _undisturbed():
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir()
            for row in rows:
                _write_run(draft, row)
            draft.rename(self._runs)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Put off Ctrl-C and SIGTERM for a moment: what they raise is lost where some object is being deleted."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are the main thread's
        return
    caught: list[int] = []
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda number, _: caught.append(number)) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        if caught:
            signal.raise_signal(caught[0])


def _parquet(table: pa.Table) -> bytes:
    sink = BytesIO()
    pq.write_table(table, sink, compression="zstd")
    return sink.getvalue()


def _write_run(folder: Path, row: dict[str, Any]) -> None:
    _replace(folder / f"{row['key']}.parquet", _parquet(rows_table([row])))


def _replace(file: Path, content: bytes) -> None:
    """Put a whole file in place of what is there: a kill at any moment leaves the old one or the new one."""
    draft = file.with_name(f".{file.name}.draft")
    with draft.open("wb") as sink:
        sink.write(content)
        sink.flush()
        os.fsync(sink.fileno())  # else the name may reach the disk before the content
    draft.replace(file)


def _settings(plan: Plan) -> dict[str, Any]:
    """What decides a plan's runs: not how it is described, nor how long it is thought to take."""
    made = plan.model_dump(mode="json", exclude={"description", "tokens_per_second"}, exclude_none=True)
    return {"dataset_version": DATASET_VERSION, **made}


def refuse_other_plan(path: Path, plan: Plan) -> None:
    """Raise SettingsError, with the keys that differ, where the folder is of other settings."""
    try:
        there = json.loads((path / _PLAN).read_text("utf-8"))
    except FileNotFoundError:
        if path.is_dir() and any(place.name != ".lock" for place in path.iterdir()):
            raise SettingsError(
                f"output_dir={str(path)!r}: is not empty, and no sweep's folder; choose a new one"
            ) from None
        return
    except json.JSONDecodeError:
        raise SettingsError(
            f"output_dir={str(path)!r}: its {_PLAN} cannot be read; choose a new one"
        ) from None
    old, new = dict(_flat(there)), dict(_flat(_settings(plan)))
    differing = [
        key for key in (*old, *(key for key in new if key not in old)) if old.get(key) != new.get(key)
    ]
    if differing:
        shown = [f"{key} is {old.get(key)!r} there, {new.get(key)!r} here" for key in differing[:_SHOWN]]
        more = f", and {len(differing) - _SHOWN} more" if len(differing) > _SHOWN else ""
        raise SettingsError(
            f"output_dir={str(path)!r}: was begun with other settings: {'; '.join(shown)}{more}; "
            "choose another folder, or go on with the plan that it was begun with"
        )


def _flat(value: object, place: str = "") -> Iterator[tuple[str, object]]:
    """The settings by dotted place, e.g. training.swaps.lrs; trainings by name rather than number."""
    if isinstance(value, Mapping) and value:
        for name, part in value.items():
            yield from _flat(part, f"{place}.{name}" if place else name)
    elif isinstance(value, list) and value and all(isinstance(part, Mapping) for part in value):
        for number, part in enumerate(value):
            name = part.get("name") or part.get("config") or number
            yield from _flat(part, f"{place}.{name}")
    else:
        yield place, value
