"""What may be called the same Filtro problem."""

from collections.abc import Iterable
from typing import Final

from synthlm_tasks.audit.checks import Row
from synthlm_tasks.audit.filtro.checks import Problem, key, parse, walk
from synthlm_tasks.audit.overlaps import Notion


def turned_round(row: Row) -> object:
    """The asked cycle with every edge turned round."""
    problem = parse(row["input_text"])
    return frozenset((target, source) for source, target in problem.of(problem.stream).items())


def own_cycle(row: Row) -> Iterable[object]:
    """The asked cycle."""
    return (key(row),)


def both_cycles(row: Row) -> Iterable[object]:
    """The asked cycle and that of the noise."""
    problem = parse(row["input_text"])
    return (frozenset(problem.of("A").items()), frozenset(problem.of("B").items()))


def last_walk(row: Row) -> object:
    """The nodes from the one that the last query names to its answer."""
    problem = parse(row["input_text"])
    return _nodes(problem, problem.node)


def all_walks(row: Row) -> Iterable[object]:
    """The walk of every query."""
    problem = parse(row["input_text"])
    return [_nodes(problem, node) for node in (*(fact.node for fact in problem.earlier), problem.node)]


def _nodes(problem: Problem, node: str) -> tuple[str, ...]:
    following = problem.of(problem.stream)
    return tuple(walk(following, node, hops) for hops in range(problem.hops + 1))


NOTIONS: Final = (
    Notion("cycle", key, promised_new=True),
    Notion("cycle, as the noise or asked", key, both_cycles),
    Notion("cycle turned round", turned_round, own_cycle),
    Notion("walk from node to answer", last_walk, all_walks),
)
