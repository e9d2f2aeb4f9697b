"""Filtro's cycles of node names: one whose problem the split wants, and another beside it.

A cycle is a column of names (`uint8`): the nodes in the order they are walked, the first one again, then 255.
"""

from functools import cache
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.filtro.names import GREEK
from synthlm_tasks.rows.splits import Accept, Hashes, first_accepted, key_words
from synthlm_tasks.rows.streams import Ints, RandomBits, digest
from synthlm_tasks.rows.task import Params

MOST_HOPS: Final = 14
MOST_NODES: Final = 15

# Queries begin at no more than half of the nodes, so that what their answers leave open is the larger half.
MOST_QUERIES: Final = MOST_NODES // 2

Names: TypeAlias = NDArray[np.uint8]

# Draws of an asked cycle before its problem counts as rejected: cheaper than to pose anew.
_CYCLES_TRIED: Final = 4

# Renamings of a cycle that may be accepted instead: where one in 20 is, 96 leave 1% to draw anew.
_RENAMINGS: Final = 96

# Codes of edges in the split key's tables: source * 32 + end, as what is no name (255) is 31 then.
_EDGES: Final = 32 * 32


@cache
def _renamings() -> Names:
    """Other names for names: (1 + 96, 256); the first changes nothing, and none changes 255.

    Each is one to one, so that renamed cycles are drawn as often as cycles; and they are random, so that of
    the few small cycles that a split wants each stands in for about as many others.
    """
    table = np.full((1 + _RENAMINGS, 256), 255, np.uint8)
    table[0, : len(GREEK)] = np.arange(len(GREEK))
    bits = RandomBits(0, digest("renamings", "filtro"))
    table[1:, : len(GREEK)] = _draw_distinct(len(GREEK) - np.arange(len(GREEK))[:, None], _RENAMINGS, bits).T
    return table


@cache
def _edge_words() -> tuple[Hashes, Hashes]:
    """The split key's words of edges, 0 for none: by code (1024,), and of the edges renamed (1024, 96)."""
    names = len(GREEK)
    words = np.zeros((32, 32), np.uint64)
    words[:names, :names] = key_words("filtro", names * names + 1)[1:].reshape(names, names)
    renamed = np.zeros((32, 32, _RENAMINGS), np.uint64)
    for number, names_of in enumerate(_renamings()[1:, :names]):
        renamed[:names, :names, number] = words[names_of[:, None], names_of]
    return words.reshape(-1), renamed.reshape(_EDGES, _RENAMINGS)


def _colour_word() -> Hashes:
    """The split key's word of cycles of colours, (1,)."""
    return key_words("filtro", len(GREEK) ** 2 + 1)[:1]


def draw_accepted_cycles(params: Params, bits: RandomBits, accept: Accept) -> tuple[Ints, Names]:
    """Cycles whose keys are accepted: the places of `params` they are for (k,), and (most + 1, k)."""
    colour = params["asked"] & (1 - params["vocabulary"])  # stream B of disjoint vocabularies
    nodes, vocabulary = params["num_nodes"], colour.astype(np.uint64) * _colour_word()
    places: list[Ints] = []
    cycles: list[Names] = []
    pending = np.arange(len(nodes))
    for _ in range(_CYCLES_TRIED):
        cycle = _draw_cycles(nodes[pending], params.most["num_nodes"], bits)
        accepted = _rename_unaccepted(cycle, vocabulary[pending], accept)
        places.append(pending[accepted])
        cycles.append(cycle.compress(accepted, axis=1))
        pending = pending[~accepted]
        if not len(pending):
            break
    return np.concatenate(places), np.concatenate(cycles, axis=1)


def _rename_unaccepted(cycle: Names, vocabulary: Hashes, accept: Accept) -> NDArray[np.bool_]:
    """Rename all nodes of a cycle, in place, where its key is accepted only so.

    `cycle` is (n, c), `vocabulary` the keys' word of it (c,). Returns where it is accepted: (c,).
    """
    # The key is the sum of its edges' words (mod 2**64), which does not say where a cycle begins.
    words, renamed = _edge_words()
    edges = (cycle[:-1] & np.uint8(31)).astype(np.int64) << 5
    edges |= cycle[1:] & np.uint8(31)

    def hashes(places: Ints, variants: Ints) -> Hashes:
        if not variants[0]:
            plain: Hashes = words.take(edges).sum(axis=0, keepdims=True)
            return plain + vocabulary
        # An edge's words of a few renamings lie side by side: one look-up finds them all.
        table = np.ascontiguousarray(renamed[:, variants[0] - 1 : variants[-1]])
        keys: Hashes = np.repeat(vocabulary[places, np.newaxis], len(variants), axis=1)
        for edge in edges.take(places, 1):
            keys += table.take(edge, axis=0)
        return keys.T

    variants, accepted = first_accepted(hashes, len(vocabulary), 1 + _RENAMINGS, accept)
    rows = np.flatnonzero(accepted & (variants > 0))
    cycle[:, rows] = _renamings()[variants[rows], cycle[:, rows]]
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
    """Cycles (n, c) through the same names from the same start in any order, all equally likely.

    The same order is among them: to leave it out would tell where the asked walk does not end.
    """
    rows, free = cycle.shape[1], params["num_nodes"] - 1
    # Places after the first, counted from there, in random order. Beyond a cycle's end a bound of 1 draws
    # the place itself, so that the names there stay where they are.
    order = _draw_distinct(np.maximum(free - np.arange(len(cycle) - 2)[:, None], 1), rows, bits)
    # cycle[1:][order, rows], but faster: a matrix (n, c) in one piece has (i, row) at i * c + row.
    moved = cycle[1:].ravel().take(order.astype(np.int64) * rows + np.arange(rows))
    return _close(np.concatenate([cycle[:1], moved]), params["num_nodes"])


def draw_further_starts(cycle: Names, params: Params, count: int, bits: RandomBits) -> Ints:
    """Other places of cycles (n, c) than the first, each at most once: `count` of them, (count, c).

    Beyond the queries that a problem has the rest is arbitrary.
    """
    left = np.maximum(params["num_nodes"] - 1 - np.arange(count)[:, None], 1)
    return 1 + _draw_distinct(left, cycle.shape[1], bits).astype(np.int64)
