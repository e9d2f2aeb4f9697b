"""Filtro: follow one stream of edges and ignore the other that is mixed into it."""

import itertools
from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.axes import ChoiceAxis, IntAxis
from synthlm_tasks.splits import key_words
from synthlm_tasks.streams import Bits, Ints, Words
from synthlm_tasks.task import Belongs, Params, Problem, Task, Text
from synthlm_tasks.text import fragments, lay

MOST_HOPS: Final = 14
MOST_NODES: Final = 15
# fmt: off
GREEK: Final = (
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu",
    "nu", "xi", "omicron", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
)
COLOURS: Final = (
    "red", "blue", "green", "yellow", "orange", "purple", "pink", "brown", "black", "white", "gray", "cyan",
    "magenta", "maroon", "navy", "teal", "olive", "lime", "gold", "silver", "violet", "indigo", "crimson",
    "beige",
)
# fmt: on
STREAMS: Final = ("A", "B")
PATTERNS: Final = ("alternating", "random", "blocked")

_ALPHABET: Final = np.arange(len(GREEK), dtype=np.uint32)
_PLACES: Final = 16  # bytes of a cycle: a name code per node, then 255; two words to move and to hash
_NO_EDGE: Final = 2047


class FiltroTask(Task):
    """Two cycles of named nodes, their edges interleaved and tagged: walk along the one that is asked.

    Rule: from the queried node, follow the edges that bear the query's tag, `hops` times. Worked
    example: `EDGES A:mu->xi | B:red->blue | A:xi->pi | B:blue->red | A:pi->mu || QUERY A:mu hops=2 ->`:
    mu leads to xi, xi to pi, the answer is pi.

    Problem arrays (c problems, p edge places): `listing` (p / 2, c) edge codes, two to a word (rows move
    as words): stream, source and end in 1, 5 and 5 bits, or `_NO_EDGE`; `asked` (c,) the stream asked;
    `shared` (c,) whether both use the same names; `start`, `end` (c,) name codes; `hops` (c,); `noise` (c,)
    whether the other stream is shown.
    """

    name = family = "filtro"
    axes = (
        IntAxis("num_hops", 1, MOST_HOPS),
        IntAxis("num_nodes", 5, MOST_NODES),
        ChoiceAxis("pattern", PATTERNS),
        ChoiceAxis("vocabulary", ("disjoint", "shared"), preset=("disjoint",)),
        ChoiceAxis("query_stream", (*STREAMS, "either"), preset=("A",)),
        ChoiceAxis("noise", (0, 1), preset=(1,)),
    )
    unkeyed = ("noise",)
    note_fragments = fragments([f',"query_stream":"{stream}"}}' for stream in STREAMS])

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
        hops, nodes = int(str(cell["num_hops"])), int(str(cell["num_nodes"]))
        sizes: dict[str, object] = {
            "num_hops": hops,
            "num_nodes": nodes,
            "effective_hops": min(hops, nodes - hops),
        }
        return sizes | {name: cell[name] for name in ("pattern", "vocabulary", "noise")}

    @classmethod
    def settle(cls, params: Params, bits: Bits) -> Params:
        """Toss a coin for the stream asked where it is `either`."""
        stream = params["query_stream"]
        coins = bits.below(2, len(stream))
        return params.having({"asked": np.where(stream == len(STREAMS), coins, stream)})

    @classmethod
    def pose(cls, params: Params, bits: Bits, belongs: Belongs) -> tuple[Ints, Problem]:
        """Draw the asked cycle from the queried node on; the rest only where its key is accepted."""
        cycle = _cycles(_ALPHABET, params["num_nodes"], bits)
        colour = params["asked"] & (1 - params["vocabulary"])
        words = cycle.view("<u8")
        hashes = words[:, 0] * _KEY[0] + words[:, 1] * _KEY[1] + _KEY_QUERY[colour, params["num_hops"]]
        kept = np.flatnonzero(belongs(hashes))
        cycle, nodes, hops = cycle[kept], params["num_nodes"][kept], params["num_hops"][kept]
        shared, pattern = params["vocabulary"][kept], params["pattern"][kept]
        other = _others(cycle, nodes, shared, bits)
        rows = np.arange(len(kept))
        end = cycle[rows, hops]
        pattern = np.where(shared & (other[rows, hops] == end), len(PATTERNS), pattern).astype(np.uint8)
        # Rows of one pattern stand together from here on; those whose streams agree, last, are dropped.
        order = np.argsort(pattern, kind="stable")
        bounds = np.searchsorted(pattern[order], np.arange(len(PATTERNS) + 1)).tolist()
        order = order[: bounds[-1]]
        asked = params["asked"][kept[order]]
        listing = _listed(
            cycle[order], other[order], nodes[order], asked, params.most["num_nodes"], bounds, bits
        )
        problem = {
            "listing": listing.view(np.uint32).T,
            "asked": asked,
            "shared": shared[order],
            "start": cycle[order, 0],
            "end": end[order],
            "hops": hops[order],
            "noise": params["noise"][kept[order]],
        }
        return kept[order], problem

    @classmethod
    def render(cls, problem: Problem) -> Text:
        """Edges in the order listed, without the other stream's where noise is 0; then the query."""
        asked, shared, noise = problem["asked"], problem["shared"], problem["noise"]
        listing = np.ascontiguousarray(problem["listing"].T).view(np.uint16)
        first: Ints | int = 0
        if not noise.all():
            hidden = (noise == 0)[:, None] & (listing >> 10 != asked[:, None])
            listing[hidden] = _NO_EDGE
            first = np.argmax(listing != _NO_EDGE, axis=1)
        listing += (shared * _AT_SHARED).astype(np.uint16)[:, None]
        listing[np.arange(len(listing)), first] += np.uint16(_AT_FIRST)
        stream = shared * len(STREAMS) + asked
        query = (stream * len(GREEK) + problem["start"]) * MOST_HOPS + problem["hops"] + (_AT_QUERY - 1)
        answer = (asked & (1 - shared)) * len(GREEK) + problem["end"]
        return Text(
            input_text=lay(_FRAGMENTS, np.column_stack([listing, query.astype(np.uint16)]).T),
            target=lay(_ANSWERS, answer[None]),
            notes=asked[None],
        )


