"""How many gates stand in each layer of a circuit: counting what is possible, and drawing it uniformly.

Layers are counted from the queried gate, which stands alone in the top layer, down to the one that reads
inputs only. Every gate's first argument comes from the layer right below, so that a layer has at most
twice as many gates as the one above it; the arguments that are left have room for inputs.
"""

from functools import cache
from typing import Final

import numpy as np

from synthlm_tasks.rows.streams import Ints, RandomBits

MOST_INPUTS: Final = 6
MOST_DEPTH: Final = 10
MOST_WIDTH: Final = 8
MOST_GATES: Final = MOST_WIDTH * (MOST_DEPTH - 3) + 4 + 2 + 1


def most_gates(depth: int, width: int) -> int:
    """The most gates a circuit can have, e.g. depth 4, width 3 → 3 + 3 + 2 + 1."""
    return sum(min(width, 1 << layer) for layer in range(depth))


@cache
def count_completions(width: int) -> Ints:
    """In how many ways layers complete a circuit downwards: [layers, above, seen, need].

    `layers` are still to be chosen below one of `above` gates; `seen` says whether some layer has `width`
    gates already, and `need` how many inputs the arguments so far had no room for. E.g. width 2 at
    [1, 1, 0, 3] → 1: a layer of two gates, whose four arguments have room for three inputs.
    """
    table = np.zeros((MOST_DEPTH, MOST_WIDTH + 1, 2, MOST_INPUTS + 1), np.int64)
    for above in range(1, width + 1):
        table[0, above, 1, : 2 * above + 1] = 1  # both arguments of the lowest gates are inputs
    for layers in range(1, MOST_DEPTH):
        for above in range(1, width + 1):
            for chosen in range(1, min(width, 2 * above) + 1):
                need = np.maximum(np.arange(MOST_INPUTS + 1) - _count_spare_arguments(above, chosen), 0)
                for seen in range(2):
                    table[layers, above, seen] += table[layers - 1, chosen, seen | (chosen == width), need]
    return table


def _count_spare_arguments(above: int, below: int) -> int:
    """Second arguments of a layer that are left when the layer below is read, e.g. 2 above 3 → 1."""
    return min(above, 2 * above - below)


def draw_widths(depth: int, width: int, inputs: int, rows: int, bits: RandomBits) -> list[Ints]:
    """Layer widths, lowest first, each (rows,): uniform over all that are possible.

    One random rank for each row; the widths are the sequence of that rank in lexicographic order from the
    top: at each layer, options are passed over while the rank is beyond the sequences they begin.
    """
    table = count_completions(width)
    above, seen = np.ones(rows, np.int64), np.full(rows, int(width == 1))
    need = np.full(rows, inputs)
    rank = bits.below(int(table[depth - 1, 1, int(width == 1), inputs]), rows)
    widths = [above]
    for layers in range(depth - 2, -1, -1):
        chosen = np.zeros(rows, np.int64)
        for option in range(1, width + 1):
            # Clipped where the option is impossible, which counts nothing: only to stay in the table.
            rest = np.clip(need - np.minimum(above, 2 * above - option), 0, MOST_INPUTS)
            count = table[layers, option, seen | (option == width), rest] * (option <= 2 * above)
            chosen = np.where((chosen == 0) & (rank < count), option, chosen)
            rank = np.where(chosen == 0, rank - count, rank)
        need = np.maximum(need - np.minimum(above, 2 * above - chosen), 0)
        above, seen = chosen, seen | (chosen == width)
        widths.append(above)
    return widths[::-1]
