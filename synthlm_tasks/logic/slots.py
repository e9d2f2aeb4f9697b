"""Where the gates and nodes of a block of circuits stand in arrays.

Rows come sorted by falling number of gates, and their gates end together: gate g of a row of n gates stands
in slot most - n + g, of as many slots as the longest row has gates. So every slot belongs to a prefix of the
rows, the asked gates stand in the last one, and what stands in the last few can be drawn again for all rows
at once. E.g. rows a, b, c of 3, 2 and 1 gates: slots (a0, -, -), (a1, b0, -), (a2, b1, c0).

Each row's nodes stand right before its first gate: node code j of a row whose gates begin in slot s is
element (s + j) of node arrays.
"""

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.logic.shapes.layouts import FIRST_GATE
from synthlm_tasks.rows.streams import Ints


@dataclass(frozen=True)
class Slots:
    """The slots of c circuits.

    `count` (c,) numbers of gates, falling; `sizes` how many rows each slot has; `base` (c,) where node code 0
    of each row stands in a node array (nodes, c), flat.
    """

    count: Ints
    sizes: list[int]
    base: Ints

    @classmethod
    def of(cls, count: Ints) -> "Slots":
        """Of circuits with so many gates (c,), falling."""
        rows, slots = len(count), int(count.max(initial=0))
        sizes = np.searchsorted(-count, np.arange(-slots, 0), side="right").tolist()
        return cls(count, sizes, (slots - count) * rows + np.arange(rows))

    def nodes(self, known: NDArray[Any]) -> NDArray[Any]:
        """A node array (nodes, c): `known` (FIRST_GATE,) of no node and of the inputs, 0 elsewhere."""
        array = np.zeros((FIRST_GATE + len(self.sizes), len(self.count)), known.dtype)
        for slot, (first, last) in enumerate(itertools.pairwise([0, *self.sizes])):
            array[slot : slot + FIRST_GATE, first:last] = known[:, None]  # of rows that begin in this slot
        return array

    def read(self, arguments: NDArray[np.uint8], rows: Ints | slice) -> Ints:
        """Where gates of `rows` (r,) find their arguments (2, r), node codes, in flat node arrays: (2, r)."""
        places = np.multiply(arguments, len(self.count), dtype=np.int64)
        places += self.base[rows]
        return places
