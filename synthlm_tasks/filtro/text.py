"""Filtro's text: the order in which edges are listed, and what prompts and answers are made of."""

import itertools
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.filtro.cycles import MOST_HOPS, Names
from synthlm_tasks.filtro.names import COLOURS, GREEK
from synthlm_tasks.rows.lazy_text import FragmentTable
from synthlm_tasks.rows.streams import Ints, RandomBits
from synthlm_tasks.rows.task import Params

STREAMS: Final = ("A", "B")
PATTERNS: Final = ("alternating", "random", "blocked")

# An edge's code: vocabulary (bit 11), stream (bit 10), source (bits 9..5), end (bits 4..0); a name is below
# 24, so that no edge has all bits set. e.g. A:beta->delta, of disjoint vocabularies: 0_0_00001_00011.
EDGE_BITS: Final = 12
NO_EDGE: Final = (1 << EDGE_BITS) - 1

# Where queries, and answers to those before the last, begin among the fragments of a prompt.
_QUERIES_AT: Final = 2 << EDGE_BITS
_ANSWERS_AT: Final = _QUERIES_AT + 4 * len(GREEK) * MOST_HOPS

# Vocabularies and streams in the order of their codes, 2 * vocabulary + stream.
_TAGGED_NAMES: Final = (("A", GREEK), ("B", COLOURS), ("A", GREEK), ("B", GREEK))


def list_edges(cycle: Names, other: Names, query: Ints, params: Params, bits: RandomBits) -> NDArray[np.void]:
    """The edge codes of both streams in the order they are listed, then the query's (c,): (c,) items.

    `cycle` and `other` are (most + 1, c). Where there is no edge, the code is `NO_EDGE`: in the random
    pattern at the end of all, else at the end of each stream's edges.
    """
    most, rows = len(cycle) - 1, cycle.shape[1]
    swapped = bits.below(2, rows)  # whether the other cycle is the first of the two
    difference = (cycle ^ other) * swapped.astype(np.uint8)  # x ^ x ^ y = y exchanges them where it is not 0
    stream = params["vocabulary"] * len(STREAMS) + (params["asked"] ^ swapped)
    # Edges are shuffled by sorting words that have the edge in the lower bits (all bits are set for none):
    #     bit 31       random; in all patterns but random 0 for the first cycle's edges, 1 for the second's
    #     bits 30..12  random
    #     bits 11..0   the edge's code
    # e.g. the word 0xABCDE_023 is A:beta->delta, after about two thirds of all other words.
    keys = bits.words(2, most, rows)
    keys &= np.uint32(~NO_EDGE & 0xFFFFFFFF)
    for turn, names in enumerate((cycle ^ difference, other ^ difference)):
        # (2 * vocabulary + stream) << 10 | source << 5 | end. Beyond a cycle a name is 255, here -1: that has
        # all bits set, and sets all of whatever it is combined with, up to 32 bits.
        ends = names.view(np.int8).astype(np.int16)
        edges = ends[:-1] * np.int16(32)
        edges |= ends[1:]
        edges |= ((stream ^ turn) << 10).astype(np.int16)
        keys[turn] |= edges.astype(np.int32).view(np.uint32)
    side = np.where(params["pattern"] == PATTERNS.index("random"), 0, 1 << 31).astype(np.uint32)
    keys[0] &= ~side
    keys[1] |= side
    listing = np.ascontiguousarray(keys.reshape(2 * most, rows).T)
    listing.sort(axis=1)
    codes = np.empty((rows, 2 * most + 1), np.uint16)
    codes[:, :-1] = listing  # the lower 16 bits
    codes &= np.uint16(NO_EDGE)
    codes[:, -1] = query
    # The first cycle's edges are places 0 to most - 1, the second's the rest: in turn 0, most, 1, most + 1, …
    alternating = np.flatnonzero(params["pattern"] == PATTERNS.index("alternating"))
    in_turn = np.append(np.arange(2 * most).reshape(2, most).T, 2 * most)
    codes[alternating] = codes.take(alternating, axis=0).take(in_turn, axis=1)
    return codes.view(np.dtype((np.void, codes.itemsize * codes.shape[1])))[:, 0]


def code_query(stream: Ints, start: Ints, hops: Ints) -> Ints:
    """The fragments of queries, all of one shape: `stream` is 2 * vocabulary + stream, `start` a name."""
    return _QUERIES_AT + (stream * len(GREEK) + start) * MOST_HOPS + hops - 1


def code_answer(stream: Ints, name: Ints) -> Ints:
    """The fragments of answers: to the last query in `answer_fragments`."""
    return stream * len(GREEK) + name


def code_earlier_answer(stream: Ints, name: Ints) -> Ints:
    """The fragments of answers that stand in a prompt, before a further query."""
    return _ANSWERS_AT + code_answer(stream, name)


@cache
def prompt_fragments() -> FragmentTable:
    """The prompt's fragments: edges by code, the same edges as a prompt's first, queries, earlier answers."""
    edges = [
        f"{tag}:{a}->{b}" if a and b else ""
        for tag, names in _TAGGED_NAMES
        for a, b in itertools.product((*names, *[""] * (32 - len(names))), repeat=2)
    ]
    queries = [
        f" || QUERY {tag}:{name} hops={hops} ->"
        for tag, names in _TAGGED_NAMES
        for name, hops in itertools.product(names, range(1, MOST_HOPS + 1))
    ]
    later, first = ([edge and opening + edge for edge in edges] for opening in (" | ", "EDGES "))
    return FragmentTable.of([*later, *first, *queries, *(f" {name}" for name in answer_fragments().texts)])


@cache
def answer_fragments() -> FragmentTable:
    """The answers, by `code_answer`."""
    return FragmentTable.of(name for _, names in _TAGGED_NAMES for name in names)
