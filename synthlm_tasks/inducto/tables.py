"""What tells Inducto's rules apart: which agree at which length, and inputs on which none agree by accident.

With distinct letters an input is a set of letters and an order. On a given order every rule is an index map
into the sorted letters plus a shift, so two rules give the same output

- with equal shifts: exactly if their index maps are equal. Rules without sorting agree at a length on every
  order or on none; a sorting rule agrees with others on some orders, which are left out for those rules
  (an order is *clean* for a rule if nothing agrees with the rule there that does not always agree).
- with unequal shifts: only if the letters contain as many pairs at the shifts' distance as the output has
  distinct letters. The sets in use have at most `MOST_PAIRS` such pairs, and a rule is not shown at a
  length where its output has no more distinct letters than that.

So for inputs drawn from here, whether a problem is identifiable depends on its rule and lengths only.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.inducto.inputs import LAST_PLAIN, MOST_PAIRS, orders_of, sets_of
from synthlm_tasks.inducto.rules import LENGTHS, SHIFTS, Rule, rules
from synthlm_tasks.rows.streams import RandomBits, digest

PARTS: Final = 4  # outputs come in parts of 8 letters; the longest has 32
BLANK: Final = 64  # a shift by which every word becomes 0

_PAD: Final = 8
_MOST_OUTPUT: Final = 8 * PARTS


@dataclass(frozen=True)
class Tables:
    """Everything the generator looks up; g = length index * rules + rule.

    Eight bytes are packed in a word, the first lowest, so that shifting a word by 8 i leads to entry i:
    letters: (sets,) the letters of each set in order, each `XOR 32`, then 0; sets of length index l are
    the SETS from l * SETS on, of which rule g may have the first `available[g]`; `moved_letters` (shifts *
    sets) are those, one shift in the alphabet after another.
    ranks: (rows,) BLANK + 8 * rank by place, then 0. The row of rule g at order k is
    `row[g] + k * by_order[g]`, that of the input itself `first_order[l] + k`.
    output: (PARTS, g) 8 * place in that row, then BLANK; `size[g]` is the output's length.
    clean: order numbers; those clean for g are the `clean_count[g]` from `clean_start[g]` on.
    decided: (rules, 32, lengths) whether examples of a set of lengths (bit mask) decide the answer at a
    length; `usable` (rules, lengths) the lengths a rule is shown or asked at.
    """

    letters: NDArray[np.uint64]
    moved_letters: NDArray[np.uint64]
    available: NDArray[np.int64]
    ranks: NDArray[np.uint64]
    row: NDArray[np.int64]
    by_order: NDArray[np.int64]
    first_order: NDArray[np.int64]
    output: NDArray[np.uint64]
    size: NDArray[np.int64]
    clean: NDArray[np.uint16]
    clean_start: NDArray[np.int64]
    clean_count: NDArray[np.int64]
    decided: NDArray[np.bool_]
    usable: NDArray[np.bool_]


@dataclass(frozen=True)
class _Maps:
    """How every rule acts at one length: ranks of the output under each order.

    `fixed` (rules, _MOST_OUTPUT): places in the input (or, for a rule that sorts everything, ranks), _PAD
    beyond the output; `varying`: rule → ranks (orders, size) where a part of the input is sorted.
    """

    size: NDArray[np.int64]
    fixed: NDArray[np.int64]
    sorts: NDArray[np.bool_]
    varying: dict[int, NDArray[np.int64]]


def _maps(length: int, orders: NDArray[np.int64], space: tuple[Rule, ...]) -> _Maps:
    plain = tuple(range(length))
    turned = (*plain[1:], 0)
    fixed = np.full((len(space), _MOST_OUTPUT), _PAD)
    size = np.zeros(len(space), np.int64)
    varying = {}
    for place, rule in enumerate(space):
        out = rule(plain)
        size[place] = len(out)
        fixed[place, : len(out)] = np.array(out, np.int64) - rule.shift
        # A rule that sorts, but not all of the input, keeps the letters its first step leaves.
        if rule.sorts and sorted(rule(turned)) != sorted(out):
            kept = np.sort(orders[:, list(rule.steps[0](plain))], axis=1)
            varying[place] = kept if out[0] <= out[-1] else kept[:, ::-1]
            fixed[place, : len(out)] = range(len(out))
    return _Maps(size, fixed, np.array([rule.sorts for rule in space]), varying)


def _codes(orders: NDArray[np.int64], maps: _Maps) -> NDArray[np.uint64]:
    """A 64-bit code of every rule's output ranks under each order: (rules, orders)."""
    weights = RandomBits(0, digest("inducto codes")).words64(_MOST_OUTPUT + 1) | np.uint64(1)
    shown = np.where(np.arange(_MOST_OUTPUT) < maps.size[:, None], weights[:_MOST_OUTPUT], np.uint64(0))
    by_place = np.zeros((len(maps.fixed), _PAD + 1), np.uint64)
    for step in range(_MOST_OUTPUT):
        by_place[np.arange(len(by_place)), maps.fixed[:, step]] += shown[:, step]
    ranks = orders.astype(np.uint64) + np.uint64(1)
    codes: NDArray[np.uint64] = by_place[:, : orders.shape[1]] @ ranks.T
    codes[maps.sorts] = codes[maps.sorts, :1]  # the first order is the sorted one
    for place, values in maps.varying.items():
        codes[place] = (values.astype(np.uint64) + np.uint64(1)) @ weights[: values.shape[1]]
    codes += maps.size[:, None].astype(np.uint64) * weights[-1]
    return codes


