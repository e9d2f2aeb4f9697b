r"""Reading the answer out of a reply: strict about what counts, tolerant about how it is typeset.

In this order, and the first rule that finds anything decides:

1. the last explicit marker, `ANSWER: …` (the prompt's own placeholder is not one),
2. the last `\boxed{…}`,
3. the last "final answer is …",
4. the whole reply (of a completion: its first line that is not empty).

What is found must lie in the domain of the asked kind of answer, or there is no answer: nothing is guessed
from digits or letters that merely occur. Every step is linear in the reply's length, whatever it holds.
"""

import re
from collections import deque
from typing import Final, TypeAlias

from eval_harness.endpoint.settings import Endpoint
from synthlm_tasks.rows.answers import AnswerKind

EXTRACTION_VERSION: Final = 1
"""Changes whenever some reply would be read differently; run manifests carry it."""

Found: TypeAlias = tuple[str | None, str | None]
"""The answer in its canonical spelling (None: none), and the rule that applied (None: none did)."""

# Far beyond the longest answer with all its typesetting; what follows cannot belong to it.
_WINDOW: Final = 400

_THINK = re.compile(r"<(/?)think>", re.IGNORECASE)
# All repeats are bounded: an unbounded one would make some reply take quadratic time.
_MARKER = re.compile(
    r"""(?<![a-z])answer[ \t]{0,4}(?P<closed>[*_`]{0,3})[ \t]{0,4}[:\uFF1A]
    (?!["'*_`$\s]{0,8}<answer>(?!.{0,100}</answer>))  # what the prompt writes in the answer's place""",
    re.IGNORECASE | re.VERBOSE,
)
_EMPHASIS = re.compile(r"(?:\*{1,3}|_{1,3}|`{1,3})$")
_BOXED = re.compile(r"(?=\\boxed\s{0,4}\{(?!\s{0,4}\}))")
_FINAL = re.compile(r"final answer is[ \t]{0,4}:?", re.IGNORECASE)

# What may enclose an answer; of two with the same beginning the longer comes first.
_PAIRS: Final = (
    ("```", "```"),
    ("***", "***"),
    ("___", "___"),
    ("**", "**"),
    ("__", "__"),
    ("$$", "$$"),
    ("\\(", "\\)"),
    ("\\[", "\\]"),
    ("*", "*"),
    ("_", "_"),
    ("`", "`"),
    ("$", "$"),
    ('"', '"'),
    ("'", "'"),
    ("\u201c", "\u201d"),
    ("\u2018", "\u2019"),
    ("<answer>", "</answer>"),
    ("<", ">"),
)
_COMMAND = re.compile(r"\\(?:boxed|fbox|text|textbf|textit|texttt|mathrm|mathbf|mathtt|mathit)\s{0,4}\{")
_LATEX_SPACE = re.compile(r"\\(?:[ ,;:!]|q?quad(?![a-z]))|(?<=\S)~(?=\S)")
_FENCE_NAMES: Final = ("text", "txt", "plaintext")
# What follows an enclosed answer may explain it, but not offer another one.
_ALTERNATIVE = re.compile(r"""\s{0,4}(?:,?\s{0,4}(?:or|and|vs)\b|[/|&]|,\s{0,4}["'*_`$\\])""", re.IGNORECASE)
# A mark of the end that some servers leave in the text.
_END_MARK = re.compile(r"(?:<\|[a-z_ ]{1,30}\|>|</s>)$", re.IGNORECASE)


def extract(content: str, kind: AnswerKind, endpoint: Endpoint = "chat") -> Found:
    """The answer that a reply's content gives; see the module's rules."""
    text = visible_text(content)
    if text is None:
        return None, None
    answer, source = find_marked_answer(text, kind)
    if source:
        return answer, source
    boxed = _last(_BOXED, text)
    if boxed:
        inside, _ = _unwrap(_window(text, boxed.end()))
        return _read_typeset(inside or "", kind), "boxed"
    final = _last(_FINAL, text)
    if final:
        return _first_answer(_window(text, final.end()).split("\n"), kind), "final answer"
    whole = text.strip()
    if endpoint == "completions":
        whole = whole.partition("\n")[0]
    answer = _read_typeset(whole, kind, alone=True) if len(whole) <= _WINDOW else None
    return (answer, "whole reply") if answer is not None else (None, None)


