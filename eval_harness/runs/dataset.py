"""Samples from a dataset folder or Hub repository instead of fresh ones."""

import json
import re
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, TypeAlias

import pyarrow as pa
from datasets import get_dataset_config_names, load_dataset

from eval_harness.errors import SettingsError
from eval_harness.runs.samples import Cell, level_configs, split_levels
from eval_harness.runs.settings import RunSettings
from synthlm_tasks.paths import find_missing_certificates
from synthlm_tasks.registry import TASKS
from synthlm_tasks.rows.tables import SCHEMA

Rows: TypeAlias = list[dict[str, Any]]

_DEFAULT: Final = "default"

# Rows between two words about how far the reading is.
_TOLD_ROWS: Final = 1_000


def dataset_cells(
    settings: RunSettings, source: str, tell: Callable[[str], None] = lambda _: None
) -> list[Cell]:
    """The cells that the settings name, of each the first rows of the test split of `source`.

    `--configs` names configs of the dataset; `--tasks` and `--difficulties` choose its configs of their
    names, or rows of its default config. `tell` hears how far the reading is. Raises SettingsError where the
    dataset does not hold them.
    """
    cells: list[Cell] = []
    known: dict[str, str] = {}
    with _plainly_named(source) as plain:
        try:
            tell(f"the configs of {source}")
            for config in _configs(settings, plain):
                cells += _config_cells(settings, _Source(plain, config, tell), known)
        except (OSError, ValueError) as error:
            reason = find_missing_certificates(error) or str(error).replace(plain, source)
            raise SettingsError(f"--dataset {source!r}: {' '.join(reason.split())}") from error
    if not cells:
        raise SettingsError(f"--dataset {source!r}: its test split has no row of the chosen tasks and levels")
    return cells


@contextmanager
def _plainly_named(source: str) -> Iterator[str]:
    """A name of `source` that `datasets` takes as it stands, to be used within.

    It takes brackets in a folder's name for a pattern and `::` for a chain of file systems, and looks through
    links to folders: such a folder gets a double of links to its files.
    """
    folder = Path(source).absolute()  # to it, `local:` and `~` at the beginning mean something
    if not folder.is_dir():
        yield source
        return
    if not re.search(r"\[|::", str(folder.resolve())):
        yield str(folder)
        return
    with TemporaryDirectory(prefix="synthlm-") as double:
        for path in folder.rglob("*"):
            place = Path(double, path.relative_to(folder))
            if path.is_dir():
                place.mkdir()
            else:
                place.symlink_to(path)
        yield double


@dataclass(frozen=True)
class _Source:
    """One config of a dataset, and who hears how far its reading is."""

    name: str
    config: str
    tell: Callable[[str], None]

    def stream_rows(self, split: str) -> Iterator[dict[str, Any]]:
        """The rows of one split, as they come; raises ValueError where it lacks a column."""
        data = load_dataset(self.name, self.config, split=split, streaming=True)
        for number, row in enumerate(data):
            if number % _TOLD_ROWS == 0:
                self.tell(f"{number:,} rows of {self.config}, {split}")
            missing = [name for name in SCHEMA.names if name not in row]
            if missing:
                raise ValueError(f"config {self.config!r} lacks the column {', '.join(missing)}")
            yield row


def _configs(settings: RunSettings, source: str) -> list[str]:
    """The dataset's configs to read."""
    names: list[str] = get_dataset_config_names(source)
    wanted = list(settings.configs) or level_configs(settings)
    missing = [name for name in wanted if name not in names]
    if not missing:
        return wanted
    if not settings.configs and (_DEFAULT in names or len(names) == 1):
        return [_DEFAULT if _DEFAULT in names else names[0]]
    raise ValueError(f"no config {', '.join(missing)}; it has {', '.join(names)}")


def _config_cells(settings: RunSettings, source: _Source, known: dict[str, str]) -> Iterator[Cell]:
    """The cells of one config; rows whose id is in `known` (id → prompt) are there already."""
    groups: dict[tuple[str, int], Rows] = {}
    for row in source.stream_rows("test"):
        if not _choose(row["task"], settings.tasks) or not _choose(row["difficulty"], settings.difficulties):
            continue
        group = groups.setdefault((row["task"], row["difficulty"]), [])
        if len(group) < settings.samples_per_combo and _is_new(row, known):
            group.append(_check_row(row))
    for task in sorted({task for task, _ in groups}):
        rows = [row for (of, _), group in sorted(groups.items()) if of == task for row in group]
        shown = _first_rows(source.stream_rows("train"), task, settings.shots)
        tables = (pa.Table.from_pylist(some, SCHEMA) for some in (rows, shown))
        yield from split_levels(source.config, *tables)


def _choose(value: object, among: Container[object]) -> bool:
    # No choice is every value.
    return not among or value in among


def _is_new(row: dict[str, Any], known: dict[str, str]) -> bool:
    """Note a row; raises ValueError where its id stands for another problem already."""
    name, text = row["sample_id"], row["input_text"]
    if known.get(name, text) != text:
        raise ValueError(f"two problems have the id {name!r}")
    fresh = name not in known
    known[name] = text
    return fresh


def _check_row(row: dict[str, Any]) -> dict[str, Any]:
    """The row; raises ValueError where it cannot be a row of ours."""
    try:
        task = TASKS[row["task"]]
        task.answer_kind(row["target"])
        task.chance(json.loads(row["metadata"]))
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{row['sample_id']!r} is no SynthLM row ({error})") from error
    return row


def _first_rows(rows: Iterator[dict[str, Any]], task: str, count: int) -> Rows:
    """The first `count` rows of a task."""
    found: Rows = []
    while len(found) < count:
        row = next(rows, None)
        if row is None:
            raise ValueError(f"its train split has only {len(found)} rows of {task} for {count} shots")
        if row["task"] == task:
            found.append(row)
    return found
