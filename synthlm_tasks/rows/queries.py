"""Prompts of several queries: `BODY QUERY -> ANSWER || QUERY -> ANSWER || QUERY ->`."""

import re
from typing import Final

_FIRST: Final = re.compile(r"(?:QUERY|Query).*?->")
_NEXT: Final = re.compile(r" \|\| QUERY | \| Query: ")


def first_query(input_text: str, target: str) -> tuple[str, str]:
    """The prompt up to its first query, and that query's answer: the row itself where it has but one.

    e.g. "… || QUERY position 3 -> D || QUERY element B ->", "2" → "… || QUERY position 3 ->", "D".
    """
    found = _FIRST.search(input_text)
    if found is None or found.end() == len(input_text):
        return input_text, target
    answer = _NEXT.split(input_text[found.end() :], maxsplit=1)[0]
    return input_text[: found.end()], answer.strip(" []")
