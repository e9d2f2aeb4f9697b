"""Parameter spaces: the cells (one value per axis) that a config draws its rows from."""

import itertools
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

import numpy as np

from synthlm_tasks.errors import ParameterError
from synthlm_tasks.rows.axes import Axis
from synthlm_tasks.rows.streams import Ints, RandomBits, scale_words

Cell: TypeAlias = tuple[int, ...]
Fits: TypeAlias = Callable[[Mapping[str, int]], bool]


@dataclass(frozen=True)
class Space:
    """Cells of integer codes, one column per axis.

    Rows draw a cell: uniformly along the first axis, then along the second given the first, and so on,
    so that no value of an axis is rarer for having fewer partners. A `cycled` space (a grid) deals its
    cells out in turn instead, so that each has its exact share.
    """

    axes: tuple[Axis, ...]
    cells: tuple[Cell, ...]
    cycled: bool = False

    @cached_property
    def columns(self) -> dict[str, Ints]:
        """Axis name → codes (cells,)."""
        table = np.array(self.cells, np.int64).reshape(len(self.cells), len(self.axes))
        return {axis.name: table[:, i].copy() for i, axis in enumerate(self.axes)}

    def label(self, cell: Cell) -> dict[str, object]:
        """Axis name → value, as a person writes it."""
        return {axis.name: axis.value(code) for axis, code in zip(self.axes, cell, strict=True)}

    @cached_property
    def _thresholds(self) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
        """Where each cell's share of all 32-bit words ends: (cells,), the last 2**32.

        A cell's share is the product of 1 / (values an axis has, given those before it), over the axes, e.g.
        cells (1, 5), (2, 5), (2, 6) → 1/2, 1/4, 1/4. Exact sums, cut to whole words: none is left over.
        """
        children = Counter(prefix[:-1] for prefix in set(self._prefixes()))
        total, ends = Fraction(0), []
        for cell in self.cells:
            weight = Fraction(1)
            for i in range(len(cell)):
                weight /= children[cell[:i]]
            total += weight
            ends.append(int(total * 2**32))
        return np.array(ends, np.uint64)

    def _prefixes(self) -> list[Cell]:
        return [cell[: i + 1] for cell in self.cells for i in range(len(cell))]

    @cached_property
    def _uniform(self) -> bool:
        """Whether all cells have the same share, within a word; multiplying then does what searching does."""
        steps = np.diff(self._thresholds.astype(np.int64), prepend=0)
        return int(steps.max() - steps.min()) <= 1

    def draw(self, bits: RandomBits, start: int, rows: int) -> Ints:
        """The cell (position in `cells`) of each of `rows` rows, the first being row `start`: (rows,)."""
        if self.cycled:
            return np.arange(start, start + rows) % len(self.cells)
        words = bits.words(rows)
        if self._uniform:
            return scale_words(words, len(self.cells))
        return np.searchsorted(self._thresholds, words.astype(np.uint64), side="right")

    @property
    def identity(self) -> str:
        """Canonical text of the space: equal spaces, and only those, have equal texts."""
        axes = [axis.name for axis in self.axes]
        return json.dumps([axes, self.cells, self.cycled], separators=(",", ":"))


def parse_box(axes: Sequence[Axis], given: Mapping[str, object], preset: Mapping[str, object]) -> list[Cell]:
    """The codes allowed on each axis: as given, else as in the preset, else the axis's default.

    Raises ParameterError for an unknown name or a value out of range.
    """
    names = [axis.name for axis in axes]
    for name, value in given.items():
        if name not in names:
            raise ParameterError(f"{name}={value!r}: no such parameter; expected one of {', '.join(names)}")
    return [axis.parse(given.get(axis.name, preset.get(axis.name, axis.default))) for axis in axes]


def fitting_cells(axes: Sequence[Axis], sides: Sequence[Cell], fits: Fits) -> list[Cell]:
    """The cells of the box `sides` whose values fit together."""
    names = [axis.name for axis in axes]
    return [cell for cell in itertools.product(*sides) if fits(dict(zip(names, cell, strict=True)))]


def nearest_cells(
    axes: Sequence[Axis], sides: Sequence[Cell], given: Mapping[str, object], fits: Fits
) -> list[Cell]:
    """The fitting cells nearest to the box `sides` when the axes not given may leave it.

    Raises ParameterError when no values of the free axes fit those given.
    """
    wide = [
        side if axis.name in given else axis.parse(axis.default)
        for axis, side in zip(axes, sides, strict=True)
    ]

    def distance(cell: Cell) -> int:
        return sum(min(abs(code - c) for c in side) for code, side in zip(cell, sides, strict=True))

    reachable = fitting_cells(axes, wide, fits)
    if not reachable:
        shown = ", ".join(f"{name}={value!r}" for name, value in given.items())
        raise ParameterError(f"{shown}: these do not fit together, whatever the other parameters are")
    least = min(map(distance, reachable))
    return [cell for cell in reachable if distance(cell) == least]
