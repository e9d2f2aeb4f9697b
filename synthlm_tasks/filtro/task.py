"""Filtro: follow one stream of edges and ignore the other that is mixed into it."""

import math
from collections.abc import Mapping
from typing import Any, Final, cast

import numpy as np

from synthlm_tasks.filtro.cycles import (
    MOST_HOPS,
    MOST_NODES,
    MOST_QUERIES,
    draw_accepted_cycles,
    draw_further_starts,
    draw_noise_cycles,
)
from synthlm_tasks.filtro.names import COLOURS, GREEK
from synthlm_tasks.filtro.reading import READING
from synthlm_tasks.filtro.text import (
    EDGE_BITS,
    NO_EDGE,
    PATTERNS,
    STREAMS,
    answer_fragments,
    code_answer,
    code_earlier_answer,
    code_query,
    list_edges,
    prompt_fragments,
)
from synthlm_tasks.rows.answers import AnswerKind
from synthlm_tasks.rows.axes import ChoiceAxis, IntAxis
from synthlm_tasks.rows.lazy_text import Gathered
from synthlm_tasks.rows.streams import Ints, RandomBits
from synthlm_tasks.rows.task import NUM_QUERIES, Accept, Params, Problem, Rendered, Task

# Prompts of a held-out split beyond which nobody looks whether it runs short of different ones.
_MANY_PROMPTS: Final = 1_000_000


