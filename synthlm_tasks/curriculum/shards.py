"""Shards: each file is a function of the layout and its place in it, written whole or not at all."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter

from synthlm_tasks.curriculum.formats import open_writer
from synthlm_tasks.curriculum.layout import Layout, Shard
from synthlm_tasks.curriculum.sources import make_source, schema
from synthlm_tasks.curriculum.storage import WORK, Folder
from synthlm_tasks.curriculum.tally import Cell, CellCounts


@dataclass(frozen=True)
class ShardRecord:
    """The record of one finished file: what the folder's papers need to know of it.

    `rows` are those of its table: the problems, or the contexts that they are packed in.
    """

    path: str
    rows: int
    size: int
    sha256: str
    arrow_bytes: int
    cells: dict[Cell, CellCounts]

    @property
    def problems(self) -> int:
        """The problems, however they are written."""
        return sum(tally.rows for tally in self.cells.values())

    @property
    def tokens(self) -> int:
        """The tokens counted."""
        return sum(tally.tokens or 0 for tally in self.cells.values())


_RECORD: Final = TypeAdapter(ShardRecord)

Progress = Callable[[int], None]


def no_progress(rows: int) -> None:
    """Tell nobody."""


class ShardWriter:
    """Writes shards of one layout. One that follows on the last costs no block twice."""

    def __init__(self, layout: Layout, folder: Folder) -> None:
        """Write into `folder`; nothing is made yet."""
        self._layout = layout
        self._folder = folder
        self._source = make_source(layout)

    def write(self, shard: Shard, progress: Progress = no_progress) -> ShardRecord:
        """Write one file, then its record; `progress` hears of the problems as they are written.

        Raises AbortedError when it cannot be written, SpaceError when the rows do not exist.
        """
        rows = arrow_bytes = 0
        with self._folder.writing(shard.path) as sink:
            with open_writer(self._layout.format, sink, schema(self._layout)) as writer:
                for group in self._source.groups(shard):
                    writer.write_table(group.table)
                    rows += len(group.table)
                    arrow_bytes += group.table.nbytes
                    progress(group.rows)
            cells = self._source.cells()
            written = ShardRecord(shard.path, rows, sink.size, sink.sha256, arrow_bytes, cells)
            # Before the file has its name: a file with its name always has its record.
            self._folder.write(_record_name(shard), _RECORD.dump_json(written).decode())
        return written


def write_shards(
    layout: Layout, shards: Iterable[Shard], folder: Folder, progress: Progress = no_progress
) -> Iterator[ShardRecord]:
    """Write `shards` in order, skipping those that are there; neighbours are cheapest one after another."""
    writer = ShardWriter(layout, folder)
    for shard in shards:
        yield read_record(shard, folder) or writer.write(shard, progress)


def read_record(shard: Shard, folder: Folder) -> ShardRecord | None:
    """The record of a shard that is there, whole; None for one still to be made."""
    record = folder.read(_record_name(shard))
    if record is None:
        return None
    written = _RECORD.validate_json(record)
    return written if folder.size(shard.path) == written.size else None


def _record_name(shard: Shard) -> str:
    return f"{WORK}/done/{shard.path.replace('/', '~')}.json"
