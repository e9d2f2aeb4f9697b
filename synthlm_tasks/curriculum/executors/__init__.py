"""Executors: who writes the shards. The files are the same whoever does."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from synthlm_tasks.curriculum.layout import Layout, Shard
from synthlm_tasks.curriculum.shards import Progress, ShardRecord, no_progress, write_shards
from synthlm_tasks.curriculum.storage import Folder


class Executor(Protocol):
    """Writes shards in any order and yields the record of each when it is done."""

    def __call__(
        self, layout: Layout, shards: Sequence[Shard], folder: Folder, progress: Progress = no_progress
    ) -> Iterator[ShardRecord]:
        """Write all `shards`; `progress` hears of rows as they are written."""


def in_process(
    layout: Layout, shards: Sequence[Shard], folder: Folder, progress: Progress = no_progress
) -> Iterator[ShardRecord]:
    """Write the shards here, one after another."""
    return write_shards(layout, shards, folder, progress)
