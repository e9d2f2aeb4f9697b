"""Mixing: one split of a config, its components interleaved in a fixed order.

A split is cut into chunks. Chunk r takes the r-th proportional slice of every component and shuffles its
rows with a keyed permutation, so a row's place is a pure function of config, sizes, seed and split, any
chunk can be made without the others, and each component's rows are the first of its own sequence, with
the ids they have everywhere. A split of a single component is that sequence as it stands.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import pyarrow as pa

from synthlm_tasks.rows.blocks import Recipe
from synthlm_tasks.rows.splits import Split
from synthlm_tasks.rows.streams import Ints, RandomBits, digest
from synthlm_tasks.rows.tables import iter_tables
from synthlm_tasks.rows.text import to_arrow
from synthlm_tasks.rows.vocabulary import Vocabulary
from synthlm_tasks.version import DATASET_VERSION

# Rows shuffled together: enough to hide the boundaries, few enough to stay in a processor's cache.
_CHUNK_ROWS: Final = 16384

# Shards are a power of two, which any usual number of workers divides: up to _FEW of at least
# _LEAST_ROWS rows, so that small splits can be read in parallel too, then up to _MANY of _FULL_ROWS rows.
_LEAST_ROWS: Final = 1024
_FEW: Final = 16
_FULL_ROWS: Final = 1 << 16
_MANY: Final = 1024

# The lower bits of a row's key in a chunk's shuffle, which are its place: a chunk has fewer than 2**20 rows.
_PLACE_BITS: Final = 20

RowReader: TypeAlias = Callable[[Recipe, int, Split, int, int, int], Iterator[pa.Table]]
"""Reads rows [start, stop) of a component: recipe, seed, split, start, stop and the component's place."""


