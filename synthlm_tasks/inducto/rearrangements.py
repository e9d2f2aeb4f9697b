"""Inducto's rearrangements without a name, and the letters they are shown on."""

import itertools
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.inducto.rules import rules
from synthlm_tasks.rows.splits import Hashes, key_words
from synthlm_tasks.rows.streams import Ints, RandomBits
from synthlm_tasks.rows.text import Bytes

OPEN_LENGTHS: Final = range(6, 9)  # nearly every rearrangement of fewer letters is a named rule
MOST: Final = max(OPEN_LENGTHS)
NO_LETTER: Final = 26  # beyond the sequence


@dataclass(frozen=True, eq=False)
class Rearrangements:
    """All rearrangements in use, those of one length after those of another.

    sources: (MOST, m) the input place that each output place is read from, its own beyond the length.
    hashes: (m,) what the split is decided by.
    starts: length → its first; the key after the last length has m.
    named: length → codes of the ranks that some sorting rule gives.
    """

    sources: Bytes
    hashes: Hashes
    starts: dict[int, int]
    named: dict[int, NDArray[np.int64]]


@cache
def rearrangements() -> Rearrangements:
    """Every rearrangement of each length that no function of the published space makes, nor the identity."""
    listed: list[list[int]] = []
    starts, named = {}, {}
    for length in OPEN_LENGTHS:
        ascending, rest = tuple(range(length)), list(range(length, MOST))
        whole = [rule for rule in rules() if not rule.shift and sorted(rule(ascending)) == list(ascending)]
        known = {ascending} | {rule(ascending) for rule in whole if not rule.sorts}
        ranks = {rule(ascending) for rule in whole if rule.sorts}
        starts[length] = len(listed)
        listed += [[*order, *rest] for order in itertools.permutations(ascending) if order not in known]
        beyond = [NO_LETTER] * (MOST - length)
        named[length] = rank_codes(np.array([[*order, *beyond] for order in sorted(ranks)], np.uint8).T)
    starts[MOST + 1] = len(listed)
    sources = np.array(listed, np.uint8).T.copy()
    # A word for every (output place, input place) and their sum modulo 2**64: a hash of the whole.
    words = key_words("inducto open", MOST, MOST)
    hashes = words[np.arange(MOST)[:, None], sources].sum(axis=0, dtype=np.uint64)
    return Rearrangements(sources, hashes, starts, named)


def draw_letters(length: Ints, places: int, bits: RandomBits) -> Bytes:
    """Distinct random letters, `places` sequences for each `length` (c,): (MOST, places, c).

    Codes 0 to 25, and `NO_LETTER` beyond each row's length. The k-th draw picks among the letters still
    unused (a Lehmer code): `unused.pop(draw)` in turn, e.g. draws 0, 0, 1 → A, B, D.
    """
    bounds = np.arange(26, 26 - MOST, -1)
    letters = bits.below(bounds[:, None], MOST, places * len(length)).astype(np.uint8)
    # From the last pick to the first: what was drawn without letters[k] counts one more from there on.
    for k in range(MOST - 2, -1, -1):
        letters[k + 1 :] += letters[k + 1 :] >= letters[k]
    letters = letters.reshape(MOST, places, len(length))
    letters[(np.arange(MOST)[:, None] >= length)[:, None, :].repeat(places, axis=1)] = NO_LETTER
    return letters


def rank_codes(letters: Bytes) -> NDArray[np.int64]:
    """One number for the order of the letters along the first axis: (k, …) → (…).

    The ranks, at most 8, as digits to the base 9, the first the highest: below 9**8 with up to 8 letters;
    e.g. C A B and Z X Y both have the ranks 2 0 1: 2 * 81 + 0 * 9 + 1 = 163.
    """
    codes = np.zeros(letters.shape[1:], np.int64)
    for letter in letters:
        codes = codes * (MOST + 1) + (letters < letter).sum(axis=0)
    return codes


def find_named_outputs(
    outputs: Bytes, length: Ints, named: dict[int, NDArray[np.int64]]
) -> NDArray[np.bool_]:
    """Which outputs (MOST, places, c) a sorting rule of the published space may have given too: (places, c).

    `length` (c,) of the sequences, `named` as in `Rearrangements`.
    """
    codes = rank_codes(outputs)
    found = np.zeros(codes.shape, bool)
    for size, named_codes in named.items():
        found |= np.isin(codes, named_codes) & (length == size)
    return found
