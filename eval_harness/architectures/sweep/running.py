"""A sweep from beginning to end: what is missing is made, and written down run by run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from typing import TypeAlias

from eval_harness.architectures.spec import CurvePoint, RunResult
from eval_harness.architectures.sweep.folder import SweepFolder
from eval_harness.architectures.sweep.jobs import TRAIN, Executor, Job
from eval_harness.architectures.sweep.plan import Plan, PlannedRun

Done: TypeAlias = Callable[[PlannedRun, RunResult], None]
Further: TypeAlias = Callable[[PlannedRun, CurvePoint], None]


@dataclass(frozen=True)
class Ending:
    """How a sweep ended: runs of the plan that are done, and those of them that failed."""

    done: int
    failed: int

    @property
    def exit_code(self) -> int:
        """0 where every run has its scores, 1 where some failed."""
        return int(self.failed > 0)


def missing_runs(plan: Plan, folder: SweepFolder, retry_failed: bool) -> list[PlannedRun]:
    """The runs of the plan that an opened folder lacks; failed ones only where they are to be tried again."""
    rows = folder.rows()
    return [
        run for run in plan.runs() if run.spec.key not in rows or (retry_failed and rows[run.spec.key].failed)
    ]


def run_sweep(
    plan: Plan,
    folder: SweepFolder,
    missing: Sequence[PlannedRun],
    execute: Executor,
    *,
    device: str = "auto",
    train: str = TRAIN,
    done: Done = lambda _, __: None,
    further: Further = lambda _, __: None,
) -> Ending:
    """Make the `missing` runs in an opened folder; `done` and `further` are told how it goes on.

    However it ends, what is done stays: the same call makes the rest.
    """
    jobs = [Job(run, str(folder.checkpoint(run.spec.key)), device, train) for run in missing]
    try:
        folder.write_table(plan)
        for job, result in execute(jobs, lambda job, point: further(job.run, point)) if jobs else ():
            folder.add(job.run, result)
            folder.write_table(plan)
            _forget(folder.checkpoint(job.spec.key))
            done(job.run, result)
    finally:
        folder.write_table(plan)  # an interruption may have come between a run and its place there
    rows = folder.rows().values()
    return Ending(len(rows), sum(row.failed for row in rows))


def _forget(checkpoint: Path) -> None:
    """Remove the checkpoint of a run that is done, and the folder of checkpoints with the last of them."""
    rmtree(checkpoint, ignore_errors=True)
    if checkpoint.parent.is_dir() and not any(checkpoint.parent.iterdir()):
        checkpoint.parent.rmdir()
