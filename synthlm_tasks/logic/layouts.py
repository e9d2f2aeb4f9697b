"""Circuit layouts: which gates stand in which layer, and what each has to read.

A circuit of stated depth and width is layers of gates, the top one holding the queried gate alone. Every
gate's first argument comes from the layer right below, which makes the depth exact; second arguments
first take what would otherwise stay unread, then are free. A layout fixes all of that but the free ones.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.rows.streams import Ints, RandomBits, Words, digest

MOST_INPUTS: Final = 6
MOST_DEPTH: Final = 10
MOST_WIDTH: Final = 8
MOST_GATES: Final = MOST_WIDTH * (MOST_DEPTH - 3) + 4 + 2 + 1

# Node codes: 0 for no node, then the inputs in falling order (x0 is 6), then the gates: the nodes below
# any layer have neighbouring codes, which is what free arguments are drawn from.
GATE: Final = MOST_INPUTS + 1

# Layouts drawn for each depth, width and number of inputs: part of the row format.
LAYOUTS: Final = 1024


def most_gates(depth: int, width: int) -> int:
    """The most gates a circuit can have, e.g. depth 4, width 3 → 3 + 3 + 2 + 1."""
    return sum(min(width, 1 << layer) for layer in range(depth))


@cache
def count_widths(width: int) -> Ints:
    """How many layer widths complete a circuit downwards: [layers, above, seen, need].

    `layers` are still to be chosen below one of `above` gates; `seen` says whether some layer has `width`
    gates already, and `need` how many inputs the arguments so far had no room for.
    """
    table = np.zeros((MOST_DEPTH, MOST_WIDTH + 1, 2, MOST_INPUTS + 1), np.int64)
    for above in range(1, width + 1):
        table[0, above, 1, : 2 * above + 1] = 1  # both arguments of the lowest gates are inputs
    for layers in range(1, MOST_DEPTH):
        for above in range(1, width + 1):
            for chosen in range(1, min(width, 2 * above) + 1):
                need = np.maximum(np.arange(MOST_INPUTS + 1) - _spare_arguments(above, chosen), 0)
                for seen in range(2):
                    table[layers, above, seen] += table[layers - 1, chosen, seen | (chosen == width), need]
    return table


def _spare_arguments(above: int, below: int) -> int:
    """Second arguments of a layer that are left when the layer below is read, e.g. 2 above 3 → 1."""
    return min(above, 2 * above - below)


def shape_codes(depth: Ints, width: Ints, inputs: Ints) -> Ints:
    """One number for the three."""
    return (depth * (MOST_WIDTH + 1) + width) * (MOST_INPUTS + 1) + inputs


def layout_group(codes: Ints, counts: Ints) -> Ints:
    """One number for codes and numbers of gates."""
    return codes * (MOST_GATES + 2) + counts


@dataclass(frozen=True)
class LayoutTable:
    """The layouts of several codes (of depth, width and inputs), those of each by rising number of gates.

    `gates` (most gates, layouts) and `counts` (layouts,) are as in `layouts`; layouts of a code and number of
    gates are those from `begin` (codes * gates,) at that place up to the next.
    """

    gates: Words
    counts: Ints
    begin: Ints

    def draw_counts(self, codes: Ints, bits: RandomBits) -> Ints:
        """The number of gates of a random layout for each code."""
        return self.counts.take(
            self.begin.take(layout_group(codes, np.zeros_like(codes))) + bits.below(LAYOUTS, len(codes))
        )

    def draw(self, places: Ints, bits: RandomBits) -> Ints:
        """A random layout for each code and number of gates."""
        low = self.begin.take(places)
        return low + bits.below(self.begin.take(places + 1) - low, len(places))


def layout_table(codes: Ints) -> LayoutTable:
    """The table with the layouts of all `codes`."""
    return _layout_table(tuple(np.flatnonzero(np.bincount(codes)).tolist()))


@lru_cache(maxsize=64)
def _layout_table(present: tuple[int, ...]) -> LayoutTable:
    found = []
    for code in present:
        rest, inputs = divmod(code, MOST_INPUTS + 1)
        found.append(layouts(*divmod(rest, MOST_WIDTH + 1), inputs))
    most = max(len(gates) for gates, _ in found)
    begin = np.zeros((present[-1] + 1, MOST_GATES + 2), np.int64)
    for i, (code, (_, counts)) in enumerate(zip(present, found, strict=True)):
        begin[code] = i * LAYOUTS + counts.searchsorted(np.arange(MOST_GATES + 2))
    gates = [np.pad(gates, ((0, most - len(gates)), (0, 0))) for gates, _ in found]
    return LayoutTable(
        np.concatenate(gates, axis=1), np.concatenate([counts for _, counts in found]), begin.ravel()
    )


@cache
def layouts(depth: int, width: int, inputs: int) -> tuple[Words, Ints]:
    """`LAYOUTS` layouts: their gates (most gates, layouts), lowest first, and numbers of gates, rising.

    A gate packs, from the low bits up: its first argument (7 bits); the lowest candidate for the second (7);
    the number of candidates (7; one that is not below the first argument stands for the next code, so that
    the two differ); the number of kinds to draw from (4; those beyond the four are all NOT); and its rank
    in a random order of the gates (6), the first of which are XOR.
    """
    bits = RandomBits(0, digest("logic layouts", depth, width, inputs))
    widths = _widths(depth, width, inputs, bits)
    names = MOST_INPUTS - _shuffle(np.full(LAYOUTS, inputs), bits)
    first, second, lower = _forced_arguments(widths, names, inputs, bits)
    _read_inputs(second, first > 0, names, np.maximum(inputs - widths[0], 0), inputs, bits)
    base = sum(widths, np.zeros(LAYOUTS, np.int64))
    forced, spare = second > 0, (first > 0) & (second == 0)
    start = np.where(forced, second - (second > first), GATE - inputs)
    count = np.where(forced, 1, lower - 1)
    # As many NOT gates as of the other kinds, or nearly: only gates whose second argument is free can be.
    free = spare.sum(axis=0)
    nots = np.clip(-(-4 * base // np.maximum(5 * free - base, 1)), 1, 4)
    packed = first | start << 7 | count << 14 | np.where(forced, 4, 4 + nots) << 21
    keys = bits.words(len(first), LAYOUTS).astype(np.int64) << 6 | np.arange(len(first))[:, None]
    rank = np.where(first > 0, keys, keys + (1 << 40)).argsort(axis=0).argsort(axis=0)
    order = base.argsort(kind="stable")
    return np.where(first > 0, packed | rank << 25, 0).astype(np.uint32)[:, order], base[order]


def _forced_arguments(
    widths: list[Ints], names: Ints, inputs: int, bits: RandomBits
) -> tuple[Ints, Ints, Ints]:
    """Of each gate (most gates, layouts): the first argument, a second that must be read, nodes below."""
    first, second, lower = np.zeros(
        (3, most_gates(len(widths), max(int(w.max()) for w in widths)), LAYOUTS), np.int64
    )
    base = np.zeros(LAYOUTS, np.int64)
    below, known = np.full(LAYOUTS, inputs), names
    for layer, size in enumerate(widths):
        ranks = _shuffle(size, bits)
        for position in range(int(size.max())):
            at = np.flatnonzero(position < size)
            gate, rank, count = base[at] + position, ranks[position, at], below[at]
            first[gate, at] = known[rank % count, at]
            other = rank + size[at]
            if layer:  # the lowest gates read inputs only, which are dealt out later
                second[gate, at] = np.where(other < count, known[other % count, at], 0)
            lower[gate, at] = inputs + base[at]
        known = GATE + base + _shuffle(size, bits)
        base, below = base + size, size
    return first, second, lower


def _read_inputs(
    second: Ints, gates: NDArray[np.bool_], names: Ints, missing: Ints, inputs: int, bits: RandomBits
) -> None:
    """Put the inputs that no first argument reads at a random choice of the free second arguments."""
    free = gates & (second == 0)
    left = free.sum(axis=0)
    columns = np.arange(LAYOUTS)
    for gate in range(len(free)):
        reads = free[gate] & (bits.below(np.maximum(left, 1), LAYOUTS) < missing)
        second[gate] = np.where(reads, names[inputs - np.maximum(missing, 1), columns], second[gate])
        missing, left = missing - reads, left - free[gate]


def _widths(depth: int, width: int, inputs: int, bits: RandomBits) -> list[Ints]:
    """Layer widths, lowest first, each (layouts,): uniform over all that are possible."""
    table = count_widths(width)
    above, seen = np.ones(LAYOUTS, np.int64), np.full(LAYOUTS, int(width == 1))
    need = np.full(LAYOUTS, inputs)
    rank = bits.below(int(table[depth - 1, 1, int(width == 1), inputs]), LAYOUTS)
    widths = [above]
    for layers in range(depth - 2, -1, -1):
        chosen = np.zeros(LAYOUTS, np.int64)
        for option in range(1, width + 1):
            rest = np.clip(need - np.minimum(above, 2 * above - option), 0, MOST_INPUTS)
            count = table[layers, option, seen | (option == width), rest] * (option <= 2 * above)
            chosen = np.where((chosen == 0) & (rank < count), option, chosen)
            rank = np.where(chosen == 0, rank - count, rank)
        need = np.maximum(need - np.minimum(above, 2 * above - chosen), 0)
        above, seen = chosen, seen | (chosen == width)
        widths.append(above)
    return widths[::-1]


def _shuffle(sizes: Ints, bits: RandomBits) -> Ints:
    """Random permutations of range(size) for each size: (8, sizes), what lies beyond stays in place."""
    place = np.arange(MOST_WIDTH, dtype=np.uint32)[:, None]
    keys = (bits.words(MOST_WIDTH, len(sizes)) & np.uint32(0xFFFFFFF8)) | place
    keys = np.where(place < sizes, keys, place | np.uint32(0xFFFFFFF8))
    return (np.sort(keys, axis=0) & np.uint32(7)).astype(np.int64)
