"""Runs made by several processes of this machine: one a core, or several a GPU."""

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Final, cast

from eval_harness.architectures.spec import CurvePoint, RunResult
from eval_harness.architectures.sweep.jobs import (
    ATTEMPTS,
    Hear,
    Job,
    failed_result,
    limit_threads,
    train_job,
)
from synthlm_tasks.workers import follow_parent

# Seconds that a worker may take to end once it is told to.
_PATIENCE: Final = 5.0

# Begun anew, not forked: CUDA does not survive a fork, nor do a parent's threads.
_CONTEXT: Final = get_context("spawn")


@dataclass
class _Worker:
    """A process, the way to it, and what it is at."""

    number: int
    process: SpawnProcess
    pipe: Connection
    job: Job | None = None


class Processes:
    """Makes runs in `count` processes; one that dies costs only its run, which is begun again."""

    def __init__(self, count: int) -> None:
        """Use `count` processes."""
        self.count = count

    def __call__(self, jobs: Sequence[Job], hear: Hear) -> Iterator[tuple[Job, RunResult]]:
        """Make the runs."""
        todo, deaths = deque(jobs), dict.fromkeys((job.spec.key for job in jobs), 0)
        workers = [self._start(number) for number in range(min(self.count, len(jobs)))]
        try:
            for worker in workers:
                _give(worker, todo)
            while busy := {worker.pipe: worker for worker in workers if worker.job}:
                for pipe in wait(list(busy)):
                    worker = busy[cast("Connection", pipe)]
                    job = cast("Job", worker.job)
                    try:
                        heard = worker.pipe.recv()
                    except (EOFError, OSError):
                        result = _mourn(worker, job, todo, deaths)
                        workers[worker.number] = worker = self._start(worker.number)
                    else:
                        if isinstance(heard, CurvePoint):
                            hear(job, heard)
                            continue
                        result = heard
                    _give(worker, todo)
                    if result is not None:
                        yield job, result
        finally:
            _end(workers)

    def _start(self, number: int) -> _Worker:
        ours, theirs = _CONTEXT.Pipe()
        process = _CONTEXT.Process(target=_work, args=(theirs, number, self.count), daemon=True)
        process.start()
        theirs.close()  # so that a worker's death is the end of its pipe
        return _Worker(number, process, ours)


def _give(worker: _Worker, todo: "deque[Job]") -> None:
    """Give a worker its next run, if there is one."""
    worker.job = todo.popleft() if todo else None
    if worker.job:
        with suppress(OSError):  # one that has died meanwhile is mourned when it is listened to
            worker.pipe.send(worker.job)


def _mourn(worker: _Worker, job: Job, todo: "deque[Job]", deaths: dict[str, int]) -> RunResult | None:
    """Put the run of a dead worker back; its failure where that has happened too often."""
    worker.process.join()
    worker.pipe.close()
    deaths[job.spec.key] += 1
    if deaths[job.spec.key] < ATTEMPTS:
        todo.appendleft(job)
        return None
    code = worker.process.exitcode
    return failed_result(job.spec, f"its process was ended {ATTEMPTS} times, at last with {code} (memory?)")


def _end(workers: Sequence[_Worker]) -> None:
    """End the processes, at once where they are still at work."""
    for worker in workers:
        worker.pipe.close()
        if worker.job:
            worker.process.terminate()
    for worker in workers:
        worker.process.join(_PATIENCE)
        if worker.process.is_alive():
            worker.process.kill()
            worker.process.join()


def _work(pipe: Connection, number: int, workers: int) -> None:
    """Make one run after another until the pipe ends."""
    limit_threads(workers)
    follow_parent()
    with suppress(EOFError, OSError):  # the other end is closed: nobody waits for more
        while True:
            job: Job = pipe.recv()
            pipe.send(train_job(job, number, pipe.send))
