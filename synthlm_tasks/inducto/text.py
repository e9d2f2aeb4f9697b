"""Inducto's prompts and answers as text or tokens, written on pages."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from synthlm_tasks.inducto.pages import (
    PIECE,
    Encoding,
    Page,
    Shown,
    compact_ids,
    text_encoding,
    token_encoding,
)
from synthlm_tasks.inducto.space.rules import LENGTHS
from synthlm_tasks.rows.lazy_text import TokenCounts, Tokens, token_array
from synthlm_tasks.rows.streams import Ints
from synthlm_tasks.rows.text import Strings, strings_from_buffer
from synthlm_tasks.rows.vocabulary import TEXT, Vocabulary

# How far a prompt may overhang into the next one: the shortest query has 5 of the 16 bytes of its piece, and
# the row ends at least one byte (the token of "] ->") behind it.
_OVERHANG: Final = PIECE - (2 * LENGTHS[0] - 1) - 1

# How far an output may: of its last piece one byte is its own, a ninth letter say, and what follows in the
# row has at least 9 (three tokens, a query, one token). Those overhung are of an opening and an input, 2 + 5.
_OUTPUT_OVERHANG: Final = PIECE - 1 - (3 + 2 * LENGTHS[0] - 1 + 1)


class _PageText(ABC):
    """Rows that are written on a page, in the encoding that is asked for."""

    @abstractmethod
    def page(self, encoding: Encoding) -> Page:
        """All rows, written in one encoding."""

    @abstractmethod
    def widths(self, encoding: Encoding) -> Ints:
        """How many bytes each row (r,) has in one encoding."""

    def token_counts(self, vocabulary: Vocabulary) -> TokenCounts:
        """How many tokens each row has."""
        text = self.widths(token_encoding())
        # Of k letters with an arrow behind them, text has the k - 1 blanks in between as well.
        return text if vocabulary is TEXT else (text + self.arrows() + 1) // 2

    @abstractmethod
    def arrows(self) -> Ints | int:
        """How many `->` each row (r,) has."""

    @property
    def text(self) -> Strings:
        """The rows as text."""
        page = self.page(text_encoding())
        return strings_from_buffer(page.buffer, page.ends)

    def tokens(self, vocabulary: Vocabulary) -> Tokens:
        """The rows as tokens."""
        page = self.page(token_encoding())
        if vocabulary is TEXT:
            return token_array(page.buffer, np.concatenate([[0], page.ends]))
        ids = page.buffer[: page.ends[-1]].tobytes().translate(*compact_ids())
        bounds = np.concatenate([[0], np.cumsum(self.token_counts(vocabulary))])
        return token_array(np.frombuffer(ids, np.uint8), bounds)


@dataclass(frozen=True, eq=False)
class Prompts(_PageText):
    """The prompts of all rows.

    queries: (r,) that are asked. examples: for each in turn the rows that have it, in order, and what it is;
    every row has the first. answered: the same of the queries before the last.
    """

    queries: Shown
    examples: Sequence[tuple[Ints, Shown]]
    answered: Sequence[tuple[Ints, Shown]]

    def page(self, encoding: Encoding) -> Page:
        """All prompts: every example's input and output, then the queries."""
        query_offset, offsets = self._measure_pairs(encoding)
        page = Page.blank(encoding, self._close(query_offset, encoding))
        starts = np.concatenate([[0], page.ends[:-1]])
        beginnings = None
        for (literal, rows, shown), offset in zip(self._pairs(encoding), offsets, strict=True):
            place = starts.take(rows) + offset
            page.write(place, literal, shown.spell_inputs())
            if beginnings is None:
                # Kept, as the outputs of the row before will overhang here after it is written.
                beginnings = page.windows(_OUTPUT_OVERHANG)[starts]  # `take` would first copy what overlaps
            page.write_outputs(place + len(literal) + shown.input_width, encoding.arrow, shown)
        page.windows(_OUTPUT_OVERHANG)[starts] = beginnings
        beginnings = page.windows(_OVERHANG)[starts]  # as the query of the row before will overhang
        page.write(starts + query_offset, encoding.query, self.queries.spell_inputs())
        page.windows(_OVERHANG)[starts] = beginnings
        page.write(page.ends - len(encoding.close), encoding.close)
        return page

    def widths(self, encoding: Encoding) -> Ints:
        """How many bytes each prompt has in one encoding."""
        return self._close(self._measure_pairs(encoding)[0], encoding)

    def arrows(self) -> Ints:
        """One in every pair, and the last query's."""
        found = np.ones(len(self.queries.input_width), np.int64)
        for rows, _ in (*self.examples, *self.answered):
            found[rows] += 1
        return found

    def _pairs(self, encoding: Encoding) -> Iterator[tuple[bytes, Ints, Shown]]:
        """What stands with its output: the literal before it, the rows that have it, and what it is."""
        for literal, (rows, shown) in zip(encoding.examples, self.examples, strict=False):
            yield literal, rows, shown
        for rows, shown in self.answered:
            yield encoding.query, rows, shown

    def _measure_pairs(self, encoding: Encoding) -> tuple[Ints, list[Ints]]:
        """The bytes before each row's last query (r,), and those before each pair, where a row has it."""
        total = np.zeros(len(self.queries.input_width), np.int64)
        offsets = []
        for literal, rows, shown in self._pairs(encoding):
            offsets.append(total.take(rows))
            width = (len(literal) + len(encoding.arrow)) + shown.input_width + shown.output_width
            total[rows] = offsets[-1] + width
        return total, offsets

    def _close(self, pairs: Ints, encoding: Encoding) -> Ints:
        """The bytes of rows with so many before the last query."""
        return pairs + (len(encoding.query) + len(encoding.close)) + self.queries.input_width


@dataclass(frozen=True, eq=False)
class Answers(_PageText):
    """The outputs of all rows."""

    queries: Shown

    def page(self, encoding: Encoding) -> Page:
        """All answers."""
        page = Page.blank(encoding, self.widths(encoding))
        page.write_outputs(page.ends - self.queries.output_width, b"", self.queries)
        return page

    def widths(self, encoding: Encoding) -> Ints:  # noqa: ARG002  # letters and blanks are a byte in any
        """How many bytes each answer has."""
        return self.queries.output_width

    def arrows(self) -> int:
        """None."""
        return 0
