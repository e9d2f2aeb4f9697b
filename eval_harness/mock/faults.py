"""Scripted faults: which there are, how they are asked for, and when they strike.

A script is a list of faults separated by commas. `KIND:SHARE` strikes a share of the problems or attempts at
random, `KIND@FIRST-LAST` the requests of these numbers in order of arrival (from 1; `KIND@7` one of them,
`KIND@7-` all from there on), e.g. "429:0.1,reset:0.02,401@50-".
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from eval_harness.errors import HarnessError
from eval_harness.mock.model import Model

SAID: Final[Mapping[str, str]] = {
    "think": "reasoning in <think> … </think> before the answer",
    "think-unclosed": "<think> is opened and never closed",
    "reasoning": "content null, everything in reasoning_content",
    "truncated": "cut off before the answer, finish_reason length",
    "no-answer": "no answer is given",
    "refused": "a refusal",
    "filtered": "finish_reason content_filter",
    "parts": "content as a list of parts",
    "no-usage": "usage is null",
    "not-utf8": "bytes that are no UTF-8 before the answer",
}
"""Faults in what is said: they depend on seed and problem, so that asking again changes nothing."""

SENT: Final[Mapping[str, str]] = {
    "429-date": "429 with Retry-After as a date",
    "429-ms": "429 with retry-after-ms",
    "429-bare": "429 without Retry-After",
    "quota": "429 with the code insufficient_quota",
    "error-200": "an error object with status 200",
    "redirect": "307 to another host",
    "reset": "the connection is reset before the reply",
    "reset-body": "the connection is reset in the middle of the body",
    "hang": "no reply at all",
    "stall": "the body begins, and never ends",
    "slow": "the body comes byte by byte, 10 a second",
    "malformed": "a body that is no JSON",
    "cut": "JSON that ends in the middle",
    "no-choices": "an empty list of choices",
    "huge": "a body of 10 MB",
}
"""Faults in how it is sent, beside any status from 400 to 599 (429 with Retry-After: 1): they depend on
seed, problem and attempt, so that asking again may help."""

_ENTRY = re.compile(r"([a-z0-9-]+?)(?::(\d*\.?\d+)|@([1-9]\d*)(?:(-)([1-9]\d*)?)?)")
_STATUS = re.compile(r"[45]\d\d")


class ScriptError(HarnessError, ValueError):
    """A fault script cannot be read; the message names the entry and what is allowed."""


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: str
    share: float
    first: int
    last: float

    @property
    def said(self) -> bool:
        return self.kind in SAID


@dataclass(frozen=True, slots=True)
class Script:
    """The faults in the order given; the first that strikes is the one that happens."""

    entries: tuple[_Entry, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Script":
        """Read a script; raises ScriptError."""
        return cls(tuple(_entry(part.strip()) for part in text.split(",") if part.strip()))

    def fault_for(self, model: Model, number: int, problem: str, attempt: int) -> str | None:
        """The fault of request `number`, the `attempt`-th for this problem (both from 1), if any."""
        past = {True: 0.0, False: 0.0}
        for entry in self.entries:
            if entry.first <= number <= entry.last and not entry.share:
                return entry.kind
            # Shares add up: one number decides between all faults of a sort.
            cause = ("said", problem) if entry.said else ("sent", problem, str(attempt))
            if past[entry.said] <= model.share(*cause) < past[entry.said] + entry.share:
                return entry.kind
            past[entry.said] += entry.share
        return None


def _entry(text: str) -> _Entry:
    match = _ENTRY.fullmatch(text)
    if not match:
        raise ScriptError(f"fault {text!r}: expected KIND:SHARE, KIND@NUMBER, KIND@FIRST-LAST or KIND@FIRST-")
    kind, share, first, dash, last = match.groups()
    if not (kind in SAID or kind in SENT or _STATUS.fullmatch(kind)):
        raise ScriptError(f"fault {kind!r}: expected a status from 400 to 599, {', '.join([*SENT, *SAID])}")
    if share is not None:
        if not 0 < float(share) <= 1:
            raise ScriptError(f"fault {text!r}: expected a share above 0 and up to 1")
        return _Entry(kind, float(share), 1, 0)
    end = float("inf") if dash and not last else int(last or first)
    if end < int(first):
        raise ScriptError(f"fault {text!r}: the last request comes before the first")
    return _Entry(kind, 0, int(first), end)
