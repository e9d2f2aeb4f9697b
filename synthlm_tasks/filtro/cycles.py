"""Filtro's cycles of node names: one whose problem the split wants, and another beside it.

A cycle is a column of names (`uint8`): the nodes in the order they are walked, the first one again, then 255.
"""

from functools import cache
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.filtro.names import GREEK
from synthlm_tasks.rows.splits import Accept, Hashes, first_accepted, key_words
from synthlm_tasks.rows.streams import Ints, RandomBits
from synthlm_tasks.rows.task import Params

MOST_HOPS: Final = 14
MOST_NODES: Final = 15

Names: TypeAlias = NDArray[np.uint8]

# Draws of an asked cycle before its problem counts as rejected: cheaper than to pose anew.
_CYCLES_TRIED: Final = 6


@cache
def _pairs() -> NDArray[np.int64]:
    """Pairs of places after the first, (2, n), those of small cycles first: variant 0 exchanges nothing."""
    return np.array([(0, 0), *((i, j) for j in range(2, MOST_NODES) for i in range(1, j))]).T


def _key_words() -> tuple[Hashes, Hashes]:
    """The split key's words: of each place in a closed cycle, and of each vocabulary and number of hops."""
    words = key_words("filtro", MOST_NODES + 1 + 2 * (MOST_HOPS + 1))
    return words[: MOST_NODES + 1], words[MOST_NODES + 1 :].reshape(2, MOST_HOPS + 1)


def draw_accepted_cycles(params: Params, bits: RandomBits, accept: Accept) -> tuple[Ints, Names]:
    """Cycles whose keys are accepted: the places of `params` they are for (k,), and (most + 1, k)."""
    colour = params["asked"] & (1 - params["vocabulary"])  # stream B of disjoint vocabularies
    nodes, queries = params["num_nodes"], _key_words()[1][colour, params["num_hops"]]
    places: list[Ints] = []
    cycles: list[Names] = []
    pending = np.arange(len(nodes))
    for _ in range(_CYCLES_TRIED):
        cycle = _draw_cycles(nodes[pending], params.most["num_nodes"], bits)
        accepted = _exchange_unaccepted(cycle, queries[pending], params.least["num_nodes"], accept)
        places.append(pending[accepted])
        cycles.append(cycle.compress(accepted, axis=1))
        pending = pending[~accepted]
        if not len(pending):
            break
    return np.concatenate(places), np.concatenate(cycles, axis=1)


