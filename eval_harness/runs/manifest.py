"""The manifest `run.json`: what a run is, so that its journal can be understood and the run gone on with."""

import json
import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from eval_harness.errors import SettingsError
from eval_harness.runs.prompts import PromptFrame, make_prompts
from eval_harness.runs.samples import Cell
from eval_harness.runs.settings import RunSettings
from eval_harness.scoring.extraction import EXTRACTION_VERSION
from synthlm_tasks.version import DATASET_VERSION

NAME: Final = "run.json"

_PACKAGES: Final = ("synthlm", "httpx", "numpy", "pyarrow", "pydantic")


class PlannedCell(BaseModel):
    """One config, task and level: how many samples, their digest, and the accuracy of guessing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    config: str
    task: str
    difficulty: int
    samples: int
    sha256: str
    chance: float
    members: str = ""
    """`sample_mark` of every sample, one after the other; empty in runs of earlier versions."""


class Manifest(BaseModel):
    """Everything about a run but its outcomes and its secrets."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    run_id: str
    dataset_version: str
    extraction_version: int
    settings: RunSettings
    plan: tuple[PlannedCell, ...]
    packages: dict[str, str]
    reported_model: str | None
    """The `model` field of the first reply: what the endpoint says it is."""
    prompts: tuple[PromptFrame, ...] = ()
    """What was sent around the problems; none in runs of earlier versions."""

    @property
    def total(self) -> int:
        """How many samples are planned, each epoch counted."""
        return sum(cell.samples for cell in self.plan) * self.settings.epochs

    def write(self, directory: Path) -> None:
        """Write `run.json`."""
        write_json(directory / NAME, self.model_dump(mode="json"))


def new_manifest(run_id: str, settings: RunSettings, cells: Sequence[Cell]) -> Manifest:
    """The manifest of a run that asks these cells."""
    return Manifest(
        run_id=run_id,
        dataset_version=DATASET_VERSION,
        extraction_version=EXTRACTION_VERSION,
        settings=settings,
        plan=tuple(
            PlannedCell(
                config=cell.config,
                task=cell.task,
                difficulty=cell.difficulty,
                samples=len(cell.rows),
                sha256=cell.digest(len(cell.rows)),
                chance=cell.chance(),
                members=cell.members(),
            )
            for cell in cells
        ),
        packages=_versions(),
        reported_model=None,
        prompts=make_prompts(settings, cells).frames(),
    )


def resumed_manifest(before: Manifest, settings: RunSettings, cells: Sequence[Cell]) -> Manifest:
    """The manifest of a run that goes on: what `before` knows of the requests already sent stays true."""
    now = new_manifest(before.run_id, settings, cells)
    sent = {frame.key: frame for frame in before.prompts}
    # Where another version words a prompt differently, nobody can say later which sample got which.
    prompts = tuple(frame for frame in now.prompts if sent and sent.get(frame.key, frame) == frame)
    return now.model_copy(update={"reported_model": before.reported_model, "prompts": prompts})


def read_manifest(directory: Path) -> Manifest:
    """The manifest of a run directory; raises SettingsError where it is none."""
    try:
        return Manifest.model_validate_json((directory / NAME).read_bytes())
    except FileNotFoundError:
        raise SettingsError(f"{directory}: no run directory (it has no {NAME})") from None
    except ValidationError as error:
        fields = ", ".join(".".join(map(str, item["loc"])) for item in error.errors())
        raise SettingsError(f"{directory / NAME} is damaged or of another version: {fields}") from None


def check_same_samples(before: Manifest, cells: Iterable[Cell]) -> None:
    """Raise SettingsError unless the cells start with the samples that `before` planned."""
    now = {(cell.config, cell.task, cell.difficulty): cell for cell in cells}
    planned = {(cell.config, cell.task, cell.difficulty): cell for cell in before.plan}
    changed = []
    for key in planned.keys() | now.keys():
        old, new = planned.get(key), now.get(key)
        if old is None and before.settings.limit:  # it had not been its turn yet
            continue
        if not (old and new and len(new.rows) >= old.samples and new.digest(old.samples) == old.sha256):
            changed.append(f"{key[0]} ({key[1]}, level {key[2]})")
    if changed:
        raise SettingsError(
            f"the samples of {', '.join(sorted(changed))} are not those the run was started with (dataset "
            f"version {before.dataset_version} then, {DATASET_VERSION} now): start a new run"
        )


def write_json(path: Path, data: Mapping[str, Any]) -> None:
    """Write a JSON file whole or not at all, whatever happens to the process or the machine."""
    draft = path.with_name(f".{path.name}.draft")
    with draft.open("w", encoding="utf-8") as file:
        file.write(json.dumps(data, indent=2, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