def _special_codes(length: int, orders: NDArray[np.int64]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Codes and shifts of outputs that no order may produce by accident, though no rule stands for them.

    These are the input itself, and what CAESAR_SHIFT then SORT gives when up to three letters wrap past Z.
    """
    turns = [np.roll(np.arange(length), wrapped)[::way] for wrapped in (1, 2, 3) for way in (1, -1)]
    fixed = np.full((len(turns) * len(SHIFTS) + 1, _MOST_OUTPUT), _PAD)
    fixed[:, :length] = np.array([np.arange(length)] + turns * len(SHIFTS))
    sorts = np.arange(len(fixed)) > 0
    maps = _Maps(np.full(len(fixed), length), fixed, sorts, {})
    return _codes(orders, maps), np.array([0] + [shift for shift in SHIFTS for _ in turns])


def _agreement(
    length: int, orders: NDArray[np.int64], maps: _Maps, space: tuple[Rule, ...]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The class of rules that always agree, by rule, and the orders clean for each rule (rules, orders)."""
    codes = _codes(orders, maps)
    special, special_shifts = _special_codes(length, orders)
    shifts = np.array([rule.shift for rule in space])
    names: dict[tuple[int, bytes], int] = {(0, special[0].tobytes()): -1}
    classes = np.array(
        [names.setdefault((rule.shift, codes[i].tobytes()), i) for i, rule in enumerate(space)]
    )
    clean = np.ones(codes.shape, bool)
    for place in np.flatnonzero(maps.sorts):
        rivals = np.flatnonzero((shifts == shifts[place]) & (classes != classes[place]))
        alike = codes[rivals] == codes[place]
        clean[rivals] &= ~alike
        clean[place] &= ~alike.any(axis=0)
    for code, shift in zip(special, special_shifts, strict=True):
        clean[shifts == shift] &= codes[shifts == shift] != code
    return classes, clean


def _decide(classes: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether examples of a set of lengths decide a rule's answer: classes (lengths, rules) → `decided`."""
    count = classes.shape[1]
    agree = classes[:, :, None] == classes[:, None, :]
    decided = np.zeros((count, 1 << len(LENGTHS), len(LENGTHS)), bool)
    for mask in range(1, 1 << len(LENGTHS)):
        left = np.logical_and.reduce([agree[i] for i in range(len(LENGTHS)) if mask >> i & 1])
        for asked in range(len(LENGTHS)):
            decided[:, mask, asked] = ~(left & ~agree[asked]).any(axis=1)
    return decided


@dataclass(frozen=True)
class _Length:
    """The tables of one length; rows of ranks and orders count from 0 here."""

    letters: list[NDArray[np.uint64]]  # by shift
    available: NDArray[np.int64]
    ranks: NDArray[np.uint64]
    row: NDArray[np.int64]
    by_order: NDArray[np.bool_]
    maps: _Maps
    classes: NDArray[np.int64]
    clean: NDArray[np.bool_]
    usable: NDArray[np.bool_]


def _length(length: int, space: tuple[Rule, ...]) -> _Length:
    sets, orders = sets_of(length), orders_of(length)
    maps = _maps(length, orders, space)
    varying = list(maps.varying)
    row = np.zeros(len(space), np.int64)
    row[varying] = len(orders) * np.arange(1, len(varying) + 1)
    wraps = np.array([rule.sorts and rule.shift > 0 for rule in space])
    plain = int((sets[:, -1] <= LAST_PLAIN).sum())
    classes, clean = _agreement(length, orders, maps, space)
    distinct = np.array([len(set(line[:size])) for line, size in zip(maps.fixed, maps.size, strict=True)])
    return _Length(
        letters=[_pack_bytes(((sets + shift) % 26 + ord("A")) ^ 32) for shift in range(2 * max(SHIFTS) + 1)],
        available=np.where(wraps, plain, len(sets)),
        ranks=np.concatenate([_pack_bytes(BLANK + 8 * ranks) for ranks in (orders, *maps.varying.values())]),
        row=row,
        by_order=~maps.sorts | (row > 0),
        maps=maps,
        classes=classes,
        clean=clean,
        usable=(distinct > MOST_PAIRS[length]) & (classes >= 0) & clean.any(axis=1),
    )


def _pack_bytes(values: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Up to eight bytes a row packed into words, the first lowest: (n, k) → (n,)."""
    shifts = np.arange(0, 8 * values.shape[1], 8, dtype=np.uint64)
    words: NDArray[np.uint64] = (values.astype(np.uint64) << shifts).sum(axis=1, dtype=np.uint64)
    return words


@cache
def rule_tables() -> Tables:
    """The tables for the whole rule space."""
    space = rules()
    parts = [_length(length, space) for length in LENGTHS]
    starts = np.cumsum([0, *(len(part.ranks) for part in parts)])[:-1]
    letters = zip(*(part.letters for part in parts), strict=True)
    counts = np.concatenate([part.clean.sum(axis=1) for part in parts])
    places = 8 * np.concatenate([part.maps.fixed for part in parts])  # _PAD becomes BLANK
    return Tables(
        letters=np.concatenate([part.letters[0] for part in parts]),
        moved_letters=np.concatenate([np.concatenate(by_length) for by_length in letters]),
        available=np.concatenate([part.available for part in parts]),
        ranks=np.concatenate([part.ranks for part in parts]),
        row=np.concatenate([part.row + start for part, start in zip(parts, starts, strict=True)]),
        by_order=np.concatenate([part.by_order for part in parts]).astype(np.int64),
        first_order=starts,
        output=np.stack([_pack_bytes(places[:, 8 * part : 8 * part + 8]) for part in range(PARTS)]),
        size=np.concatenate([part.maps.size for part in parts]),
        clean=np.concatenate([np.flatnonzero(part.clean) % part.clean.shape[1] for part in parts]).astype(
            np.uint16
        ),
        clean_start=np.cumsum(counts) - counts,
        clean_count=counts,
        decided=_decide(np.array([part.classes for part in parts])),
        usable=np.array([part.usable for part in parts]).T,
    )
