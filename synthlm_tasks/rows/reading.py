"""Reading problems back: from the text alone to the answer, step by step.

One file a task, in plain Python and independent of the generator: what it derives is what any careful
reader of the prompt can.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from synthlm_tasks.errors import SynthLMError


class ReadingError(SynthLMError, ValueError):
    """A text is not a problem of the task, or names something that it does not define."""


@dataclass(frozen=True, slots=True)
class Derivation:
    """How a problem is answered."""

    steps: tuple[str, ...]
    """One line each, e.g. "SWAP(0,2): A D B C E"."""
    answer: str
    wrong_answers: tuple[str, ...]
    """Wrong answers that a careless reader might give; at least one."""


@dataclass(frozen=True)
class Reading:
    """How one task's problems are found in a text, and how they are solved.

    A problem is a body and queries: `BODY QUERY -> ANSWER joint QUERY -> ANSWER joint QUERY ->`.
    """

    task: str
    """The task's name, for messages."""
    body: str
    """Regular expression of what stands before the first query."""
    query: str
    """That of one query, up to and with its `->`."""
    answer: str
    """That of the answer behind a query that is followed by another; its one group is the bare answer."""
    joint: str
    """What stands between an answer and the next query."""
    solve: Callable[[re.Match[str]], Derivation]
    """Derives the answer from a match of `BODY QUERY`; LookupError or ValueError where it has none."""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches one whole problem, up to the `->` of its last query."""
        answer, query = (_without_groups(part) for part in (self.answer, self.query))
        further = f"(?:{answer}{re.escape(self.joint)}{query})*"
        return re.compile(f"({_without_groups(self.body)})({query}{further})")

    @cached_property
    def _single(self) -> re.Pattern[str]:
        return re.compile(self.body + self.query)

    @cached_property
    def _queries(self) -> re.Pattern[str]:
        answer = f"{self.answer}{re.escape(self.joint)}"
        return re.compile(f"(?P<query>{_without_groups(self.query)})(?:{answer})?")

    def derive(self, text: str) -> Derivation:
        """Answer the problem that `text` is; raises ReadingError where it is none."""
        match = self.pattern.fullmatch(text)
        if not match:
            raise ReadingError(f"not a {self.task} problem: {_short(text)}")
        return self.derive_match(match)

    def find_last(self, text: str) -> re.Match[str] | None:
        """The last problem within a longer text, such as a prompt."""
        found = None
        for found in self.pattern.finditer(text):  # noqa: B007  # the last one is what is wanted
            pass
        return found

    def derive_match(self, match: re.Match[str]) -> Derivation:
        """Answer a problem that was found; raises ReadingError where it has no answer."""
        body, queries = match.groups()
        try:
            return self._derive(body, list(self._queries.finditer(queries)))
        except (LookupError, ValueError) as error:
            raise ReadingError(f"a {self.task} problem without an answer: {_short(match[0])}") from error

    def _derive(self, body: str, queries: list[re.Match[str]]) -> Derivation:
        """Every query derived in turn; ValueError where an answer that stands there is wrong."""
        steps: list[str] = []
        for number, query in enumerate(queries, 1):
            single = self._single.fullmatch(body + query["query"])
            if single is None:
                raise ValueError(query[0])
            derived = self.solve(single)
            stated = query[query.re.groups]
            if stated is not None and stated != derived.answer:
                raise ValueError(f"{stated} is stated, {derived.answer} follows")
            if len(queries) > 1:
                steps.append(f"query {number}: {query['query'].removesuffix(' ->')}")
            steps += [step for step in derived.steps if step not in steps]
        return Derivation(tuple(steps), derived.answer, derived.wrong_answers)


def _without_groups(pattern: str) -> str:
    """The same expression with groups that capture nothing, e.g. `(a)|(?:b)` → `(?:a)|(?:b)`."""
    return re.sub(r"(?<!\\)\((?!\?)", "(?:", pattern)


def _short(text: str) -> str:
    return repr(text if len(text) <= 80 else text[:77] + "...")


# How a query begins, and what stands between an answer and the next query, in either spelling.
_QUERIES: Final = (("QUERY", " || QUERY "), ("Query", " | Query: "))


def first_query(input_text: str, target: str) -> tuple[str, str]:
    """The prompt up to its first query, and that query's answer: the row itself where it has but one.

    e.g. "… || QUERY position 3 -> D || QUERY element B ->", "2" → "… || QUERY position 3 ->", "D".
    """
    # Parted by fixed text, in a tenth of the time of an expression; no letter before a query spells one.
    for beginning, following in _QUERIES:
        body, begun, queries = input_text.partition(beginning)
        if begun:
            query, arrow, rest = queries.partition("->")
            if rest:
                return f"{body}{begun}{query}{arrow}", rest.partition(following)[0].strip(" []")
            break
    return input_text, target
