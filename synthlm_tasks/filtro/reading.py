"""Filtro, read back: follow the edges that bear the asked tag."""

import re
from typing import Final

from synthlm_tasks.rows.reading import Derivation, Reading

_EDGE: Final = r"[AB]:[a-z]+->[a-z]+"


def _solve(match: re.Match[str]) -> Derivation:
    edges, stream, node, hops = match.groups()
    following: dict[str, str] = {}
    for edge in edges.split(" | "):
        tag, _, arrow = edge.partition(":")
        if tag == stream:
            source, _, end = arrow.partition("->")
            following[source] = end
    steps = []
    for hop in range(1, int(hops) + 1):
        steps.append(f"hop {hop}: {stream}:{node}->{following[node]}")
        node = following[node]
    return Derivation(tuple(steps), node, tuple(name for name in following if name != node))


READING: Final = Reading(
    "filtro",
    rf"EDGES ({_EDGE}(?: \| {_EDGE})*) \|\| ",
    r"QUERY ([AB]):([a-z]+) hops=([1-9]\d?) ->",
    r" ([a-z]+)",
    " || ",
    _solve,
)
