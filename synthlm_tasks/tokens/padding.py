"""Padded batches: a problem a row, bucketed by length, for models that any neighbour would reach."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from synthlm_tasks.errors import ParameterError
from synthlm_tasks.rows.lazy_text import ID, token_bounds
from synthlm_tasks.rows.mixing import Mixture, TableReader
from synthlm_tasks.rows.streams import Ints, RandomBits, digest
from synthlm_tasks.rows.task import check_whole_number
from synthlm_tasks.rows.vocabulary import TokensName, check_tokens
from synthlm_tasks.tokens.contexts import IGNORED, Example, Loss, Matrix, check_loss
from synthlm_tasks.tokens.framing import PAD, iter_framed_rows
from synthlm_tasks.tokens.labels import answer_mask
from synthlm_tasks.tokens.portions import Portioned
from synthlm_tasks.version import DATASET_VERSION

COLUMNS: Final = ("input_ids", "labels", "attention_mask")
"""Columns of a batch."""

BATCH_SIZE: Final = 64
"""Problems of a batch, where nothing is said."""

# Problems sorted by length together, where a split has as many, and batches cut from them at least: enough
# of both that those of a batch are about equally long, few enough to be made again when a stream goes on.
_LEAST_ROWS: Final = 16384
_LEAST_BATCHES: Final = 64

MOST_BATCH: Final = 2048  # a portion of 64 such batches is held in memory

# The lower bits of a batch's key, which are its place: a portion has fewer than 2**20 batches.
_PLACE_BITS: Final = 20


@dataclass(frozen=True)
class Batch:
    """b whole problems, padded behind to the longest, which has n tokens: (b, n) each.

    `labels` are the tokens of `input_ids` where they count, else `IGNORED`: a model predicts label i from the
    tokens before place i. `attention_mask` is 1 on the problems and 0 on the padding.
    """

    input_ids: Matrix
    labels: Matrix
    attention_mask: Matrix


@dataclass(frozen=True)
class Problems:
    """Whole problems, one after another: `ids` and `labels` (t,), problem i between `bounds` i and i + 1."""

    ids: Matrix
    labels: Matrix
    bounds: Ints


@dataclass(frozen=True)
class Batches:
    """The batches of a portion, in order: batch k holds its rows `order[k]` (b,), in the split's order.

    `tokens` (t,) are those of all rows one after another, row i between `bounds` (r + 1,) i and i + 1;
    `first` (r,) is the place in each row from which on tokens count. `several`: rows may have more than one
    query, whose answers all count. Ids are of `vocabulary`.
    """

    tokens: Matrix
    bounds: Ints
    first: Ints
    order: tuple[Ints, ...]
    several: bool
    vocabulary: TokensName

    def __len__(self) -> int:
        return len(self.order)

    def examples(self, start: int, columns: Sequence[str]) -> Iterator[Example]:
        """The batches from `start` on, each as 64-bit arrays (b, n), which models take as they are."""
        for number in range(start, len(self)):
            batch = self.batch(number)
            yield {name: getattr(batch, name).astype(np.int64) for name in columns}

    def batch(self, number: int) -> Batch:
        """One of them."""
        rows = self.order[number]
        starts, lengths = self.bounds[rows], self.bounds[rows + 1] - self.bounds[rows]
        place = np.arange(int(lengths.max()))
        filled = place < lengths[:, None]
        # What lies behind the row is read too, and overwritten: the last row's end is as far as it goes.
        ids = self.tokens[np.minimum(starts[:, None] + place, len(self.tokens) - 1)]
        ids[~filled] = PAD
        counted = filled & (place >= self.first[rows][:, None])
        if self.several:
            counted |= answer_mask(ids.reshape(-1), self.vocabulary).reshape(ids.shape) & filled
        return Batch(ids, np.where(counted, ids, np.int16(IGNORED)), filled.astype(np.int16))

    def problems(self) -> Problems:
        """The rows of all batches in their order, with no padding."""
        rows = np.concatenate(self.order)
        lengths = self.bounds[rows + 1] - self.bounds[rows]
        bounds = np.concatenate([[0], np.cumsum(lengths)])
        place = np.arange(int(bounds[-1])) - np.repeat(bounds[:-1], lengths)
        ids = self.tokens[place + np.repeat(self.bounds[rows], lengths)]
        counted = place >= np.repeat(self.first[rows], lengths)
        if self.several:
            counted |= answer_mask(ids, self.vocabulary)
        return Problems(ids, np.where(counted, ids, np.int16(IGNORED)), bounds)


@dataclass(frozen=True)
class PaddedPortion:
    """One portion: its framed rows (see `framing`) in the split's order, and the batches made of them."""

    rows: pa.Table
    batches: Batches


