"""A run as work to be done: what a worker is given, and what it makes of it whatever happens."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Protocol, TypeAlias

from eval_harness.architectures.spec import CurvePoint, RunResult, RunSpec
from eval_harness.architectures.sweep.plan import PlannedRun

TRAIN: Final = "eval_harness.architectures.training:train_run"
"""The function that trains, by name: only workers import it, and torch with it."""

ATTEMPTS: Final = 3
"""How often a run is begun whose worker goes away: it may be the run that fills the memory."""


_RUNS_A_GPU: Final = 4
"""One model of width 64 keeps a large GPU busy for a fraction of the time."""


class Train(Protocol):
    """Trains and scores one model."""

    def __call__(
        self,
        spec: RunSpec,
        folder: Path | None,
        *,
        device: str = "auto",
        progress: Callable[[CurvePoint], None] | None = None,
        resume: bool = True,
    ) -> RunResult:
        """Train it, or go on where `folder` has its checkpoint."""


@dataclass(frozen=True)
class Job:
    """A run to be made."""

    run: PlannedRun
    folder: str | None
    """Where it keeps its checkpoint; None where it has none."""
    device: str = "auto"
    train: str = TRAIN

    @property
    def spec(self) -> RunSpec:
        """What is trained."""
        return self.run.spec


Hear: TypeAlias = Callable[[Job, CurvePoint], None]
"""Is told how far a run is."""


class Executor(Protocol):
    """Makes runs in any order and yields the result of each when it is done."""

    def __call__(self, jobs: Sequence[Job], hear: Hear) -> Iterator[tuple[Job, RunResult]]:
        """Make all of them; what fails is a result that says so."""


def failed_result(spec: RunSpec, error: str) -> RunResult:
    """The result of a run that came to nothing."""
    return RunResult(spec, 0, 0, "", [], {}, 0.0, 0.0, error)


def train_job(job: Job, worker: int, hear: Callable[[CurvePoint], None]) -> RunResult:
    """Make a run here; whatever it raises becomes its error."""
    module, _, name = job.train.partition(":")
    try:
        train: Train = getattr(import_module(module), name)
        folder = Path(job.folder) if job.folder else None
        return train(job.spec, folder, device=choose_device(job.device, worker), progress=hear)
    except Exception as error:  # a bad run is data, not a crash
        return failed_result(job.spec, describe(error))


def describe(error: BaseException) -> str:
    """An error in one line that is not endless."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:500]


def choose_device(device: str, worker: int) -> str:
    """The device of a worker: of several GPUs each has its share of the workers."""
    if device not in ("auto", "cuda") or find_spec("torch") is None:
        return device
    gpus = import_module("torch").cuda.device_count()
    return f"cuda:{worker % gpus}" if gpus > 1 else device


def choose_workers(device: str) -> int:
    """How many runs are made at a time where nobody says: one a core, or four a GPU."""
    if device != "cpu" and find_spec("torch") is not None:
        gpus: int = import_module("torch").cuda.device_count()
        if gpus:
            return _RUNS_A_GPU * gpus
    return count_cores()


def limit_threads(workers: int) -> None:
    """Share the cores among workers; counts only before torch is imported."""
    threads = max(count_cores() // workers, 1)
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, str(threads))


def count_cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
