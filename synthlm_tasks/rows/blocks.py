"""Blocks: the fixed portions that rows are made in.

A recipe, a seed, a split and a number name one block. It is made alone: each row's parameters are drawn
once, then problems until one is accepted, so no block needs another.
"""

import json
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache, partial
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from synthlm_tasks.errors import SpaceError
from synthlm_tasks.rows.fillable import fillable_cells
from synthlm_tasks.rows.lazy_text import Tokens
from synthlm_tasks.rows.memory import keep_freed_memory
from synthlm_tasks.rows.rejection import (
    MOST_ROUNDS,
    MOST_TRIES,
    NothingAcceptedError,
    Params,
    Proposer,
    Rendered,
    draw_accepted,
)
from synthlm_tasks.rows.space import Space
from synthlm_tasks.rows.splits import Split, in_split
from synthlm_tasks.rows.streams import Ints, RandomBits, digest
from synthlm_tasks.rows.text import Strings, gather, string_array
from synthlm_tasks.rows.vocabulary import TEXT, Vocabulary
from synthlm_tasks.version import DATASET_VERSION

# Part of the row format: changing a block's size changes every row (and so the dataset version).
# A held-out block holds the usual 5,000 rows of a level even where some repeat others.
BLOCK_ROWS: Final[dict[Split, int]] = {"train": 32768, "validation": 5120, "test": 5120}


@dataclass(frozen=True)
class Recipe:
    """What a sequence of rows is made of, but for seed, split and index.

    `difficulties` holds the level of each cell of `space`; `keyed` is the canonical text of what the
    random stream depends on (two recipes that differ in nothing else are paired, row by row).
    """

    task: type[Proposer]
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

    def space_of(self, split: Split) -> Space:
        """The space that rows of the split are drawn from: the cells that the split has problems for."""
        return self._fillable(split)[1]

    def draw_cells(self, split: Split, bits: RandomBits, start: int, rows: int) -> Ints:
        """The cell (position in `space`) of each of `rows` rows of the split, the first being row `start`.

        Raises SpaceError where the split has no problem for any.
        """
        places, space = self._fillable(split)
        if not space.cells:
            raise SpaceError(
                f"{self.family}: no problem with these parameters lies in split {split!r}; widen them"
            )
        drawn = space.draw(bits, start, rows)
        return drawn if places is None else places.take(drawn)

    @cached_property
    def scarce(self) -> bool:
        """Whether a held-out split may run out of problems for some cell."""
        names = [axis.name for axis in self.space.axes]
        return any(self.task.scarce(dict(zip(names, cell, strict=True))) for cell in self.space.cells)

    def _fillable(self, split: Split) -> tuple[Ints | None, Space]:
        """The positions of the cells that the split has problems for (None: of all), and their space."""
        if split not in self._spaces:
            places = fillable_cells(self.task, self.space, split) if self.scarce else None
            cells = self.space.cells if places is None else tuple(map(self.space.cells.__getitem__, places))
            self._spaces[split] = (places, self.space if places is None else replace(self.space, cells=cells))
        return self._spaces[split]

    @cached_property
    def _spaces(self) -> dict[Split, tuple[Ints | None, Space]]:
        return {}

    def max_tokens(self, vocabulary: Vocabulary = TEXT) -> int:
        """The most tokens of a training text: a bound that none exceeds."""
        names = [axis.name for axis in self.space.axes]
        bound = self.task.max_tokens if vocabulary is TEXT else self.task.max_compact_tokens
        return max(bound(dict(zip(names, cell, strict=True))) for cell in self.space.cells)

    @cached_property
    def notes(self) -> Strings:
        """Metadata fragments: one opening per cell, then the task's tails."""
        labels = [self.task.describe(self.space.label(cell)) for cell in self.space.cells]
        heads = [json.dumps(label, separators=(",", ":"))[:-1] for label in labels]
        return pa.concat_arrays([string_array(heads), _metadata_tails(self.task)])


@cache
def _metadata_tails(task: type[Proposer]) -> Strings:
    """The task's metadata fragments as a table, made once."""
    return string_array(task.metadata_fragments())


@dataclass(frozen=True)
class Block:
    """One block before numbering: the three texts of its rows, and the cell of each.

    `token_counts` are the tokens of the rows' training texts, in a vocabulary where they are wanted.
    """

    input_text: Strings
    target: Strings
    metadata: Strings
    cells: Ints
    token_counts: Ints | None = None


@dataclass(frozen=True)
class TokenBlock:
    """One block as tokens: those of its rows' prompts and answers in one vocabulary, and the cell of each."""

    prompt: Tokens
    answer: Tokens
    cells: Ints


@lru_cache(maxsize=16)
def make_block(
    recipe: Recipe, seed: int, split: Split, number: int, counted: Vocabulary | None = None
) -> Block:
    """Make one block; raises SpaceError when some row's parameters seem to allow no problem in this split.

    The tokens of its rows are counted in the vocabulary `counted`, where one is given.
    """
    text, cells = _render_block(recipe, seed, split, number)
    head = len(recipe.notes) - len(_metadata_tails(recipe.task))
    notes = np.concatenate([cells[None], text.notes.astype(np.int64) + head])
    token_counts = None
    if counted:
        prompts, answers = text.input_text.token_counts(counted), text.target.token_counts(counted)
        token_counts = prompts + answers + np.int64(bool(counted.joint))
    return Block(text.input_text.text, text.target.text, gather(recipe.notes, notes), cells, token_counts)


def make_token_block(
    recipe: Recipe, seed: int, split: Split, number: int, vocabulary: Vocabulary = TEXT
) -> TokenBlock:
    """The same rows as `make_block`, as tokens, with no text in between; raises SpaceError like it."""
    text, cells = _render_block(recipe, seed, split, number)
    return TokenBlock(text.input_text.tokens(vocabulary), text.target.tokens(vocabulary), cells)


def _render_block(recipe: Recipe, seed: int, split: Split, number: int) -> tuple[Rendered, Ints]:
    """The rows of a block and the cell of each.

    Each row's parameters are drawn once, then problems until one is accepted. A
    rejected row keeps its parameters, so that rejection does not bend their distribution.
    """
    keep_freed_memory()
    rows = BLOCK_ROWS[split]
    key = (*recipe.words, *digest(split), number)
    cells = recipe.draw_cells(split, RandomBits(seed, key), number * rows, rows)
    axes = recipe.space.columns
    least, most = ({name: int(end(codes)) for name, codes in axes.items()} for end in (np.min, np.max))
    params = Params(axes, least, most).take(cells)
    alike = np.argsort(cells.astype(np.uint16), kind="stable")  # like problems together need fewer tables
    try:
        problem = draw_accepted(
            recipe.task, params, split, lambda *turn: RandomBits(seed, (*key, *turn)), alike
        )
    except NothingAcceptedError as error:
        cell = recipe.space.label(recipe.space.cells[cells[error.row]])
        shown = ", ".join(f"{name}={value!r}" for name, value in cell.items())
        raise SpaceError(
            f"{recipe.family}: no valid problem for split {split!r} in {MOST_ROUNDS * MOST_TRIES:,} tries "
            f"with {shown}; widen the parameters"
        ) from None
    if most.get("num_queries", 1) > 1:
        # A stream of its own: the first query of a problem does not depend on how many follow.
        further = RandomBits(seed, (*key, *digest("queries")))
        problem = recipe.task.draw_queries(problem, params, further, partial(in_split, split=split))
    return recipe.task.render(problem), cells
