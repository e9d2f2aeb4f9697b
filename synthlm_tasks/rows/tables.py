"""Rows: tables cut from numbered blocks.

A recipe, a seed and a split name an endless sequence of rows. Train rows are addressable in the cost of one
block. Validation and test also drop repeated rows, which may depend on the blocks before.
"""

import itertools
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from functools import lru_cache
from typing import Final

import numpy as np
import pyarrow as pa

from synthlm_tasks.errors import ExhaustedError
from synthlm_tasks.rows.blocks import BLOCK_ROWS, Block, Recipe, make_block
from synthlm_tasks.rows.reading import first_query
from synthlm_tasks.rows.splits import Split
from synthlm_tasks.rows.text import Strings, number_ids, to_arrow
from synthlm_tasks.rows.vocabulary import Vocabulary

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

COUNTED_SCHEMA: Final = SCHEMA.append(pa.field("tokens", pa.int64()))
"""With the tokens of each row's training text, in one of the vocabularies."""

_PART: Final = 4096  # rows of a block that are let go together when they were read
# A space is large enough where repeats as frequent as among its first prompts drop less than this share.
_FEW_REPEATS: Final = 0.05

# Blocks in a row with under 1% new prompts after which a held-out split counts as exhausted.
_MOST_IDLE: Final = 16


