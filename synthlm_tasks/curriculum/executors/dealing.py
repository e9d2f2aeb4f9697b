"""Dealing out shards to workers, each along a run of neighbours, whoever the workers are."""

import itertools
from collections.abc import Collection, Iterable, Iterator
from typing import Protocol, TypeVar

Ticket = TypeVar("Ticket")
Result = TypeVar("Result", covariant=True)


class WorkerPool(Protocol[Ticket, Result]):
    """Numbered workers, each of which does one thing at a time."""

    def submit(self, worker: int, number: int) -> Ticket:
        """Have a worker do the thing of this number."""

    def wait(self, running: Collection[Ticket]) -> Iterable[Ticket]:
        """Wait until some of what is under way is done: which."""

    def result(self, ticket: Ticket) -> Result:
        """What came of it; raises what the worker raised."""

    def retire(self, worker: int) -> None:
        """Let go of a worker for which nothing is left."""


class WorkQueue:
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


def deal(pool: WorkerPool[Ticket, Result], numbers: int, workers: int) -> Iterator[Result]:
    """Have the workers do the things of [0, numbers): what comes of each, as it is done."""
    queue = WorkQueue(numbers, workers)
    running: dict[Ticket, int] = {}

    def give(worker: int) -> None:
        number = queue.next(worker)
        if number is None:
            pool.retire(worker)
        else:
            running[pool.submit(worker, number)] = worker

    for worker in range(min(workers, numbers)):
        give(worker)
    while running:
        for ticket in pool.wait(running):
            result = pool.result(ticket)
            give(running.pop(ticket))
            yield result
