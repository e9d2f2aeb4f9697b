"""Filtro by hand: follow the asked stream's edges, one hop at a time."""

import itertools
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from synthlm_tasks.audit.checks import Ranges, Row, family, metadata, metadata_differences, outside_presets

ONE_QUERY = ((1, 1),) * 3
SIZES: Ranges = {
    "num_nodes": ((5, 8), (8, 12), (10, 15)),
    "num_hops": ((1, 2), (2, 4), (4, 8)),
    "num_queries": ONE_QUERY,
}
PRESETS: dict[str, Ranges] = {
    "filtro": SIZES,
    "filtro-shared": SIZES,
    "filtro-clean": SIZES,
    "filtro-recall": {**SIZES, "num_hops": ((1, 1),) * 3},
    "filtro-ood": {"num_nodes": ((15, 15),) * 3, "num_hops": ((9, 12),) * 3, "num_queries": ONE_QUERY},
    "filtro-ramp": {
        "num_nodes": ((3, 8), (3, 12), (3, 15)),
        "num_hops": ((1, 2), (1, 4), (1, 8)),
        "num_queries": ((1, 7),) * 3,
    },
}
PATTERNS = ("alternating", "random", "blocked")
GREEK = frozenset(
    word
    for words in (
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu",
        "nu xi omicron pi rho sigma tau upsilon phi chi psi omega",
    )
    for word in words.split()
)

QUERY = re.compile(r"QUERY ([AB]):([a-z]+) hops=([1-9]\d?) ->")
ANSWERED = re.compile(QUERY.pattern + r" ([a-z]+)")
EDGE = re.compile(r"([AB]):([a-z]+)->([a-z]+)")

Edge = tuple[str, str, str]


@dataclass(frozen=True)
class Fact:
    """An earlier query with the answer that stands behind it."""

    stream: str
    node: str
    hops: int
    end: str


@dataclass(frozen=True)
class Problem:
    """What a prompt says: tagged edges in order, the stream and node asked about, and how far to go.

    What is asked is the last query; `earlier` are those before it.
    """

    edges: list[Edge]
    stream: str
    node: str
    hops: int
    earlier: list[Fact]

    def of(self, stream: str) -> dict[str, str]:
        """The edges of one stream: node → next node."""
        return {source: target for tag, source, target in self.edges if tag == stream}


def parse(text: str) -> Problem:
    """Read a prompt; ValueError for anything but the exact format."""
    body, *queries = text.split(" || ")
    asked = QUERY.fullmatch(queries[-1]) if queries else None
    if not body.startswith("EDGES ") or not asked:
        raise ValueError(f"not a Filtro prompt: {text!r}")
    answered = [ANSWERED.fullmatch(query) for query in queries[:-1]]
    earlier = []
    for query in answered:
        if not query:
            raise ValueError(f"not an answered query: {text!r}")
        earlier.append(Fact(query[1], query[2], int(query[3]), query[4]))
    edges = [_edge(edge) for edge in body.removeprefix("EDGES ").split(" | ")]
    return Problem(edges, asked[1], asked[2], int(asked[3]), earlier)


def _edge(text: str) -> Edge:
    match = EDGE.fullmatch(text)
    if not match:
        raise ValueError(f"not an edge: {text!r}")
    tag, source, target = match.groups()
    return tag, source, target


def walk(following: dict[str, str], node: str, hops: int) -> str:
    """The node reached after `hops` edges."""
    for _ in range(hops):
        node = following[node]
    return node


def answer(text: str) -> str:
    """The one right answer to a prompt: that of its last query."""
    problem = parse(text)
    return walk(problem.of(problem.stream), problem.node, problem.hops)


def is_cycle(following: dict[str, str]) -> bool:
    """Whether the edges are one cycle over all their nodes."""
    start = node = next(iter(following))
    for length in range(1, len(following) + 1):
        node = following.get(node, "")
        if node == start:
            return length == len(following)
    return False


def follows(pattern: str, tags: str) -> bool:
    """Whether the order of the stream tags is what the pattern promises; random promises nothing."""
    if pattern == "alternating":
        return all(a != b for a, b in itertools.pairwise(tags))
    if pattern == "blocked":
        return "AB" not in tags or "BA" not in tags
    return pattern == "random"