class FiltroTask(Task):
    """Two cycles of named nodes, their edges interleaved and tagged: walk along the one that is asked.

    Worked example: `EDGES A:mu->xi | B:red->blue | A:xi->pi | B:blue->red | A:pi->mu || QUERY A:mu hops=2
    ->`: mu leads to xi, xi to pi, the answer is pi.

    Problem arrays (c problems, p edge places): `codes` (c,) items of p edge codes (see `NO_EDGE`, which
    stands for none) and the query's, 16 bits each; `stream` (c,) 2 * vocabulary + stream as asked; `end` (c,)
    the name that the last query reaches; `noise` (c,) whether the other stream is shown. Where some problem
    has k further queries: `cycle` (n, c) the asked names from the first query's on, and `further` (2k, c)
    each one's fragments, the answer before it and the query.
    """

    name = family = "filtro"
    rule = (
        "EDGES lists the directed edges of two separate graphs, A and B, mixed and in no particular order: "
        "`A:x->y` is an edge of graph A from node x to node y. Each node of a graph has exactly one edge of "
        "that graph leaving it; a name may occur in both graphs, only the tag before the colon tells them "
        "apart. `QUERY A:x hops=n` asks which node is reached by starting at node x and following n edges of "
        "graph A, one after another; all edges of the other graph are to be ignored. A query tagged B asks "
        "the same of graph B. Where queries follow one another, each is about those same graphs, and the "
        "answers of all but the last stand behind them."
    )
    axes = (
        IntAxis("num_hops", 1, MOST_HOPS),
        IntAxis("num_nodes", 3, MOST_NODES),
        ChoiceAxis("pattern", PATTERNS),
        ChoiceAxis("vocabulary", ("disjoint", "shared"), preset=("disjoint",)),
        ChoiceAxis("query_stream", (*STREAMS, "either"), preset=("A",)),
        ChoiceAxis("noise", (0, 1), preset=(1,)),
        IntAxis(NUM_QUERIES.name, 1, MOST_QUERIES, preset=1),
    )
    answers = tuple(
        AnswerKind(name, f"the name of a node, such as {names[0]}", f"(?:{'|'.join(names)})", str.lower)
        for name, names in (("greek", GREEK), ("colour", COLOURS))
    )
    reading = READING
    unkeyed_axes = ("noise", "num_queries")

    @classmethod
    def metadata_fragments(cls) -> list[str]:
        """The stream asked."""
        return [f',"query_stream":"{stream}"}}' for stream in STREAMS]

    @classmethod
    def chance(cls, metadata: Mapping[str, Any]) -> float:
        """One of the cycle's nodes, but for the asked one and one that each answer before rules out."""
        return float(1 / (metadata["num_nodes"] - metadata["num_queries"]))

    @classmethod
    def max_tokens(cls, cell: Mapping[str, int]) -> int:
        """` | A:mu->xi` per edge of one cycle or both, and what frames them.

        ` xi || QUERY A:mu hops=2 ->` for each further query.
        """
        further = 13 * (cell["num_queries"] - 1)
        return 6 * cell["num_nodes"] * (1 + cell["noise"]) + 14 + further

    @classmethod
    def max_compact_tokens(cls, cell: Mapping[str, int]) -> int:
        """`A:`, `mu`, `xi` per edge; `QUERY`, `A:`, `mu`, `hops=2` and the answer for each query."""
        return 3 * cell["num_nodes"] * (1 + cell["noise"]) + 5 * cell["num_queries"]

    @classmethod
    def fits(cls, cell: Mapping[str, int]) -> bool:
        """A walk ends before it comes round, and so do all walks of a problem one after another.

        Where each begins in the node that the one before reached, n / gcd(n, hops) of them come round. With
        fewer, what some answers say of the next is that each rules one node out.
        """
        nodes, hops = cell["num_nodes"], cell["num_hops"]
        if hops >= nodes:
            return False
        return cell["num_queries"] <= min(nodes // 2, nodes // math.gcd(nodes, hops) - 1)

    @classmethod
    def prefers(cls, cell: Mapping[str, int]) -> bool:
        """Walking backwards is no shorter, up to the largest cycles."""
        return cell["num_nodes"] >= min(2 * cell["num_hops"], MOST_NODES)

    @classmethod
    def scarce(cls, cell: Mapping[str, int]) -> bool:
        """Whether a split of a twentieth has few prompts: they are counted for the blocked pattern."""
        nodes = cell["num_nodes"]
        orders = math.factorial(nodes)
        cycles = math.perm(len(GREEK), nodes) // nodes
        prompts = cycles * nodes * orders // 20
        if cell["noise"]:
            prompts *= 2 * orders * (math.factorial(nodes - 1) if cell["vocabulary"] else cycles)
        return prompts < _MANY_PROMPTS

    @classmethod
    def describe(cls, cell: Mapping[str, object]) -> dict[str, object]:
        """All but the stream asked, and the hops of the shorter way round."""
        hops, nodes = cast("int", cell["num_hops"]), cast("int", cell["num_nodes"])
        sizes = {"num_hops": hops, "num_nodes": nodes, "effective_hops": min(hops, nodes - hops)}
        return {
            **sizes,
            **{name: cell[name] for name in ("pattern", "vocabulary", "noise", "num_queries")},
        }

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
        query = code_query(stream, cycle[0], params["num_hops"])
        problem: Problem = {
            "codes": list_edges(cycle, other, query, params, bits),
            "stream": stream,
            "end": cycle[params["num_hops"], np.arange(len(kept))],
            "noise": params["noise"],
        }
        return kept, problem if params.most["num_queries"] == 1 else {**problem, "cycle": cycle}

    @classmethod
    def draw_queries(cls, problem: Problem, params: Params, bits: RandomBits, accept: Accept) -> Problem:
        """As many hops from other nodes, each asked at most once: so all answers differ.

        The split does not depend on what is asked of a cycle.
        """
        cycle, stream, hops = problem["cycle"], problem["stream"], params["num_hops"]
        rows, queries = np.arange(cycle.shape[1]), params["num_queries"]
        starts = draw_further_starts(cycle, params, params.most["num_queries"] - 1, bits)
        asked = code_query(stream, cycle[starts, rows].astype(np.int64), hops)
        reached = cycle[(starts + hops) % params["num_nodes"], rows]
        further = np.full((2 * len(starts), len(rows)), NO_EDGE, np.uint16)
        end = problem["end"]
        for place, (query, following) in enumerate(zip(asked, reached, strict=True)):
            there = queries > place + 1
            answer = code_earlier_answer(stream, end)
            np.copyto(further[2 * place], answer, where=there, casting="unsafe")
            np.copyto(further[2 * place + 1], query, where=there, casting="unsafe")
            end = np.where(there, following, end)
        return {**problem, "end": end, "further": further}

    @classmethod
    def render(cls, problem: Problem) -> Rendered:
        """Edges in the order listed, without the other stream's where noise is 0; then the queries."""
        stream, noise = problem["stream"], problem["noise"]
        items = problem["codes"].copy()
        codes = items.view(np.uint16).reshape(len(items), items.itemsize // 2)
        listing = codes[:, :-1]
        first: Ints | int = 0
        if not noise.all():
            listing[(noise == 0)[:, None] & (listing >> 10 != stream[:, None])] = NO_EDGE
            first = np.argmax(listing != NO_EDGE, axis=1)
        codes[np.arange(len(stream)), first] += np.uint16(1 << EDGE_BITS)
        if "further" in problem:
            codes = np.concatenate([codes, problem["further"].T], axis=1)
        return Rendered(
            input_text=Gathered(prompt_fragments(), codes.T),
            target=Gathered(answer_fragments(), code_answer(stream, problem["end"])[None]),
            notes=stream[None] % len(STREAMS),
        )
