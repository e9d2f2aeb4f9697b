"""Filtro's cycles of node names: one whose problem the split wants, and another beside it."""

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

_TRIES: Final = 6  # draws of an asked cycle before its problem counts as rejected: cheaper than to pose anew


def draw_accepted_cycles(params: Params, bits: RandomBits, accept: Accept) -> tuple[Ints, Names]:
    """Closed cycles whose keys are accepted: the places of `params` they are for, and (most + 1, k)."""
    colour = params["asked"] & (1 - params["vocabulary"])
    nodes, queries = params["num_nodes"], _KEY_QUERY[colour, params["num_hops"]]
    places: list[Ints] = []
    cycles: list[Names] = []
    pending = np.arange(len(nodes))
    for _ in range(_TRIES):
        cycle = _cycles(nodes[pending], params.most["num_nodes"], bits)
        accepted = _exchange_unaccepted(cycle, queries[pending], params.least["num_nodes"], accept)
        places.append(pending[accepted])
        cycles.append(cycle.compress(accepted, axis=1))
        pending = pending[~accepted]
        if not len(pending):
            break
    return np.concatenate(places), np.concatenate(cycles, axis=1)


def _exchange_unaccepted(cycle: Names, queries: Hashes, nodes: int, accept: Accept) -> NDArray[np.bool_]:
    """Exchange two names after the first, of those of `nodes` nodes, where the key is accepted only so.

    Returns where it is accepted by now.
    """
    # 255 + 1 = 0: nothing beyond a cycle counts.
    keys: Hashes = np.einsum("n,nc->c", _KEY_PLACES[: len(cycle)], cycle + np.uint8(1))
    keys += queries
    pairs = _PAIRS[:, : (nodes - 1) * (nodes - 2) // 2 + 1]

    def hashes(places: Ints, variants: Ints) -> Hashes:
        if not variants[0]:
            return keys[np.newaxis]
        i, j = pairs.take(variants, 1)
        names = cycle[:nodes].take(places, 1).astype(np.uint64)
        exchanged: Hashes = (_KEY_PLACES[i] - _KEY_PLACES[j])[:, None] * (names[j] - names[i])
        exchanged += keys[places]
        return exchanged

    variants, accepted = first_accepted(hashes, len(keys), pairs.shape[1], accept)
    rows = np.flatnonzero(accepted & (variants > 0))
    i, j = pairs.take(variants[rows], 1)
    cycle[i, rows], cycle[j, rows] = cycle[j, rows], cycle[i, rows]
    return accepted


def _cycles(nodes: Ints, most: int, bits: RandomBits) -> Names:
    """A cycle of `nodes` random names for each row, closed by its first name: (most + 1, c), then 255."""
    return _close(_draw_distinct(len(GREEK) - np.arange(most)[:, None], len(nodes), bits), nodes)


def _close(names: Names, nodes: Ints) -> Names:
    """Close cycles: the first name again after the last of `nodes`, then 255."""
    cycles = np.concatenate([names, names[:1]])
    places, ends = np.arange(len(cycles), dtype=np.uint8)[:, None], nodes.astype(np.uint8)
    cycles |= (places >= ends) * np.uint8(255)
    cycles -= (places == ends) * ~names[0]  # 255 less the complement of a name is the name
    return cycles


def _draw_distinct(bounds: Ints, rows: int, bits: RandomBits) -> Names:
    """Random sequences of numbers that all differ: (k, rows); `bounds` is (k, 1) or (k, rows).

    This is the Fisher-Yates shuffle of 0, 1, 2, …: step i exchanges place i and one of the `bounds[i]`
    places from i on. What place i then holds is found by tracing the steps before it backwards.
    """
    picks = bits.words(len(bounds), rows)
    picks >>= np.uint32(5)
    picks *= bounds.astype(np.uint32)  # 27 random bits times at most 24 fit a word
    picks >>= np.uint32(27)
    places = picks.astype(np.uint8)
    places += np.arange(len(bounds), dtype=np.uint8)[:, None]
    for step in range(len(bounds) - 2, -1, -1):
        later = places[step + 1 :]
        later -= (later - np.uint8(step)) * (later == places[step])
    return places


def draw_noise_cycles(cycle: Names, params: Params, bits: RandomBits) -> Names:
    """The other stream's cycles, closed: names from its whole vocabulary, or the very names of `cycle`."""
    shared, nodes, most = params["vocabulary"] > 0, params["num_nodes"], len(cycle) - 1
    if not shared.any():
        return _cycles(nodes, most, bits)
    alike = _rearrange(cycle, params, bits)
    return alike if shared.all() else np.where(shared, alike, _cycles(nodes, most, bits))


def _rearrange(cycle: Names, params: Params, bits: RandomBits) -> Names:
    """Other cycles through the same names from the same start, elsewhere after as many hops."""
    rows, free, last = np.arange(cycle.shape[1]), params["num_nodes"] - 1, params["num_hops"] - 1
    order = _draw_distinct(np.maximum(free - np.arange(len(cycle) - 2)[:, None], 1), len(rows), bits)
    # Where the same node is reached, exchange it with any other: all that differ stay equally likely.
    same = np.flatnonzero(order[last, rows] == last)
    place = last[same]
    swap = (place + 1 + bits.below(free[same] - 1, len(same))) % free[same]
    order[place, same], order[swap, same] = order[swap, same], order[place, same]
    moved = cycle[1:].ravel().take(order.astype(np.int64) * len(rows) + rows)
    return _close(np.concatenate([cycle[:1], moved]), params["num_nodes"])


# Pairs of places after the first, those of small cycles first: variant 0 exchanges nothing.
_PAIRS: Final = np.array([(0, 0), *((i, j) for j in range(2, MOST_NODES) for i in range(1, j))]).T

_KEY_WORDS: Final = key_words("filtro", MOST_NODES + 1 + 2 * (MOST_HOPS + 1))
_KEY_PLACES: Final = _KEY_WORDS[: MOST_NODES + 1]
_KEY_QUERY: Final = _KEY_WORDS[MOST_NODES + 1 :].reshape(2, MOST_HOPS + 1)
