"""Inducto's shortest sequences: of three letters, where no order by itself tells a rule from all others.

Every rearrangement of three letters has a name, so what a rule makes of one order, sorting and then some
rearrangement makes of it too. Several orders, or other lengths, tell the two apart: which do is not a matter
of lengths alone, so for problems that show or ask three letters the rules that fit are counted one by one.
"""

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.inducto.agreement import SHORT, find_index_maps, hash_outputs
from synthlm_tasks.inducto.choices import held_out_rules
from synthlm_tasks.inducto.inputs import orders_of
from synthlm_tasks.inducto.rules import LENGTHS, rules
from synthlm_tasks.inducto.tables import rule_tables
from synthlm_tasks.rows.streams import Ints

_ORDERS: Final = 6  # of three letters
_KINDS: Final = _ORDERS + len(LENGTHS) - 1  # of inputs: each order of three letters, each other length

RuleBits = NDArray[np.uint64]
"""Sets of rules: (…, words), rule r is bit r % 64 of word r // 64."""


@cache
def agreeing_rules() -> RuleBits:
    """The rules that agree with rule r on inputs of kind k, at place r * kinds + k: (R * kinds, words)."""
    space = rules()
    orders = orders_of(SHORT)
    hashes = hash_outputs(orders, find_index_maps(SHORT, orders, space))
    shifts = np.array([rule.shift for rule in space])
    agree = np.zeros((len(space), _KINDS, -(-len(space) // 64) * 64), bool)
    for kind in range(_ORDERS):
        agree[:, kind, : len(space)] = (hashes[:, kind, None] == hashes[:, kind]) & (
            shifts[:, None] == shifts
        )
    for kind, classes in enumerate(rule_tables().classes[1:], _ORDERS):
        agree[:, kind, : len(space)] = classes[:, None] == classes
    return _pack(agree.reshape(-1, agree.shape[2]))


@cache
def _trained() -> RuleBits:
    """The rules that are not held out: (1, words)."""
    held = held_out_rules()
    trained = np.zeros((1, -(-len(held) // 64) * 64), bool)
    trained[0, : len(held)] = held == 0
    return _pack(trained)


def _pack(members: NDArray[np.bool_]) -> RuleBits:
    words: RuleBits = np.packbits(members, axis=1, bitorder="little").view("<u8").astype(np.uint64)
    return words


def _place(rule: Ints, length_index: Ints, order: Ints) -> Ints:
    place: Ints = rule * _KINDS + np.where(length_index == 0, order, length_index + (_ORDERS - 1))
    return place


def find_fitting(rule: Ints, examples: Ints, lengths: Ints, orders: Ints) -> RuleBits:
    """The rules that agree with each problem's own on all of its examples: (c, words).

    `lengths` (length indices) and `orders` are (e, c), of which the first `examples` (c,) count.
    """
    table = agreeing_rules()
    fitting = table[_place(rule, lengths[0], orders[0])]
    for place in range(1, len(lengths)):
        rows = np.flatnonzero(examples > place)
        fitting[rows] &= table[_place(rule[rows], lengths[place, rows], orders[place, rows])]
    return fitting


def tells_apart(fitting: RuleBits, rule: Ints) -> NDArray[np.bool_]:
    """Whether no trained rule fits the examples of a rule that is held out; true of all other rules: (c,)."""
    apart: NDArray[np.bool_] = (held_out_rules().take(rule) == 0) | ~(fitting & _trained()).any(axis=1)
    return apart


def decides(fitting: RuleBits, rule: Ints, length_index: Ints, order: Ints) -> NDArray[np.bool_]:
    """Whether all rules that fit (c, words) agree on inputs of these lengths and orders: (c,)."""
    apart: NDArray[np.bool_] = (fitting & ~agreeing_rules()[_place(rule, length_index, order)]).any(axis=1)
    return ~apart
