"""Text without what a reader does not see, and letters and digits in their plain form."""

import re
import unicodedata
from typing import Final

# Spaces of every width, and ends of lines under other names.
_SPACES: Final = dict.fromkeys((0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")
_LINE_ENDS: Final = dict.fromkeys((0x85, 0x2028, 0x2029), "\n")
# Full-width and small forms, letters and digits of mathematics, letters in circles.
_PLAIN: Final = {
    place: unicodedata.normalize("NFKC", chr(place))
    for block in (
        range(0xFE50, 0xFE6C),
        range(0xFF01, 0xFF5F),
        range(0x1D400, 0x1D800),
        range(0x24B6, 0x24EA),
        (0x2236,),
    )
    for place in block
}
# Ignorable characters of the Unicode standard, among them zero-width spaces and joiners, directional marks,
# the byte order mark and variation selectors; and the controls of ASCII that are no white space.
_INVISIBLE: Final = dict.fromkeys(
    (
        *range(0x09),
        *range(0x0E, 0x1B),
        *range(0x1C, 0x20),
        *range(0x7F, 0x85),
        *range(0x86, 0xA0),
        *(0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFEFF, 0xFFA0),
        *range(0x180B, 0x1810),
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        *range(0xFE00, 0xFE10),
        *range(0xFFF9, 0xFFFC),
        *range(0xE0000, 0xE0080),
        *range(0xE0100, 0xE01F0),
    )
)
_TABLE: Final = {**_PLAIN, **_SPACES, **_LINE_ENDS, **_INVISIBLE, 0x2236: ":"}
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
# What a terminal would show as colour, e.g. ESC[1m.
_ESCAPE: Final = re.compile(r"\x1b(?:\[[0-9;:?]{0,32}[A-Za-z])?")


def plain_text(text: str) -> str:
    r"""The text as it reads, character by character.

    e.g. "ＡＮＳＷＥＲ：\u200bＢ" → "ANSWER:B"
    """
    if text.isascii() and not _CONTROL.search(text):
        return text  # what nearly all replies are, at no cost
    return _ESCAPE.sub("", text).translate(_TABLE)
