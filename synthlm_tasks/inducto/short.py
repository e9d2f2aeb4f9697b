"""Inducto's shortest sequences: of three letters, where no order by itself tells a rule from all others.

Every rearrangement of three letters has a name, so what a rule makes of one order, sorting and then some
rearrangement makes of it too. Several orders, or other lengths, tell the two apart: which do is not a matter
of lengths alone, so for problems that show or ask three letters the rules that fit are counted one by one.
"""

import functools
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.inducto.choices import held_out_rules
from synthlm_tasks.inducto.space.agreement import SHORT, find_index_maps, hash_outputs
from synthlm_tasks.inducto.space.inputs import orders_of
from synthlm_tasks.inducto.space.rules import LENGTHS, rules
from synthlm_tasks.inducto.space.tables import rule_tables
from synthlm_tasks.rows.streams import Ints

_ORDERS: Final = 6  # of three letters
_KINDS: Final = _ORDERS + len(LENGTHS) - 1  # of inputs: each order of three letters, each other length

Words: TypeAlias = NDArray[np.integer[Any]]
RuleBits: TypeAlias = NDArray[np.uint64]
"""Sets of rules: (…, words), rule r is bit r % 64 of word r // 64."""


@cache
def agreeing_rules() -> RuleBits:
    """The rules that agree with rule r on inputs of kind k, at place r * kinds + k: (R * kinds + 1, words).

    All rules do on no input, which comes last.
    """
    space = rules()
    orders = orders_of(SHORT)
    hashes = hash_outputs(orders, find_index_maps(SHORT, orders, space))
    shifts = np.array([rule.shift for rule in space])
    agree = np.zeros((len(space), _KINDS, 64 * _words()), bool)
    for kind in range(_ORDERS):
        agree[:, kind, : len(space)] = (hashes[:, kind, None] == hashes[:, kind]) & (
            shifts[:, None] == shifts
        )
    for kind, classes in enumerate(rule_tables().classes[1:], _ORDERS):
        agree[:, kind, : len(space)] = classes[:, None] == classes
    every = np.ones((1, agree.shape[2]), bool)
    return _pack(np.concatenate([agree.reshape(-1, agree.shape[2]), every]))


def _words() -> int:
    """Words that a set of rules takes."""
    return -(-len(rules()) // 64)


@cache
def _trained() -> RuleBits:
    """The rules that are not held out: (1, words)."""
    held = held_out_rules()
    trained = np.zeros((1, 64 * _words()), bool)
    trained[0, : len(held)] = held == 0
    return _pack(trained)


def _pack(members: NDArray[np.bool_]) -> RuleBits:
    words: RuleBits = np.packbits(members, axis=1, bitorder="little").view("<u8").astype(np.uint64)
    return words


def _any_rule(bits: RuleBits) -> NDArray[np.bool_]:
    """Whether there is any in each set (c, words): (c,)."""
    # Word by word of all sets at once: five times faster than `any` over the few words of each.
    found: NDArray[np.bool_] = functools.reduce(np.bitwise_or, bits.T) != 0
    return found


def _place(rule: Ints, length_index: Ints, order: Ints) -> Ints:
    place: Ints = rule * _KINDS + np.where(length_index == 0, order, length_index + (_ORDERS - 1))
    return place


@dataclass(frozen=True, eq=False)
class Fitting:
    """What fits the examples of problems (c,), where some are of three letters: `k` of them.

    Of all others lengths alone decide (see `tables`).

    rule: (c,) the problems' own. place: (c,) where each problem stands in `bits`; -1 for none. bits:
    (k, words) the rules that agree with the problem's own on all of its examples.
    """

    rule: Ints
    place: Ints
    bits: RuleBits

    @classmethod
    def find(cls, rule: Ints, examples: Ints, lengths: Words, orders: Words) -> "Fitting":
        """Of examples with these `lengths` (indices) and `orders`, both (e, c), the first `examples` (c,)."""
        present = examples > np.arange(len(lengths))[:, None]
        short = np.flatnonzero(((lengths == 0) & present).any(axis=0))
        place = np.full(len(rule), -1)
        place[short] = np.arange(len(short))
        bits = np.full((len(short), _words()), ~np.uint64(0))
        if len(short):
            rules_of, none = rule.take(short), len(agreeing_rules()) - 1
            for shown, length, order in zip(present, lengths, orders, strict=True):
                kind = length.take(short).astype(np.int64), order.take(short).astype(np.int64)
                places = np.where(shown.take(short), _place(rules_of, *kind), none)
                bits &= agreeing_rules().take(places, axis=0)
        return cls(rule, place, bits)

    def tell_apart(self) -> NDArray[np.bool_]:
        """Whether no trained rule fits the examples of a rule that is held out; true of all others: (c,)."""
        apart = np.ones(len(self.rule), bool)
        short = np.flatnonzero(self.place >= 0)
        if len(short):
            held = held_out_rules().take(self.rule[short]) == 1
            apart[short] = ~(held & _any_rule(self.bits & _trained()))
        return apart

    def decide(self, rows: Ints | slice, length_index: Words, order: Words) -> NDArray[np.bool_]:
        """Whether all rules that fit agree on inputs of these lengths and orders, one for each of `rows`."""
        place = self.place[rows]
        decided = np.ones(len(place), bool)
        short = np.flatnonzero(place >= 0)
        if len(short):
            kind = length_index[short].astype(np.int64), order[short].astype(np.int64)
            agree = agreeing_rules().take(_place(self.rule[rows][short], *kind), axis=0)
            decided[short] = ~_any_rule(self.bits.take(place[short], axis=0) & ~agree)
        return decided
