"""The first words of what is no API's answer, so that a person sees what did answer."""

import html
import re
from typing import Final

_PAGE: Final = re.compile(
    r"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_UNSEEN: Final = re.compile(r"<!--.*?-->|<(script|style|svg)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_TITLE: Final = re.compile(r"<title\b[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_TAG: Final = re.compile(r"<[^<>]*>")
_MOST: Final = 160  # characters: enough for a title or a sentence
_READ: Final = 8_000  # characters of a page that are looked at


def is_page(body: str) -> bool:
    """Whether a body is a web page."""
    return _PAGE.match(body[:_READ]) is not None


def describe_body(body: str) -> str:
    """What a body is that was to be an API's answer, e.g. `it is a web page: Welcome to nginx!`."""
    return f"it {'is a web page' if is_page(body) else 'begins'}: {first_words(body) or '(nothing)'}"


def first_words(body: str) -> str:
    """The title of a web page, else its first text, else the body's own beginning, on one line."""
    text = body[:_READ]
    if is_page(text):
        title = _TITLE.search(text)
        bare = _TAG.sub(" ", _UNSEEN.sub(" ", text))
        text = html.unescape(title[1] if title and title[1].strip() else bare)
    line = " ".join(text.split())
    return line if len(line) <= _MOST else line[:_MOST].rstrip() + " […]"
