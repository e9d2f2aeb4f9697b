"""The folder of a run: what is trained, where it stands, and what came out."""

import dataclasses
import json
import os
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final, TextIO

import torch

from eval_harness.architectures.spec import CurvePoint, RunResult, RunSpec, Score
from eval_harness.errors import SettingsError
from synthlm_tasks.errors import PathError
from synthlm_tasks.paths import describe_error, is_lasting, lock_file, make_folder
from synthlm_tasks.version import DATASET_VERSION

_SPEC: Final = "run.json"
_STATE: Final = "checkpoint.pt"
_RESULT: Final = "result.json"
_LOCK: Final = ".lock"


class RunFolder:
    """A run's files; held against other processes while it is open."""

    def __init__(self, path: Path, spec: RunSpec, *, resume: bool) -> None:
        """Open a new folder, or that of the same run; raises SettingsError naming what differs.

        Without `resume` the run begins anew.
        """
        self.path = path
        make_folder(path)
        with ExitStack() as held:
            lock = held.enter_context(_open_lock(path))
            try:
                lock_file(lock.fileno(), str(path))
            except BlockingIOError:
                raise SettingsError(f"{str(path)!r}: another process is training there") from None
            self._check(spec)
            if not resume:
                for name in (_STATE, _RESULT):
                    (path / name).unlink(missing_ok=True)
            content = {"dataset_version": DATASET_VERSION, "spec": spec.model_dump(mode="json")}
            _write(path / _SPEC, json.dumps(content, indent=1).encode())
            self._held = held.pop_all()

    def close(self) -> None:
        """Let others have it."""
        self._held.close()

    def _check(self, spec: RunSpec) -> None:
        if not (self.path / _SPEC).exists():
            if any(name.name != _LOCK for name in self.path.iterdir()):
                raise SettingsError(f"{str(self.path)!r}: holds other files; expected a new or empty folder")
            return
        try:
            known = json.loads((self.path / _SPEC).read_text("utf-8"))
            was = RunSpec.model_validate(known["spec"])
            differing = was.differences(spec)
            if known["dataset_version"] != DATASET_VERSION:
                differing.append(f"dataset version {known['dataset_version']}, not {DATASET_VERSION}")
        except (ValueError, KeyError, TypeError):
            raise SettingsError(f"{str(self.path / _SPEC)!r}: is not the spec of a run") from None
        if differing:
            raise SettingsError(
                f"{str(self.path)!r}: holds a run with other settings ({'; '.join(differing)}); "
                "give those, or choose another folder"
            )

    def load_state(self, device: torch.device) -> dict[str, Any] | None:
        """Where the run stood; None where it has not begun."""
        if not (self.path / _STATE).exists():
            return None
        state: dict[str, Any] = torch.load(self.path / _STATE, map_location=device, weights_only=True)
        return state

    def save_state(self, state: dict[str, Any]) -> None:
        """Replace the state in one move."""
        part = self.path / f"{_STATE}.part"
        torch.save(state, part)
        part.replace(self.path / _STATE)

    def load_result(self, spec: RunSpec) -> RunResult | None:
        """What the run came to; None where it is not done."""
        if not (self.path / _RESULT).exists():
            return None
        return result_from_json(spec, json.loads((self.path / _RESULT).read_text("utf-8")))

    def save_result(self, result: RunResult) -> None:
        """Write what the run came to, and drop its state."""
        _write(self.path / _RESULT, json.dumps(result_to_json(result), indent=1).encode())
        (self.path / _STATE).unlink(missing_ok=True)


def _open_lock(folder: Path) -> TextIO:
    try:
        return (folder / _LOCK).open("w")
    except OSError as error:
        if not is_lasting(error):
            raise
        raise PathError(f"{str(folder)!r}: cannot be written to: {describe_error(error)}") from None


def result_to_json(result: RunResult) -> dict[str, Any]:
    """A result without its spec as JSON values."""
    made = {name: value for name, value in vars(result).items() if name != "spec"}
    made["scores"] = {name: dataclasses.asdict(score) for name, score in result.scores.items()}
    return made


def result_from_json(spec: RunSpec, made: dict[str, Any]) -> RunResult:
    """The result that `result_to_json` was given."""
    scores = {name: _score(score) for name, score in made["scores"].items()}
    curve = [CurvePoint(*point) for point in made["curve"]]
    return RunResult(**{**made, "spec": spec, "scores": scores, "curve": curve})


def _score(made: dict[str, Any]) -> Score:
    by_axis = {
        axis: {value: (hits, n) for value, (hits, n) in values.items()}
        for axis, values in made["by_axis"].items()
    }
    return Score(made["accuracy"], made["n"], made["chance"], by_axis)


def _write(path: Path, content: bytes) -> None:
    """Replace a file in one move."""
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(content)
    os.replace(part, path)  # noqa: PTH105  # atomic
