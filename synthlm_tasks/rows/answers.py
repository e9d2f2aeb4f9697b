"""Kinds of answers: what a task's answer looks like, and when two spellings of it are the same.

A task names its kinds; prompts, extraction and scoring ask the kind and know no task.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

REASONING: Final = (
    "Work it out step by step. Then end your reply with one line of the form\n"
    "ANSWER: <answer>\n"
    "where <answer> is {asked}."
)
"""How an answer is asked for that may be worked out; `asked` is the kind's description."""

DIRECT: Final = "Reply with the answer alone, {asked}, and nothing else."
"""How an answer is asked for at once."""

_BRACKETS_AND_COMMAS = re.compile(r"[\[\](){},\s]+")


@dataclass(frozen=True)
class AnswerKind:
    """One kind of answer: the texts it may be (its domain), in one canonical spelling each."""

    name: str
    """Short name, e.g. "index"."""
    description: str
    """How a prompt asks for it, e.g. "a single letter"."""
    pattern: str
    """Regular expression that a canonical answer matches entirely."""
    normalize: Callable[[str], str]
    """Brings a spelling of an answer (already stripped of spaces around it) into the canonical one."""

    @cached_property
    def _domain(self) -> re.Pattern[str]:
        return re.compile(self.pattern)

    def canonical(self, text: str) -> str | None:
        """The canonical spelling of `text`, or None where it is outside the domain.

        e.g. for a sequence "[t, S, R]" → "T S R"; for an index "03" → "3", "x" → None.
        """
        spelled = self.normalize(text.strip())
        return spelled if self._domain.fullmatch(spelled) else None


def normalize_sequence(text: str) -> str:
    """Spell a sequence: capital symbols joined by single spaces; brackets and commas are forgiven."""
    return " ".join(_BRACKETS_AND_COMMAS.sub(" ", text).split()).upper()


def normalize_number(text: str) -> str:
    """Spell a number: leading zeros are forgiven."""
    return text.lstrip("0") or "0" if text.isascii() and text.isdigit() else text
