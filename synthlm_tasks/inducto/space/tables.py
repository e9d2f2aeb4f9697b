"""What tells Inducto's rules apart, as tables: inputs on which none agree by accident, and packed outputs.

With distinct letters an input is a set of letters and an order. On a given order every rule is an index map
into the sorted letters plus a shift, so two rules give the same output

- with equal shifts: exactly if their index maps are equal. Rules without sorting agree at a length on every
  order or on none; a sorting rule agrees with others on some orders, which are left out for those rules
  (an order is *clean* for a rule if nothing agrees with the rule there that does not always agree).
- with unequal shifts: only if the letters contain as many pairs at the shifts' distance as the output has
  distinct letters. The sets in use have at most `MOST_PAIRS` such pairs, and a rule is not shown at a
  length where its output has no more distinct letters than that.

So for inputs drawn from here, whether a problem is identifiable depends on its rule and lengths only.

Packed words. A sequence of up to eight bytes is one 64-bit word, byte i in bits 8 i to 8 i + 7, and nothing
of a byte reaches the next: each is below 256 and added once. `word >> 8 * i` brings byte i to the lowest
place; a shift by `PAST_END` = 64 leaves 0 (numpy defines it, other than C), which stands for "no letter".

    word            byte i                                                  beyond its bytes
    letters         letter of rank i, its ASCII code XOR 32: 97 to 122      0, so XOR 32 makes it a blank
    ranks           64 + 8 * rank of the letter at place i: 64 to 120       0, so XOR 64 makes it PAST_END
    output_shifts   8 * place that output letter i is read from: 0 to 56    PAST_END, so that it leads to 0

e.g. REVERSE of K B D: letters b d k (0x6b6462), the ranks 2 0 1 as 80 64 72 (0x484050), output_shifts 16 8 0,
then 64. The first output letter: ranks >> 16 ends in 72, XOR 64 is 8, letters >> 8 ends in d, XOR 32 is D. In
plain words output letter i is `sorted_letters[rank[place[i]]]`.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.inducto.space.agreement import (
    MOST_OUTPUT,
    SAME_AS_INPUT,
    SHORT,
    IndexMaps,
    find_agreement,
    find_decided,
    find_index_maps,
)
from synthlm_tasks.inducto.space.inputs import MOST_PAIRS, SETS, orders_of, sets_of
from synthlm_tasks.inducto.space.rules import LENGTHS, SHIFTS, Rule, rules

PARTS: Final = MOST_OUTPUT // 8  # words an output is spread over
PAST_END: Final = 64  # a shift by which every word becomes 0


@dataclass(frozen=True, eq=False)
class Tables:
    """Everything the generator looks up.

    R rules at L lengths are E = L * R entries: rule r at `LENGTHS[l]` is entry l * R + r. There are S letter
    sets, those of length index l from l * SETS on (of three letters some stand there again, unused). The
    words are packed as the module says.

    letters: (S,) the letters of each set in alphabetical order.
    shifted_letters: (7 * S,) the same after a shift in the alphabet: set s shifted by k at k * S + s.
    shift: (R,) the rule's shift.
    plain_only: (E,) whether the rule may only have sets in which no letter wraps past Z: it sorts and shifts,
    or it shifts so few letters that a rule that sorts and wraps may agree on any order.
    ranks: (rows,) the rank at each place. An entry reads row rank_base + rank_stride * order: a rule that
    sorts everything one and the same row, one that sorts a part rows of its own, any other the order itself,
    which for the inputs of length index l is row `input_base[l]` + order.
    output_shifts: (PARTS, E) where output letters 8 * part to 8 * part + 7 are read from in that row.
    output_size: (E,) letters of the output.
    clean_orders: the orders clean for an entry are the clean_count (E,) from clean_start (E,) on.
    decided: (R, 2**L, L) whether examples of a set of lengths (bit mask) decide the answer at a length.
    usable: (R, L) whether the rule is shown or asked at a length.
    classes: (L, R) rules with equal numbers always agree at that length.
    """

    letters: NDArray[np.uint64]
    shifted_letters: NDArray[np.uint64]
    shift: NDArray[np.int64]
    plain_only: NDArray[np.bool_]
    ranks: NDArray[np.uint64]
    rank_base: NDArray[np.int64]
    rank_stride: NDArray[np.int64]
    input_base: NDArray[np.int64]
    output_shifts: NDArray[np.uint64]
    output_size: NDArray[np.int64]
    clean_orders: NDArray[np.uint16]
    clean_start: NDArray[np.int64]
    clean_count: NDArray[np.int64]
    decided: NDArray[np.bool_]
    usable: NDArray[np.bool_]
    classes: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class _LengthTables:
    """The tables of one length; `rank_base` counts from the first row of this length."""

    letters: list[NDArray[np.uint64]]  # by shift
    ranks: NDArray[np.uint64]
    rank_base: NDArray[np.int64]
    rank_stride: NDArray[np.bool_]
    maps: IndexMaps
    classes: NDArray[np.int64]
    clean: NDArray[np.bool_]
    usable: NDArray[np.bool_]


def _make_length_tables(length: int, space: tuple[Rule, ...]) -> _LengthTables:
    sets, orders = sets_of(length), orders_of(length)
    maps = find_index_maps(length, orders, space)
    part_sorted = list(maps.part_sorted)
    rank_base = np.zeros(len(space), np.int64)
    rank_base[part_sorted] = len(orders) * np.arange(1, len(part_sorted) + 1)
    classes, clean = find_agreement(length, orders, maps, space)
    distinct = np.array(
        [len(set(places[:size])) for places, size in zip(maps.places, maps.size, strict=True)]
    )
    shifted = ((sets + shift) % 26 + ord("A") for shift in range(2 * max(SHIFTS) + 1))
    return _LengthTables(
        letters=[np.resize(pack_bytes(letters ^ 32), SETS) for letters in shifted],
        ranks=np.concatenate(
            [pack_bytes(PAST_END + 8 * ranks) for ranks in (orders, *maps.part_sorted.values())]
        ),
        rank_base=rank_base,
        # A rule that sorts everything stays at row 0: the sorted order.
        rank_stride=~maps.sorts | (rank_base > 0),
        maps=maps,
        classes=classes,
        clean=clean,
        usable=(distinct > MOST_PAIRS[length]) & (classes != SAME_AS_INPUT) & clean.any(axis=1),
    )


def pack_bytes(values: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Up to eight bytes a row packed into words, the first lowest: (n, k) → (n,), e.g. 1 2 → 0x0201."""
    shifts = np.arange(0, 8 * values.shape[1], 8, dtype=np.uint64)
    words: NDArray[np.uint64] = (values.astype(np.uint64) << shifts).sum(axis=1, dtype=np.uint64)
    return words


