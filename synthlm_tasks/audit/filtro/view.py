"""Filtro: nodes are replaced by their place in the asked stream, counted from the asked node's edge."""

from typing import Final

from synthlm_tasks.audit.filtro.checks import Edge, Problem, parse, walk
from synthlm_tasks.audit.views import Question, Row, UniformDraw, View


def question(row: Row) -> Question:
    """From the edges in order to the place of the edge that leaves the answer, counted from the asked one.

    What earlier answers rule out may not be answered.
    """
    problem = parse(row["input_text"])
    names = number_nodes(problem)
    tokens = [f"hops{problem.hops}", f"n{len(stream(problem))}"]
    for tag, source, target in problem.edges:
        own = "asked" if tag == problem.stream else "noise"
        tokens += [own, names[own, source], names[own, target]]
    for fact in problem.earlier:
        tokens += ["earlier", names["asked", fact.node], names["asked", fact.end]]
    out = ruled_out(problem)
    legal = [offset(problem, source) for _, source, _ in stream(problem) if source not in out]
    return Question(tokens, offset(problem, row["target"]), sorted(legal))


def ruled_out(problem: Problem) -> set[str]:
    """The nodes that are no answer, whatever the edges are: the asked one, and one for each answer before.

    All answers differ, and no chain of them leads round: where one led to the asked node, it did not begin in
    the answer.
    """
    before = {fact.end: fact.node for fact in problem.earlier}
    first = problem.node
    while first in before:
        first = before[first]
    return {*before, first}


def stream(problem: Problem) -> list[Edge]:
    """The asked stream's edges, in the order of the text."""
    return [edge for edge in problem.edges if edge[0] == problem.stream]


def offset(problem: Problem, node: str) -> int:
    """How many edges of the stream later (cyclically) the edge of `node` stands than the asked node's."""
    sources = [source for _, source, _ in stream(problem)]
    return (sources.index(node) - sources.index(problem.node)) % len(sources)


def number_nodes(problem: Problem) -> dict[tuple[str, str], str]:
    """A name for each node: its place in its stream, in the asked one where it is in both."""
    own = stream(problem)
    names = {("asked", source): f"s{offset(problem, source)}" for _, source, _ in own}
    others = [source for tag, source, _ in problem.edges if tag != problem.stream]
    for place, source in enumerate(others):
        names["noise", source] = names.get(("asked", source), f"m{place}")
    return names


def uniform_draws(row: Row) -> list[UniformDraw]:
    """Places of the asked node's edge and of the answer's in the stream, and of one from the other.

    Where the streams share their names, also whether the other one leads to the answer: by chance.
    """
    problem = parse(row["input_text"])
    sources = [source for _, source, _ in stream(problem)]
    draws = [
        UniformDraw("asked node's place", sources.index(problem.node), range(len(sources))),
        UniformDraw("the answer's place", sources.index(row["target"]), range(len(sources))),
        UniformDraw("from asked node to answer", offset(problem, row["target"]), range(1, len(sources))),
    ]
    other = problem.of("AB".replace(problem.stream, ""))
    if problem.node in other:
        same = walk(other, problem.node, problem.hops) == row["target"]
        chance = 1 / (len(sources) - 1)
        draws.append(UniformDraw("the other stream's end", same, (True, False), (chance, 1 - chance)))
    return draws


VIEW: Final = View(
    question,
    "which edge of the asked stream leaves the answer, counted from the asked node's edge",
    uniform_draws,
)
