"""A benchmark on the Hub, and whether a run asked what it holds."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import yaml
from huggingface_hub import HfApi

from eval_harness.analysis.runs import LoadedRun, RunError
from eval_harness.runs.manifest import PlannedCell
from eval_harness.runs.samples import Cell, split_levels
from synthlm_tasks.curriculum.benchmark import BENCHMARK, SPLIT
from synthlm_tasks.curriculum.layout import DEFAULT
from synthlm_tasks.errors import HubError
from synthlm_tasks.hub.access import Access, find_token
from synthlm_tasks.repo_names import find_name_fault
from synthlm_tasks.rows.tables import SCHEMA


@dataclass(frozen=True)
class Benchmark:
    """A dataset on the Hub at one commit, and the id of its task for the test split of each config.

    `rows` are those of each split, by task and level.
    """

    dataset: str
    revision: str
    tasks: Mapping[str, str]
    rows: Mapping[str, Mapping[tuple[str, int], int]]


def choose_dataset(run: LoadedRun, given: str | None) -> str:
    """The dataset given, else the one on the Hub that the run read; raises RunError where there is none."""
    asked = run.manifest.settings.dataset
    if given is not None:
        if fault := find_name_fault(given, with_owner=True):
            raise RunError(f"dataset={given!r}: {fault}; expected a dataset on the Hub, user/name")
        return given
    if asked is None or find_name_fault(asked, with_owner=True) or Path(asked).exists():
        which = "were made fresh" if asked is None else f"are those of {asked!r}, which is not on the Hub"
        raise RunError(
            f"{run.folder}: its samples {which}; give --dataset user/name, a dataset on the Hub that "
            "holds the same ones"
        )
    return asked


def read_benchmark(run: LoadedRun, dataset: str, token: str | None = None) -> Benchmark:
    """The benchmark that a run asked, as it stands on the Hub.

    Raises HubError where it is no benchmark or not to be read, RunError where the run asked other samples
    than its test splits begin with, or not all tasks and levels of a config; AbortedError without the Hub.
    """
    configs = list(dict.fromkeys(cell.config for cell in run.manifest.plan))
    access = Access(
        "dataset",
        dataset,
        find_token(token),
        "there is no such dataset on the Hub, or this token may not read it ({said})",
        "run the command again later",
    )
    api = access.client()
    with access.explained(api.endpoint), TemporaryDirectory(prefix="synthlm-") as place:
        revision = str(api.repo_info(dataset, repo_type="dataset").sha)
        names = api.list_repo_files(dataset, repo_type="dataset", revision=revision)
        wanted = {config: [name for name in names if _holds_test(name, config)] for config in configs}
        paths = [name for some in wanted.values() for name in some]
        if BENCHMARK in names:
            paths.append(BENCHMARK)
        files = {name: _download(api, dataset, revision, name, place) for name in paths}
        text = files[BENCHMARK].read_text("utf-8") if BENCHMARK in files else None
        rows = {config: [pq.read_table(files[name]) for name in some] for config, some in wanted.items()}
    tasks = _read_tasks(dataset, text)
    if missing := [config for config in configs if config not in tasks or not rows[config]]:
        raise RunError(
            f"dataset={dataset!r}: has no task for the test split of {', '.join(missing)}, which the run "
            f"asked; its {BENCHMARK} has {', '.join(tasks)}"
        )
    cells = list(_cells(rows))
    _check_samples(run, dataset, cells)
    counts = {
        config: {(cell.task, cell.difficulty): len(cell.rows) for cell in cells if cell.config == config}
        for config in configs
    }
    return Benchmark(dataset, revision, {config: tasks[config] for config in configs}, counts)


def _holds_test(name: str, config: str) -> bool:
    """Whether a file is of a config's test split, by the names that an export gives."""
    home = "" if config == DEFAULT else f"{config}/"
    return name.startswith(f"{home}{SPLIT}-") and name.endswith(".parquet")


def _download(api: HfApi, dataset: str, revision: str, name: str, place: str) -> Path:
    return Path(api.hf_hub_download(dataset, name, repo_type="dataset", revision=revision, local_dir=place))


def _read_tasks(dataset: str, text: str | None) -> dict[str, str]:
    """Config → task id, of the tasks on test splits."""
    if text is None:
        raise HubError(
            f"dataset={dataset!r}: has no {BENCHMARK}, so it is no benchmark; export it anew and push it"
        )
    try:
        tasks: list[dict[str, Any]] = yaml.safe_load(text)["tasks"]
        return {
            str(task.get("config", DEFAULT)): str(task["id"])
            for task in tasks
            if task.get("split", SPLIT) == SPLIT
        }
    except (yaml.YAMLError, AttributeError, KeyError, TypeError):
        raise HubError(
            f"dataset={dataset!r}: its {BENCHMARK} names no tasks; export it anew and push it"
        ) from None


_Key = tuple[str, str, int]


def _check_samples(run: LoadedRun, dataset: str, cells: Iterable[Cell]) -> None:
    """Raise RunError unless every one of the cells was asked, each from its first row on."""
    there = {(cell.config, cell.task, cell.difficulty): cell for cell in cells}
    asked = {(cell.config, cell.task, cell.difficulty): cell for cell in run.manifest.plan}
    if other := [key for key, cell in asked.items() if not _is_same(cell, there.get(key))]:
        raise RunError(
            f"dataset={dataset!r}: its test split does not begin with the samples that the run asked of "
            f"{_name_cells(other)} (dataset version {run.manifest.dataset_version}, seed "
            f"{run.manifest.settings.seed}): they are of other data"
        )
    if left := [key for key in there if key not in asked]:
        raise RunError(
            f"{run.folder}: did not ask {_name_cells(left)}, which the task on the Hub holds: its accuracy "
            "is not the task's"
        )


def _cells(rows: Mapping[str, Sequence[pa.Table]]) -> Iterator[Cell]:
    for config, tables in rows.items():
        table = pa.concat_tables(tables).select(SCHEMA.names)
        for task in sorted(pc.unique(table["task"]).to_pylist()):
            yield from split_levels(config, table.filter(pc.equal(table["task"], task)), table.slice(0, 0))


def _is_same(planned: PlannedCell, cell: Cell | None) -> bool:
    return (
        cell is not None
        and len(cell.rows) >= planned.samples
        and cell.digest(planned.samples) == planned.sha256
    )


_SHOWN: Final = 3


def _name_cells(keys: Iterable[_Key]) -> str:
    """e.g. "dyna-easy (dyna, level 1), dyna-hard (dyna, level 3)"."""
    names = [f"{config} ({task}, level {level})" for config, task, level in keys]
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
