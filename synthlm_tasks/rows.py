"""Rows: tables cut from numbered blocks.

A recipe, a seed and a split name an endless sequence of rows. Train rows are addressable in the cost of one
block. Validation and test also drop repeated rows, which may depend on the blocks before.
"""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from typing import Final

import numpy as np
import pyarrow as pa

from synthlm_tasks.blocks import BLOCK_ROWS, Block, Recipe, block
from synthlm_tasks.errors import SpaceError
from synthlm_tasks.splits import Split
from synthlm_tasks.text import Strings, arrow, numbered

SCHEMA: Final = pa.schema(
    {
        "input_text": pa.string(),
        "target": pa.string(),
        "task": pa.string(),
        "difficulty": pa.int8(),
        "split": pa.string(),
        "sample_id": pa.string(),
        "metadata": pa.string(),
    }
)

# Blocks in a row with under 1% new prompts after which a held-out split counts as exhausted.
_MOST_IDLE: Final = 16


def pieces(
    recipe: Recipe, seed: int, split: Split, start: int, stop: int, threads: int = 1
) -> Iterator[pa.Table]:
    """Rows [start, stop) as consecutive tables; memory does not grow with their number.

    With several `threads`, blocks of train rows are made ahead, side by side; the rows are the same.
    Raises SpaceError when a held-out split has no more distinct prompts.
    """
    if split == "train":
        made = _train(recipe, seed, start, stop, threads)
    else:
        made = _held_out(recipe, seed, split, stop)
    for first, table in made:
        lo, hi = max(start - first, 0), min(stop - first, len(table))
        if lo < hi:
            yield table.slice(lo, hi - lo)
        if first + len(table) >= stop:
            return


def table(recipe: Recipe, seed: int, split: Split, start: int, rows: int) -> pa.Table:
    """Rows [start, start + rows) as one table; see `pieces`."""
    made = list(pieces(recipe, seed, split, start, start + rows))
    return pa.concat_tables(made) if made else SCHEMA.empty_table()


def _train(recipe: Recipe, seed: int, start: int, stop: int, threads: int) -> Iterator[tuple[int, pa.Table]]:
    size = BLOCK_ROWS["train"]
    numbers = range(start // size, -(-stop // size))
    make = partial(block, recipe, seed, "train")
    for number, made in zip(numbers, _ahead(make, numbers, threads), strict=True):
        yield number * size, _numbered(recipe, "train", made, number * size)


def _ahead(make: Callable[[int], Block], numbers: range, threads: int) -> Iterator[Block]:
    """`make` of all numbers, in order, `threads` of them under way at a time."""
    if min(threads, len(numbers)) < 2:
        yield from map(make, numbers)
        return
    pool = ThreadPoolExecutor(threads)
    try:
        begun = deque(pool.submit(make, number) for number in numbers[:threads])
        for number in numbers[threads:]:
            yield begun.popleft().result()
            begun.append(pool.submit(make, number))
        while begun:
            yield begun.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def _held_out(recipe: Recipe, seed: int, split: Split, wanted: int) -> Iterator[tuple[int, pa.Table]]:
    """Blocks with every row left out that repeats one before."""
    unrepeated = recipe.task.unrepeated
    seen: set[str] = set()
    idle = number = 0
    while idle < _MOST_IDLE:
        made = block(recipe, seed, split, number)
        fresh: list[int] = []
        for i, row in enumerate(map(unrepeated, made.input_text.to_pylist(), made.target.to_pylist())):
            if row not in seen:
                seen.add(row)
                fresh.append(i)
        number += 1
        idle = idle + 1 if len(fresh) < BLOCK_ROWS[split] // 100 else 0
        yield len(seen) - len(fresh), _numbered(recipe, split, made, len(seen) - len(fresh), fresh)
    raise SpaceError(
        f"{recipe.family}: {wanted:,} rows asked of split {split!r}, but these parameters gave only "
        f"{len(seen):,} distinct prompts in {number * BLOCK_ROWS[split]:,} draws; "
        "ask for fewer rows or widen the parameters"
    )


def _numbered(
    recipe: Recipe, split: Split, made: Block, start: int, keep: list[int] | None = None
) -> pa.Table:
    """The table of a block's rows (all, or those in `keep`), numbered from `start`."""
    texts = [made.input_text, made.target, made.metadata]
    cells = made.cells
    if keep is not None and len(keep) < len(cells):
        texts, cells = [column.take(arrow(np.array(keep, np.int32))) for column in texts], cells[keep]
    rows = len(cells)
    kinds = sorted(set(recipe.difficulties))
    levels = recipe.levels[cells]
    prefixes = [f"{recipe.family}_{kind}_{split}_" for kind in kinds]
    ids = numbered(prefixes, np.searchsorted(kinds, levels), start)
    columns = [
        texts[0],
        texts[1],
        _repeated(recipe.task.name, rows),
        arrow(levels),
        _repeated(split, rows),
        ids,
        texts[2],
    ]
    return pa.Table.from_arrays(columns, schema=SCHEMA)


@lru_cache(maxsize=64)
def _repeated(value: str, rows: int) -> Strings:
    return pa.repeat(value, rows)
