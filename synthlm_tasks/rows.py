"""Rows: fixed blocks of accepted problems, and tables cut from them.

A recipe, a seed and a split name an endless sequence of rows, made in fixed blocks. Block b needs no
other block, so train rows are addressable in the cost of one block. Validation and test also drop
repeated prompts, which may depend on the blocks before.
"""

import json
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from typing import Any, ClassVar, Final, Protocol, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from synthlm_tasks.errors import SpaceError
from synthlm_tasks.space import Space
from synthlm_tasks.splits import Hashes, Split, belongs
from synthlm_tasks.streams import Bits, Ints, digest
from synthlm_tasks.text import Index, Strings, fragments, lay, numbered
from synthlm_tasks.version import DATASET_VERSION

Problem: TypeAlias = dict[str, NDArray[Any]]
Belongs: TypeAlias = Callable[[Hashes], NDArray[np.bool_]]

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

# Part of the row format: changing a block's size changes every row (and so the dataset version).
# Held-out blocks are small because a level's validation or test is a few thousand rows.
BLOCK_ROWS: Final[dict[Split, int]] = {"train": 32768, "validation": 1024, "test": 1024}

# Candidates posed at a time (more would not stay in the processor's cache), candidates worth a round when
# few rows are open (its overhead is not less for fewer), tries for a row in a round, and rounds.
_CHUNK: Final = 8192
_ROUND: Final = {"train": 1024, "validation": 8192, "test": 8192}
_MOST_TRIES: Final = 64
_MOST_ROUNDS: Final = 400

# Blocks in a row with under 1% new prompts after which a held-out split counts as exhausted.
_MOST_IDLE: Final = 16


@dataclass(frozen=True)
class Params:
    """Axis codes of the problems to pose: name → codes (c,), and the most each may be in any row."""

    codes: Mapping[str, Ints]
    most: Mapping[str, int]

    def __getitem__(self, name: str) -> Ints:
        """The codes of one axis."""
        return self.codes[name]

    def take(self, places: Ints) -> "Params":
        """The parameters at `places`, in that order."""
        return Params({name: codes[places] for name, codes in self.codes.items()}, self.most)

    def having(self, more: Mapping[str, Ints]) -> "Params":
        """These parameters and `more`."""
        return Params({**self.codes, **more}, self.most)


@dataclass(frozen=True)
class Text:
    """Rendered rows. `notes` (k, r) index the task's `note_fragments`: the tail of the metadata."""

    input_text: Strings
    target: Strings
    notes: Index


class Poser(Protocol):
    """What rows need of a task: arrays in, arrays out. See `synthlm_tasks.task.Task`."""

    name: ClassVar[str]
    note_fragments: ClassVar[Strings]

    @classmethod
    def settle(cls, params: Params, bits: Bits) -> Params:
        """Draw once per row what a rejection must keep."""

    @classmethod
    def pose(cls, params: Params, bits: Bits, belongs: Belongs) -> tuple[Ints, Problem]:
        """Draw candidates; return the places of the accepted ones and their problems."""

    @classmethod
    def render(cls, problem: Problem) -> Text:
        """Write problems as text."""

    @classmethod
    def describe(cls, cell: Mapping[str, object]) -> dict[str, object]:
        """Metadata that a cell of axis values alone decides."""


@dataclass(frozen=True)
class Recipe:
    """What a sequence of rows is made of, but for seed, split and index.

    `difficulties` holds the level of each cell of `space`; `keyed` is the canonical text of what the
    random stream depends on (two recipes that differ in nothing else are paired, row by row).
    """

    task: type[Poser]
    family: str
    space: Space
    difficulties: tuple[int, ...]
    keyed: str

    @cached_property
    def words(self) -> tuple[int, ...]:
        """The stream key: dataset version and parameters."""
        return digest(DATASET_VERSION, self.keyed)

    @cached_property
    def levels(self) -> NDArray[np.int8]:
        """The difficulty of each cell."""
        return np.array(self.difficulties, np.int8)

    @cached_property
    def notes(self) -> Strings:
        """Metadata fragments: one opening per cell, then the task's tails."""
        labels = [self.task.describe(self.space.label(cell)) for cell in self.space.cells]
        heads = [json.dumps(label, separators=(",", ":"))[:-1] for label in labels]
        return pa.concat_arrays([fragments(heads), self.task.note_fragments])


