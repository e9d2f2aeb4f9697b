"""Reasoning inside the content: what of a reply was said to the reader, and what to itself.

Models write it between tags of many spellings. A tag that is opened and never closed means that the reply
never came to its answer: what stands behind it is a draft.
"""

import re
from collections.abc import Iterator
from typing import Final

_NAME: Final = (
    r"(?:[a-z]{1,16}[:_])?"  # e.g. <seed:think>, <longcat_think>
    r"(?:think|thinking|thoughts?|antthinking|reason|reasoning|reflection|scratchpad|analysis|inner_monologue)"
)
# Opening and closing spellings: tags (with attributes, e.g. a signature), Mistral's brackets, Kimi's
# triangles, special tokens as OpenThinker's and Cohere's, gpt-oss's channels, Gemma's and MedGemma's.
_MARK: Final = re.compile(
    rf"""
      <\s?(?P<end_tag>/?)\s?(?P<tag>{_NAME})(?:\s[^<>]*)?(?<!/)>
    | \[(?P<end_bracket>/?)(?P<bracket>think)\]
    | \u25c1(?P<end_triangle>/?)(?P<triangle>{_NAME})\u25b7
    | <\|(?:(?P<end_token>/|end_(?:of_)?)|(?:start_|begin_)(?:of_)?)?(?P<token>{_NAME})\|>
    | <\|channel\|>\s?(?:(?P<end_channel>final)|analysis|commentary)(?P<channel>)
    | (?:<\|channel>thought|(?P<end_gemma><channel\|>))(?P<gemma>)
    | (?:<unused94>thought|(?P<end_medgemma><unused95>))(?P<medgemma>)""",
    re.IGNORECASE | re.VERBOSE,
)
# A mark begins with one of these, and few replies hold any: looking for them first is much faster.
_BEGINNING: Final = re.compile("[<\\[\u25c1]")
# What is left of gpt-oss's channels where a server leaves out special tokens.
_BARE: Final = re.compile(r"\A\s*(analysis)(?=[A-Z])|assistant(final|analysis|commentary)")
_ROOTS: Final = ("think", "thought", "reason")


def visible_text(content: str) -> str | None:
    """The reply without its reasoning: pairs of tags, and all that stands before a closing tag alone.

    None where an opening tag is never closed: then the reply never came to its answer.
    """
    if "analysis" in content or "assistant" in content:
        content = _BARE.sub(lambda bare: f"<|channel|>{bare[1] or bare[2]}", content)
    parts: list[str] = []
    place, inside = 0, ""
    for mark in _marks(content):
        family, closing = _read_mark(mark)
        if not closing:
            if not inside:
                parts.append(content[place : mark.start()])
                inside = family
        elif inside in ("", family):
            if not inside:
                parts.clear()
            place, inside = mark.end(), ""
    return None if inside else "".join([*parts, content[place:]])


def _marks(content: str) -> Iterator[re.Match[str]]:
    end = 0
    for beginning in _BEGINNING.finditer(content):
        if beginning.start() >= end and (mark := _MARK.match(content, beginning.start())):
            end = mark.end()
            yield mark


def _read_mark(mark: re.Match[str]) -> tuple[str, bool]:
    """What a mark belongs to, and whether it closes: one that closes something else closes nothing."""
    spelling = mark.lastgroup or ""
    name = mark[spelling].lower()
    root = next((root for root in _ROOTS if root in name), name)
    return root.replace("thought", "think") or spelling, bool(mark[f"end_{spelling}"])
