"""What flows through the harness: a sample goes out, a reply or a failure comes back, a record is kept."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any, Final, Literal, TypeAlias

Outcome: TypeAlias = Literal["ok", "no_answer", "truncated", "refused", "too_long", "error", "pending"]
"""`ok`: an answer was read (right or wrong); `no_answer`, `truncated`, `refused`: none was, which counts as
wrong; `too_long`: more than the model takes, which can never be scored; `error`, `pending`: nothing to score
yet, still owed."""

SCORED: Final[frozenset[Outcome]] = frozenset(("ok", "no_answer", "truncated", "refused"))

SETTLED: Final[frozenset[Outcome]] = SCORED | {"too_long"}
"""Outcomes that are final: such a sample is never asked again."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One question to ask: a row of a config's test split, in one epoch (0-based)."""

    sample_id: str
    epoch: int
    config: str
    task: str
    difficulty: int
    input_text: str
    target: str
    metadata: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """What the endpoint said, whole. Reasoning is never merged with content.

    `latency_ms` is the successful attempt's own, without queueing, `first_token_ms` the part of it up to the
    first text of a streamed reply; token counts are None where the server gave none; `replaced` tells that
    invalid UTF-8 was replaced, `control_characters` that the JSON held some
    unescaped.
    """

    content: str
    reasoning: str
    refusal: str
    finish_reason: str | None
    model: str | None
    prompt_tokens: int | None
    completion_tokens: int | None
    latency_ms: float
    attempts: int
    replaced: bool = False
    control_characters: bool = False
    system_fingerprint: str | None = None
    first_token_ms: float | None = None

    @property
    def flaw(self) -> str | None:
        """What was wrong with the bytes that came, though they could be read; None where nothing was."""
        flaws = {"invalid UTF-8": self.replaced, "raw control characters in JSON": self.control_characters}
        return ", ".join(name for name, found in flaws.items() if found) or None


@dataclass(frozen=True, slots=True)
class Failure:
    """No reply after all attempts: `error` says why, capped and free of secrets."""

    error: str
    attempts: int
    outcome: Outcome = "error"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reply is worth. `is_correct` is False where no answer was read.

    `source` says where the answer was found (e.g. "marker", "boxed", "whole reply", "reasoning"), None where
    there is none.
    """

    outcome: Outcome
    extracted_answer: str | None
    is_correct: bool
    source: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One line of `results.jsonl`; (`sample_id`, `epoch`) is its key. `timestamp` is UTC, ISO 8601.

    What only a reply tells is None where there was none. `model` and `system_fingerprint` are what the reply
    calls itself; `flaw` is what its bytes were read in spite of.
    """

    sample_id: str
    epoch: int
    config: str
    task: str
    difficulty: int
    input_text: str
    target: str
    outcome: Outcome
    raw_response: str | None = None
    reasoning: str | None = None
    extracted_answer: str | None = None
    answer_source: str | None = None
    is_correct: bool | None = None
    latency_ms: float | None = None
    first_token_ms: float | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    finish_reason: str | None = None
    model: str | None = None
    system_fingerprint: str | None = None
    flaw: str | None = None
    attempts: int
    error: str | None = None
    timestamp: str
    metadata: Mapping[str, Any]

    def line(self) -> bytes:
        """The record as one line of JSON, newline included."""
        text = _encode(dict(zip(_NAMES, _values(self), strict=True)))
        try:
            return text.encode() + b"\n"
        except UnicodeEncodeError:  # half of a surrogate pair, which JSON can hold and UTF-8 cannot
            return json.dumps(json.loads(text), separators=(",", ":")).encode() + b"\n"

    @classmethod
    def parse(cls, line: bytes | str) -> "Record":
        """Read a line back, of an earlier version too; fields of later versions are ignored.

        Raises ValueError for anything else.
        """
        data = json.loads(line)
        if not isinstance(data, dict):
            raise ValueError("not a record")
        missing = _REQUIRED - data.keys()
        if missing:
            raise ValueError(f"a record without {', '.join(sorted(missing))}")
        return cls(**{name: data[name] for name in _NAMES if name in data})


# Made once: a line is written for every reply.
_NAMES: Final = tuple(field.name for field in fields(Record))
_REQUIRED: Final = frozenset(_NAMES) - {"first_token_ms", "model", "system_fingerprint", "flaw"}
_values: Final = attrgetter(*_NAMES)
_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