def iter_tables(
    recipe: Recipe,
    seed: int,
    split: Split,
    start: int,
    stop: int,
    pool: Executor | None = None,
    ahead: int = 1,
    once: bool = False,
    counted: Vocabulary | None = None,
) -> Iterator[pa.Table]:
    """Rows [start, stop) as consecutive tables; memory does not grow with their number.

    With a vocabulary `counted`, of `COUNTED_SCHEMA`. With a `pool` of threads, so many blocks `ahead` of the
    one wanted are made there, the first from now on; the rows are the same. With `once`, no train block is
    kept for whoever might ask for it again, and what was read of it is let go.
    Raises SpaceError when a held-out split has no more distinct prompts.
    """
    size = BLOCK_ROWS[split]

    def make(number: int) -> Block:
        if split != "train" or start > number * size:
            return make_block(recipe, seed, split, number, counted)
        # Not asked for again, and not kept in memory that is in no cache: what is read as a whole, and most
        # likely what is beyond the end of more than a block.
        rows = None if (number + 1) * size <= stop else stop - number * size
        if rows is None or start <= (number - 1) * size:
            return make_block.__wrapped__(recipe, seed, split, number, counted, rows)
        return make_block(recipe, seed, split, number, counted)

    if start >= stop:
        return iter(())
    numbers = range(start // size if split == "train" else 0, -(-stop // size))
    if split == "train" and once:
        return clip_tables(_iter_train_once(recipe, seed, numbers, counted), start, stop)
    made = map(make, numbers) if pool is None else _prefetch(make, numbers, pool, ahead)
    if split == "train":
        return clip_tables(_iter_train(recipe, numbers, made), start, stop)
    more = map(make, itertools.count(numbers.stop))
    return clip_tables(_iter_held_out(recipe, split, stop, itertools.chain(made, more)), start, stop)


def clip_tables(tables: Iterable[tuple[int, pa.Table]], start: int, stop: int) -> Iterator[pa.Table]:
    """What lies in [start, stop) of consecutive tables, each with the number of its first row."""
    for first, table in tables:
        lo, hi = max(start - first, 0), min(stop - first, len(table))
        if lo < hi:
            yield table.slice(lo, hi - lo)
        if first + len(table) >= stop:
            return


def make_table(
    recipe: Recipe, seed: int, split: Split, start: int, rows: int, counted: Vocabulary | None = None
) -> pa.Table:
    """Rows [start, start + rows) as one table; see `iter_tables`."""
    made = list(iter_tables(recipe, seed, split, start, start + rows, counted=counted))
    return pa.concat_tables(made) if made else SCHEMA.empty_table()


def _prefetch(make: Callable[[int], Block], numbers: range, pool: Executor, ahead: int) -> Iterator[Block]:
    """`make` of all numbers, in order, while `ahead` more are under way in the pool; the first begin now.

    A block that no thread has begun when it is wanted is made here, instead of waiting.
    """
    begun = deque((number, pool.submit(make, number)) for number in numbers[:ahead])

    def first() -> Block:
        number, block_ = begun.popleft()
        return make(number) if block_.cancel() else block_.result()

    def every() -> Iterator[Block]:
        for number in numbers[ahead:]:
            begun.append((number, pool.submit(make, number)))
            yield first()
        while begun:
            yield first()

    return every()


def _iter_train(recipe: Recipe, numbers: range, made: Iterator[Block]) -> Iterator[tuple[int, pa.Table]]:
    for number, block_ in zip(numbers, made, strict=True):
        start = number * BLOCK_ROWS["train"]
        yield start, _number_rows(recipe, "train", block_, start)


def _iter_train_once(
    recipe: Recipe, seed: int, numbers: range, counted: Vocabulary | None
) -> Iterator[tuple[int, pa.Table]]:
    size = BLOCK_ROWS["train"]
    for number in numbers:
        made_block = make_block.__wrapped__(recipe, seed, "train", number, counted)
        made = _number_rows(recipe, "train", made_block, number * size)
        # Copies, since a slice would keep all of its block in memory; the last comes first, to be popped.
        parts = [
            (number * size + at, made.slice(at, _PART).take(to_arrow(np.arange(min(_PART, size - at)))))
            for at in reversed(range(0, size, _PART))
        ]
        del made, made_block
        while parts:
            yield parts.pop()


def _iter_held_out(
    recipe: Recipe, split: Split, wanted: int, made: Iterable[Block]
) -> Iterator[tuple[int, pa.Table]]:
    for block_, start, fresh in drop_repeats(recipe, split, wanted, made):
        yield start, _number_rows(recipe, split, block_, start, fresh)


def drop_repeats(
    recipe: Recipe, split: Split, wanted: int, made: Iterable[Block]
) -> Iterator[tuple[Block, int, list[int]]]:
    """Blocks of a held-out split, each with the number of its first row and the places of rows to keep.

    `made` are its blocks from the first on, without end. Every row is left out that repeats one before.
    Raises ExhaustedError when `wanted` rows are never reached.
    """
    size = BLOCK_ROWS[split]
    seen: set[str] = set()
    idle = number = 0
    for block_ in made:
        fresh = []
        for place, key in enumerate(_distinct_keys(recipe, block_)):
            if key not in seen:
                seen.add(key)
                fresh.append(place)
        number += 1
        idle = idle + 1 if len(fresh) < size // 100 else 0
        yield block_, len(seen) - len(fresh), fresh
        if idle == _MOST_IDLE:
            break
    raise ExhaustedError(
        f"{recipe.family}: {wanted:,} rows asked of split {split!r}, but these parameters gave only "
        f"{len(seen):,} distinct prompts in {number * size:,} draws; "
        "ask for fewer rows or widen the parameters"
    )


def _distinct_keys(recipe: Recipe, made: Block) -> list[str]:
    """What no two rows have in common, row by row."""
    prompts, answers = made.input_text.to_pylist(), made.target.to_pylist()
    key_of = recipe.task.distinct_key
    if recipe.most_queries == 1:
        return list(map(key_of, prompts, answers))
    # What is distinct is the first query: rows stay paired, however many queries follow.
    return [key_of(*row) for row in map(first_query, prompts, answers)]


@lru_cache(maxsize=256)
def count_distinct(recipe: Recipe, seed: int, split: Split, wanted: int) -> int:
    """How many of the `wanted` rows a held-out split has: none where it has no problem at all.

    Only spaces that show repeats among their first prompts are looked through. Raises SpaceError where some
    row's parameters seem to allow no problem.
    """
    found = 0
    if not wanted or not recipe.space_of(split).cells:
        return found
    try:
        for made in iter_tables(recipe, seed, split, 0, wanted):
            drawn, found = BLOCK_ROWS[split], found + len(made)
            # Two rows are alike with one chance, so repeats grow with the square of the rows drawn.
            if found == len(made) and (drawn - found) * wanted < _FEW_REPEATS * drawn * drawn:
                return wanted
    except ExhaustedError:
        pass  # what was found is all there is
    return found


def _number_rows(
    recipe: Recipe, split: Split, made: Block, start: int, keep: list[int] | None = None
) -> pa.Table:
    """The table of a block's rows (all, or those in `keep`), numbered from `start`."""
    texts = [made.input_text, made.target, made.metadata]
    cells, sizes = made.cells, made.token_counts
    if keep is not None and len(keep) < len(cells):
        texts, cells = [column.take(to_arrow(np.array(keep, np.int32))) for column in texts], cells[keep]
        sizes = None if sizes is None else sizes[keep]
    rows = len(cells)
    kinds = sorted(set(recipe.difficulties))
    levels = recipe.levels[cells]
    prefixes = [f"{recipe.family}_{kind}_{split}_" for kind in kinds]
    ids = number_ids(prefixes, np.searchsorted(kinds, levels), start)
    columns = [
        texts[0],
        texts[1],
        _repeat_value(recipe.task.name, rows),
        to_arrow(levels),
        _repeat_value(split, rows),
        ids,
        texts[2],
    ]
    if sizes is None:
        return pa.Table.from_arrays(columns, schema=SCHEMA)
    return pa.Table.from_arrays([*columns, to_arrow(sizes)], schema=COUNTED_SCHEMA)


@lru_cache(maxsize=64)
def _repeat_value(value: str, rows: int) -> Strings:
    return pa.repeat(value, rows)
