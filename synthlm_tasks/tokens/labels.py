"""Where answers stand among tokens."""

from collections.abc import Iterable
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.rows.streams import Ints
from synthlm_tasks.rows.vocabulary import COMPACT, TEXT, TokensName
from synthlm_tasks.tokens.framing import BOS, EOS

TokenIds: TypeAlias = NDArray[np.integer[Any]]
Mask: TypeAlias = NDArray[np.bool_]

_QUERIES: Final = (TEXT.ids["QUERY"], TEXT.ids["Query"])
_ARROWS: Final = (TEXT.ids[" ->"], TEXT.ids["] ->"])
_CLOSES: Final = (TEXT.ids[" || "], TEXT.ids["] | "])

# Queries of the compact vocabulary by how many tokens after them the answer is: that of Filtro has a tag, a
# node and a number of hops in between, those of the others name one thing.
_OF_LOGIC: Final = (COMPACT.ids["QUERY"],)
_OF_DYNA: Final = (COMPACT.ids["QUERY position"], COMPACT.ids["QUERY element"])
_TAGS: Final = (COMPACT.ids["A:"], COMPACT.ids["B:"])
_SEQUENCE: Final = COMPACT.ids["Query:"]
_ARROW: Final = COMPACT.ids["->"]


def answer_mask(tokens: TokenIds, vocabulary: TokensName = "text") -> Mask:
    """Which tokens (n,) of framed rows, one after another, belong to an answer: that of any query.

    In the text vocabulary an answer is all that stands between a query's arrow and the joint or eos that
    closes it, e.g. of `-> D || QUERY` the joint in front of D and D. In the compact one it is the token
    behind what a query names, or what stands between a sequence's arrow and the next query or eos.
    """
    return _compact_mask(tokens) if vocabulary == "compact" else _text_mask(tokens)


def _text_mask(tokens: TokenIds) -> Mask:
    query = _last(_is_one_of(tokens, _QUERIES))
    begin = _last(_is_one_of(tokens, (BOS,)))
    end = _last(_is_one_of(tokens, (EOS,)))
    arrow = _is_one_of(tokens, _ARROWS) & (query > begin)  # those of Inducto's examples come before it
    start = _last(arrow)
    close = _last(_is_one_of(tokens, _CLOSES))
    return (start > np.maximum(close, query)) & (start > np.maximum(begin, end)) & ~arrow


def _compact_mask(tokens: TokenIds) -> Mask:
    asked = _is_one_of(tokens, _OF_LOGIC)
    tag = _shift(asked, 1) & _is_one_of(tokens, _TAGS)
    named = _shift(asked | _is_one_of(tokens, _OF_DYNA), 1) & ~tag
    query, begin, end = (_last(tokens == token) for token in (_SEQUENCE, BOS, EOS))
    arrow = (tokens == _ARROW) & (query > begin)  # those of the examples come before it
    start = _last(arrow)
    mask: Mask = (start > query) & (start > np.maximum(begin, end)) & ~arrow
    mask |= _shift(named, 1) | _shift(tag, 3)
    return mask


def _last(here: Mask) -> Ints:
    """The nearest place at or before each token where `here` (n,) holds; -1 where there is none."""
    found: Ints = np.maximum.accumulate(np.where(here, np.arange(len(here)), -1))
    return found


def _shift(here: Mask, places: int) -> Mask:
    """The same so many places on: (n,), e.g. 1 place: yes, no, no → no, yes, no."""
    moved = np.zeros_like(here)
    moved[places:] = here[:-places]
    return moved


def _is_one_of(tokens: TokenIds, ids: Iterable[int]) -> Mask:
    found = np.zeros(len(tokens), bool)
    for token in ids:
        found |= tokens == token
    return found