@dataclass(frozen=True)
class Padding(Portioned):
    """One split of a config in batches of `batch_size` problems: all that its portions depend on.

    A portion is so many rows that batches of it come out even, but for the last one of the split.
    """

    batch_size: int
    loss: Loss
    tokens: TokensName = "text"

    @classmethod
    def create(cls, mixture: Mixture, batch_size: object, loss: str, tokens: object = "text") -> "Padding":
        """A padding that can be; raises ParameterError naming what is out of range."""
        size = check_whole_number("batch_size", batch_size, 1)
        if size > MOST_BATCH:
            raise ParameterError(f"batch_size={batch_size!r}: expected 1 to {MOST_BATCH} problems")
        return cls(mixture, size, check_loss(loss), check_tokens(tokens))

    @cached_property
    def portion_rows(self) -> int:
        """Rows of a portion; the last one may have up to twice as many, less one."""
        return self.batch_size * max(_LEAST_ROWS // self.batch_size, _LEAST_BATCHES)

    @cached_property
    def portions(self) -> int:
        """How many portions there are."""
        return max(self.mixture.rows // self.portion_rows, 1)

    @property
    def identity(self) -> list[object]:
        """What batches depend on beside the rows of the split."""
        return ["padded", self.batch_size, self.loss, self.tokens]

    def start(self, portion: int) -> int:
        """The rows before a portion."""
        return self.mixture.rows if portion == self.portions else portion * self.portion_rows

    def iter_portions(self, first: int, last: int) -> Iterator[PaddedPortion]:
        """The portions [first, last); neighbours cost no block twice.

        Raises SpaceError when a held-out split has fewer distinct prompts than asked for.
        """
        mixture, read = self.mixture, partial(iter_framed_rows, tokens=self.tokens)
        chunk = bisect_right(range(mixture.chunks), self.start(first), key=mixture.chunk_start) - 1
        reader = TableReader(mixture.read_chunks(read, chunk, mixture.chunks))
        list(reader.take(self.start(first) - mixture.chunk_start(chunk)))
        for portion in range(first, last):
            rows = pa.concat_tables(reader.take(self.start(portion + 1) - self.start(portion)))
            yield PaddedPortion(rows, self._batches(rows, portion))

    def iter_examples(self, first: int, last: int) -> Iterator[Batches]:
        """The batches of the portions [first, last)."""
        return (portion.batches for portion in self.iter_portions(first, last))

    def _batches(self, rows: pa.Table, portion: int) -> Batches:
        ids = rows["ids"].combine_chunks()
        bounds = token_bounds(ids).astype(np.int64)
        tokens = np.frombuffer(ids.buffers()[2], ID)[bounds[0] : bounds[-1]].astype(np.int16)
        first = np.ones(len(rows), np.int64) if self.loss == "all" else rows["answer"].to_numpy()
        key = digest("batches", DATASET_VERSION, self.mixture.name, self.mixture.split, portion)
        order = order_batches(np.diff(bounds), self.batch_size, RandomBits(self.mixture.seed, key))
        several = self.several and self.loss != "all"
        return Batches(tokens, bounds - bounds[0], first, tuple(order), several, self.tokens)


def order_batches(lengths: Ints, size: int, bits: RandomBits) -> list[Ints]:
    """Rows of so many tokens (r,) in batches of `size`, as row numbers; the last batch has what is left.

    Rows are sorted by length, cut, and the full batches put in random order; a smaller one, of the longest
    rows, comes last. Within a batch rows keep their order.
    """
    ranked: NDArray[np.int64] = np.argsort(lengths, kind="stable").astype(np.int64)
    full = len(ranked) // size
    # Bits 63..20 of a key are random, bits 19..0 the place: one sort of plain words, and no ties.
    lower = np.uint64((1 << _PLACE_BITS) - 1)
    keys = (bits.words64(full) & ~lower) | np.arange(full, dtype=np.uint64)
    keys.sort()
    batches = np.sort(ranked[: full * size].reshape(full, size), axis=1)
    shuffled = list(batches[(keys & lower).view(np.int64)])
    return shuffled + ([np.sort(ranked[full * size :])] if full * size < len(ranked) else [])
