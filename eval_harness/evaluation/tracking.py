"""Runs logged to an experiment tracker: settings as its config, scores as one step of metrics."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any, Literal, Protocol

from eval_harness.errors import SettingsError
from eval_harness.evaluation.evaluation import Run, RunResult


class _Module(Protocol):
    """What trackio and wandb have in common."""

    def init(self, *, project: str, name: str, config: dict[str, Any]) -> object: ...
    def log(self, metrics: dict[str, Any]) -> object: ...
    def finish(self) -> object: ...


class Tracker:
    """A tracker of that interface."""

    def __init__(self, module: _Module) -> None:
        """Nothing is sent yet."""
        self._module = module

    def log(self, project: str, run: Run, result: RunResult) -> None:
        """Log a run that ended, under the name of its directory."""
        manifest = run.manifest
        config = manifest.settings.model_dump(mode="json") | {"dataset_version": manifest.dataset_version}
        self._module.init(project=project, name=manifest.run_id, config=config)
        self._module.log(dict(metrics_of(result.summary)))
        self._module.finish()


def find_tracker(name: Literal["trackio", "wandb"] | None) -> Tracker | None:
    """The tracker of a name; raises SettingsError where it is not installed."""
    if name is None:
        return None
    try:
        return Tracker(import_module(name))
    except ImportError:
        raise SettingsError(f"--log-to {name}: is not installed; expected `pip install {name}`") from None


def metrics_of(summary: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, float]]:
    """Every number of a summary by its path, e.g. ("by_task/dyna/accuracy", 0.5); pairs by low and high."""
    for name, value in summary.items():
        place = f"{path}{name}"
        if isinstance(value, Mapping):
            yield from metrics_of(value, f"{place}/")
        elif isinstance(value, list | tuple):
            yield from zip((f"{place}/low", f"{place}/high"), value, strict=True)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield place, value
