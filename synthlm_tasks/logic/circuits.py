"""Circuits as arrays: the gates of a block of rows, how rows are taken out of it, and how kinds are turned.

Gates are flat: gate 0 of all rows, then gate 1 of the rows that have one, and so on. Rows come sorted by
falling number of gates, so that gate g belongs to the first `batch_sizes[g]` rows, as in PyTorch's
`PackedSequence`. E.g. rows a, b, c of 3, 2 and 1 gates: batch sizes [3, 2, 1], gates a0 b0 c0 a1 b1 a2.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.logic.layouts import TURNING_KINDS
from synthlm_tasks.rows.streams import Ints, Words

# XOR and OR depend on a XOR b, all but XOR on a AND b; NOR, NAND and NOT flip the value of OR, AND and OR.
KINDS: Final = ("XOR", "OR", "AND", "NOR", "NAND", "NOT")
NOT: Final = KINDS.index("NOT")
TURNS: Final = TURNING_KINDS  # of the kinds between XOR and NOT, after which all are what they were


def code_count(nodes: int) -> int:
    """How many gate codes there are: (kind * nodes + one argument) * nodes + the other."""
    return len(KINDS) * nodes * nodes


def gate_spans(batch_sizes: list[int]) -> Iterator[tuple[int, slice]]:
    """How many rows have a gate, and its span among flat gates, e.g. [3, 2] → (3, 0:3), (2, 3:5)."""
    end = 0
    for size in batch_sizes:
        start, end = end, end + size
        yield size, slice(start, end)


@dataclass(frozen=True)
class Gates:
    """Drawn gates, all arrays flat.

    `arguments` (2, gates) node codes; `kinds` (gates,) as in `KINDS`; `hashes` (gates,) of what is wired
    below each gate. One argument of NOT is node 0, which is constant 0.
    """

    arguments: NDArray[np.uint8]
    kinds: NDArray[np.uint8]
    hashes: Words

    def codes(self, nodes: int) -> NDArray[np.uint16]:
        """What texts are looked up by, see `code_count`: (gates,); up to 6 * 70 * 70, of 16 bits."""
        codes = self.kinds.astype(np.uint16)
        for arguments in self.arguments:
            codes *= np.uint16(nodes)
            codes += arguments
        return codes

    def compress(self, kept: NDArray[np.bool_], batch_sizes: list[int]) -> tuple["Gates", list[int]]:
        """The gates of the rows `kept` (c,), of which there is at least one, and their batch sizes."""
        flat = _repeat_for_gates(kept, batch_sizes)
        fewer = Gates(self.arguments.compress(flat, 1), self.kinds.compress(flat), self.hashes.compress(flat))
        return fewer, np.cumsum(kept)[np.array(batch_sizes) - 1].tolist()

    def turn_kinds(self, turns: Ints, batch_sizes: list[int]) -> "Gates":
        """The same with the kinds of each row's gates turned: 1 makes an OR an AND, AND a NOR and so on.

        `turns` (c,) are 0 to 4. XOR and NOT stay, since the number of XOR gates and what a gate reads are
        settled.
        """
        # Plainly: 1 + (kind - 1 + turns) % 4 for the kinds that turn, 1 to 4. Less 1, these are 0 to 3, XOR
        # is 255 and NOT 4. The sum, up to 7, has its remainder in the low two bits, so that the mask is 3
        # where a kind turns, and 255 (0 - 1) where it stays. E.g. NAND, once: 4 - 1 + 1 = 4, & 3 = 0: OR.
        kinds = self.kinds - np.uint8(1)
        turning = (kinds < np.uint8(TURNS)).view(np.uint8)
        kinds += _repeat_for_gates(turns.astype(np.uint8), batch_sizes) * turning
        kinds &= (np.uint8(TURNS - 1) * turning) | (turning - np.uint8(1))
        kinds += np.uint8(1)
        return Gates(self.arguments, kinds, self.hashes)


def _repeat_for_gates(rows: NDArray[Any], batch_sizes: list[int]) -> NDArray[Any]:
    """What each row says, for all of its gates: (c,) → (gates,)."""
    return np.concatenate([rows[:size] for size in batch_sizes])


def codes_by_row(flat: NDArray[np.uint16], batch_sizes: list[int], most: int) -> NDArray[np.void]:
    """Flat gate codes as one item of `most` codes for each row, 0 beyond its gates: (gates,) → (c,).

    An item moves as a whole: to take rows costs one copy of each, not one for each gate.
    """
    codes = np.zeros((batch_sizes[0], most), np.uint16)
    for gate, (size, span) in enumerate(gate_spans(batch_sizes)):
        codes[:size, gate] = flat[span]
    return codes.view(np.dtype((np.void, 2 * most))).reshape(-1)