@dataclass(frozen=True)
class Block:
    """One block before numbering: the three texts of its rows, and the cell of each."""

    input_text: pa.ChunkedArray
    target: pa.ChunkedArray
    metadata: pa.ChunkedArray
    cells: Ints


@lru_cache(maxsize=16)
def block(recipe: Recipe, seed: int, split: Split, number: int) -> Block:
    """Make one block: draw each row's parameters once, then problems until one is accepted.

    A rejected row keeps its parameters, so that rejection does not bend their distribution.
    Raises SpaceError when some row's parameters seem to allow no problem in this split.
    """
    rows = BLOCK_ROWS[split]
    key = (*recipe.words, *digest(split), number)
    bits = Bits(seed, key)
    cells = recipe.space.draw(bits, number * rows, rows)
    axes = recipe.space.columns
    params = Params(axes, {name: int(codes.max()) for name, codes in axes.items()}).take(cells)
    params = recipe.task.settle(params, bits)
    alike = np.argsort(cells.astype(np.uint16), kind="stable")  # like problems together need fewer tables
    problem = _accepted(recipe.task, params, split, lambda *turn: Bits(seed, (*key, *turn)), alike)
    head = len(recipe.notes) - len(recipe.task.note_fragments)
    columns = []
    for start in range(0, rows, _CHUNK):
        here = slice(start, start + _CHUNK)
        text = recipe.task.render({name: array[..., here] for name, array in problem.items()})
        notes = np.concatenate([cells[None, here], text.notes.astype(np.int64) + head])
        columns.append((text.input_text, text.target, lay(recipe.notes, notes)))
    prompts, answers, metadata = (pa.chunked_array(parts) for parts in zip(*columns, strict=True))
    return Block(prompts, answers, metadata, cells)


def _accepted(
    task: type[Poser], params: Params, split: Split, bits: Callable[[int, int], Bits], pending: Ints
) -> Problem:
    """The first accepted problem of every row, rows on the last axis, posed in the order of `pending`."""
    chosen = np.zeros(len(pending), np.int64)
    parts: list[Problem] = []
    posed = 0
    for turn in range(_MOST_ROUNDS):
        tries = np.tile(pending, min(max(_ROUND[split] // len(pending), 1), _MOST_TRIES))
        filled = []
        for number, start in enumerate(range(0, len(tries), _CHUNK)):
            chunk = tries[start : start + _CHUNK]
            places, problem = task.pose(params.take(chunk), bits(turn, number), lambda h: belongs(h, split))
            filled.append(chunk[places])
            parts.append(problem)
        slots = np.concatenate(filled)
        first = np.full(len(chosen), -1)
        first[slots[::-1]] = np.arange(len(slots))[::-1]  # of a row's accepted problems the first stays
        done = first >= 0
        chosen[done] = first[done] + posed
        posed += len(slots)
        pending = pending[~done[pending]]
        if not len(pending):
            break
    else:
        shown = ", ".join(f"{name}={codes[pending[0]]}" for name, codes in params.codes.items())
        raise SpaceError(
            f"{task.name}: no valid problem for split {split!r} in {_MOST_ROUNDS * _MOST_TRIES} tries with "
            f"{shown}; widen the parameters"
        )
    return {
        name: np.concatenate([part[name] for part in parts], axis=-1).take(chosen, -1) for name in parts[0]
    }


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
    """Blocks with every prompt that was seen before left out."""
    seen: set[str] = set()
    idle = number = 0
    while idle < _MOST_IDLE:
        made = block(recipe, seed, split, number)
        fresh: list[int] = []
        for i, prompt in enumerate(made.input_text.to_pylist()):
            if prompt not in seen:
                seen.add(prompt)
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
        texts, cells = [column.take(pa.array(keep, pa.int32())) for column in texts], cells[keep]
    rows = len(cells)
    kinds = sorted(set(recipe.difficulties))
    levels = recipe.levels[cells]
    prefixes = [f"{recipe.family}_{kind}_{split}_" for kind in kinds]
    ids = numbered(prefixes, np.searchsorted(kinds, levels), np.arange(start, start + rows))
    columns = [
        texts[0],
        texts[1],
        _repeated(recipe.task.name, rows),
        pa.array(levels),
        _repeated(split, rows),
        ids,
        texts[2],
    ]
    return pa.Table.from_arrays(columns, schema=SCHEMA)


@lru_cache(maxsize=64)
def _repeated(value: str, rows: int) -> Strings:
    return pa.repeat(value, rows)
