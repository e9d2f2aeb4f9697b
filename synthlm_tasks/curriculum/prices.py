"""Prices: what rows take in bytes and in time, tried out on a few."""

import io
import time
from dataclasses import dataclass, replace
from typing import Final

import pyarrow as pa

from synthlm_tasks.curriculum.formats import GROUP_ROWS, open_writer
from synthlm_tasks.curriculum.layout import Format, Layout, Portion
from synthlm_tasks.curriculum.sources import make_source, schema
from synthlm_tasks.curriculum.storage import Sink
from synthlm_tasks.curriculum.tally import RowCounter
from synthlm_tasks.rows.blocks import BLOCK_ROWS, Recipe
from synthlm_tasks.rows.mixing import TableReader
from synthlm_tasks.rows.tables import SCHEMA, make_table
from synthlm_tasks.rows.vocabulary import VOCABULARIES

_WRITTEN: Final = 8192


@dataclass(frozen=True)
class Cost:
    """Bytes in a file, and seconds of one processor for making and writing."""

    size: float
    seconds: float

    def scale(self, rows: int, sizes: float = 1.0) -> "Cost":
        """The price of so many rows, each `sizes` times as large."""
        return Cost(self.size * rows * sizes, self.seconds * rows)


def estimate_costs(portion: Portion, layout: Layout) -> list[Cost]:
    """The price of each component's rows in all splits together."""
    if layout.packing:
        return _packed_costs(portion, layout)
    rows = [sum(counts[place] for counts in portion.counts.values()) for place in range(len(portion.recipes))]
    each = [
        _row_cost(recipe, layout) if count else Cost(0, 0)
        for recipe, count in zip(portion.recipes, rows, strict=True)
    ]
    # Rows of several components together compress less well than each alone.
    alone = sum(price.scale(count).size for price, count in zip(each, rows, strict=True))
    mixture = next(mixture for (name, _), mixture in layout.mixtures.items() if name == portion.name)
    some = pa.concat_tables(TableReader(mixture.tables_from(0)).take(min(GROUP_ROWS, mixture.rows)))
    together = _size(some, layout.format) / len(some) * sum(rows)
    return [price.scale(count, together / alone) for price, count in zip(each, rows, strict=True)]


def _packed_costs(portion: Portion, layout: Layout) -> list[Cost]:
    """The price of each component's tokens, by those of the config's first portion of contexts."""
    shard = next(shard for shard in layout.shards if shard.config == portion.name)
    packing = layout.packings[shard.config, shard.split]
    begun = time.perf_counter()
    filling = make_source(layout)
    sink = Sink(io.BytesIO())
    with open_writer(layout.format, sink, schema(layout)) as writer:
        for group in filling.groups(replace(shard, start=0, stop=packing.start(1))):
            writer.write_table(group.table)
    seconds = time.perf_counter() - begun
    tokens = sum(tally.tokens or 0 for tally in filling.cells().values())
    each = Cost(sink.size / tokens, seconds / tokens)
    return [each.scale(sum(expected)) for expected in zip(*portion.tokens.values(), strict=True)]


def _row_cost(recipe: Recipe, layout: Layout) -> Cost:
    """The price of one row: a block is made that nobody asked for before, and some of it written."""
    rows = BLOCK_ROWS["train"]
    begun = time.perf_counter()
    made = make_table(recipe, layout.seed, "train", rows, rows, counted=VOCABULARIES[layout.tokens])
    generated = time.perf_counter()
    some = made.slice(0, _WRITTEN)
    size = _size(some.select(SCHEMA.names), layout.format)
    RowCounter({}, count_tokens=True).add(some)
    written = time.perf_counter()
    return Cost(size / len(some), (generated - begun) / rows + (written - generated) / len(some))


def _size(rows: pa.Table, file_format: Format) -> int:
    sink = Sink(io.BytesIO())
    with open_writer(file_format, sink) as writer:
        writer.write_table(rows.combine_chunks())
    return sink.size
