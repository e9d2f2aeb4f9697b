"""Pages of sequences, as text or tokens: packed words of letters, permuted by shifts and put side by side.

A row is bytes, and so is what it is made of: a byte is a character of ASCII text, or a token, for those
that these texts are made of have ids below 256. Letter and blank take turns in either.

Sequences of any length are written in one store for all rows, so its width is fixed: a piece of a sequence is
8 letters, each with a blank behind it, 16 bytes. Where the sequence has fewer, blanks overhang into what
comes next in the row, or into the next row, and are overwritten when that is written: pieces of a row go from
left to right, and within one store rows go from first to last.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.inducto.space.rules import MOST_EXAMPLES
from synthlm_tasks.inducto.space.tables import PARTS
from synthlm_tasks.rows.streams import Ints
from synthlm_tasks.rows.text import Bytes
from synthlm_tasks.rows.vocabulary import COMPACT, TEXT

PIECE: Final = 16  # bytes of 8 letters with their blanks
_SLACK: Final = 64  # bytes behind the last row, where its pieces may overhang (by less than PIECE)


class Shown(Protocol):
    """Sequences that can be written out, each (c,) with what a rule makes of it."""

    @property
    def input_width(self) -> Ints:
        """Bytes of each input."""

    @property
    def output_width(self) -> Ints:
        """Bytes of each output."""

    def spell_inputs(self) -> NDArray[np.uint16]:
        """Every input: (c, 8) letters, each with a blank behind it, two blanks for none."""

    def spell_outputs(self, part: int, which: Ints | None = None) -> NDArray[np.uint16]:
        """Letters 8 * part to 8 * part + 7 of all outputs, or of those at `which` (k,)."""


@dataclass(frozen=True)
class Encoding:
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
    def of(cls, encode_text: Callable[[str], Sequence[int]]) -> "Encoding":
        """The encoding in which texts have these bytes; letters have them in the order of the alphabet."""
        openings = ["Ex1: [", *(f"] | Ex{number}: [" for number in range(2, MOST_EXAMPLES + 1))]
        letter, blank = (ours - ascii_ for ours, ascii_ in zip(encode_text("A "), b"A ", strict=True))
        return cls(
            tuple(bytes(encode_text(opening)) for opening in openings),
            np.uint16((letter + 256 * blank) % (1 << 16)),
            *(bytes(encode_text(text)) for text in ("] -> [", "] | Query: [", "] ->")),
        )


@cache
def text_encoding() -> Encoding:
    """ASCII."""
    return Encoding.of(str.encode)


@cache
def token_encoding() -> Encoding:
    """Tokens of the text vocabulary, which fit in bytes."""
    return Encoding.of(TEXT.encode)


@cache
def compact_ids() -> tuple[bytes, bytes]:
    """The compact token of each text token, for those that these texts have one of; and the other tokens.

    As `bytes.translate` takes them.
    """
    headings = ("Query", *(f"Ex{number}" for number in range(1, MOST_EXAMPLES + 1)))
    spelled = {"] ->": "->", **{word: f"{word}:" for word in headings}}
    spelled |= {letter: letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    table = {TEXT.ids[text]: COMPACT.ids[compact] for text, compact in spelled.items()}
    return bytes(table.get(token, 0) for token in range(256)), bytes({*range(256)} - {*table})


@dataclass(frozen=True, eq=False)
class Page:
    """All rows in one encoding: their bytes side by side, and where each row (r,) ends."""

    encoding: Encoding
    buffer: Bytes
    ends: Ints

    @classmethod
    def blank(cls, encoding: Encoding, widths: Ints) -> "Page":
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
            fields.append(("letters", f"V{PIECE}"))
        pieces = np.empty(len(starts), fields)
        if literal:
            pieces["literal"] = np.void(literal)
        if letters is not None:
            if self.encoding.offset:
                letters += self.encoding.offset
            pieces["letters"] = letters.astype("<u2", copy=False).view(f"V{PIECE}").ravel()
        width = pieces.dtype.itemsize
        self.windows(width)[starts] = pieces.view(f"V{width}")

    def write_outputs(self, starts: Ints, literal: bytes, sequences: Shown) -> None:
        """Write a literal and the outputs behind it.

        Of an output of several pieces the first comes last: all but the last are full, and what overhangs
        from that one reaches no further than the first piece of the next row.
        """
        for part in range(PARTS - 1, 0, -1):
            long = np.flatnonzero(sequences.output_width > PIECE * part)
            if len(long):
                places = starts.take(long) + (len(literal) + PIECE * part)
                self.write(places, b"", sequences.spell_outputs(part, long))
        self.write(starts, literal, sequences.spell_outputs(0))
