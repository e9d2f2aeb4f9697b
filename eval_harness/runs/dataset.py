"""Samples from a dataset folder or Hub repository instead of fresh ones."""

import json
from collections.abc import Container, Iterator
from typing import Any, Final, TypeAlias

import pyarrow as pa
from datasets import get_dataset_config_names, load_dataset

from eval_harness.errors import SettingsError
from eval_harness.runs.samples import Cell, level_configs, split_levels
from eval_harness.runs.settings import RunSettings
from synthlm_tasks.registry import TASKS
from synthlm_tasks.rows.tables import SCHEMA

Rows: TypeAlias = list[dict[str, Any]]

_DEFAULT: Final = "default"


def dataset_cells(settings: RunSettings, source: str) -> list[Cell]:
    """The cells that the settings name, of each the first rows of the test split of `source`.

    `--configs` names configs of the dataset; `--tasks` and `--difficulties` choose its configs of their
    names, or rows of its default config. Raises SettingsError where the dataset does not hold them.
    """
    cells: list[Cell] = []
    known: dict[str, str] = {}
    try:
        for config in _configs(settings, source):
            cells += _config_cells(settings, source, config, known)
    except (OSError, ValueError) as error:
        raise SettingsError(f"--dataset {source!r}: {error}") from error
    if not cells:
        raise SettingsError(f"--dataset {source!r}: its test split has no row of the chosen tasks and levels")
    return cells


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


def _config_cells(settings: RunSettings, source: str, config: str, known: dict[str, str]) -> Iterator[Cell]:
    """The cells of one config; rows whose id is in `known` (id → prompt) are there already."""
    groups: dict[tuple[str, int], Rows] = {}
    for row in _stream_rows(source, config, "test"):
        if not _choose(row["task"], settings.tasks) or not _choose(row["difficulty"], settings.difficulties):
            continue
        group = groups.setdefault((row["task"], row["difficulty"]), [])
        if len(group) < settings.samples_per_combo and _is_new(row, known):
            group.append(_check_row(row))
    for task in sorted({task for task, _ in groups}):
        rows = [row for (of, _), group in sorted(groups.items()) if of == task for row in group]
        shown = _first_rows(_stream_rows(source, config, "train"), task, settings.shots)
        yield from split_levels(config, *(pa.Table.from_pylist(some, SCHEMA) for some in (rows, shown)))


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


def _stream_rows(source: str, config: str, split: str) -> Iterator[dict[str, Any]]:
    """The rows of one split, as they come; raises ValueError where it lacks a column."""
    data = load_dataset(source, config, split=split, streaming=True)
    for row in data:
        missing = [name for name in SCHEMA.names if name not in row]
        if missing:
            raise ValueError(f"config {config!r} lacks the column {', '.join(missing)}")
        yield row