def _cycles(names: Words, nodes: Ints, bits: Bits) -> NDArray[np.uint8]:
    """The first `nodes` of `names` (n,) or (c, n) in random order, each row its own: (c, 16), then 255.

    Sorting 27 random bits with the name below them shuffles; equal bits (one row in some hundred
    thousand) fall back to the order of the codes.
    """
    keys = bits.words(len(nodes), names.shape[-1])
    keys &= np.uint32(0xFFFFFFE0)
    keys |= names
    keys.sort(axis=1)
    cycles = np.zeros((len(nodes), _PLACES), np.uint8)
    width = min(keys.shape[1], _PLACES)
    cycles[:, :width] = keys[:, :width] & np.uint32(31)
    cycles.view(np.uint64)[...] |= _BEYOND[nodes]
    return cycles


def _others(cycle: NDArray[np.uint8], nodes: Ints, shared: Ints, bits: Bits) -> NDArray[np.uint8]:
    """The other stream's cycles (c, 16): names from its whole vocabulary, or the very names of `cycle`.

    The latter begin where `cycle` does: equal places are equally far from the queried node.
    """
    if not shared.any():
        return _cycles(_ALPHABET, nodes, bits)
    other = np.empty_like(cycle)
    apart, alike = np.flatnonzero(shared == 0), np.flatnonzero(shared)
    other[apart] = _cycles(_ALPHABET, nodes[apart], bits)
    names = cycle[alike].view(np.int8).astype(np.int32).view(np.uint32)  # -1 beyond the cycle: sorts last
    rest = _cycles(names[:, 1:], nodes[alike] - 1, bits)
    other[alike, 0] = cycle[alike, 0]
    other[alike, 1:] = rest[:, :-1]
    return other


def _listed(
    cycle: NDArray[np.uint8],
    other: NDArray[np.uint8],
    nodes: Ints,
    asked: Ints,
    most: int,
    bounds: list[int],
    bits: Bits,
) -> NDArray[np.uint16]:
    """The edge codes of both streams in the order they are listed: (c, 2 * most).

    `bounds` tells where each pattern's rows begin. Sorting 21 random bits with the edge below them shuffles.
    """
    rows = len(nodes)
    swapped = bits.below(2, rows)
    pair = np.empty((rows, 2, _PLACES), np.int8)
    words, a, b = pair.view(np.uint64), cycle.view(np.uint64), other.view(np.uint64)
    words[:, 0] = np.where(swapped[:, None], b, a)
    words[:, 1] = a ^ b ^ words[:, 0]
    ends = pair[:, :, 1 : most + 1].copy()
    ends[np.arange(rows), :, nodes - 1] = pair[:, :, 0]
    edges = pair[:, :, :most].astype(np.int32)
    edges *= 32
    edges |= ends
    stream = asked ^ swapped
    edges |= (np.stack([stream, 1 - stream], axis=1) << 10).astype(np.int32)[:, :, None]
    keys = bits.words(rows, 2, most)
    keys &= np.uint32(0xFFFFF800)
    keys |= edges.view(np.uint32)
    listing = np.empty((rows, 2 * most), np.uint16)
    first, second, third, last = bounds
    apart = keys[first:second]
    apart.sort(axis=2)
    listing[first:second, ::2], listing[first:second, 1::2] = apart[:, 0], apart[:, 1]
    mixed = keys[second:third].reshape(-1, 2 * most)
    mixed.sort(axis=1)
    listing[second:third] = mixed
    blocked = keys[third:last]
    blocked.sort(axis=2)
    listing[third:last] = blocked.reshape(-1, 2 * most)
    listing &= np.uint16(_NO_EDGE)
    return listing


_BEYOND: Final = (
    np.where(np.arange(_PLACES) < np.arange(_PLACES)[:, None], 0, 255).astype(np.uint8).view(np.uint64)
)
_KEY_WORDS: Final = key_words("filtro", 2 + 2 * (MOST_HOPS + 1))
_KEY: Final = _KEY_WORDS[:2] | np.uint64(1)
_KEY_QUERY: Final = _KEY_WORDS[2:].reshape(2, MOST_HOPS + 1)

_ANSWERS: Final = fragments([*GREEK, *COLOURS])


def _prompt_fragments() -> tuple[list[str], list[str]]:
    """Edges by (vocabulary, stream, source, end) and queries by (vocabulary, stream, start, hops)."""
    edges, queries = [], []
    for vocabulary, stream in itertools.product(range(2), STREAMS):
        names = [*(COLOURS if stream == "B" and not vocabulary else GREEK), *[""] * 8]
        edges += [f"{stream}:{a}->{b}" if a and b else "" for a in names for b in names]
        queries += [
            f" || QUERY {stream}:{a} hops={hops} ->" for a in names[:24] for hops in range(1, MOST_HOPS + 1)
        ]
    return edges, queries


_EDGES, _QUERIES = _prompt_fragments()
_AT_SHARED: Final = len(_EDGES) // 2
_AT_FIRST: Final = len(_EDGES)
_AT_QUERY: Final = 2 * len(_EDGES)
_FRAGMENTS: Final = fragments(
    [*(edge and f" | {edge}" for edge in _EDGES), *(edge and f"EDGES {edge}" for edge in _EDGES), *_QUERIES]
)
