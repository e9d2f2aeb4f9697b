"""A message's content in all its forms: text, a list of parts, one part alone, parts inside parts."""

import json
from collections.abc import Mapping
from typing import Any, Final

_REASONING: Final = ("thinking", "reasoning", "thought", "reasoning_text")
_PLACES: Final = ("text", "content", "parts", "value")
_DEEPEST: Final = 8  # parts within parts; real ones are two deep


def read_content(content: object) -> tuple[str, str, str]:
    """What is said, thought and refused.

    e.g. "A", [{"type": "text", "text": "A"}] and {"type": "text", "text": "A"} all say "A". A number or an
    object that is no part is a reply that a gateway has parsed as JSON: it says its own JSON.
    """
    if content is None or isinstance(content, str):
        return content or "", "", ""
    if isinstance(content, list):
        return _read_parts(content)
    if isinstance(content, dict):
        inner = content.get("parts") or content.get("content")
        if isinstance(inner, list):
            return _read_parts(inner)
        if not content or "type" in content or any(map(content.get, _PLACES)):
            return _read_parts([content])
    return json.dumps(content, ensure_ascii=False), "", ""


def _read_parts(content: list[Any]) -> tuple[str, str, str]:
    said = thought = refused = ""
    for part in content:
        kind = part.get("type") if isinstance(part, dict) else None
        text = _part_text(part)
        if kind in _REASONING or (isinstance(part, dict) and part.get("thought") is True):
            thought += text
        elif kind == "refusal":
            refused += text
        else:
            said += text
    return said, thought, refused


def _part_text(part: object, depth: int = 0) -> str:
    """The text of a part, under one of the usual names or its kind's own, itself perhaps in parts."""
    if isinstance(part, str):
        return part
    if depth == _DEEPEST:
        return ""
    if isinstance(part, list):
        return "".join(_part_text(piece, depth + 1) for piece in part)
    if isinstance(part, Mapping):
        places = (*_PLACES, str(part.get("type")))
        return _part_text(next((part[place] for place in places if part.get(place)), None), depth + 1)
    return ""