def _exchange_unaccepted(cycle: Names, queries: Hashes, nodes: int, accept: Accept) -> NDArray[np.bool_]:
    """Exchange two of the names at places 1 to nodes - 1, in place, where the key is accepted only so.

    `cycle` is (n, c), `queries` the keys' words of what is asked (c,). Returns where it is accepted: (c,).
    """
    place_words = _key_words()[0]
    # sum(place_words[place] * (name + 1)) + query  (mod 2**64); in 8 bits 255 + 1 = 0: what is beyond a cycle
    # does not count.
    keys: Hashes = np.einsum("n,nc->c", place_words[: len(cycle)], cycle + np.uint8(1))
    keys += queries
    pairs = _pairs()[:, : (nodes - 1) * (nodes - 2) // 2 + 1]

    def hashes(places: Ints, variants: Ints) -> Hashes:
        if not variants[0]:
            return keys[np.newaxis]
        # Of the sum only two terms change: w[i] * a + w[j] * b becomes w[i] * b + w[j] * a, which is
        # (w[i] - w[j]) * (b - a) more, modulo 2**64 whichever is larger.
        i, j = pairs.take(variants, 1)
        names = cycle[:nodes].take(places, 1).astype(np.uint64)
        exchanged: Hashes = (place_words[i] - place_words[j])[:, None] * (names[j] - names[i])
        exchanged += keys[places]
        return exchanged

    variants, accepted = first_accepted(hashes, len(keys), pairs.shape[1], accept)
    rows = np.flatnonzero(accepted & (variants > 0))
    i, j = pairs.take(variants[rows], 1)
    cycle[i, rows], cycle[j, rows] = cycle[j, rows], cycle[i, rows]
    return accepted


def _draw_cycles(nodes: Ints, most: int, bits: RandomBits) -> Names:
    """A cycle of `nodes` (c,) random names for each row: (most + 1, c)."""
    return _close(_draw_distinct(len(GREEK) - np.arange(most)[:, None], len(nodes), bits), nodes)


def _close(names: Names, nodes: Ints) -> Names:
    """Close cycles: the first name again after the last of `nodes` (c,), then 255: (n, c) → (n + 1, c).

    e.g. names 7, 3, 9, 4 of 3 nodes → 7, 3, 9, 7, 255.
    """
    cycles = np.concatenate([names, names[:1]])
    places, ends = np.arange(len(cycles), dtype=np.uint8)[:, None], nodes.astype(np.uint8)
    cycles |= (places >= ends) * np.uint8(255)
    cycles -= (places == ends) * ~names[0]  # 255 - (255 - name) is the name
    return cycles


def _draw_distinct(bounds: Ints, rows: int, bits: RandomBits) -> Names:
    """Random sequences of numbers that all differ: (k, rows); `bounds` is (k, 1) or (k, rows), at most 24.

    This is the Fisher-Yates shuffle of 0, 1, 2, …: step i exchanges place i and one of the `bounds[i]`
    places from i on. What place i then holds is found by tracing the steps before it backwards, since rows
    of numbers to exchange would have to be indexed one by one.
    """
    # The upper 27 bits of a word, times at most 24, fit 32 bits: pick i is (word >> 5) * bounds[i] >> 27.
    picks = bits.words(len(bounds), rows)
    picks >>= np.uint32(5)
    picks *= bounds.astype(np.uint32)
    picks >>= np.uint32(27)
    # for i, pick in enumerate(picks): j = i + pick; numbers[i], numbers[j] = numbers[j], numbers[i]
    # Place i gets what stood in place j then, and is touched no more. An earlier step had put what stood in
    # its own place into place places[step], and moved nothing else that may still be picked: whoever looks
    # there has to look in place `step`.
    # e.g. picks 2, 1, 0: places 2, 2, 2; for step 1: 2, 2, 1; for step 0: 2, 0, 1.
    places = picks.astype(np.uint8)
    places += np.arange(len(bounds), dtype=np.uint8)[:, None]
    for step in range(len(bounds) - 2, -1, -1):
        later = places[step + 1 :]
        later -= (later - np.uint8(step)) * (later == places[step])
    return places


def draw_noise_cycles(cycle: Names, params: Params, bits: RandomBits) -> Names:
    """The other stream's cycles (n, c): names from its whole vocabulary, or the names of `cycle` (n, c)."""
    shared, nodes, most = params["vocabulary"] > 0, params["num_nodes"], len(cycle) - 1
    if not shared.any():
        return _draw_cycles(nodes, most, bits)
    alike = _rearrange(cycle, params, bits)
    return alike if shared.all() else np.where(shared, alike, _draw_cycles(nodes, most, bits))


def _rearrange(cycle: Names, params: Params, bits: RandomBits) -> Names:
    """Other cycles (n, c) through the same names from the same start, elsewhere after as many hops."""
    rows, free, last = np.arange(cycle.shape[1]), params["num_nodes"] - 1, params["num_hops"] - 1
    # Places after the first, counted from there, in random order. Beyond a cycle's end a bound of 1 draws
    # the place itself, so that the names there stay where they are.
    order = _draw_distinct(np.maximum(free - np.arange(len(cycle) - 2)[:, None], 1), len(rows), bits)
    # Where the same node is reached, exchange it with any other: all that differ stay equally likely.
    same = np.flatnonzero(order[last, rows] == last)
    place = last[same]
    swap = (place + 1 + bits.below(free[same] - 1, len(same))) % free[same]
    order[place, same], order[swap, same] = order[swap, same], order[place, same]
    # cycle[1:][order, rows], but faster: a matrix (n, c) in one piece has (i, row) at i * c + row.
    moved = cycle[1:].ravel().take(order.astype(np.int64) * len(rows) + rows)
    return _close(np.concatenate([cycle[:1], moved]), params["num_nodes"])
