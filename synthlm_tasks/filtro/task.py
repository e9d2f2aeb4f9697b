"""Filtro: follow one stream of edges and ignore the other that is mixed into it."""

import itertools
from collections.abc import Mapping
from functools import cache
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.filtro.cycles import MOST_HOPS, MOST_NODES, Names, draw_accepted_cycles, draw_noise_cycles
from synthlm_tasks.filtro.names import COLOURS, GREEK
from synthlm_tasks.filtro.reading import READING
from synthlm_tasks.rows.answers import AnswerKind
from synthlm_tasks.rows.axes import ChoiceAxis, IntAxis
from synthlm_tasks.rows.lazy_text import FragmentTable, Gathered
from synthlm_tasks.rows.streams import Ints, RandomBits
from synthlm_tasks.rows.task import Accept, Params, Problem, Rendered, Task

STREAMS: Final = ("A", "B")
PATTERNS: Final = ("alternating", "random", "blocked")

# An edge's code: vocabulary (bit 11), stream (bit 10), source (bits 9..5), end (bits 4..0); a name is below
# 24, so that no edge has all bits set. e.g. A:beta->delta, of disjoint vocabularies: 0_0_00001_00011.
_EDGE_BITS: Final = 12
_NO_EDGE: Final = (1 << _EDGE_BITS) - 1

# Vocabularies and streams in the order of their codes, 2 * vocabulary + stream.
_TAGGED_NAMES: Final = (("A", GREEK), ("B", COLOURS), ("A", GREEK), ("B", GREEK))


