"""Runs as tasks of Ray's workers: on this machine or on any Ray cluster."""

from collections.abc import Iterator, Sequence
from typing import Any

from eval_harness.architectures.spec import RunResult
from eval_harness.architectures.sweep.jobs import ATTEMPTS, Hear, Job, failed_result, train_job
from eval_harness.errors import SettingsError
from synthlm_tasks.curriculum.executors.ray_cluster import RayCluster, one_line
from synthlm_tasks.version import DATASET_VERSION


class OnRay:
    """Makes runs as Ray tasks of one CPU and, where there are GPUs, one of these or a share of one each.

    A worker that dies costs only its run, which is begun again.
    """

    def __init__(
        self, address: str | None = None, workers: int | None = None, gpus: float | None = None
    ) -> None:
        """Use the cluster at `address`, or one of this machine's own; at most `workers` runs at a time.

        `gpus` is each run's share of a GPU (None: one where the cluster has any). Raises ParameterError
        where Ray is not installed.
        """
        self._cluster = RayCluster(address, workers)
        self._shared = address is not None
        self._workers = workers
        self._gpus = gpus

    def __call__(self, jobs: Sequence[Job], hear: Hear) -> Iterator[tuple[Job, RunResult]]:  # noqa: ARG002  # Ray's workers tell when they are done
        """Make the runs; AbortedError when the cluster fails for good, finished runs stay."""
        with self._cluster.connected() as ray:
            yield from self._make_all(ray, jobs)

    def _make_all(self, ray: Any, jobs: Sequence[Job]) -> Iterator[tuple[Job, RunResult]]:  # noqa: ANN401  # no types
        task = ray.remote(num_cpus=1, num_gpus=self._share(ray), max_retries=ATTEMPTS - 1)(_train)
        todo = list(reversed(jobs))
        running: dict[object, Job] = {}
        while todo or running:
            while todo and len(running) < (self._workers or len(jobs)):
                job = todo.pop()
                # Another machine has no such folder, and must not take one of the same name for it.
                folder = None if self._shared else job.folder
                running[task.remote(job, folder, DATASET_VERSION)] = job
            for ticket in ray.wait(list(running))[0]:
                job = running.pop(ticket)
                yield job, _result(ray, ticket, job)

    def _share(self, ray: Any) -> float:  # noqa: ANN401  # no types
        """What each run takes of a GPU; raises SettingsError where there is none."""
        there = ray.cluster_resources().get("GPU", 0)
        if self._gpus and not there:
            raise SettingsError(f"gpus_per_run={self._gpus}: the cluster has no GPU")
        return float(min(there, 1)) if self._gpus is None else self._gpus


def _result(ray: Any, ticket: object, job: Job) -> RunResult:  # noqa: ANN401  # no types
    try:
        result: RunResult = ray.get(ticket)
    except ray.exceptions.WorkerCrashedError as error:
        return failed_result(job.spec, f"its worker went away {ATTEMPTS} times ({one_line(error)})")
    except ray.exceptions.OutOfMemoryError as error:
        return failed_result(job.spec, f"its worker ran out of memory ({one_line(error)})")
    except ray.exceptions.RayTaskError as error:
        if isinstance(error.cause, SettingsError):
            raise error.cause from None  # without the worker's traceback
        raise
    return result


def _train(job: Job, folder: str | None, version: str) -> RunResult:
    """Make a run in a worker of Ray's, which has set how many threads it may use."""
    if version != DATASET_VERSION:
        raise SettingsError(
            f"a Ray worker would draw other problems: dataset_version is {DATASET_VERSION} there, {version} "
            "here; install the same on all machines"
        )
    return train_job(Job(job.run, folder, job.device, job.train), 0, lambda _: None)
