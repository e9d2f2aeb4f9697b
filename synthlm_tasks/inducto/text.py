"""Inducto's sequences as text or tokens: packed words of letters, permuted by shifts and put side by side.

A sequence is put down in one piece of up to 16 signs behind a literal, every second sign a letter. Blanks
follow a short one; whatever stands there is put down later. A sign is a byte: a character of ASCII text, or
a token, for those that these texts are made of have ids below 256.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.inducto.choices import MOST_EXAMPLES
from synthlm_tasks.inducto.sequences import Sequences
from synthlm_tasks.inducto.tables import PARTS
from synthlm_tasks.rows.lazy_text import TokenCounts, Tokens, token_array
from synthlm_tasks.rows.streams import Ints
from synthlm_tasks.rows.text import Bytes, Strings, strings_from_buffer
from synthlm_tasks.rows.vocabulary import encode

_SLACK: Final = 64  # signs behind the last row
_REACH: Final = 8  # signs of the next row that blanks behind a row's last sequences may reach: 16 - 7 - 1


@dataclass(frozen=True)
class _Script:
    """The signs of each literal, and what leads from a letter and a blank of ASCII to their signs."""

    examples: tuple[bytes, ...]
    offset: np.uint16
    arrow: bytes
    query: bytes
    close: bytes

    @classmethod
    def of(cls, signs: Callable[[str], Sequence[int]]) -> "_Script":
        """The script in which texts have these signs."""
        openings = ["Ex1: [", *(f"] | Ex{number}: [" for number in range(2, MOST_EXAMPLES + 1))]
        letter, blank = (here - there for here, there in zip(signs("A "), b"A ", strict=True))
        return cls(
            tuple(bytes(signs(opening)) for opening in openings),
            np.uint16((letter + 256 * blank) % (1 << 16)),
            *(bytes(signs(text)) for text in ("] -> [", "] | Query: [", "] ->")),
        )


_TEXT: Final = _Script.of(str.encode)
_TOKENS: Final = _Script.of(encode)


@dataclass(frozen=True)
class _Page:
    """Signs (bytes) of all rows in one script, and where each row ends."""

    script: _Script
    signs: Bytes
    ends: Ints

    @classmethod
    def blank(cls, script: _Script, widths: Ints) -> "_Page":
        """Room for rows of these widths."""
        ends = np.cumsum(widths)
        return cls(script, np.full(int(ends[-1]) + _SLACK, ord(" "), np.uint8), ends)

    def anywhere(self, width: int) -> NDArray[np.void]:
        """Items of `width` signs from every place on: an overlapping view, so that each costs one store."""
        return np.ndarray((len(self.signs) - width + 1,), f"V{width}", self.signs, strides=(1,))

    def put(self, at: Ints, literal: bytes, spaced: NDArray[np.uint16] | None = None) -> None:
        """Put a literal and behind it a piece of spaced letters at every place of `at`, in order."""
        fields = [("literal", f"V{len(literal)}")] if literal else []
        if spaced is not None:
            fields.append(("letters", "V16"))
        pieces = np.empty(len(at), fields)
        if literal:
            pieces["literal"] = np.void(literal)
        if spaced is not None:
            spaced += self.script.offset
            pieces["letters"] = spaced.astype("<u2", copy=False).view("V16").ravel()
        width = pieces.dtype.itemsize
        self.anywhere(width)[at] = pieces.view(f"V{width}")

    def put_output(self, at: Ints, literal: bytes, shown: Sequences) -> None:
        """Put a literal and the outputs behind it; of long outputs the last part comes first."""
        for part in range(PARTS - 1, 0, -1):
            long = np.flatnonzero(shown.output_width > 16 * part)
            if len(long):
                self.put(at.take(long) + (len(literal) + 16 * part), b"", shown.outputs(part, long))
        self.put(at, literal, shown.outputs(0))


class _PageText(ABC):
    """A writing that is put down on a page."""

    @abstractmethod
    def page(self, script: _Script) -> _Page:
        """All rows, put down in one script."""

    @abstractmethod
    def widths(self, script: _Script) -> Ints:
        """How many signs each row has in one script."""

    @property
    def token_counts(self) -> TokenCounts:
        """How many tokens each row has."""
        return self.widths(_TOKENS)

    @property
    def text(self) -> Strings:
        """The rows as text."""
        page = self.page(_TEXT)
        return strings_from_buffer(page.signs, page.ends)

    @property
    def tokens(self) -> Tokens:
        """The rows as tokens."""
        page = self.page(_TOKENS)
        return token_array(page.signs, np.concatenate([[0], page.ends]))


@dataclass(frozen=True)
class Prompts(_PageText):
    """The prompts of all rows: `shown` holds, example by example, the rows that have it and what it is."""

    asked: Sequences
    shown: list[tuple[Ints, Sequences]]

    def page(self, script: _Script) -> _Page:
        """All prompts: every example's input and output, then the query."""
        at, offsets = self._examples(script)
        page = _Page.blank(script, self._closed(at, script))
        starts = np.concatenate([[0], page.ends[:-1]])
        for literal, offset, (rows, here) in zip(script.examples, offsets, self.shown, strict=False):
            place = starts.take(rows) + offset
            page.put(place, literal, here.inputs())
            if literal is script.examples[0]:
                heads = page.anywhere(_REACH)[starts]  # `take` would first copy what overlaps
            page.put_output(place + len(literal) + here.input_width, script.arrow, here)
        page.put(starts + at, script.query, self.asked.inputs())
        page.anywhere(_REACH)[starts] = heads
        page.put(page.ends - len(script.close), script.close)
        return page

    def widths(self, script: _Script) -> Ints:
        """How many signs each prompt has in one script."""
        return self._closed(self._examples(script)[0], script)

    def _examples(self, script: _Script) -> tuple[Ints, list[Ints]]:
        """The signs of all examples of each row (r,), and those before each example that is shown."""
        at = np.zeros(len(self.asked.rule), np.int64)
        offsets = []
        for literal, (rows, here) in zip(script.examples, self.shown, strict=False):
            offsets.append(at.take(rows))
            at[rows] = offsets[-1] + (len(literal) + len(script.arrow)) + here.input_width + here.output_width
        return at, offsets

    def _closed(self, examples: Ints, script: _Script) -> Ints:
        """The signs of rows whose examples have so many."""
        return examples + (len(script.query) + len(script.close)) + self.asked.input_width


@dataclass(frozen=True)
class Answers(_PageText):
    """The outputs of all rows."""

    asked: Sequences

    def page(self, script: _Script) -> _Page:
        """All answers."""
        page = _Page.blank(script, self.widths(script))
        page.put_output(page.ends - self.asked.output_width, b"", self.asked)
        return page

    def widths(self, script: _Script) -> Ints:  # noqa: ARG002  # letters and blanks are a sign in any script
        """How many signs each answer has."""
        return self.asked.output_width
