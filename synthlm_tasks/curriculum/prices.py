"""Prices: what rows of a component take in bytes and in time, tried out on a few."""

import io
import time
from dataclasses import dataclass
from typing import Final

from synthlm_tasks.blocks import BLOCK_ROWS, Recipe
from synthlm_tasks.curriculum.formats import opened
from synthlm_tasks.curriculum.layout import Format
from synthlm_tasks.curriculum.storage import Sink
from synthlm_tasks.curriculum.tally import Tallies
from synthlm_tasks.rows import table

_WRITTEN: Final = 8192


@dataclass(frozen=True)
class Price:
    """Bytes of a row in a file, and seconds of one processor for making and writing it."""

    size: float
    seconds: float


def price(recipe: Recipe, seed: int, file_format: Format) -> Price:
    """Make a block that nobody asked for before, and write some of it."""
    rows = BLOCK_ROWS["train"]
    begun = time.perf_counter()
    made = table(recipe, seed, "train", rows, rows)
    generated = time.perf_counter()
    sink = Sink(io.BytesIO())
    with opened(file_format, sink) as writer:
        some = made.slice(0, _WRITTEN).combine_chunks()
        writer.write_table(some)
        Tallies({}, count_tokens=True).add(some)
    written = time.perf_counter()
    return Price(sink.size / _WRITTEN, (generated - begun) / rows + (written - generated) / _WRITTEN)
