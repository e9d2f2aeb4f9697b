"""Lazy texts: what rows say, before it is made text or, with no text in between, tokens.

A lazy text knows all forms and makes one when it is asked for. Tables of fragments are cut between tokens,
never inside one, so that the tokens of fragments laid side by side are those of their text.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Final, Protocol, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from synthlm_tasks.rows.text import Index, Strings, gather, gather_ragged, string_array
from synthlm_tasks.rows.vocabulary import Vocabulary

Tokens: TypeAlias = pa.BinaryArray
"""Token ids of one vocabulary, text by text: two bytes each, the lower first."""

TokenCounts: TypeAlias = NDArray[np.integer[Any]]
"""Numbers of tokens, text by text."""

ID: Final = np.dtype("<u2")
"""The type of a token id in `Tokens`."""


class LazyText(Protocol):
    """Texts in order; of a table of fragments, `Gathered` refers to them by position."""

    @property
    def text(self) -> Strings:
        """The texts."""

    def tokens(self, vocabulary: Vocabulary, /) -> Tokens:
        """Their tokens in a vocabulary."""

    def token_counts(self, vocabulary: Vocabulary, /) -> TokenCounts:
        """How many tokens each has in a vocabulary."""


@dataclass(frozen=True)
class FragmentTable:
    """Texts that stand in the code."""

    texts: tuple[str, ...]

    @classmethod
    def of(cls, texts: Iterable[str]) -> "FragmentTable":
        """A table of these texts, each made of whole tokens."""
        return cls(tuple(texts))

    @cached_property
    def text(self) -> Strings:
        """The texts."""
        return string_array(self.texts)

    @cached_property
    def tokens(self) -> Callable[[Vocabulary], Tokens]:
        """Their tokens, kept for each vocabulary; raises KeyError for what it lacks."""

        def encode(vocabulary: Vocabulary) -> Tokens:
            ids = [vocabulary.encode(text) for text in self.texts]
            return token_array(np.concatenate([[], *ids]), np.cumsum([0, *map(len, ids)]))

        return cache(encode)

    @cached_property
    def token_counts(self) -> Callable[[Vocabulary], TokenCounts]:
        """How many tokens each has: a byte each, since no literal has more than 255."""
        return cache(lambda vocabulary: np.diff(token_bounds(self.tokens(vocabulary))).astype(np.uint8))


@dataclass(frozen=True, eq=False)
class Gathered:
    """Fragments side by side: text r joins column r of `index` (T, r) into `table`; nothing is kept."""

    table: LazyText
    index: Index

    @property
    def text(self) -> Strings:
        """The texts."""
        return gather(self.table.text, self.index)

    def tokens(self, vocabulary: Vocabulary) -> Tokens:
        """Their tokens."""
        return gather(self.table.tokens(vocabulary), self.index)

    def token_counts(self, vocabulary: Vocabulary) -> TokenCounts:
        """How many tokens each has."""
        # Counts are single bytes, which the many that are taken here move fastest; their sum may exceed 255.
        counts = self.table.token_counts(vocabulary)
        sizes: TokenCounts = counts.take(self.index).sum(axis=0, dtype=np.int32)
        return sizes


@dataclass(frozen=True, eq=False)
class GatheredRagged:
    """Fragments side by side, more or fewer: text r joins index[bounds[r]:bounds[r + 1]] in `table`."""

    table: LazyText
    index: Index
    bounds: Index

    @property
    def text(self) -> Strings:
        """The texts."""
        return gather_ragged(self.table.text, self.index, self.bounds)

    def tokens(self, vocabulary: Vocabulary) -> Tokens:
        """Their tokens."""
        return gather_ragged(self.table.tokens(vocabulary), self.index, self.bounds)

    def token_counts(self, vocabulary: Vocabulary) -> TokenCounts:
        """How many tokens each has."""
        ends = np.cumsum(self.table.token_counts(vocabulary).take(self.index), dtype=np.int32)
        return np.diff(np.concatenate([[0], ends])[self.bounds])


@dataclass(frozen=True, eq=False)
class Concatenated:
    """Lazy texts one after another."""

    parts: tuple[LazyText, ...]

    @cached_property
    def text(self) -> Strings:
        """The texts."""
        return pa.concat_arrays([part.text for part in self.parts])

    @cached_property
    def tokens(self) -> Callable[[Vocabulary], Tokens]:
        """Their tokens, kept for each vocabulary."""
        return cache(lambda vocabulary: pa.concat_arrays([part.tokens(vocabulary) for part in self.parts]))

    @cached_property
    def token_counts(self) -> Callable[[Vocabulary], TokenCounts]:
        """How many tokens each has."""
        return cache(
            lambda vocabulary: np.concatenate([part.token_counts(vocabulary) for part in self.parts])
        )


def token_bounds(tokens: Tokens) -> TokenCounts:
    """Where texts (r,) begin and end among the tokens of all of them: (r + 1,)."""
    # The offsets of an Arrow array, in bytes; a slice shares those of the whole and starts at its own.
    ends = np.frombuffer(tokens.buffers()[1], np.int32)[tokens.offset : tokens.offset + len(tokens) + 1]
    return ends // ID.itemsize


def token_array(ids: Index, bounds: Index) -> Tokens:
    """Tokens of texts: those of text r are `ids[bounds[r]:bounds[r + 1]]`; bounds (r + 1,) begin with 0."""
    ends = (bounds * ID.itemsize).astype(np.int32)
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(np.ascontiguousarray(ids, ID))]
    return pa.BinaryArray.from_buffers(pa.binary(), len(ends) - 1, buffers)