class FiltroTask(Task):
    """Two cycles of named nodes, their edges interleaved and tagged: walk along the one that is asked.

    Worked example: `EDGES A:mu->xi | B:red->blue | A:xi->pi | B:blue->red | A:pi->mu || QUERY A:mu hops=2
    ->`: mu leads to xi, xi to pi, the answer is pi.

    Problem arrays (c problems, p edge places): `codes` (c,) items of p edge codes (see `_NO_EDGE`, which
    stands for none) and the query's, 16 bits each; `stream` (c,) 2 * vocabulary + stream as asked; `end` (c,)
    the name reached; `noise` (c,) whether the other stream is shown.
    """

    name = family = "filtro"
    rule = (
        "EDGES lists the directed edges of two separate graphs, A and B, mixed and in no particular order: "
        "`A:x->y` is an edge of graph A from node x to node y. Each node of a graph has exactly one edge of "
        "that graph leaving it; a name may occur in both graphs, only the tag before the colon tells them "
        "apart. `QUERY A:x hops=n` asks which node is reached by starting at node x and following n edges of "
        "graph A, one after another; all edges of the other graph are to be ignored. A query tagged B asks "
        "the same of graph B."
    )
    axes = (
        IntAxis("num_hops", 1, MOST_HOPS),
        IntAxis("num_nodes", 5, MOST_NODES),
        ChoiceAxis("pattern", PATTERNS),
        ChoiceAxis("vocabulary", ("disjoint", "shared"), preset=("disjoint",)),
        ChoiceAxis("query_stream", (*STREAMS, "either"), preset=("A",)),
        ChoiceAxis("noise", (0, 1), preset=(1,)),
    )
    answers = tuple(
        AnswerKind(name, f"the name of a node, such as {names[0]}", f"(?:{'|'.join(names)})", str.lower)
        for name, names in (("greek", GREEK), ("colour", COLOURS))
    )
    reading = READING
    unkeyed_axes = ("noise",)

    @classmethod
    def metadata_fragments(cls) -> list[str]:
        """The stream asked."""
        return [f',"query_stream":"{stream}"}}' for stream in STREAMS]

    @classmethod
    def chance(cls, metadata: Mapping[str, Any]) -> float:
        """One of the cycle's nodes other than the one that is asked."""
        return float(1 / (metadata["num_nodes"] - 1))

    @classmethod
    def max_tokens(cls, cell: Mapping[str, int]) -> int:
        """` | A:mu->xi` per edge of one cycle or both, and what frames them."""
        return 6 * cell["num_nodes"] * (1 + cell["noise"]) + 14

    @classmethod
    def fits(cls, cell: Mapping[str, int]) -> bool:
        """A walk ends before it comes round."""
        return cell["num_hops"] < cell["num_nodes"]

    @classmethod
    def prefers(cls, cell: Mapping[str, int]) -> bool:
        """Walking backwards is no shorter, up to the largest cycles."""
        return cell["num_nodes"] >= min(2 * cell["num_hops"], MOST_NODES)

    @classmethod
    def describe(cls, cell: Mapping[str, object]) -> dict[str, object]:
        """All but the stream asked, and the hops of the shorter way round."""
        hops, nodes = cast("int", cell["num_hops"]), cast("int", cell["num_nodes"])
        sizes = {"num_hops": hops, "num_nodes": nodes, "effective_hops": min(hops, nodes - hops)}
        return {**sizes, **{name: cell[name] for name in ("pattern", "vocabulary", "noise")}}

    @classmethod
    def draw_fixed(cls, params: Params, bits: RandomBits) -> Params:
        """Toss a coin for the stream asked where it is `either`."""
        stream = params["query_stream"]
        coins = bits.below(2, len(stream))
        return params.extend({"asked": np.where(stream == len(STREAMS), coins, stream)})

    @classmethod
    def propose(cls, params: Params, bits: RandomBits, accept: Accept) -> tuple[Ints, Problem]:
        """Draw the asked cycle from the queried node on; the rest only where its key is accepted."""
        kept, cycle = draw_accepted_cycles(params, bits, accept)
        params = params.take(kept)
        other = draw_noise_cycles(cycle, params, bits)
        stream = params["vocabulary"] * len(STREAMS) + params["asked"]
        query = (stream * len(GREEK) + cycle[0]) * MOST_HOPS + params["num_hops"] - 1
        return kept, {
            "codes": _list_edges(cycle, other, query, params, bits),
            "stream": stream,
            "end": cycle[params["num_hops"], np.arange(len(kept))],
            "noise": params["noise"],
        }

    @classmethod
    def render(cls, problem: Problem) -> Rendered:
        """Edges in the order listed, without the other stream's where noise is 0; then the query."""
        stream, noise = problem["stream"], problem["noise"]
        items = problem["codes"].copy()
        codes = items.view(np.uint16).reshape(len(items), items.itemsize // 2)
        listing = codes[:, :-1]
        first: Ints | int = 0
        if not noise.all():
            listing[(noise == 0)[:, None] & (listing >> 10 != stream[:, None])] = _NO_EDGE
            first = np.argmax(listing != _NO_EDGE, axis=1)
        codes[np.arange(len(stream)), first] += np.uint16(1 << _EDGE_BITS)
        codes[:, -1] += np.uint16(2 << _EDGE_BITS)
        return Rendered(
            input_text=Gathered(_prompt_fragments(), codes.T),
            target=Gathered(_answers(), (stream * len(GREEK) + problem["end"])[None]),
            notes=stream[None] % len(STREAMS),
        )


def _list_edges(
    cycle: Names, other: Names, query: Ints, params: Params, bits: RandomBits
) -> NDArray[np.void]:
    """The edge codes of both streams in the order they are listed, then the query's: (c,) items.

    `cycle` and `other` are (most + 1, c). Where there is no edge, the code is `_NO_EDGE`: in the random
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
    keys &= np.uint32(~_NO_EDGE & 0xFFFFFFFF)
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
    codes &= np.uint16(_NO_EDGE)
    codes[:, -1] = query
    # The first cycle's edges are places 0 to most - 1, the second's the rest: in turn 0, most, 1, most + 1, …
    alternating = np.flatnonzero(params["pattern"] == PATTERNS.index("alternating"))
    in_turn = np.append(np.arange(2 * most).reshape(2, most).T, 2 * most)
    codes[alternating] = codes.take(alternating, axis=0).take(in_turn, axis=1)
    return codes.view(np.dtype((np.void, codes.itemsize * codes.shape[1])))[:, 0]


@cache
def _prompt_fragments() -> FragmentTable:
    """The prompt's fragments: edges by code, the same edges as a prompt's first, then queries.

    A query's code is ((2 * vocabulary + stream) * 24 + start) * 14 + hops - 1.
    """
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
    return FragmentTable.of([*later, *first, *queries])


@cache
def _answers() -> FragmentTable:
    """The answers: by 24 * (2 * vocabulary + stream) + name."""
    return FragmentTable.of(name for _, names in _TAGGED_NAMES for name in names)
