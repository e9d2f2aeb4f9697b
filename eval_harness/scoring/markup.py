"""What typesets an answer: tags, tokens of a chat template, and all that may enclose it.

Everything here works on short pieces (WINDOW characters at most), so that no reply can make it slow.
"""

import html
import re
from typing import Final

WINDOW: Final = 400
"""Far beyond the longest answer with all its typesetting; what follows cannot belong to it."""

_ATTRIBUTES: Final = r"(?:[\s=][^<>\n]{0,200})?"
_NAME: Final = r"[a-z][a-z0-9:_-]{0,30}"
_TAG: Final = re.compile(rf"<(?P<name>{_NAME})(?P<attributes>{_ATTRIBUTES})>", re.IGNORECASE)
_CLOSING: Final = re.compile(rf"([^<\n]*)</({_NAME})\s?>", re.IGNORECASE)
# Tags of HTML that are also letters. In capitals and unpaired, the letter is meant: `<B>`.
_LETTER_TAGS: Final = frozenset("abipqsu")

_LAST_TAG: Final = re.compile(
    rf"(?<=[^\s<])\s?<(?:/(?P<closed>(?i:{_NAME}))\s?|[abipqsu]|em|strong|span|code|su[bp]|small|tt|font|mark)>$"
)

# What is struck out or commented out is not said.
_STRUCK: Final = re.compile(r"~~[^~\n]+~~|<(del|strike)\b[^<>]*>.*?</\1\s?>|<!--.*?-->", re.I | re.S)
_BBCODE: Final = re.compile(
    r"\[([a-z]{1,10})(?:=[^\[\]\n]{0,40})?\](?=.*?\[/\1\])|\[(/[a-z]{1,10})\]", re.I | re.S
)
_LINE_BREAK: Final = re.compile(
    r"""</?(?:br|hr|div|li|[uo]l|h[1-6]|table|t(?:r|d|h|body|head)|pre|blockquote|section|article|center|
        details|summary|body|html|main|math|mrow|semantics)(?:\s[^<>\n]*)?/?> | </p>
    # end-of-turn tokens and what else a chat template leaves: behind one, something else begins
    | <\|[^<>|\n]{1,40}\|> | \[\|[a-z_]{1,20}\|\] | </s>
    | </?(?:eos|bos|pad|unk|eod|eot|sop|end_of_turn|start_of_turn|end_of_utterance|turn\||\|turn)>
    | \[(?:/?INST|/?SYSTEM_PROMPT|EOS|BOS|gMASK|end\ of\ text)\]""",
    re.IGNORECASE | re.VERBOSE,
)
_AFTER_OPENING: Final = re.compile(rf"(<({_NAME}){_ATTRIBUTES}>)\s+(?=.*?</\2\s?>)", re.I | re.S)
_BEFORE_CLOSING: Final = re.compile(rf"\s+(?=</{_NAME}\s?>)", re.IGNORECASE)
_SIZES: Final = re.compile(r"\\(?:left|right|[bB]igg?[lr]?)(?![a-zA-Z])|<wbr\s?/?>")

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
    *((mark, mark) for mark in "*_`$\"'"),
    *zip("“‘„‚«‹「『【《〈⟨〔([{<", "”’“‘»›」』】》〉⟩〕)]}>", strict=True),
)
_COMMAND: Final = re.compile(
    r"\\(?:(?:text)?color\s{0,4}\{[^{}]{0,40}\}|boxed|fbox|mbox|emph|underline|bm|boldsymbol|operatorname\*?|"
    r"text(?:bf|it|tt|sf|rm|sc|normal)?|math(?:rm|bf|tt|it|sf|cal|bb))\s{0,4}\{"
)


def clean(window: str) -> str:
    r"""A piece of a reply with its lines as a reader sees them, and with every tag that begins before it.

    e.g. " C</b> because" → "<b> C</b> because"; "<p>C</p>" → "<p>C\n"; "B<|im_end|>" → "B\n".
    """
    text = html.unescape(window) if "&" in window else window
    text = _SIZES.sub("", _LINE_BREAK.sub("\n", _STRUCK.sub("", text)))
    text = _BBCODE.sub(lambda tag: f"<{tag[1] or tag[2]}>", text)
    text = _BEFORE_CLOSING.sub("", _AFTER_OPENING.sub(r"\1", text))
    while closing := _CLOSING.match(text):
        if closing[1].strip():
            return f"<{closing[2]}>{text}"
        text = text[closing.end() :]
    return text


def strip_last_tag(text: str) -> str:
    """The text without a tag at its end that encloses nothing of it: `B</b>`, `B<br>`; not `<b>B</b>`."""
    tag = _LAST_TAG.search(text)
    if not tag or (tag["closed"] and text.lower().startswith(f"<{tag['closed'].lower()}")):
        return text
    return text[: tag.start()]


def unwrap(text: str) -> tuple[str | None, str]:
    """What the outermost enclosure holds, and what follows it; half an enclosure is dropped.

    None where nothing encloses the text.
    """
    command = _COMMAND.match(text)
    if command:
        end = _closing_brace(text, command.end())
        return text[command.end() : end], text[end + 1 :]
    if (tag := _TAG.match(text)) and (found := _unwrap_tag(text, tag)):
        return found
    for opening, closing in _PAIRS:
        if text.startswith(opening):
            inside, closed, rest = text[len(opening) :].partition(closing)
            return (inside, rest) if inside.strip() else (rest if closed else None, "")
    shorter = text.lstrip("}\\").rstrip("*_`$\\)]}>\"'”’」』】 \t")
    return (None if shorter == text else shorter), ""


def _unwrap_tag(text: str, tag: re.Match[str]) -> tuple[str, str] | None:
    """What a tag encloses and what follows; None where it is no tag but a text in angle brackets."""
    name, behind = tag["name"], text[tag.end() :]
    closing = re.search(rf"</{re.escape(name)}\s?>", behind, re.IGNORECASE)
    if closing:
        inside, rest = behind[: closing.start()], behind[closing.end() :]
        return (inside, rest) if inside.strip() else (rest, "")
    starts = behind[:1].isalnum() or behind[:1] in tuple("*_`$\\([{<")
    stuck = starts and behind.strip(" *_`$)]}.;!")
    attributes = tag["attributes"].strip()
    if "=" in attributes or (name in _LETTER_TAGS and not attributes) or stuck:
        return behind, ""
    return None


def _closing_brace(text: str, start: int) -> int:
    """Where the brace opened just before `start` closes, or the end of the text."""
    depth = 1
    for place in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if not depth:
            return place
    return len(text)
