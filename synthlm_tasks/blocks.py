"""Blocks: the fixed portions that rows are made in.

A recipe, a seed, a split and a number name one block. It is made alone: each row's parameters are drawn
once, then problems until one is accepted, so no block needs another.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, ClassVar, Final, Protocol, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from synthlm_tasks.errors import SpaceError
from synthlm_tasks.memory import keep_freed_memory
from synthlm_tasks.space import Space
from synthlm_tasks.splits import Belongs, Split, belongs
from synthlm_tasks.streams import Bits, Ints, digest
from synthlm_tasks.text import Index, Strings, fragments, lay
from synthlm_tasks.version import DATASET_VERSION
from synthlm_tasks.writing import Tokens, Writing

Problem: TypeAlias = dict[str, NDArray[Any]]

# Part of the row format: changing a block's size changes every row (and so the dataset version).
# A held-out block holds the usual 5,000 rows of a level even where some repeat others.
BLOCK_ROWS: Final[dict[Split, int]] = {"train": 32768, "validation": 5120, "test": 5120}

# Candidates of a round once few rows are open: as many as cost little more than its overhead, or as rows
# seem to need, up to what stays cheap; and most tries for a row in a round.
_LEAST_ROUND: Final = 2048
_MOST_ROUND: Final = 32768
_MOST_TRIES: Final = 64

# Rounds after which rows still open are settled anew, and after which they are given up.
_PATIENCE: Final = 8
_MOST_ROUNDS: Final = 400


@dataclass(frozen=True)
class Params:
    """Axis codes of the problems to pose: name → codes (c,), and the least and most of each in the recipe."""

    codes: Mapping[str, Ints]
    least: Mapping[str, int]
    most: Mapping[str, int]

    def __getitem__(self, name: str) -> Ints:
        """The codes of one axis."""
        return self.codes[name]

    def take(self, places: Ints) -> "Params":
        """The parameters at `places`, in that order."""
        return Params({name: codes.take(places) for name, codes in self.codes.items()}, self.least, self.most)

    def having(self, more: Mapping[str, Ints]) -> "Params":
        """These parameters and `more`."""
        return Params({**self.codes, **more}, self.least, self.most)

    def replaced(self, places: Ints, other: "Params") -> "Params":
        """These parameters with those of `other` at `places`."""
        codes = {name: array.copy() for name, array in self.codes.items()}
        for name, array in codes.items():
            array[places] = other.codes[name]
        return Params(codes, self.least, self.most)


@dataclass(frozen=True)
class Text:
    """Rendered rows. `notes` (k, r) index the task's `note_fragments`: the tail of the metadata."""

    input_text: Writing
    target: Writing
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
    def unrepeated(cls, input_text: str, target: str) -> str:
        """What no two rows of a held-out split have in common."""

    @classmethod
    def describe(cls, cell: Mapping[str, object]) -> dict[str, object]:
        """Metadata that a cell of axis values alone decides."""

    @classmethod
    def longest(cls, cell: Mapping[str, int]) -> int:
        """The most tokens of a training text with these axis codes."""


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
    def longest(self) -> int:
        """The most tokens of a training text: a bound that none exceeds."""
        names = [axis.name for axis in self.space.axes]
        return max(self.task.longest(dict(zip(names, cell, strict=True))) for cell in self.space.cells)

    @cached_property
    def notes(self) -> Strings:
        """Metadata fragments: one opening per cell, then the task's tails."""
        labels = [self.task.describe(self.space.label(cell)) for cell in self.space.cells]
        heads = [json.dumps(label, separators=(",", ":"))[:-1] for label in labels]
        return pa.concat_arrays([fragments(heads), self.task.note_fragments])


@dataclass(frozen=True)
class Block:
    """One block before numbering: the three texts of its rows, and the cell of each.

    `sizes` are the tokens of the rows' training texts, where they are wanted.
    """

    input_text: Strings
    target: Strings
    metadata: Strings
    cells: Ints
    sizes: Ints | None = None


@dataclass(frozen=True)
class TokenBlock:
    """One block as tokens: those of its rows' prompts and answers, and the cell of each."""

    prompt: Tokens
    answer: Tokens
    cells: Ints


