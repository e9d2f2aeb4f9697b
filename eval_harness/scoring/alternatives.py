"""Whether what follows an enclosed answer explains it, or offers another one."""

import re
from typing import Final

from synthlm_tasks.rows.answers import AnswerKind

# Such a word or sign joins equals, whatever it joins.
_JOINED: Final = re.compile(
    r"""\s{0,4}(?:,?\s{0,4}(?:or|and|vs|versus)\b|[/|&\u2190-\u21ff\u27f0-\u27ff\u2794\u279c\u27a1\u2260]|[-=]{1,2}>|
    \\(?:to|implies|mapsto|neq?|lor|vee|(?:long|Long)?(?:left)?(?:right|Right)arrow)(?![a-zA-Z])|
    ,\s{0,4}["'*_`$\\])""",
    re.IGNORECASE | re.VERBOSE,
)
# Behind such a word another answer may stand bare.
_TURN: Final = re.compile(
    r"[\s,;:.()\u2013\u2014-]{0,6}(?:or|and|not|nor|but|then|maybe|perhaps|possibly|probably|rather|otherwise|instead|becomes|"
    r"alternatively|wait|no|to)\b[\s,:]{1,4}(\S{1,40})",
    re.IGNORECASE,
)
_DELIMITERS: Final = re.compile("[*_`$\"'“”‘’„«»‹›「」『』【】《》()\\[\\]{}<>]+")
_AROUND: Final = " \t\r\n.,;:!?\u2026\u2013\u2014-"


def offers_another(rest: str, answer: str, kind: AnswerKind) -> bool:
    """Whether `rest`, which follows the enclosed `answer`, holds another answer of this kind.

    e.g. behind `**3**`: " → **4**", ", not `B`", " or rather …", " 4"; but not " because it was moved".
    """
    if rest[:1].isalnum() or _JOINED.match(rest):
        return True
    pieces = (rest, *_DELIMITERS.split(rest)[1:-1])
    return any(_answers_otherwise(piece, answer, kind) for piece in pieces)


def _answers_otherwise(piece: str, answer: str, kind: AnswerKind) -> bool:
    """Whether a piece is another answer, or names one behind a word that turns to it."""
    other = kind.canonical(piece.strip(_AROUND))
    if other is not None:
        return other != answer
    turn = _TURN.match(piece)
    word = turn[1].strip(_AROUND) if turn else answer
    # In canonical spelling only: "a" and "i" are words of English.
    return word != answer and kind.canonical(word) == word
