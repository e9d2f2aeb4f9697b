"""Inducto's sequences as text: packed words of letters, permuted by shifts and written side by side.

A sequence is written in one piece of up to 16 bytes behind a literal, every second byte a letter. Blanks
follow a short one; whatever stands there is written later.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.inducto_choices import MOST_EXAMPLES, RULES
from synthlm_tasks.inducto_inputs import SETS
from synthlm_tasks.inducto_rules import LENGTHS
from synthlm_tasks.inducto_tables import BLANK, PARTS, Tables
from synthlm_tasks.streams import Bits, Ints
from synthlm_tasks.text import Bytes, Strings, cut

_SHIFT_OF: Final = np.array([rule.shift for rule in RULES])
_EXAMPLES: Final = ["Ex1: [", *(f"] | Ex{number}: [" for number in range(2, MOST_EXAMPLES + 1))]
_QUERY: Final = "] | Query: ["
_ARROW: Final = "] -> ["
_CLOSE: Final = "] ->"
_SLACK: Final = 64  # blanks behind the last row


@dataclass(frozen=True)
class Sequences:
    """Inputs of rules, one per entry: rule, letter set (over all lengths) and order (of its length)."""

    look: Tables
    rule: Ints
    sets: Ints
    orders: Ints

    @classmethod
    def draw(cls, look: Tables, rule: Ints, length: Ints, bits: Bits) -> "Sequences":
        """A letter set and an order clean for the rule, for each rule at a length (index)."""
        group = length * len(RULES) + rule
        sets = bits.below(look.available.take(group), len(rule))
        picked = bits.below(look.clean_count.take(group), len(rule))
        picked += look.clean_start.take(group)
        return cls(look, rule, length * SETS + sets, look.clean.take(picked).astype(np.int64))

    @cached_property
    def length(self) -> Ints:
        """Length index of each sequence."""
        return self.sets // SETS

    @cached_property
    def group(self) -> Ints:
        """Place of each rule at this length in the tables."""
        return self.length * len(RULES) + self.rule

    @cached_property
    def input_width(self) -> Ints:
        """Bytes of each input, written out."""
        return 2 * self.length + 2 * LENGTHS[0] - 1

    @cached_property
    def output_width(self) -> Ints:
        """Bytes of each output, written out."""
        return 2 * self.look.size.take(self.group) - 1

    @cached_property
    def _letters(self) -> NDArray[np.uint64]:
        return self.look.letters.take(self.sets)

    @cached_property
    def _moved_letters(self) -> NDArray[np.uint64]:
        shift = _SHIFT_OF.take(self.rule)
        letters: NDArray[np.uint64] = self.look.moved_letters.take(self.sets + shift * (SETS * len(LENGTHS)))
        return letters

    @cached_property
    def _ranks(self) -> NDArray[np.uint64]:
        by_order = self.look.by_order.take(self.group)
        ranks: NDArray[np.uint64] = self.look.ranks.take(
            self.look.row.take(self.group) + self.orders * by_order
        )
        return ranks

    def heads(self) -> NDArray[np.uint64]:
        """A number for each output by its size and first two letters: equal outputs have equal ones."""
        places = self.look.output[0].take(self.group)
        head = self.look.size.take(self.group).astype(np.uint64)
        for place in (places & np.uint64(255), places >> np.uint64(8) & np.uint64(255)):
            rank = self._ranks >> place & np.uint64(BLANK - 1)
            head = head << np.uint64(8) | self._letters >> rank & np.uint64(255)
        return head

    def inputs(self) -> NDArray[np.uint16]:
        """Every input written out: (c, 8) letters, each with the blank behind it."""
        ranks = self.look.ranks.take(self.look.first_order.take(self.length) + self.orders)
        return _spaced(self._letters, _bytes(ranks))

    def outputs(self, part: int, which: Ints | None = None) -> NDArray[np.uint16]:
        """Letters 8 * part to 8 * part + 7 of the outputs, each with the blank behind it: (c, 8)."""
        group, ranks, letters = self.group, self._ranks, self._moved_letters
        if which is not None:
            group, ranks, letters = group.take(which), ranks.take(which), letters.take(which)
        places = self.look.output[part].take(group)
        return _spaced(letters, (ranks[:, None] >> _bytes(places)).astype(np.uint8))


def _bytes(words: NDArray[np.uint64]) -> Bytes:
    """The eight bytes of each word, the first lowest: (n,) → (n, 8)."""
    return words.astype("<u8", copy=False).view(np.uint8).reshape(-1, 8)


def _spaced(letters: NDArray[np.uint64], ranks: Bytes) -> NDArray[np.uint16]:
    """Letters by their ranks (n, 8), each with the blank behind it; rank bytes as in `Tables.ranks`."""
    return (letters[:, None] >> (ranks ^ np.uint8(BLANK))).astype(np.uint8) ^ np.uint16(0x2020)


def _put(text: Bytes, at: Ints, literal: str, spaced: NDArray[np.uint16] | None = None) -> None:
    """Write a literal and behind it a piece of spaced letters at every place of `at`, in order.

    Pieces are items of one size into an overlapping view of the text, so that each costs one store.
    """
    fields = [("literal", f"V{len(literal)}")] if literal else []
    if spaced is not None:
        fields.append(("letters", "V16"))
    pieces = np.empty(len(at), fields)
    if literal:
        pieces["literal"] = np.void(literal.encode())
    if spaced is not None:
        pieces["letters"] = spaced.astype("<u2", copy=False).view("V16").ravel()
    width = pieces.dtype.itemsize
    anywhere = np.ndarray((len(text) - width + 1,), f"V{width}", text, strides=(1,))
    anywhere[at] = pieces.view(f"V{width}")


def _put_output(text: Bytes, at: Ints, literal: str, shown: Sequences) -> None:
    """Write a literal and the outputs behind it; of long outputs the last part comes first."""
    for part in range(PARTS - 1, 0, -1):
        long = np.flatnonzero(shown.output_width > 16 * part)
        if len(long):
            _put(text, at.take(long) + (len(literal) + 16 * part), "", shown.outputs(part, long))
    _put(text, at, literal, shown.outputs(0))


def write_prompts(asked: Sequences, shown: list[tuple[Ints, Sequences]]) -> Strings:
    """The prompts of all rows: `shown` holds, example by example, the rows that have it and what it is."""
    at = np.zeros(len(asked.rule), np.int64)
    offsets = []
    for literal, (rows, here) in zip(_EXAMPLES, shown, strict=False):
        offsets.append(at.take(rows))
        at[rows] = offsets[-1] + (len(literal) + len(_ARROW)) + here.input_width + here.output_width
    ends = np.cumsum(at + (len(_QUERY) + len(_CLOSE)) + asked.input_width)
    starts = np.concatenate([[0], ends[:-1]])
    text = np.full(int(ends[-1]) + _SLACK, ord(" "), np.uint8)
    for literal, offset, (rows, here) in zip(_EXAMPLES, offsets, shown, strict=False):
        place = starts.take(rows) + offset
        _put(text, place, literal, here.inputs())
        _put_output(text, place + len(literal) + here.input_width, _ARROW, here)
    _put(text, starts + at, _QUERY, asked.inputs())
    _put(text, ends - len(_CLOSE), _CLOSE)
    _put(text, starts, _EXAMPLES[0])  # blanks behind the query of the row before may stand here
    return cut(text, ends)


def write_answers(asked: Sequences) -> Strings:
    """The outputs of all rows."""
    ends = np.cumsum(asked.output_width)
    text = np.full(int(ends[-1]) + _SLACK, ord(" "), np.uint8)
    _put_output(text, ends - asked.output_width, "", asked)
    return cut(text, ends)