def find_marked_answer(text: str, kind: AnswerKind) -> Found:
    """The answer behind the last explicit marker, if there is a marker."""
    marker = _last(_MARKER, text)
    if not marker:
        return None, None
    line, *more = _window(text, marker.end()).split("\n")
    emphasis = _EMPHASIS.search(text[max(0, marker.start() - 3) : marker.start()])
    if emphasis and not marker["closed"]:
        # `**ANSWER:** B` closes before the answer, `**ANSWER: B** because …` behind it.
        before, closed, rest = line.partition(emphasis[0])
        line = rest if closed and not before.strip() else emphasis[0] + line
    return _first_answer([line, *more], kind), "marker"


def visible_text(content: str) -> str | None:
    """The reply without its reasoning: `<think>` pairs, and all that stands before a closing tag alone.

    None where an opening tag is never closed: then the reply never came to its answer.
    """
    parts: list[str] = []
    place, inside = 0, False
    for tag in _THINK.finditer(content):
        if tag[1]:
            if not inside:
                parts.clear()
            place, inside = tag.end(), False
        elif not inside:
            parts.append(content[place : tag.start()])
            inside = True
    return None if inside else "".join([*parts, content[place:]])


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    # A queue of one: no list of a million matches for one hostile reply.
    return next(iter(deque(pattern.finditer(text), maxlen=1)), None)


def _window(text: str, start: int) -> str:
    return text[start : start + _WINDOW]


def _first_answer(lines: list[str], kind: AnswerKind) -> str | None:
    """The answer in the first line that holds more than typesetting."""
    for number, line in enumerate(lines):
        bare = line.strip("*_`$}\\[( \t\r")
        if bare and not (number and bare in _FENCE_NAMES):
            return _read_typeset(line, kind)
    return None


def _read_typeset(text: str, kind: AnswerKind, *, alone: bool = False) -> str | None:
    """The answer that `text` begins with, without what typesets it, in canonical spelling.

    A remark may follow the end of what encloses it (`**B** because …`), unless it must stand `alone`.
    """
    while True:
        text = _strip_ending(text)
        answer = kind.canonical(_LATEX_SPACE.sub(" ", text).removeprefix("\\"))
        if answer is not None:
            return answer
        inside, rest = _unwrap(text)
        if inside is None or _ALTERNATIVE.match(rest) or (alone and _strip_ending(rest).strip("*_`$")):
            return None
        text = inside


def _strip_ending(text: str) -> str:
    """`text` without what ends a sentence or a reply."""
    while True:
        shorter = _END_MARK.sub("", text.strip().rstrip(".;!\u3002"))
        if shorter == text:
            return text
        text = shorter


def _unwrap(text: str) -> tuple[str | None, str]:
    """What the outermost enclosure holds, and what follows it; half an enclosure is dropped.

    None where nothing encloses the text.
    """
    command = _COMMAND.match(text)
    if command:
        end = _closing_brace(text, command.end())
        return text[command.end() : end], text[end + 1 :]
    for opening, closing in _PAIRS:
        if text.startswith(opening):
            inside, closed, rest = text[len(opening) :].partition(closing)
            return (inside, rest) if inside.strip() else (rest if closed else None, "")
    shorter = text.lstrip("}\\").rstrip("*_`$\\)}\"'\u201d\u2019 \t")
    return (None if shorter == text else shorter), ""


def _closing_brace(text: str, start: int) -> int:
    """Where the brace opened just before `start` closes, or the end of the text."""
    depth = 1
    for place in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if not depth:
            return place
    return len(text)
