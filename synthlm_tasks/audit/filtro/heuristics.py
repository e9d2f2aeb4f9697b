"""Filtro without walking the graph."""

from collections import Counter
from typing import Final

from synthlm_tasks.audit.filtro.checks import Problem, walk
from synthlm_tasks.audit.filtro.view import ruled_out, stream
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


def _noise(problem: Problem) -> dict[str, str]:
    """The edges of the stream that is not asked, where it has the asked node; none where it has not."""
    following = problem.of("AB".replace(problem.stream, ""))
    return following if problem.node in following else {}


def _first_but(problem: Problem, ruled_out: set[str]) -> str | None:
    """The first node listed in the asked stream that is not ruled out, nor asked."""
    nodes = problem.of(problem.stream)
    return next((node for node in nodes if node not in ruled_out and node != problem.node), None)


def noise_walk(problem: Problem) -> str | None:
    """Streams that lead to one answer: where the walk ends in the other one."""
    noise = _noise(problem)
    return walk(noise, problem.node, problem.hops) if noise else None


def noise_end_excluded(problem: Problem) -> str | None:
    """Streams that lead to two answers: the first node listed but where the walk ends in the other one."""
    end = noise_walk(problem)
    return None if end is None else _first_but(problem, {end})


def noise_neighbours_excluded(problem: Problem) -> str | None:
    """Streams without a common edge: the first node listed that is no neighbour in the other one."""
    noise = _noise(problem)
    if not noise:
        return None
    before = next(source for source, target in noise.items() if target == problem.node)
    return _first_but(problem, {noise[problem.node], before})


def earlier_answers_excluded(problem: Problem) -> str | None:
    """Answers that all differ and lead to no ring: the first node listed that those before leave open."""
    return _first_but(problem, ruled_out(problem))


def _steps_excluded(problem: Problem, steps: int) -> str | None:
    """The answer if it is so few steps away either way, else the first node listed that is not."""
    following = problem.of(problem.stream)
    leading = {target: source for source, target in following.items()}
    ruled_out: set[str] = set()
    ahead = behind = problem.node
    for step in range(1, steps + 1):
        ahead, behind = following[ahead], leading[behind]
        if step == problem.hops:
            return ahead
        if step == len(following) - problem.hops:
            return behind
        ruled_out |= {ahead, behind}
    return _first_but(problem, ruled_out)


def neighbours_excluded(problem: Problem) -> str | None:
    """Few nodes being left: the first one listed that no edge from or to the asked node rules out."""
    return _steps_excluded(problem, 1)


def two_steps_excluded(problem: Problem) -> str | None:
    """Few nodes being left: the first one listed that is not within two edges of the asked node."""
    return _steps_excluded(problem, 2)


def _pass(problem: Problem, passes: int) -> str | None:
    """Where the walk ends if the edges are read from left to right so often; None if it does not end."""
    node, left = problem.node, problem.hops
    for _, source, target in stream(problem) * passes:
        if left and source == node:
            node, left = target, left - 1
    return None if left else node


def one_pass(problem: Problem) -> str | None:
    """Walks that follow the order of the text: the edges read once, from left to right."""
    return _pass(problem, 1)


def two_passes(problem: Problem) -> str | None:
    """Walks that nearly follow the order of the text: the edges read twice, from left to right."""
    return _pass(problem, 2)


HEURISTICS: Final = heuristics_of(
    edge_hops_later,
    edge_hops_earlier,
    edge_hops_later_in_text,
    first_edge,
    last_edge,
    one_hop,
    predecessor,
    hub,
    noise_walk,
    noise_end_excluded,
    noise_neighbours_excluded,
    earlier_answers_excluded,
) + heuristics_of(neighbours_excluded, two_steps_excluded, one_pass, two_passes, partial=True)
