"""Inducto's sequences as text or tokens: packed words of letters, permuted by shifts and put side by side.

A row is bytes, and so is what it is made of: a byte is a character of ASCII text, or a token, for those
that these texts are made of have ids below 256. Letter and blank take turns in either.

Sequences of any length are written in one store for all rows, so its width is fixed: a piece of a sequence is
8 letters, each with a blank behind it, 16 bytes. Where the sequence has fewer, blanks overhang into what
comes next in the row, or into the next row, and are overwritten when that is written: pieces of a row go from
left to right, and within one store rows go from first to last.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.inducto.rules import LENGTHS, MOST_EXAMPLES
from synthlm_tasks.inducto.sequences import Sequences
from synthlm_tasks.inducto.tables import PARTS
from synthlm_tasks.rows.lazy_text import TokenCounts, Tokens, token_array
from synthlm_tasks.rows.streams import Ints
from synthlm_tasks.rows.text import Bytes, Strings, strings_from_buffer
from synthlm_tasks.rows.vocabulary import COMPACT, TEXT, Vocabulary

_PIECE: Final = 16  # bytes of 8 letters with their blanks
_SLACK: Final = 64  # bytes behind the last row, where its pieces may overhang (by less than _PIECE)

# How far a prompt may overhang into the next one: the shortest query has 7 of the 16 bytes of its piece, and
# the row ends at least one byte (the token of "] ->") behind it. The last output ends before all of that, and
# the bytes overhung are always of an opening and an input (at least 2 + 7).
_OVERHANG: Final = _PIECE - (2 * LENGTHS[0] - 1) - 1


@dataclass(frozen=True)
class _Encoding:
    """The bytes of each literal, and what leads from a letter and a blank of ASCII to their bytes.

    examples: what stands before the input of each example.
    offset: what to add to a uint16 with a letter as low byte and a blank as high byte (A: 0x2041), modulo
    2**16: (letter's byte - letter) + 256 * (blank's byte - blank). Both results are bytes, so that nothing is
    carried; 0 for ASCII. Two blanks become something else, which is overwritten.
    """

    examples: tuple[bytes, ...]
    offset: np.uint16
    arrow: bytes
    query: bytes
    close: bytes

    @classmethod
    def of(cls, encode_text: Callable[[str], Sequence[int]]) -> "_Encoding":
        """The encoding in which texts have these bytes; letters have them in the order of the alphabet."""
        openings = ["Ex1: [", *(f"] | Ex{number}: [" for number in range(2, MOST_EXAMPLES + 1))]
        letter, blank = (ours - ascii_ for ours, ascii_ in zip(encode_text("A "), b"A ", strict=True))
        return cls(
            tuple(bytes(encode_text(opening)) for opening in openings),
            np.uint16((letter + 256 * blank) % (1 << 16)),
            *(bytes(encode_text(text)) for text in ("] -> [", "] | Query: [", "] ->")),
        )


@cache
def _text_encoding() -> _Encoding:
    return _Encoding.of(str.encode)


@cache
def _token_encoding() -> _Encoding:
    return _Encoding.of(TEXT.encode)


@cache
def _compact_ids() -> tuple[bytes, bytes]:
    """The compact token of each text token, for those that these texts have one of; and the other tokens.

    As `bytes.translate` takes them.
    """
    headings = ("Query", *(f"Ex{number}" for number in range(1, MOST_EXAMPLES + 1)))
    spelled = {"] ->": "->", **{word: f"{word}:" for word in headings}}
    spelled |= {letter: letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    table = {TEXT.ids[text]: COMPACT.ids[compact] for text, compact in spelled.items()}
    return bytes(table.get(token, 0) for token in range(256)), bytes({*range(256)} - {*table})


@dataclass(frozen=True, eq=False)
class _Page:
    """All rows in one encoding: their bytes side by side, and where each row (r,) ends."""

    encoding: _Encoding
    buffer: Bytes
    ends: Ints

    @classmethod
    def blank(cls, encoding: _Encoding, widths: Ints) -> "_Page":
        """Room for rows of these widths (r,)."""
        ends = np.cumsum(widths)
        return cls(encoding, np.full(int(ends[-1]) + _SLACK, ord(" "), np.uint8), ends)

    def windows(self, width: int) -> NDArray[np.void]:
        """Items of `width` bytes from every place on: an overlapping view, so that each costs one store."""
        return np.ndarray((len(self.buffer) - width + 1,), f"V{width}", self.buffer, strides=(1,))

    def write(self, starts: Ints, literal: bytes, letters: NDArray[np.uint16] | None = None) -> None:
        """Write a literal, and a piece of letters (n, 8) behind it, at every place of `starts` (n,) in turn.

        In plain words `page[start:] = literal + letters[i]`, for i in order. Overwrites `letters`.
        """
        fields = [("literal", f"V{len(literal)}")] if literal else []
        if letters is not None:
            fields.append(("letters", f"V{_PIECE}"))
        pieces = np.empty(len(starts), fields)
        if literal:
            pieces["literal"] = np.void(literal)
        if letters is not None:
            letters += self.encoding.offset
            pieces["letters"] = letters.astype("<u2", copy=False).view(f"V{_PIECE}").ravel()
        width = pieces.dtype.itemsize
        self.windows(width)[starts] = pieces.view(f"V{width}")

    def write_outputs(self, starts: Ints, literal: bytes, sequences: Sequences) -> None:
        """Write a literal and the outputs behind it.

        Of an output of several pieces the first comes last: all but the last are full, and what overhangs
        from that one reaches no further than the first piece of the next row.
        """
        for part in range(PARTS - 1, 0, -1):
            long = np.flatnonzero(sequences.output_width > _PIECE * part)
            if len(long):
                places = starts.take(long) + (len(literal) + _PIECE * part)
                self.write(places, b"", sequences.spell_outputs(part, long))
        self.write(starts, literal, sequences.spell_outputs(0))


class _PageText(ABC):
    """Rows that are written on a page, in the encoding that is asked for."""

    @abstractmethod
    def page(self, encoding: _Encoding) -> _Page:
        """All rows, written in one encoding."""

    @abstractmethod
    def widths(self, encoding: _Encoding) -> Ints:
        """How many bytes each row (r,) has in one encoding."""

    def token_counts(self, vocabulary: Vocabulary) -> TokenCounts:
        """How many tokens each row has."""
        text = self.widths(_token_encoding())
        # Of k letters with an arrow behind them, text has the k - 1 blanks in between as well.
        return text if vocabulary is TEXT else (text + self.arrows() + 1) // 2

    @abstractmethod
    def arrows(self) -> Ints | int:
        """How many `->` each row (r,) has."""

    @property
    def text(self) -> Strings:
        """The rows as text."""
        page = self.page(_text_encoding())
        return strings_from_buffer(page.buffer, page.ends)

    def tokens(self, vocabulary: Vocabulary) -> Tokens:
        """The rows as tokens."""
        page = self.page(_token_encoding())
        if vocabulary is TEXT:
            return token_array(page.buffer, np.concatenate([[0], page.ends]))
        ids = page.buffer[: page.ends[-1]].tobytes().translate(*_compact_ids())
        bounds = np.concatenate([[0], np.cumsum(self.token_counts(vocabulary))])
        return token_array(np.frombuffer(ids, np.uint8), bounds)


@dataclass(frozen=True, eq=False)
class Prompts(_PageText):
    """The prompts of all rows.

    queries: (r,). examples: for each in turn the rows that have it, in order, and what it is; every row has
    the first.
    """

    queries: Sequences
    examples: list[tuple[Ints, Sequences]]

    def page(self, encoding: _Encoding) -> _Page:
        """All prompts: every example's input and output, then the query."""
        query_offset, offsets = self._measure_examples(encoding)
        page = _Page.blank(encoding, self._close(query_offset, encoding))
        starts = np.concatenate([[0], page.ends[:-1]])
        for literal, offset, (rows, shown) in zip(encoding.examples, offsets, self.examples, strict=False):
            place = starts.take(rows) + offset
            page.write(place, literal, shown.spell_inputs())
            if literal is encoding.examples[0]:
                # Kept, as the query of the row before will overhang here after it is written.
                beginnings = page.windows(_OVERHANG)[starts]  # `take` would first copy what overlaps
            page.write_outputs(place + len(literal) + shown.input_width, encoding.arrow, shown)
        page.write(starts + query_offset, encoding.query, self.queries.spell_inputs())
        page.windows(_OVERHANG)[starts] = beginnings
        page.write(page.ends - len(encoding.close), encoding.close)
        return page

    def widths(self, encoding: _Encoding) -> Ints:
        """How many bytes each prompt has in one encoding."""
        return self._close(self._measure_examples(encoding)[0], encoding)

    def arrows(self) -> Ints:
        """One in every example, and the query's."""
        found = np.ones(len(self.queries.rule), np.int64)
        for rows, _ in self.examples:
            found[rows] += 1
        return found

    def _measure_examples(self, encoding: _Encoding) -> tuple[Ints, list[Ints]]:
        """The bytes of all examples of each row (r,), and those before each example, where a row has it."""
        total = np.zeros(len(self.queries.rule), np.int64)
        offsets = []
        for literal, (rows, shown) in zip(encoding.examples, self.examples, strict=False):
            offsets.append(total.take(rows))
            width = (len(literal) + len(encoding.arrow)) + shown.input_width + shown.output_width
            total[rows] = offsets[-1] + width
        return total, offsets

    def _close(self, examples: Ints, encoding: _Encoding) -> Ints:
        """The bytes of rows whose examples have so many."""
        return examples + (len(encoding.query) + len(encoding.close)) + self.queries.input_width


@dataclass(frozen=True, eq=False)
class Answers(_PageText):
    """The outputs of all rows."""

    queries: Sequences

    def page(self, encoding: _Encoding) -> _Page:
        """All answers."""
        page = _Page.blank(encoding, self.widths(encoding))
        page.write_outputs(page.ends - self.queries.output_width, b"", self.queries)
        return page

    def widths(self, encoding: _Encoding) -> Ints:  # noqa: ARG002  # letters and blanks are a byte in any
        """How many bytes each answer has."""
        return self.queries.output_width

    def arrows(self) -> int:
        """None."""
        return 0
