"""Laying contexts: framed rows become matrices of tokens, labels, positions and document numbers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from synthlm_tasks.errors import ParameterError
from synthlm_tasks.rows.lazy_text import ID, token_array
from synthlm_tasks.rows.streams import Ints
from synthlm_tasks.rows.text import to_arrow
from synthlm_tasks.rows.vocabulary import TokensName
from synthlm_tasks.tokens.fitting import fit_contexts
from synthlm_tasks.tokens.framing import PAD, token_lengths
from synthlm_tasks.tokens.labels import answer_mask

Loss: TypeAlias = Literal["answers", "all"]
Matrix: TypeAlias = NDArray[np.int16]
Example: TypeAlias = dict[str, np.ndarray[Any, Any]]

COLUMNS: Final = ("input_ids", "labels", "position_ids", "document_ids")
IGNORED: Final = -100
"""The label that losses leave out, in the convention of PyTorch and transformers."""

# Contexts turned into 64-bit numbers together: the arrays stay in a processor's cache.
_GROUP: Final = 32


@dataclass(frozen=True)
class Contexts:
    """Some contexts (n, context), each filled with whole problems and padded at the end.

    `labels` are the tokens of `input_ids` where they count, else `IGNORED`: a model predicts label i from
    the tokens before place i. `position_ids` begin with 0 in every problem (and in the padding);
    `document_ids` number the problems of a context from 1 on and are 0 in the padding.
    """

    input_ids: Matrix
    labels: Matrix
    position_ids: Matrix
    document_ids: Matrix

    def __len__(self) -> int:
        return len(self.input_ids)

    def batches(self, size: int) -> Iterator["Contexts"]:
        """The same contexts, up to `size` at a time."""
        for start in range(0, len(self), size):
            yield self.between(start, start + size)

    def between(self, start: int, stop: int | None = None) -> "Contexts":
        """The contexts [start, stop)."""
        return Contexts(*(getattr(self, name)[start:stop] for name in COLUMNS))

    def examples(self, start: int, columns: Sequence[str]) -> Iterator[Example]:
        """The contexts from `start` on, each as 64-bit arrays (context,), which models take as they are."""
        for group in self.between(start).batches(_GROUP):
            arrays = {name: getattr(group, name).astype(np.int64) for name in columns}
            for place in range(len(group)):
                yield {name: array[place] for name, array in arrays.items()}


def check_loss(loss: str) -> Loss:
    """Which tokens have labels; raises ParameterError for what is not known."""
    if loss not in ("answers", "all"):
        raise ParameterError(f"loss={loss!r}: expected 'answers' or 'all'")
    return "all" if loss == "all" else "answers"


def pack_contexts(
    rows: pa.Table, context: int, loss: Loss, several: bool = False, vocabulary: TokensName = "text"
) -> Contexts:
    """Pack framed rows (see `tokens.framing`), none longer than `context`; every row is in one context.

    A context is made of segments: its problems, then one of padding, which may be empty. `several`: rows may
    have more than one query, whose answers all count. Rows are tokens of `vocabulary`.
    """
    ids = rows["ids"].combine_chunks()
    sizes = token_lengths(ids)
    fitted = fit_contexts(sizes, context)
    filled = np.add.reduceat(sizes.take(fitted.order), np.concatenate([[0], fitted.ends[:-1]]))
    pads = context - filled
    # Paddings are numbered after the rows: segment `len(sizes) + k` is the padding of context k.
    segments = np.insert(fitted.order, fitted.ends, len(sizes) + np.arange(len(pads)))
    padding = token_array(np.full(int(pads.sum()), PAD), np.concatenate([[0], np.cumsum(pads)]))
    joined = pa.concat_arrays([ids, padding]).take(to_arrow(segments))
    widths = np.concatenate([sizes, pads]).take(segments)
    # All contexts are full, so that the bytes of all segments in order are a matrix already.
    tokens = np.frombuffer(joined.buffers()[2], ID, len(pads) * context).astype(np.int16)
    first = np.zeros(len(sizes), np.int64) + 1 if loss == "all" else rows["answer"].to_numpy()
    counted = _loss_mask(np.concatenate([first, pads]).take(segments), widths)
    if several and loss == "answers":
        counted |= answer_mask(tokens, vocabulary)
    number = _document_numbers(fitted.ends, len(segments))
    made = (
        tokens,
        np.where(counted, tokens, np.int16(IGNORED)),
        _positions(widths),
        np.repeat(number, widths),
    )
    return Contexts(*(array.reshape(len(pads), context) for array in made))


def _loss_mask(first: Ints, widths: Ints) -> NDArray[np.bool_]:
    """Which tokens count for the loss, (tokens,): those of each segment from its place `first` (s,) on.

    `widths` (s,) are the segments' tokens. e.g. first 2, 0 and widths 3, 1 → no, no, yes, yes.
    """
    runs = np.stack([first, widths - first], axis=1).reshape(-1)
    return np.repeat(np.tile([False, True], len(widths)), runs)


def _positions(widths: Ints) -> Matrix:
    """0, 1, 2, … within each segment of `widths` (s,) tokens: (tokens,).

    e.g. widths 2, 3 → 0, 1, 0, 1, 2: places among all tokens, less each segment's beginning.
    """
    ends = np.cumsum(widths, dtype=np.int32)
    places = np.arange(int(ends[-1]), dtype=np.int32)
    places -= np.repeat(ends - widths.astype(np.int32), widths)
    return places.astype(np.int16)


def _document_numbers(ends: Ints, segments: int) -> Matrix:
    """For each segment its number within its context, from 1 on; 0 for the padding, which comes last: (s,).

    `ends` (k,) are the numbers of problems up to each context's end. e.g. ends 2, 3 → 1, 2, 0, 1, 0.
    """
    last = ends + np.arange(len(ends))  # the padding: before it are as many other paddings as contexts
    numbers = np.arange(1, segments + 1)
    numbers -= np.repeat(np.concatenate([[0], last[:-1] + 1]), np.diff(last, prepend=-1))
    numbers[last] = 0
    return numbers.astype(np.int16)
