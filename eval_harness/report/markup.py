"""HTML and SVG that is safe by construction: text is escaped unless it was made here."""

import html
from collections.abc import Mapping
from typing import Final, TypeAlias


class Markup(str):
    """Text that is markup already.

    `element` and `join` make it; whoever else does takes nothing from outside, or makes it safe first.
    """

    __slots__ = ()


Child: TypeAlias = "str | int | Markup"
Attributes: TypeAlias = Mapping[str, "str | int | float"]

_VOID: Final = frozenset(("br", "col", "input", "meta"))


def element(name: str, attributes: Attributes | None = None, *children: Child) -> Markup:
    """An element; strings among attributes and children are escaped.

    e.g. ("td", {"class": "n"}, "<b>") → <td class="n">&lt;b&gt;</td>
    """
    given = "".join(f' {key}="{_escape(str(value))}"' for key, value in (attributes or {}).items())
    if name in _VOID:
        return Markup(f"<{name}{given}>")
    return Markup(f"<{name}{given}>{join(*children)}</{name}>")


def join(*children: Child) -> Markup:
    """Put children one after the other, without an element around them."""
    return Markup("".join(child if isinstance(child, Markup) else _escape(str(child)) for child in children))


def _escape(text: str) -> str:
    # A lone surrogate (a reply may hold one) cannot be written as UTF-8.
    return html.escape(text.encode("utf-8", "replace").decode("utf-8").replace("\0", "�"))