@cache
def rule_tables() -> Tables:
    """The tables for the whole rule space."""
    space = rules()
    parts = [_make_length_tables(length, space) for length in LENGTHS]
    bases = np.cumsum([0, *(len(part.ranks) for part in parts)])[:-1]
    letters = zip(*(part.letters for part in parts), strict=True)
    counts = np.concatenate([part.clean.sum(axis=1) for part in parts])
    clean_orders = [np.flatnonzero(part.clean) % part.clean.shape[1] for part in parts]
    output_shifts = 8 * np.concatenate([part.maps.places for part in parts])  # NO_PLACE becomes PAST_END
    return Tables(
        letters=np.concatenate([part.letters[0] for part in parts]),
        shifted_letters=np.concatenate([np.concatenate(by_length) for by_length in letters]),
        shift=np.array([rule.shift for rule in space]),
        plain_only=np.array(
            [rule.shift > 0 and (rule.sorts or length == SHORT) for length in LENGTHS for rule in space]
        ),
        ranks=np.concatenate([part.ranks for part in parts]),
        rank_base=np.concatenate([part.rank_base + base for part, base in zip(parts, bases, strict=True)]),
        rank_stride=np.concatenate([part.rank_stride for part in parts]).astype(np.int64),
        input_base=bases,
        output_shifts=np.stack(
            [pack_bytes(output_shifts[:, 8 * part : 8 * part + 8]) for part in range(PARTS)]
        ),
        output_size=np.concatenate([part.maps.size for part in parts]),
        clean_orders=np.concatenate(clean_orders).astype(np.uint16),
        clean_start=np.cumsum(counts) - counts,
        clean_count=counts,
        decided=find_decided(np.array([part.classes for part in parts])),
        classes=np.array([part.classes for part in parts]),
        usable=np.array([part.usable for part in parts]).T,
    )
