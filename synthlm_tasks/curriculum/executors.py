"""Executors: who writes the shards. The files are the same whoever does."""

import itertools
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import forkserver, get_context
from multiprocessing.context import BaseContext
from typing import Protocol

import pyarrow as pa

from synthlm_tasks.curriculum.layout import Layout, Shard
from synthlm_tasks.curriculum.shards import Progress, ShardWriter, Written, no_progress, write_shards
from synthlm_tasks.curriculum.storage import Folder
from synthlm_tasks.errors import AbortedError
from synthlm_tasks.processes import attend


class Executor(Protocol):
    """Writes shards in any order and yields the record of each when it is done."""

    def __call__(
        self, layout: Layout, shards: Sequence[Shard], folder: Folder, progress: Progress = no_progress
    ) -> Iterator[Written]:
        """Write all `shards`; `progress` hears of rows as they are written."""


def in_process(
    layout: Layout, shards: Sequence[Shard], folder: Folder, progress: Progress = no_progress
) -> Iterator[Written]:
    """Write the shards here, one after another."""
    return write_shards(layout, shards, folder, progress)


class Processes:
    """Writes shards in several processes, each along a run of neighbours."""

    def __init__(self, count: int) -> None:
        """Use `count` processes."""
        self.count = count

    def __call__(
        self, layout: Layout, shards: Sequence[Shard], folder: Folder, progress: Progress = no_progress
    ) -> Iterator[Written]:
        """Write the shards; a worker that dies ends this with AbortedError, finished files stay."""
        queue = Runs(len(shards), self.count)
        text = layout.to_json()
        pools = [
            ProcessPoolExecutor(1, _context(), _start, (text, folder.url))
            for _ in range(min(self.count, len(shards)))
        ]
        try:
            busy: dict[Future[Written], int] = {}
            for worker, pool in enumerate(pools):
                _give(pool, worker, queue, shards, busy)
            while busy:
                done, _ = wait(busy, return_when=FIRST_COMPLETED)
                for future in done:
                    worker = busy.pop(future)
                    written = future.result()
                    _give(pools[worker], worker, queue, shards, busy)
                    progress(written.problems)
                    yield written
        except BrokenProcessPool:
            raise AbortedError(
                "a worker process was ended from outside (out of memory?); run the same command again: "
                "finished files are kept"
            ) from None
        finally:
            for pool in pools:
                pool.shutdown(cancel_futures=True)


def prepare() -> None:
    """Begin what worker processes are forked from, and leave them the memory that this one frees.

    It goes on beside whatever this process does meanwhile.
    """
    _context()
    forkserver.ensure_running()
    _frugal()


def _context() -> BaseContext:
    """How processes start: forked from a server of its own, which has made what all of them need.

    A fork of this process would copy whatever threads and locks it has.
    """
    context = get_context("forkserver")
    context.set_forkserver_preload(["synthlm_tasks.curriculum.prepared"])
    return context


class Runs:
    """Deals out numbers in runs of neighbours: a worker's next one, else half of the longest run left."""

    def __init__(self, numbers: int, workers: int) -> None:
        """Cut [0, numbers) into a run for each worker."""
        ends = [numbers * worker // workers for worker in range(workers + 1)]
        self._runs = [range(*pair) for pair in itertools.pairwise(ends)]

    def next(self, worker: int) -> int | None:
        """The next number for a worker, None when none is left."""
        if not self._runs[worker]:
            longest = max(range(len(self._runs)), key=lambda other: len(self._runs[other]))
            run = self._runs[longest]
            middle = len(run) // 2
            self._runs[longest], self._runs[worker] = run[:middle], run[middle:]
        if not self._runs[worker]:
            return None
        first, self._runs[worker] = self._runs[worker][0], self._runs[worker][1:]
        return first


def _give(
    pool: ProcessPoolExecutor,
    worker: int,
    queue: Runs,
    shards: Sequence[Shard],
    busy: dict[Future[Written], int],
) -> None:
    number = queue.next(worker)
    if number is not None:
        busy[pool.submit(_write, shards[number])] = worker


# What a worker process writes with, set once when it starts: neighbours share blocks through it.
_WRITER: list[ShardWriter] = []


def _frugal() -> None:
    pa.set_memory_pool(pa.system_memory_pool())  # of all pools it keeps the least of what is freed


def _start(layout: str, url: str) -> None:
    _frugal()
    attend()
    _WRITER[:] = [ShardWriter(Layout.from_json(layout), Folder(url))]


def _write(shard: Shard) -> Written:
    return _WRITER[0].write(shard)
