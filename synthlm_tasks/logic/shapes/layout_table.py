"""The layouts of many circuit shapes in one table, so that a block of mixed rows draws from it at once."""

from collections import deque
from dataclasses import dataclass
from functools import cache

import numpy as np

from synthlm_tasks.logic.shapes.layer_widths import MOST_GATES, MOST_INPUTS, MOST_WIDTH
from synthlm_tasks.logic.shapes.layouts import LAYOUTS, layouts
from synthlm_tasks.rows.streams import Ints, RandomBits, Words


def shape_codes(depth: Ints, width: Ints, inputs: Ints) -> Ints:
    """One number for the three, each (c,), e.g. depth 2, width 2, 3 inputs → 143."""
    return (depth * (MOST_WIDTH + 1) + width) * (MOST_INPUTS + 1) + inputs


def layout_groups(shapes: Ints, counts: Ints) -> Ints:
    """One number for shape code and number of gates, each (c,): neighbours differ by one gate."""
    return shapes * (MOST_GATES + 2) + counts  # numbers from 0 to the most, and where the last group ends


@dataclass(frozen=True)
class LayoutTable:
    """The layouts of several shapes side by side, those of each by rising number of gates.

    `gates` (most gates, layouts) and `counts` (layouts,) are as in `layouts`, but that all layouts' last
    gates stand in the last line; those of layout group g are the columns from `begin[g]` up to `begin[g +
    1]`.
    """

    gates: Words
    counts: Ints
    begin: Ints

    def draw_counts(self, shapes: Ints, bits: RandomBits) -> Ints:
        """The number of gates of a random layout for each shape code: (c,) → (c,)."""
        first = self.begin.take(layout_groups(shapes, np.zeros_like(shapes)))
        return self.counts.take(first + bits.below(LAYOUTS, len(shapes)))

    def draw(self, groups: Ints, bits: RandomBits) -> Ints:
        """The column of a random layout for each layout group: (c,) → (c,)."""
        begin = self.begin.take(groups)
        return begin + bits.below(self.begin.take(groups + 1) - begin, len(groups))


def layout_table(shapes: Ints) -> LayoutTable:
    """A table with the layouts of all these shape codes, in any order and number, and perhaps of others.

    What a block draws again lacks some of its shapes, so that a table made before mostly has them all.
    """
    asked = np.flatnonzero(np.bincount(shapes)).tolist()
    for known, table in tuple(_recent()):
        if known.issuperset(asked):
            return table
    made = _join_layouts(asked)
    _recent().appendleft((frozenset(asked), made))
    return made


@cache
def _recent() -> deque[tuple[frozenset[int], LayoutTable]]:
    """The last tables made, and their shapes: those of easy, medium and hard rows take turns in a mixture."""
    return deque(maxlen=16)


def _join_layouts(shapes: list[int]) -> LayoutTable:
    parts = []
    for shape in shapes:
        rest, inputs = divmod(shape, MOST_INPUTS + 1)
        parts.append(layouts(*divmod(rest, MOST_WIDTH + 1), inputs))
    most = max(len(gates) for gates, _ in parts)
    begin = np.zeros((shapes[-1] + 1, MOST_GATES + 2), np.int64)
    for i, (shape, (_, counts)) in enumerate(zip(shapes, parts, strict=True)):
        begin[shape] = i * LAYOUTS + counts.searchsorted(np.arange(MOST_GATES + 2))
    gates = [_align_ends(gates, counts, most) for gates, counts in parts]
    return LayoutTable(
        np.concatenate(gates, axis=1), np.concatenate([counts for _, counts in parts]), begin.ravel()
    )


def _align_ends(gates: Words, counts: Ints, most: int) -> Words:
    """The last gate of each layout in the last of `most` lines, e.g. (a, b, 0) of 2 gates → (0, a, b)."""
    lines = np.arange(most)[:, None] - (most - counts)
    padded = np.pad(gates, ((0, most - len(gates)), (0, 0)))
    aligned: Words = np.where(lines < 0, np.uint32(0), np.take_along_axis(padded, np.maximum(lines, 0), 0))
    return aligned
