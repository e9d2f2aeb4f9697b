"""Dyna's prompts, read: strictly, by the text format alone."""

import re
from dataclasses import dataclass

PROMPT = re.compile(r"STATE \[([A-Z](?:, [A-Z])*)\] \|\| OPS (\S.*?\S) \|\| (QUERY .*) ->")
QUERY = re.compile(r"QUERY (?:position (0|[1-9]\d?)|element ([A-Z]))")
ANSWERED = re.compile(r"(.*) -> ([A-Z]|0|[1-9]\d?)")
OPERATION = re.compile(r"(SWAP|REVERSE|ROTATE_LEFT|ROTATE_RIGHT)\((0|[1-9]\d?)(?:,([1-9]\d?))?\)")

Operation = tuple[str, tuple[int, ...]]


@dataclass(frozen=True)
class Query:
    """What one query asks. One of `position` and `element` is None; `answer` is None where none stands."""

    position: int | None
    element: str | None
    answer: str | None = None


@dataclass(frozen=True)
class Problem:
    """What a prompt says, with its queries in order; the last is the one to answer."""

    state: list[str]
    operations: list[Operation]
    queries: list[Query]

    @property
    def position(self) -> int | None:
        """The position that the last query asks about, if it does."""
        return self.queries[-1].position

    @property
    def element(self) -> str | None:
        """The element that the last query asks about, if it does."""
        return self.queries[-1].element


def parse(text: str) -> Problem:
    """Read a prompt; ValueError for anything but the exact format."""
    match = PROMPT.fullmatch(text)
    if not match:
        raise ValueError(f"not a Dyna prompt: {text!r}")
    state, operations, queries = match.groups()
    *answered, last = queries.split(" || ")
    return Problem(
        state.split(", "),
        [_operation(operation) for operation in operations.split(" | ")],
        [*map(_answered_query, answered), _query(last, None)],
    )


def _answered_query(text: str) -> Query:
    match = ANSWERED.fullmatch(text)
    if not match:
        raise ValueError(f"not a query with its answer: {text!r}")
    return _query(match[1], match[2])


def _query(text: str, stated: str | None) -> Query:
    match = QUERY.fullmatch(text)
    if not match:
        raise ValueError(f"not a query: {text!r}")
    position, element = match.groups()
    return Query(None if position is None else int(position), element, stated)


def _operation(text: str) -> Operation:
    match = OPERATION.fullmatch(text)
    if not match:
        raise ValueError(f"not an operation: {text!r}")
    kind, *arguments = match.groups()
    numbers = tuple(int(argument) for argument in arguments if argument is not None)
    if len(numbers) != (1 if kind.startswith("ROTATE") else 2):
        raise ValueError(f"wrong number of arguments: {text!r}")
    return kind, numbers