def key(row: Row) -> object:
    """What decides the split: the asked stream's graph, with its names, whatever is asked of it."""
    problem = parse(row["input_text"])
    return frozenset(problem.of(problem.stream).items())


def violations(row: Row) -> list[str]:
    """Everything the row breaks."""
    return list(_violations(row))


def _violations(row: Row) -> Iterable[str]:
    problem = parse(row["input_text"])
    stated = metadata(row)
    noise_stream = "AB".replace(problem.stream, "")
    asked, noise = problem.of(problem.stream), problem.of(noise_stream)
    counts = Counter(tag for tag, _, _ in problem.edges)
    nodes, hops = len(asked), problem.hops
    if counts != Counter({problem.stream: nodes, noise_stream: len(noise)}):
        yield "a node has two edges out"
    if problem.node not in asked:
        yield "the asked node is not in the asked stream"
        return
    if not is_cycle(asked) or (noise and not is_cycle(noise)):
        yield "a stream is not one cycle"
        return
    if len(noise) != nodes * stated.get("noise", 1):
        yield f"{nodes} asked edges, {len(noise)} noise edges"
    if not 0 < hops < nodes:
        yield f"{hops} hops on {nodes} nodes"
    if walk(asked, problem.node, hops) != row["target"]:
        yield f"the answer is not {row['target']!r}"
    yield from _earlier_queries(problem, asked, row["target"])
    yield from _vocabulary(problem, stated.get("vocabulary"))
    pattern, tags = stated.get("pattern", ""), "".join(tag for tag, _, _ in problem.edges)
    if pattern not in PATTERNS or (noise and not follows(pattern, tags)):
        yield f"the streams are not {stated.get('pattern')}"
    real: dict[str, object] = {
        "num_nodes": nodes,
        "num_hops": hops,
        "effective_hops": min(hops, nodes - hops),
        "query_stream": problem.stream,
        "noise": int(bool(noise)),
        "num_queries": len(problem.earlier) + 1,
    }
    yield from metadata_differences(row, real)
    if set(stated) - set(real) != {"pattern", "vocabulary"}:
        yield f"other metadata than expected: {sorted(stated)}"
    if family(row) in PRESETS:
        yield from outside_presets(row, PRESETS)
        if family(row) != "filtro-shared" and problem.stream != "A":
            yield "a preset asks for stream B"
        if bool(noise) == (family(row) == "filtro-clean"):
            yield f"{family(row)} with {len(noise)} noise edges"
        if nodes < min(2 * hops, 15):
            yield f"a preset draws {nodes} nodes for {hops} hops"


def _earlier_queries(problem: Problem, asked: dict[str, str], target: str) -> Iterable[str]:
    """What is wrong with the queries before the last, and with all of them together."""
    if any((fact.stream, fact.hops) != (problem.stream, problem.hops) for fact in problem.earlier):
        yield "the queries are not of one stream and one number of hops"
        return
    if not {problem.node, *(fact.node for fact in problem.earlier)} <= set(asked):
        yield "an earlier query's node is not in the asked stream"
        return
    if any(walk(asked, fact.node, fact.hops) != fact.end for fact in problem.earlier):
        yield "an earlier answer is wrong"
    ends = {fact.node: fact.end for fact in problem.earlier} | {problem.node: target}
    if len(ends) != len(problem.earlier) + 1:
        yield "a node is asked about twice"
    if problem.earlier and 2 * len(ends) > len(asked):
        yield "more than half of the nodes are asked about"
    for node in ends:
        reached = ends[node]
        while reached in ends and reached != node:
            reached = ends[reached]
        if reached == node:
            yield "the answers lead round, so that the others tell one of them"
            return


def _vocabulary(problem: Problem, vocabulary: str | None) -> Iterable[str]:
    a, b = problem.of("A"), problem.of("B")
    if not GREEK.issuperset(a):
        yield "stream A has names that are not Greek letters"
    if vocabulary == "disjoint":
        if not GREEK.isdisjoint(b):
            yield "stream B uses Greek letters"
    elif vocabulary != "shared":
        yield f"vocabulary={vocabulary!r}"
    elif a and b and set(a) != set(b):
        yield "the streams do not share their nodes"
