"""Shards as tasks of Ray's workers: on this machine or on any Ray cluster, with the same bytes."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from importlib.metadata import version
from typing import Any, Final

from synthlm_tasks.curriculum.executors.dealing import deal
from synthlm_tasks.curriculum.executors.ray_cluster import RayCluster
from synthlm_tasks.curriculum.layout import Layout, Shard
from synthlm_tasks.curriculum.shards import Progress, ShardRecord, ShardWriter, no_progress, read_record
from synthlm_tasks.curriculum.storage import Folder
from synthlm_tasks.errors import FolderError, SynthLMError
from synthlm_tasks.version import DATASET_VERSION

# How often a shard is begun again whose worker or machine went away.
_RETRIES: Final = 5


class OnRay:
    """Writes shards as Ray tasks of one CPU each; a worker that dies costs only the shard it was at."""

    def __init__(self, address: str | None = None, workers: int | None = None) -> None:
        """Use the cluster at `address`, or one of this machine's own; `workers` tasks at a time.

        By default they are as many as the cluster has CPUs. Raises ParameterError where Ray is not installed.
        """
        self._cluster = RayCluster(address, workers)
        self._workers = workers

    def __call__(
        self, layout: Layout, shards: Sequence[Shard], folder: Folder, progress: Progress = no_progress
    ) -> Iterator[ShardRecord]:
        """Write the shards; AbortedError when the cluster fails for good, finished files stay."""
        with self._cluster.connected() as ray:
            yield from self._write_all(ray, layout, shards, folder, progress)

    def _write_all(
        self,
        ray: Any,  # noqa: ANN401  # the library has no types
        layout: Layout,
        shards: Sequence[Shard],
        folder: Folder,
        progress: Progress,
    ) -> Iterator[ShardRecord]:
        places = self._workers or max(int(ray.cluster_resources().get("CPU", 0)), 1)
        pool = _Pool(ray, min(places, len(shards)), layout, shards, folder)
        for written in deal(pool, len(shards), places):
            if folder.size(written.path) != written.size:
                raise FolderError(
                    f"output_dir={folder.url!r}: what the workers write there is not seen here; choose a "
                    "folder or URL that all machines share"
                )
            progress(written.problems)
            yield written


class _Pool:
    """Ray actors that stay, each with the blocks of its last shard. One that dies is started again."""

    def __init__(
        self,
        ray: Any,  # noqa: ANN401  # the library has no types
        workers: int,
        layout: Layout,
        shards: Sequence[Shard],
        folder: Folder,
    ) -> None:
        self._ray, self._shards = ray, shards
        worker = ray.remote(num_cpus=1, max_restarts=-1, max_task_retries=_RETRIES)(_Worker)
        self._layout = ray.put(layout.to_json())
        self._url = folder.address  # a worker has a working folder of its own
        self._workers = {place: worker.remote() for place in range(workers)}

    def submit(self, worker: int, number: int) -> object:
        ticket: object = self._workers[worker].write.remote(self._layout, self._url, self._shards[number])
        return ticket

    def wait(self, running: Collection[object]) -> Iterable[object]:
        done: list[object] = self._ray.wait(list(running))[0]
        return done

    def retire(self, worker: int) -> None:
        del self._workers[worker]  # which ends it: its CPU may be what another waits for

    def result(self, ticket: object) -> ShardRecord:
        try:
            written: ShardRecord = self._ray.get(ticket)
        except self._ray.exceptions.RayTaskError as error:
            if isinstance(error.cause, SynthLMError):
                raise error.cause from None  # without the worker's traceback
            raise
        return written


class _Worker:
    """Writes shards in a process of Ray's."""

    def write(self, layout: str, url: str, shard: Shard) -> ShardRecord:
        """Write one, unless it is there since before this worker was started again."""
        return read_record(shard, Folder(url)) or _writer(layout, url).write(shard)


@lru_cache(maxsize=1)
def _writer(layout: str, url: str) -> ShardWriter:
    """A worker's writer, kept from shard to shard: neighbours share blocks through it."""
    made = Layout.from_json(layout)
    here = {"dataset_version": DATASET_VERSION, "writer": f"pyarrow {version('pyarrow')}"}
    if differing := [
        f"{name} is {here[name]} there" for name in here if made.settings.get(name) != here[name]
    ]:
        raise FolderError(
            f"a Ray worker would write other bytes: {', '.join(differing)}; install the same on all machines"
        )
    return ShardWriter(made, Folder(url))
