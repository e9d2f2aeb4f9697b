"""Inducto's rearrangements without a name, and the letters they are shown on."""

import itertools
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from synthlm_tasks.inducto.rules import rules
from synthlm_tasks.rows.splits import Hashes, key_words
from synthlm_tasks.rows.streams import Ints, RandomBits
from synthlm_tasks.rows.text import Bytes

OPEN_LENGTHS: Final = range(4, 9)  # every rearrangement of three letters is a named rule
MOST: Final = max(OPEN_LENGTHS)
NO_LETTER: Final = 26  # beyond the sequence


@dataclass(frozen=True, eq=False)
class Rearrangements:
    """All rearrangements in use, those of one length after those of another.

    sources: (MOST, m) the input place that each output place is read from, its own beyond the length.
    hashes: (m,) what the split is decided by.
    starts: length → its first; the key after the last length has m.
    outputs: (MOST, o) the ranks of outputs that no sorting rule gives, its own place beyond the length:
    those of one length after those of another. output_starts: as `starts`.
    """

    sources: Bytes
    hashes: Hashes
    starts: dict[int, int]
    outputs: Bytes
    output_starts: dict[int, int]


@cache
def rearrangements() -> Rearrangements:
    """Every rearrangement of each length that no function of the published space makes, nor the identity."""
    listed: list[list[int]] = []
    outputs: list[list[int]] = []
    starts, output_starts = {}, {}
    for length in OPEN_LENGTHS:
        ascending, rest = tuple(range(length)), list(range(length, MOST))
        whole = [rule for rule in rules() if not rule.shift and sorted(rule(ascending)) == list(ascending)]
        known = {ascending} | {rule(ascending) for rule in whole if not rule.sorts}
        ranks = {rule(ascending) for rule in whole if rule.sorts}
        starts[length], output_starts[length] = len(listed), len(outputs)
        for order in itertools.permutations(ascending):
            if order not in known:
                listed.append([*order, *rest])
            if order not in ranks:
                outputs.append([*order, *rest])
    starts[MOST + 1], output_starts[MOST + 1] = len(listed), len(outputs)
    sources = np.array(listed, np.uint8).T.copy()
    # A word for every (output place, input place) and their sum modulo 2**64: a hash of the whole.
    words = key_words("inducto open keys", MOST, MOST)
    hashes = words[np.arange(MOST)[:, None], sources].sum(axis=0, dtype=np.uint64)
    return Rearrangements(sources, hashes, starts, np.array(outputs, np.uint8).T.copy(), output_starts)


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


def draw_outputs(letters: Bytes, length: Ints, bits: RandomBits) -> Bytes:
    """The letters of sequences (MOST, places, c) in orders that no sorting rule gives, each as likely.

    `length` (c,) of the sequences.
    """
    known = rearrangements()
    starts = np.array(list(known.output_starts.values()))
    index = length - min(OPEN_LENGTHS)
    chosen = starts[index] + bits.below(np.diff(starts)[index], *letters.shape[1:])
    ranks = known.outputs.take(chosen, axis=1)
    return np.take_along_axis(np.sort(letters, axis=0), ranks.astype(np.int64), 0)
