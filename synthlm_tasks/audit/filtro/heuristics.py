"""Filtro without walking the graph."""

from collections import Counter
from typing import Final

from synthlm_tasks.audit.filtro.checks import Problem
from synthlm_tasks.audit.filtro.view import stream
from synthlm_tasks.audit.heuristics import heuristics_of


def _later(problem: Problem, places: int) -> str:
    """Where the edge leads that stands so many places later (cyclically) in the stream than the asked one."""
    edges = stream(problem)
    start = next(place for place, edge in enumerate(edges) if edge[1] == problem.node)
    return edges[(start + places) % len(edges)][2]


def edge_hops_later(problem: Problem) -> str:
    """Edges listed in the order of the walk: the edge h-1 places after the asked node's, in its stream."""
    return _later(problem, problem.hops - 1)


def edge_hops_earlier(problem: Problem) -> str:
    """Edges listed against the order of the walk: the edge h-1 places before the asked node's."""
    return _later(problem, 1 - problem.hops)


def edge_hops_later_in_text(problem: Problem) -> str:
    """Edges listed in the order of the walk: the edge h-1 places after the asked node's, noise counted."""
    edges = problem.edges
    start = next(i for i, edge in enumerate(edges) if edge[:2] == (problem.stream, problem.node))
    return edges[(start + problem.hops - 1) % len(edges)][2]


def first_edge(problem: Problem) -> str:
    """Answers that stand early: where the stream's first edge leads."""
    return stream(problem)[0][2]


def last_edge(problem: Problem) -> str:
    """Answers that stand late: where the stream's last edge leads."""
    return stream(problem)[-1][2]


def one_hop(problem: Problem) -> str:
    """Walks that end at once: the asked node's successor."""
    return problem.of(problem.stream)[problem.node]


def predecessor(problem: Problem) -> str:
    """Walks that come round: the node whose edge leads to the asked one."""
    return next(source for source, target in problem.of(problem.stream).items() if target == problem.node)


def hub(problem: Problem) -> str:
    """Nodes that stand out: the one that most edges of the text name, the asked one excepted."""
    counts = Counter(node for _, source, target in problem.edges for node in (source, target))
    return max((target for _, _, target in stream(problem) if target != problem.node), key=counts.__getitem__)


def neighbours_excluded(problem: Problem) -> str:
    """Few nodes being left: the first one listed that no edge from or to the asked node rules out."""
    following = problem.of(problem.stream)
    if problem.hops == 1:
        return following[problem.node]
    if problem.hops == len(following) - 1:
        return predecessor(problem)
    ruled_out = {problem.node, following[problem.node], predecessor(problem)}
    return next(source for source in following if source not in ruled_out)


HEURISTICS: Final = heuristics_of(
    edge_hops_later,
    edge_hops_earlier,
    edge_hops_later_in_text,
    first_edge,
    last_edge,
    one_hop,
    predecessor,
    hub,
) + heuristics_of(neighbours_excluded, partial=True)