@dataclass(frozen=True)
class Mixture:
    """One split of a config: `counts[i]` rows of `recipes[i]`, interleaved; `name` is the config's."""

    name: str
    seed: int
    split: Split
    recipes: tuple[Recipe, ...]
    counts: tuple[int, ...]

    @property
    def rows(self) -> int:
        """All rows of the split."""
        return sum(self.counts)

    @property
    def shards(self) -> int:
        """How many shards the split is made in; a held-out split is one, since its rows are distinct."""
        if self.split != "train":
            return 1
        most = max(min(self.rows // _LEAST_ROWS, _FEW), min(self.rows // _FULL_ROWS, _MANY), 1)
        return 1 << most.bit_length() - 1

    @property
    def chunks(self) -> int:
        """How many chunks the split is cut into: the same number in each shard."""
        return self.shards * -(-self.rows // (self.shards * _CHUNK_ROWS))

    def tables(self, shards: Iterable[int] | None = None, threads: int = 1) -> Iterator[pa.Table]:
        """The rows of `shards` (all if None) in order, as tables; memory does not grow with their number.

        With more than one of `threads`, blocks are made by so many beside the reader's, with the same rows.
        Raises SpaceError when a held-out split has fewer distinct prompts than asked for.
        """
        each = self.chunks // self.shards
        pool = ThreadPoolExecutor(threads) if threads > 1 else None
        try:
            for first, last in _contiguous_runs(range(self.shards) if shards is None else shards):
                yield from self._chunks(first * each, last * each, pool, -(-threads // len(self.recipes)))
        finally:
            if pool is not None:
                pool.shutdown(cancel_futures=True)

    def tables_from(self, start: int, counted: Vocabulary | None = None) -> Iterator[pa.Table]:
        """The rows from number `start` on, as tables; what is before costs at most a chunk.

        With a vocabulary `counted`, of `COUNTED_SCHEMA`.
        """
        if len(self.recipes) == 1:
            yield from iter_tables(
                self.recipes[0], self.seed, self.split, start, self.rows, once=True, counted=counted
            )
            return
        chunk = bisect_right(range(self.chunks), start, key=self.chunk_start) - 1
        made = self._chunks(chunk, self.chunks, once=True, counted=counted)
        yield next(made).slice(start - self.chunk_start(chunk))
        yield from made

    def chunk_start(self, chunk: int) -> int:
        """The rows before a chunk."""
        return sum(self._start(rows, chunk) for rows in self.counts)

    def _chunks(
        self,
        first: int,
        last: int,
        pool: Executor | None = None,
        ahead: int = 1,
        once: bool = False,
        counted: Vocabulary | None = None,
    ) -> Iterator[pa.Table]:
        """The rows of the chunks [first, last)."""
        feeds = []
        for recipe, rows in zip(self.recipes, self.counts, strict=True):
            start, stop = self._start(rows, first), self._start(rows, last)
            feeds.append(
                TableReader(
                    iter_tables(recipe, self.seed, self.split, start, stop, pool, ahead, once, counted)
                )
            )
        if len(feeds) == 1:
            yield from feeds[0].rest
            return
        yield from self._interleave(feeds, first, last)

    def read_chunks(self, read: RowReader, first: int, last: int) -> Iterator[pa.Table]:
        """The rows of the chunks [first, last), chunk by chunk, in whatever form `read` gives them.

        Raises SpaceError like `tables`.
        """
        feeds = []
        for place, (recipe, rows) in enumerate(zip(self.recipes, self.counts, strict=True)):
            start, stop = self._start(rows, first), self._start(rows, last)
            feeds.append(TableReader(read(recipe, self.seed, self.split, start, stop, place)))
        return self._interleave(feeds, first, last)

    def _interleave(self, feeds: Sequence["TableReader"], first: int, last: int) -> Iterator[pa.Table]:
        """The chunks [first, last) put together from what the components feed; none that is empty."""
        for chunk in range(first, last):
            parts = [
                part
                for feed, rows in zip(feeds, self.counts, strict=True)
                for part in feed.take(self._start(rows, chunk + 1) - self._start(rows, chunk))
            ]
            if parts:
                mixed = pa.concat_tables(parts).combine_chunks()
                yield mixed.take(to_arrow(self._order(chunk, len(mixed)))) if len(feeds) > 1 else mixed

    def _start(self, rows: int, chunk: int) -> int:
        """Where the slice of a component of `rows` rows starts in `chunk`."""
        return rows * chunk // self.chunks

    def _order(self, chunk: int, rows: int) -> Ints:
        """The permutation of a chunk: places sorted by random keys, (rows,)."""
        key = digest("order", DATASET_VERSION, self.name, self.split, chunk)
        # Bits 63..20 of a key are random, bits 19..0 the place: sorted(range(rows), key=random.__getitem__)
        # with one sort of plain words, and no ties. e.g. 0x…3_00000, 0x…1_00001, 0x…2_00002 → 1, 2, 0.
        lower = np.uint64((1 << _PLACE_BITS) - 1)
        keys = RandomBits(self.seed, key).words64(rows) & ~lower
        keys |= np.arange(rows, dtype=np.uint64)
        keys.sort()
        return (keys & lower).view(np.int64)


class TableReader:
    """Tables read in portions of any number of rows."""

    def __init__(self, tables: Iterator[pa.Table]) -> None:
        """Read `tables` from the first row on."""
        self.rest = tables
        self._open: pa.Table | None = None

    def take(self, rows: int) -> Iterator[pa.Table]:
        """The next `rows` rows, in one or more tables."""
        while rows:
            table = next(self.rest) if self._open is None else self._open
            yield table.slice(0, rows)
            self._open = table.slice(rows) if rows < len(table) else None
            rows -= min(rows, len(table))


def _contiguous_runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Neighbours joined, e.g. 0, 1, 2, 5 → (0, 3), (5, 6): blocks on their common edge are made once."""
    first = last = 0
    for number in numbers:
        if number != last:
            if first < last:
                yield first, last
            first = number
        last = number + 1
    if first < last:
        yield first, last
