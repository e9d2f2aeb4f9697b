"""Inducto's lengths: those of a query and its examples, so that the examples decide the answer."""

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.inducto.choices import find_allowed, told_apart
from synthlm_tasks.inducto.space.rules import LENGTHS
from synthlm_tasks.inducto.space.tables import Tables, rule_tables
from synthlm_tasks.rows.streams import Ints, RandomBits, Words

_TRIES: Final = 6  # after which a row is left undecided, and drawn anew as a whole
_ANY: Final = len(LENGTHS)  # no length left out
_LISTS: Final = len(LENGTHS) + 1  # of each rule: one without each length, and one with all


def draw_lengths(
    tables: Tables, rule: Ints, examples: Ints, unseen: Ints, most: int, allowed: int, bits: RandomBits
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Length indices (1 + most, c), the query's first, and whether the examples decide the answer (c,).

    Of `rule`, number of `examples` (at most `most`) and `unseen` (1 where no example may have the query's
    length), all (c,), rows sorted by falling number of examples. Lengths are in `allowed` (bit l for
    `LENGTHS[l]`). Examples beyond a row's number get lengths too, which nothing reads.
    """
    options, told = packed_options(allowed), told_apart()
    lengths = np.zeros((1 + most, len(rule)), np.uint8)
    decided = np.zeros(len(rule), bool)
    pending: Ints | slice = slice(None)
    for _ in range(_TRIES):
        rules, apart = rule[pending], unseen[pending] == 1
        all_lengths = options.take(_LISTS * rules + _ANY)
        query = draw_option(all_lengths, bits.words(len(rules)))
        others = np.where(apart, options.take(_LISTS * rules + query), all_lengths)
        shown = draw_option(others, bits.words(most, len(rules)))
        # A seen length is the first example's, so that it is seen however few examples there are.
        query = np.where(apart, query, shown[0])
        # Bit l of the mask: an example of the row has LENGTHS[l]. Rows that have example e are a prefix.
        mask = np.zeros(len(rules), np.uint32)
        rows_with = np.searchsorted(-examples[pending], -np.arange(most)).tolist()
        for example, rows in enumerate(rows_with):
            mask[:rows] |= np.left_shift(np.uint32(1), shown[example, :rows])
        # decided[rule, mask, query], flat: the mask has as many bits as there are lengths.
        place = (rules << len(LENGTHS) | mask) * len(LENGTHS) + query
        good = tables.decided.take(place) & ~(apart & (mask >> query & np.uint32(1) == 1))
        good &= told.take(rules << len(LENGTHS) | mask)
        lengths[0, pending], lengths[1:, pending] = query, shown
        decided[pending] = good
        pending = np.flatnonzero(~decided)
        if not len(pending):
            break
    return lengths, decided


def draw_option(options: Words, words: Words) -> Words:
    """One of each row's lengths: `options` (c,) as in `packed_options`, uniform `words` (…, c), overwritten.

    In plain words `lengths[(word >> 3) * count >> 29]`: multiply and shift as in `scale_words`, in 32 bits.
    """
    words >>= np.uint32(3)
    words *= options >> np.uint32(18)  # below 2**29 * 6: no overflow
    words >>= np.uint32(29)
    words *= np.uint32(3)
    drawn: Words = options >> words & np.uint32(7)
    return drawn


@cache
def packed_options(allowed: int) -> Words:
    """The usable lengths of each rule but length q (q = 6: all), at place 7 * rule + q: (7 * rules,).

    Only lengths in `allowed` (bit l for `LENGTHS[l]`) count. Bits 3 i to 3 i + 2 (i = 0 to 5) are the index
    of the i-th usable length, then of the others, which no draw reaches; bits 18 to 20 are how many are
    usable, 1 to 6. e.g. usable at lengths 5 and 8 (indices 2 and 5):
    2 | 5 << 3 | 0 << 6 | 1 << 9 | 3 << 12 | 4 << 15 | 2 << 18. A rule usable at q only has q itself there,
    which is then seen and so never decided; one that is usable nowhere is never drawn.
    """
    count = len(LENGTHS)
    usable = np.repeat((rule_tables().usable & find_allowed(allowed))[:, None], _LISTS, axis=1)
    usable[:, np.arange(count), np.arange(count)] = False
    listed = np.argsort(~usable, axis=2, kind="stable")  # the usable ones first, both in order
    counts = usable.sum(axis=2)
    alone = counts == 0
    listed[alone, 0] = np.nonzero(alone)[1] % count
    packed = (listed << np.arange(0, 3 * count, 3)).sum(axis=2) | np.maximum(counts, 1) << 18
    options: Words = packed.ravel().astype(np.uint32)
    return options
