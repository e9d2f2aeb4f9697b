"""Shards written by several processes of this machine."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import forkserver, get_context
from multiprocessing.context import BaseContext

import pyarrow as pa

from synthlm_tasks.curriculum.executors.dealing import deal
from synthlm_tasks.curriculum.layout import Layout, Shard
from synthlm_tasks.curriculum.shards import Progress, ShardRecord, ShardWriter, no_progress
from synthlm_tasks.curriculum.storage import Folder
from synthlm_tasks.errors import AbortedError
from synthlm_tasks.workers import follow_parent


class Processes:
    """Writes shards in several processes, each along a run of neighbours."""

    def __init__(self, count: int) -> None:
        """Use `count` processes."""
        self.count = count

    def __call__(
        self, layout: Layout, shards: Sequence[Shard], folder: Folder, progress: Progress = no_progress
    ) -> Iterator[ShardRecord]:
        """Write the shards; a worker that dies ends this with AbortedError, finished files stay."""
        pool = _Pool(min(self.count, len(shards)), layout, shards, folder)
        try:
            for written in deal(pool, len(shards), self.count):
                progress(written.problems)
                yield written
        except BrokenProcessPool:
            raise AbortedError(
                "a worker process was ended from outside (out of memory?); run the same command again: "
                "finished files are kept"
            ) from None
        finally:
            pool.shut_down()


class _Pool:
    """One process a worker: each keeps the blocks of its last shard for the next."""

    def __init__(self, workers: int, layout: Layout, shards: Sequence[Shard], folder: Folder) -> None:
        self._shards = shards
        arguments = (layout.to_json(), folder.address)
        self._pools = [ProcessPoolExecutor(1, _context(), _start, arguments) for _ in range(workers)]

    def submit(self, worker: int, number: int) -> "Future[ShardRecord]":
        return self._pools[worker].submit(_write, self._shards[number])

    def wait(self, running: "Collection[Future[ShardRecord]]") -> "Iterable[Future[ShardRecord]]":
        return wait(running, return_when=FIRST_COMPLETED).done

    def result(self, ticket: "Future[ShardRecord]") -> ShardRecord:
        return ticket.result()

    def retire(self, worker: int) -> None:
        self._pools[worker].shutdown(wait=False)

    def shut_down(self) -> None:
        for pool in self._pools:
            pool.shutdown(cancel_futures=True)


def prepare() -> None:
    """Begin what worker processes are forked from, and leave them the memory that this one frees.

    It goes on beside whatever this process does meanwhile.
    """
    _context()
    forkserver.ensure_running()
    _use_system_allocator()


def _context() -> BaseContext:
    """How processes start: forked from a server of its own, which has made what all of them need.

    A fork of this process would copy whatever threads and locks it has.
    """
    context = get_context("forkserver")
    context.set_forkserver_preload(["synthlm_tasks.curriculum.executors.preload"])
    return context


# What a worker process writes with, set once when it starts: neighbours share blocks through it.
_WRITER: list[ShardWriter] = []


def _use_system_allocator() -> None:
    pa.set_memory_pool(pa.system_memory_pool())  # of all pools it keeps the least of what is freed


def _start(layout: str, url: str) -> None:
    _use_system_allocator()
    follow_parent()
    _WRITER[:] = [ShardWriter(Layout.from_json(layout), Folder(url))]


def _write(shard: Shard) -> ShardRecord:
    return _WRITER[0].write(shard)
