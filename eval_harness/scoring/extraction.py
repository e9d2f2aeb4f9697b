r"""Reading the answer out of a reply: strict about what counts, tolerant about how it is typeset.

In this order, and the first rule that finds anything decides:

1. the last explicit marker, `ANSWER: …` (the prompt's own placeholder is not one),
2. the last `\boxed{…}`,
3. the last "final answer is …",
4. the whole reply (of a completion: its first line that is not empty).

Before that, invisible characters go, full-width forms are folded (`typography`), and reasoning is left out
(`reasoning`). What is found must lie in the domain of the asked kind of answer, or there is no answer:
nothing is guessed from digits or letters that merely occur. Every step is linear in the reply's length,
whatever it holds.
"""

import re
from collections import deque
from dataclasses import dataclass
from typing import Final, TypeAlias

from eval_harness.endpoint.settings import Endpoint
from eval_harness.scoring.alternatives import offers_another
from eval_harness.scoring.markup import WINDOW, clean, strip_last_tag, unwrap
from eval_harness.scoring.reasoning import visible_text
from eval_harness.scoring.typography import plain_text
from synthlm_tasks.rows.answers import AnswerKind

EXTRACTION_VERSION: Final = 2
"""Changes whenever some reply would be read differently; run manifests carry it."""

Found: TypeAlias = tuple[str | None, str | None]
"""The answer in its canonical spelling (None: none), and the rule that applied (None: none did)."""


@dataclass(frozen=True)
class Candidate:
    """A text in an answer's place: `source` is the rule that looks there."""

    text: str
    source: str
    start: int | None
    """Where in the content it begins; None where typesetting inside keeps it from being found again."""


# All repeats are bounded: an unbounded one would make some reply take quadratic time.
_MARKER = re.compile(
    r"""(?<![a-z])answer[ \t]{0,4}(?P<closed>[*_`]{0,3}(?:</[a-z][a-z0-9]{0,15}>){0,2})[*_`]{0,3}[ \t]{0,4}:
    # what the prompt writes in the answer's place
    (?!(?:["'*_`$\s]|<[a-z]{1,8}>){0,8}(?:<|&lt;)answer(?:>|&gt;)(?!.{0,100}</answer>))""",
    re.IGNORECASE | re.VERBOSE,
)
_EMPHASIS = re.compile(r"(?:\*{1,3}|_{1,3}|`{1,3})$")
_BOXED = re.compile(r"(?=\\boxed\s{0,4}\{(?!\s{0,4}\}))")
_FINAL = re.compile(r"final answer is[ \t]{0,4}:?", re.IGNORECASE)

_RULES: Final = {"marker": _MARKER, "boxed": _BOXED, "final answer": _FINAL}

_LATEX_SPACE = re.compile(r"\\(?:[ ,;:!]|q?quad(?![a-z]))|(?<=\S)~(?=\S)")
_FENCE_NAMES: Final = ("text", "txt", "plaintext", "plain", "latex", "tex", "html", "markdown", "md")


def extract(content: str, kind: AnswerKind, endpoint: Endpoint = "chat") -> Found:
    """The answer that a reply's content gives; see the module's rules."""
    text = visible_text(plain_text(content))
    if text is None:
        return None, None
    candidate, source = _find_candidate(text)
    if source:
        return _read_typeset(candidate or "", kind), source
    whole = text.strip()
    if endpoint == "completions":
        whole = clean(whole.partition("\n")[0][: WINDOW + 1]).strip().partition("\n")[0]
    answer = _read_typeset(clean(whole), kind, alone=True) if len(whole) <= WINDOW else None
    return (answer, "whole reply") if answer is not None else (None, None)


def find_marked_answer(text: str, kind: AnswerKind) -> Found:
    """The answer behind the last explicit marker, if there is a marker, whatever else the text is."""
    candidate = _find_marked(plain_text(text))
    return (None, None) if candidate is None else (_read_typeset(candidate, kind), "marker")


def find_rejected_candidate(content: str, kind: AnswerKind, endpoint: Endpoint = "chat") -> Candidate | None:
    """What stands where the answer of a reply should, but is no answer; None where there is no such thing.

    e.g. "So ANSWER: about 12" → Candidate("about 12", "marker", 11)
    """
    text = visible_text(plain_text(content))
    if text is None or extract(content, kind, endpoint)[0] is not None:
        return None
    line, source = _find_candidate(text)
    bare = (line or "").strip().strip("*_`$").strip()
    if source is None or not bare:
        return None
    rule = _last(_RULES[source], content)
    start = content.find(bare, rule.end()) if rule else -1
    return Candidate(bare, source, start if start >= 0 else None)


def _find_candidate(text: str) -> Found:
    """What the first of the rules 1 to 3 that finds anything takes for the answer ("": nothing there)."""
    marked = _find_marked(text)
    if marked is not None:
        return marked, "marker"
    boxed = _last(_BOXED, text)
    if boxed:
        return unwrap(_window(text, boxed.end()))[0] or "", "boxed"
    final = _last(_FINAL, text)
    if final:
        return _first_line(_window(text, final.end()).split("\n")), "final answer"
    return None, None


def _find_marked(text: str) -> str | None:
    marker = _last(_MARKER, text)
    if not marker:
        return None
    line, *more = _window(text, marker.end()).split("\n")
    emphasis = _EMPHASIS.search(text[max(0, marker.start() - 3) : marker.start()])
    if emphasis and not marker["closed"]:
        # `**ANSWER:** B` closes before the answer, `**ANSWER: B** because …` behind it.
        before, closed, rest = line.partition(emphasis[0])
        line = rest if closed and not before.strip() else emphasis[0] + line
    return _first_line([line, *more])


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    # A queue of one: no list of a million matches for one hostile reply.
    return next(iter(deque(pattern.finditer(text), maxlen=1)), None)


def _window(text: str, start: int) -> str:
    return clean(text[start : start + WINDOW])


def _first_line(lines: list[str]) -> str:
    """The first line that holds more than typesetting."""
    for number, line in enumerate(lines):
        bare = line.strip("*_`$}\\[( \t\r")
        if bare and not (number and bare in _FENCE_NAMES):
            return line
    return ""


def _read_typeset(text: str, kind: AnswerKind, *, alone: bool = False) -> str | None:
    """The answer that `text` begins with, without what typesets it, in canonical spelling.

    A remark may follow the end of what encloses it (`**B** because …`), unless it must stand `alone`;
    another answer may not.
    """
    rests: list[str] = []
    while True:
        text = _strip_ending(text)
        answer = kind.canonical(_LATEX_SPACE.sub(" ", text).removeprefix("\\"))
        if answer is not None:
            return None if any(offers_another(rest, answer, kind) for rest in rests) else answer
        inside, rest = unwrap(text)
        if inside is None or (alone and _strip_ending(rest).strip("*_`$")):
            return None
        rests.append(rest)
        text = inside


def _strip_ending(text: str) -> str:
    """`text` without what ends a sentence or a reply."""
    while True:
        shorter = strip_last_tag(text.strip().rstrip(".;!\u3002"))
        if shorter == text:
            return text
        text = shorter