@lru_cache(maxsize=16)
def block(recipe: Recipe, seed: int, split: Split, number: int, sized: bool = False) -> Block:
    """Make one block; raises SpaceError when some row's parameters seem to allow no problem in this split.

    With `sized`, the tokens of its rows are counted.
    """
    text, cells = _rendered(recipe, seed, split, number)
    head = len(recipe.notes) - len(recipe.task.note_fragments)
    notes = np.concatenate([cells[None], text.notes.astype(np.int64) + head])
    # One more token is the joint between prompt and answer.
    sizes = text.input_text.sizes + text.target.sizes + np.int64(1) if sized else None
    return Block(text.input_text.text, text.target.text, lay(recipe.notes, notes), cells, sizes)


def token_block(recipe: Recipe, seed: int, split: Split, number: int) -> TokenBlock:
    """The same rows as `block`, as tokens, with no text in between; raises SpaceError like it."""
    text, cells = _rendered(recipe, seed, split, number)
    return TokenBlock(text.input_text.tokens, text.target.tokens, cells)


def _rendered(recipe: Recipe, seed: int, split: Split, number: int) -> tuple[Text, Ints]:
    """The rows of a block and the cell of each.

    Each row's parameters are drawn once, then problems until one is accepted. A
    rejected row keeps its parameters, so that rejection does not bend their distribution.
    """
    keep_freed_memory()
    rows = BLOCK_ROWS[split]
    key = (*recipe.words, *digest(split), number)
    cells = recipe.space.draw(Bits(seed, key), number * rows, rows)
    axes = recipe.space.columns
    least, most = ({name: int(end(codes)) for name, codes in axes.items()} for end in (np.min, np.max))
    params = Params(axes, least, most).take(cells)
    alike = np.argsort(cells.astype(np.uint16), kind="stable")  # like problems together need fewer tables
    try:
        problem = _accepted(recipe.task, params, split, lambda *turn: Bits(seed, (*key, *turn)), alike)
    except _NothingAcceptedError as error:
        cell = recipe.space.label(recipe.space.cells[cells[error.row]])
        shown = ", ".join(f"{name}={value!r}" for name, value in cell.items())
        raise SpaceError(
            f"{recipe.family}: no valid problem for split {split!r} in {_MOST_ROUNDS * _MOST_TRIES:,} tries "
            f"with {shown}; widen the parameters"
        ) from None
    return recipe.task.render(problem), cells


class _NothingAcceptedError(Exception):
    """No problem was accepted for a row of a block."""

    def __init__(self, row: int) -> None:
        super().__init__(row)
        self.row = row


def _accepted(
    task: type[Poser], params: Params, split: Split, bits: Callable[..., Bits], pending: Ints
) -> Problem:
    """The first accepted problem of every row, rows on the last axis, posed in the order of `pending`."""
    settled = task.settle(params, bits(0))
    chosen = np.zeros(len(pending), np.int64)
    parts: list[Problem] = []
    tried = posed = 0
    for turn in range(1, _MOST_ROUNDS + 1):
        if turn % _PATIENCE == 0:  # what was settled for these rows may allow no problem at all
            settled = settled.replaced(pending, task.settle(params.take(pending), bits(turn)))
        needed = -(-tried // posed) if posed else 1
        worthwhile = max(min(max(needed, _LEAST_ROUND // len(pending)), _MOST_ROUND // len(pending)), 1)
        tries = np.tile(pending, min(worthwhile, _MOST_TRIES))
        tried += len(tries)
        places, problem = task.pose(settled.take(tries), bits(turn), lambda h: belongs(h, split))
        parts.append(problem)
        slots = tries[places]
        first = np.full(len(chosen), -1)
        first[slots[::-1]] = np.arange(len(slots))[::-1]  # of a row's accepted problems the first stays
        done = first >= 0
        chosen[done] = first[done] + posed
        posed += len(slots)
        pending = pending[~done[pending]]
        if not len(pending):
            break
    else:
        raise _NothingAcceptedError(int(pending[0]))
    return {
        name: np.concatenate([part[name] for part in parts], axis=-1).take(chosen, -1) for name in parts[0]
    }
