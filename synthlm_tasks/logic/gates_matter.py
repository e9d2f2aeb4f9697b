"""What tells whether a gate matters: fingerprints of truth tables, in which no two gates may agree.

No two nodes of a circuit, inputs and the constant included, have one function up to complement, but a node
and its NOT. So no gate is constant, and no gate of two arguments is an input or the complement of one.
"""

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.logic.kinds import NOT
from synthlm_tasks.logic.shapes.layer_widths import MOST_DEPTH, MOST_INPUTS, MOST_WIDTH, most_gates
from synthlm_tasks.rows.splits import Hashes
from synthlm_tasks.rows.streams import Ints

Prints: TypeAlias = NDArray[np.uint16]

# The most gates of a shape, by number of inputs, of which all have to matter: in larger ones so few circuits
# are like that (at the limits one drawn in twenty, of most numbers of gates) that the demand is waived. XOR
# gates keep functions apart: a line each from 10%, 30% and 50% of them on.
_XOR_SHARES: Final = (10, 30, 50)
STRICT_GATES: Final = (
    {1: 1, 2: 5, 3: 12, 4: 15, 5: 21, 6: 24},
    {1: 1, 2: 5, 3: 15, 4: 21, 5: 27, 6: 31},
    {1: 1, 2: 5, 3: 19, 4: 27, 5: 35, 6: 42},
)


def must_matter(depth: Ints, width: Ints, inputs: Ints, xor_density: Ints) -> NDArray[np.bool_]:
    """Whether every gate of such circuits has to matter, all (c,); `xor_density` in percent."""
    line = np.searchsorted(_XOR_SHARES, xor_density, side="right") - 1
    allowed: NDArray[np.bool_] = _MOST_GATES[depth, width] <= _MOST_STRICT[line, inputs]
    return allowed


_MOST_GATES: Final = np.array(
    [[most_gates(depth, width) for width in range(MOST_WIDTH + 1)] for depth in range(MOST_DEPTH + 1)]
)
_MOST_STRICT: Final = np.array(
    [[line.get(inputs, 0) for inputs in range(MOST_INPUTS + 1)] for line in STRICT_GATES]
)


def fingerprints(tables: Hashes) -> Prints:
    """16 bits of each truth table, of any shape, the same for its complement, and 0 for constants.

    Where different tables of more than 16 rows have equal prints, which of a hundred pairs happens once in
    655 circuits, a gate is drawn anew for nothing. Tables of 16 rows are their own prints.
    """
    bits = 8 * tables.dtype.itemsize
    word = tables.dtype.type
    # Plainly: the complement where bit 0 is set, which no input's table has.
    prints = tables ^ (word(0) - (tables & word(1)))
    if bits > 16:
        prints *= word(_MULTIPLIER & ((1 << bits) - 1))
        prints >>= word(bits - 16)
    return prints.astype(np.uint16)


def mark_not(prints: Prints, kinds: NDArray[np.uint8]) -> None:
    """Give gates (r,) that are NOT another print, in place.

    A NOT shares a function with its argument, and nothing else may have that: NOT of a NOT has then the print
    of the first, as has another NOT of the same argument.
    """
    prints ^= (kinds == np.uint8(NOT)) * _NOT_PRINT


# Odd, its bits in no order: 2**64 divided by the golden ratio. Source: Knuth, The Art of Computer
# Programming, volume 3, section 6.4.
_MULTIPLIER: Final = 0x9E3779B97F4A7C15
_NOT_PRINT: Final = np.uint16(0x5A5B)  # odd, as no print of 16 rows is
