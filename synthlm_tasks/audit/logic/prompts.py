"""Logic's prompts, read: strictly, by the text format alone."""

import re
from dataclasses import dataclass

INPUT = re.compile(r"x(0|[1-9]\d*)=([01])")
GATE = re.compile(r"(g(?:0|[1-9]\d*))=(?:(AND|OR|XOR|NAND|NOR)\(([xg]\d+),([xg]\d+)\)|(NOT)\(([xg]\d+)\))")
QUERY = re.compile(r"QUERY (g(?:0|[1-9]\d*)) ->")
ANSWERED = re.compile(QUERY.pattern + r" ([01])")

Gate = tuple[str, str, tuple[str, ...]]


@dataclass(frozen=True)
class Query:
    """The gate that a query asks about; `answer` is None where none stands."""

    gate: str
    answer: str | None = None


@dataclass(frozen=True)
class Problem:
    """What a prompt says: input values by name, gates (name, type, arguments) and queries, in order.

    The last query is the one to answer.
    """

    inputs: dict[str, int]
    gates: list[Gate]
    queries: list[Query]

    @property
    def asked(self) -> str:
        """The gate that the last query asks about."""
        return self.queries[-1].gate

    @property
    def root(self) -> str:
        """The gate that the first query asks about: the problem's own."""
        return self.queries[0].gate


def parse(text: str) -> Problem:
    """Read a prompt; ValueError for anything but the exact format."""
    inputs, gates, *queries = [*text.split(" || "), "", ""]
    queries = queries[:-2]
    last = QUERY.fullmatch(queries[-1]) if queries else None
    if not (inputs.startswith("INPUTS ") and gates.startswith("GATES ") and last):
        raise ValueError(f"not a Logic prompt: {text!r}")
    values = [_input(part) for part in inputs.removeprefix("INPUTS ").split(" ")]
    listed = [_gate(part) for part in gates.removeprefix("GATES ").split(" | ")]
    if [name for name, _ in values] != [f"x{i}" for i in range(len(values))]:
        raise ValueError(f"inputs are not x0, x1, …: {text!r}")
    if [name for name, _, _ in listed] != [f"g{i}" for i in range(len(listed))]:
        raise ValueError(f"gates are not g0, g1, …: {text!r}")
    return Problem(dict(values), listed, [*map(_answered_query, queries[:-1]), Query(last[1])])


def _input(text: str) -> tuple[str, int]:
    match = INPUT.fullmatch(text)
    if not match:
        raise ValueError(f"not an input: {text!r}")
    return f"x{match[1]}", int(match[2])


def _gate(text: str) -> Gate:
    match = GATE.fullmatch(text)
    if not match:
        raise ValueError(f"not a gate: {text!r}")
    name, kind, first, second, negation, only = match.groups()
    return (name, negation, (only,)) if negation else (name, kind, (first, second))


def _answered_query(text: str) -> Query:
    match = ANSWERED.fullmatch(text)
    if not match:
        raise ValueError(f"not a query with its answer: {text!r}")
    return Query(match[1], match[2])
