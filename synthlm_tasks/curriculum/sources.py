"""Sources: what the files of a layout are filled with, group by group, counted on the way."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import pyarrow as pa

from synthlm_tasks.curriculum.formats import GROUP_ROWS
from synthlm_tasks.curriculum.layout import Layout, Shard
from synthlm_tasks.curriculum.tally import Cell, CellCounts, RowCounter, region_bits
from synthlm_tasks.rows.mixing import Mixture, TableReader
from synthlm_tasks.rows.tables import SCHEMA
from synthlm_tasks.rows.text import to_arrow
from synthlm_tasks.rows.vocabulary import VOCABULARIES
from synthlm_tasks.tokens.contexts import COLUMNS, Contexts
from synthlm_tasks.tokens.framing import MARKS, token_lengths
from synthlm_tasks.tokens.portions import Portion

# Tokens of a Parquet row group of contexts, about: what a stream reads at a time.
_GROUP_TOKENS: Final = 1 << 21

CONTEXT_SCHEMA: Final = pa.schema({name: pa.list_(pa.int16()) for name in COLUMNS})
"""Columns of a table of contexts."""


@dataclass(frozen=True)
class Group:
    """A part of a file: a table, and how many of the split's rows it holds."""

    table: pa.Table
    rows: int


class Source(Protocol):
    """Fills shards. One that follows on the last costs no block twice."""

    def groups(self, shard: Shard) -> Iterator[Group]:
        """The shard's content in order; raises SpaceError when the rows do not exist."""

    def cells(self) -> dict[Cell, CellCounts]:
        """What the last shard held, once it was read to its end."""


def schema(layout: Layout) -> pa.Schema:
    """The columns of a layout's files."""
    return CONTEXT_SCHEMA if layout.packing else SCHEMA


def make_source(layout: Layout) -> Source:
    """The source of a layout's shards."""
    return _Packed(layout) if layout.packing else _Rows(layout)


class _Rows:
    """Rows as they are."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._next: tuple[str, str, int] | None = None
        self._feed = TableReader(iter(()))
        self._tallies = RowCounter({}, count_tokens=False)

    def groups(self, shard: Shard) -> Iterator[Group]:
        mixture = self._layout.mixtures[shard.config, shard.split]
        counted = VOCABULARIES[self._layout.tokens] if self._layout.counted else None
        if self._next != (shard.config, shard.split, shard.start):
            self._feed = TableReader(mixture.tables_from(shard.start, counted))
        self._next = None
        self._tallies = RowCounter(_remembered_bits(mixture), self._layout.counted)
        for start in range(shard.start, shard.stop, GROUP_ROWS):
            group = pa.concat_tables(self._feed.take(min(GROUP_ROWS, shard.stop - start))).combine_chunks()
            self._tallies.add(group)
            yield Group(group.select(SCHEMA.names), len(group))
        self._next = (shard.config, shard.split, shard.stop)

    def cells(self) -> dict[Cell, CellCounts]:
        return self._tallies.counts()


def _remembered_bits(mixture: Mixture) -> dict[Cell, int]:
    """Of which train cells the repeats are counted, and among how much of them."""
    if mixture.split != "train":
        return {}
    return {
        f"{recipe.task.name}/{level}": region_bits(rows)
        for recipe, rows in zip(mixture.recipes, mixture.counts, strict=True)
        for level in set(recipe.difficulties)
    }


class _Packed:
    """Rows packed in contexts; repeats are not counted."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._next: tuple[str, str, int] | None = None
        self._portions: Iterator[Portion] = iter(())
        self._cells: dict[Cell, CellCounts] = {}

    def groups(self, shard: Shard) -> Iterator[Group]:
        packing = self._layout.packings[shard.config, shard.split]
        first, last = packing.first_portion_from(shard.start), packing.first_portion_from(shard.stop)
        if self._next != (shard.config, shard.split, shard.start):
            self._portions = packing.iter_portions(first, packing.portions)
        self._next = None
        self._cells = {}
        for _ in range(first, last):
            portion = next(self._portions)
            self._count(portion.rows, packing.mixture)
            for part in portion.contexts.batches(max(_GROUP_TOKENS // packing.context, 1)):
                yield Group(_table(part), int(part.document_ids.max(axis=1).sum()))
        self._next = (shard.config, shard.split, shard.stop)

    def _count(self, rows: pa.Table, mixture: Mixture) -> None:
        marks = rows["mark"].to_numpy()
        sizes = np.concatenate([token_lengths(chunk) for chunk in rows["ids"].chunks])
        counts, sums = np.bincount(marks), np.bincount(marks, weights=sizes)  # exact below 2**53
        for mark in np.flatnonzero(counts).tolist():
            cell = f"{mixture.recipes[mark // MARKS].task.name}/{mark % MARKS}"
            old = self._cells.get(cell, CellCounts(0, 0, ""))
            self._cells[cell] = CellCounts(
                old.rows + int(counts[mark]), (old.tokens or 0) + int(sums[mark]), ""
            )

    def cells(self) -> dict[Cell, CellCounts]:
        return dict(sorted(self._cells.items()))


def _table(contexts: Contexts) -> pa.Table:
    """Contexts as a table: a list of numbers in each cell."""
    count, context = contexts.input_ids.shape
    ends = to_arrow(np.arange(0, (count + 1) * context, context, dtype=np.int32))
    columns = [
        pa.ListArray.from_arrays(ends, to_arrow(getattr(contexts, name).reshape(-1))) for name in COLUMNS
    ]
    return pa.Table.from_arrays(columns, schema=CONTEXT_SCHEMA)
