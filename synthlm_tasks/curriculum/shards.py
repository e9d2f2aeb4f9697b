"""Shards: each file is a function of the layout and its place in it, written whole or not at all."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
from pydantic import TypeAdapter

from synthlm_tasks.curriculum.formats import GROUP_ROWS, opened
from synthlm_tasks.curriculum.layout import Layout, Shard
from synthlm_tasks.curriculum.storage import WORK, Folder
from synthlm_tasks.curriculum.tally import Cell, Tallies, Tally, region_bits
from synthlm_tasks.mixing import Feed


@dataclass(frozen=True)
class Written:
    """The record of one finished file: what the folder's papers need to know of it."""

    path: str
    rows: int
    size: int
    sha256: str
    arrow_bytes: int
    cells: dict[Cell, Tally]

    @property
    def tokens(self) -> int:
        """The tokens counted."""
        return sum(tally.tokens or 0 for tally in self.cells.values())


_RECORD: Final = TypeAdapter(Written)

Progress = Callable[[int], None]


def no_progress(rows: int) -> None:
    """Tell nobody."""


class ShardWriter:
    """Writes shards of one layout. One that follows on the last costs no block twice."""

    def __init__(self, layout: Layout, folder: Folder) -> None:
        """Write into `folder`; nothing is made yet."""
        self._layout = layout
        self._folder = folder
        self._next: tuple[str, str, int] | None = None
        self._feed = Feed(iter(()))

    def write(self, shard: Shard, progress: Progress = no_progress) -> Written:
        """Write one file, then its record; `progress` hears of the rows as they are written.

        Raises AbortedError when it cannot be written, SpaceError when the rows do not exist.
        """
        mixture = self._layout.mixtures[shard.config, shard.split]
        if self._next != (shard.config, shard.split, shard.start):
            self._feed = Feed(mixture.rows_from(shard.start))
        self._next = None
        tallies = Tallies(self._remembered(shard), self._layout.counted)
        arrow_bytes = 0
        with self._folder.writing(shard.path) as sink:
            with opened(self._layout.format, sink) as writer:
                for start in range(shard.start, shard.stop, GROUP_ROWS):
                    group = pa.concat_tables(self._feed.take(min(GROUP_ROWS, shard.stop - start)))
                    group = group.combine_chunks()
                    writer.write_table(group)
                    tallies.add(group)
                    arrow_bytes += group.nbytes
                    progress(len(group))
            rows = shard.stop - shard.start
            written = Written(shard.path, rows, sink.size, sink.sha256, arrow_bytes, tallies.done())
            # Before the file has its name: a file with its name always has its record.
            self._folder.write(_record(shard), _RECORD.dump_json(written).decode())
        self._next = (shard.config, shard.split, shard.stop)
        return written

    def _remembered(self, shard: Shard) -> dict[Cell, int]:
        """Of which train cells the repeats are counted, and among how much of them."""
        if shard.split != "train":
            return {}
        mixture = self._layout.mixtures[shard.config, shard.split]
        return {
            f"{recipe.task.name}/{level}": region_bits(rows)
            for recipe, rows in zip(mixture.recipes, mixture.counts, strict=True)
            for level in set(recipe.difficulties)
        }


def write_shards(
    layout: Layout, shards: Iterable[Shard], folder: Folder, progress: Progress = no_progress
) -> Iterator[Written]:
    """Write `shards` in order, skipping those that are there; neighbours are cheapest one after another."""
    writer = ShardWriter(layout, folder)
    for shard in shards:
        yield finished(shard, folder) or writer.write(shard, progress)


def finished(shard: Shard, folder: Folder) -> Written | None:
    """The record of a shard that is there, whole; None for one still to be made."""
    record = folder.read(_record(shard))
    if record is None:
        return None
    written = _RECORD.validate_json(record)
    return written if folder.size(shard.path) == written.size else None


def _record(shard: Shard) -> str:
    return f"{WORK}/done/{shard.path.replace('/', '~')}.json"
