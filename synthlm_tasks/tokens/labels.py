"""Where answers stand among tokens."""

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.rows.streams import Ints
from synthlm_tasks.rows.vocabulary import IDS
from synthlm_tasks.tokens.framing import BOS, EOS

_QUERIES: Final = (IDS["QUERY"], IDS["Query"])
_ARROWS: Final = (IDS[" ->"], IDS["] ->"])
_CLOSES: Final = (IDS[" || "], IDS["] | "])


def answer_mask(tokens: NDArray[np.integer[Any]]) -> NDArray[np.bool_]:
    """Which tokens (n,) of framed rows, one after another, belong to an answer: that of any query.

    An answer is all that stands between a query's arrow and the joint or eos that closes it, e.g. of
    `-> D || QUERY` the joint in front of D and D.
    """
    place = np.arange(len(tokens))

    def last(here: NDArray[np.bool_]) -> Ints:
        """The nearest place at or before each token where `here` holds; -1 where there is none."""
        found: Ints = np.maximum.accumulate(np.where(here, place, -1))
        return found

    query = last(_is_one_of(tokens, _QUERIES))
    begin = last(_is_one_of(tokens, (BOS,)))
    end = last(_is_one_of(tokens, (EOS,)))
    arrow = _is_one_of(tokens, _ARROWS) & (query > begin)  # those of Inducto's examples come before it
    start = last(arrow)
    close = last(_is_one_of(tokens, _CLOSES))
    return (start > np.maximum(close, query)) & (start > np.maximum(begin, end)) & ~arrow


def _is_one_of(tokens: NDArray[np.integer[Any]], ids: Iterable[int]) -> NDArray[np.bool_]:
    found = np.zeros(len(tokens), bool)
    for token in ids:
        found |= tokens == token
    return found
