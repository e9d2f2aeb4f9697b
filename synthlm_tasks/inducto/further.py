"""Inducto's further queries: other inputs, whose answers nothing before them states."""

from typing import Final

import numpy as np

from synthlm_tasks.inducto.choices import find_allowed
from synthlm_tasks.inducto.letter_sets import SplitSets
from synthlm_tasks.inducto.rules import LENGTHS
from synthlm_tasks.inducto.sequences import Sequences
from synthlm_tasks.inducto.short import decides, find_fitting
from synthlm_tasks.inducto.tables import rule_tables
from synthlm_tasks.rows.rejection import Problem
from synthlm_tasks.rows.streams import Ints, RandomBits

_NOTHING: Final = np.uint64(2**64 - 1)  # no sequence has this code or prefix


def draw_further(
    problem: Problem, queries: Ints, allowed: int, split_sets: SplitSets, bits: RandomBits
) -> Problem:
    """`further_sets` and `further_orders` (k, c) of problems with so many `queries` (c,): see `InductoTask`.

    Each is of any allowed length (bit mask) at which the examples decide the answer, uniformly; its input and
    its answer are no other's of the problem, neither an example's nor another query's.
    """
    tables, rule, examples = rule_tables(), problem["rule"], problem["examples"]
    known, count = len(problem["sets"]), int(queries.max()) - 1
    sets, orders = (
        np.concatenate([problem[name].astype(np.int64), np.zeros((count, len(rule)), np.int64)])
        for name in ("sets", "orders")
    )
    codes, prefixes = np.full((2, *sets.shape), _NOTHING)
    for place in range(known):
        rows = np.flatnonzero(examples >= place)
        shown = Sequences(tables, rule[rows], sets[place, rows], orders[place, rows])
        codes[place, rows], prefixes[place, rows] = shown.input_codes, shown.output_prefixes()
    lengths = Sequences(tables, rule, sets[:known], orders[:known]).length_index
    options = _find_options(rule, examples, lengths[1:], allowed)
    fitting = find_fitting(rule, examples, lengths[1:], orders[1:known]) if allowed & 1 else None
    for number in range(2, count + 2):
        place = known + number - 2
        pending = np.flatnonzero(queries >= number)
        while len(pending):  # there are hundreds of inputs of every length in every split
            # The first length up to which more are possible than the draw: e.g. 0 1 1 2, drawn 1 → the last.
            drawn = bits.below(options[pending, -1], len(pending))
            length = (options[pending] <= drawn[:, None]).sum(axis=1)
            made = Sequences.draw(tables, rule[pending], length, split_sets, bits)
            code, prefix = made.input_codes, made.output_prefixes()
            fine = (codes[:place, pending] != code).all(axis=0)
            fine &= (prefixes[:place, pending] != prefix).all(axis=0)
            if fitting is not None:
                fine &= decides(fitting[pending], rule[pending], length, made.orders)
            rows = pending[fine]
            sets[place, rows], orders[place, rows] = made.sets[fine], made.orders[fine]
            codes[place, rows], prefixes[place, rows] = code[fine], prefix[fine]
            pending = pending[~fine]
    return {"further_sets": sets[known:], "further_orders": orders[known:]}


def _find_options(rule: Ints, examples: Ints, lengths: Ints, allowed: int) -> Ints:
    """How many lengths up to each index the examples decide: (c, lengths); `lengths` (e, c) are theirs."""
    tables = rule_tables()
    present = examples > np.arange(len(lengths))[:, None]
    mask = np.bitwise_or.reduce(np.where(present, 1 << lengths, 0), axis=0)
    decided = tables.decided.reshape(-1, len(LENGTHS)).take(rule << len(LENGTHS) | mask, axis=0)
    options: Ints = (decided & tables.usable.take(rule, axis=0) & find_allowed(allowed)).cumsum(axis=1)
    return options
