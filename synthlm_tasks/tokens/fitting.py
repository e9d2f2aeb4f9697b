"""Which problems share a context: in order as far as room is plenty, then those that fill it best."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from synthlm_tasks.rows.streams import Ints

# Problems looked at to fill the end of a context, and the room left for them, in problems of mean length:
# enough of both that some selection nearly always fills it to the last token.
_WINDOW: Final = 16
_LEFT: Final = 6


@dataclass(frozen=True)
class Fit:
    """Problems in the order they are laid, `order` (r,); context k holds those of [ends[k - 1], ends[k])."""

    order: Ints
    ends: Ints


def fit_contexts(lengths: Ints, context: int) -> Fit:
    """Put every problem (r,) in a context of `context` tokens; none may be longer.

    A pure function of the lengths. Problems keep their order but for those that wait because others fill a
    context better; the oldest never waits for a second context. Costs a step a context, not a problem: while
    there is room, as many are taken as a search in the running sum says.
    """
    sums = np.concatenate([[0], np.cumsum(lengths)])
    sizes = lengths.tolist()
    reserve = _LEFT * int(sums[-1]) // max(len(sizes), 1)
    order: list[int] = []
    ends: list[int] = []
    waiting: list[int] = []
    new = 0
    while waiting or new < len(sizes):
        room = context
        # Those that wait come first, the oldest whatever room it leaves.
        while waiting and (room == context or room - sizes[waiting[0]] >= reserve):
            order.append(waiting.pop(0))
            room -= sizes[order[-1]]
        if not waiting:
            # The new ones up to the reserve, and at least one in an empty context.
            most = int(sums.searchsorted(sums[new] + room - reserve, "right")) - 1
            stop = max(most, new + (room == context))
            order.extend(range(new, stop))
            room -= int(sums[stop] - sums[new])
            new = stop
        window = waiting + list(range(new, min(new + _WINDOW - len(waiting), len(sizes))))
        new = max(new, window[-1] + 1) if window else new
        chosen = _fullest_selection([sizes[row] for row in window], room)
        order.extend(window[place] for place in chosen)
        waiting = [row for place, row in enumerate(window) if place not in chosen]
        ends.append(len(order))
    return Fit(np.array(order, np.int64), np.array(ends, np.int64))


def _fullest_selection(sizes: list[int], room: int) -> list[int]:
    """The places of sizes whose sum is the largest that is at most `room`, e.g. [5, 4, 3], 8 → [0, 2].

    Bit s of a number says whether the sizes so far have a selection of sum s: a size added to all of them is
    a shift, e.g. sums 0 and 5 are 0b100001, with a size of 4 0b1000110001: 0, 4, 5, 9.
    """
    within = (1 << room + 1) - 1
    reached = [1]
    for size in sizes:
        if reached[-1] >> room:
            break
        reached.append((reached[-1] | reached[-1] << size) & within)
    total = reached[-1].bit_length() - 1
    # Backwards from the largest sum: a size is part of it if the sizes before it do not reach it alone.
    chosen = []
    for place in range(len(reached) - 2, -1, -1):
        if not reached[place] >> total & 1:
            chosen.append(place)
            total -= sizes[place]
    return chosen[::-1]
