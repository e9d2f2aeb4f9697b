"""Inducto's further queries: other inputs, whose answers nothing before them states."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.errors import SpaceError
from synthlm_tasks.inducto.choices import find_allowed
from synthlm_tasks.inducto.letter_sets import SplitSets
from synthlm_tasks.inducto.sequences import Sequences
from synthlm_tasks.inducto.short import Fitting
from synthlm_tasks.inducto.space.inputs import SETS
from synthlm_tasks.inducto.space.rules import LENGTHS
from synthlm_tasks.inducto.space.tables import Tables, rule_tables
from synthlm_tasks.rows.rejection import Problem
from synthlm_tasks.rows.streams import Ints, RandomBits

# Inputs tried at once for the few problems whose first one does not fit, and at most for each of them.
_TRIES: Final = 2048
_MOST_TRIES: Final = 64

# Tries in a row without a single fit after which whole answers are compared, not sizes and first letters:
# what sorts doubled letters begins with the first one twice, and soon every letter that sets begin with has
# been given. An input that fits by its answer's beginning is drawn once in 3,700 tries at the least.
_HOPELESS: Final = 1 << 17


def draw_further(
    problem: Problem, queries: Ints, allowed: int, split_sets: SplitSets, bits: RandomBits
) -> Problem:
    """`further_sets` and `further_orders` (k, c) of problems with so many `queries` (c,): see `InductoTask`.

    Each is of any allowed length (bit mask) at which the examples decide the answer, uniformly; its input and
    its answer are no other's of the problem, neither an example's nor another query's. Raises SpaceError
    where there seems to be none.
    """
    # By falling number of queries: the rows that have one are then a prefix, and a view.
    order = np.argsort(-queries.astype(np.int8), kind="stable")
    tables, rule, examples = rule_tables(), problem["rule"][order], problem["examples"][order]
    known, count = len(problem["sets"]), int(queries.max()) - 1
    sets, orders, codes, prefixes = (
        np.concatenate([known_ones, np.empty((count, len(rule)), known_ones.dtype)])
        for known_ones in (problem[name].take(order, 1) for name in ("sets", "orders", "codes", "prefixes"))
    )
    lengths = (sets[:known] // SETS).astype(np.int64)
    options = _find_options(rule, examples, lengths[1:], allowed)
    fitting = Fitting.find(rule, examples, lengths[1:], orders[1:known])
    rows_with = np.searchsorted(-queries[order], -np.arange(2, count + 2), side="right").tolist()
    tries, whole = 0, False
    for place, rows in enumerate(rows_with, known):
        tried: Ints | slice = slice(rows)
        pending = np.arange(rows)
        while len(pending):  # there are hundreds of inputs of every length in every split
            ends = options[tried]
            drawn = bits.below(ends[:, -1], len(ends))
            # The first length up to which more are possible than the draw: e.g. 0 1 1 2, drawn 1 → the last.
            length = (ends <= drawn[:, None]).sum(axis=1)
            made = Sequences.draw(tables, rule[tried], length, split_sets, bits)
            code, prefix = made.input_codes, made.output_prefixes()
            fine = ~(codes[:place, tried] == code).any(axis=0)
            if whole and not isinstance(tried, slice):  # most rows have a fit at once, by the cheaper check
                fine &= ~_any_answer(tables, rule[tried], sets[:place, tried], orders[:place, tried], made)
            else:
                fine &= ~(prefixes[:place, tried] == prefix).any(axis=0)
            fine &= fitting.decide(tried, length, made.orders)
            # Of several tries for a problem the first that fits: all of its tries stand side by side.
            first = fine.reshape(len(pending), -1).argmax(axis=1)
            chosen = np.arange(len(pending)) * (len(fine) // len(pending)) + first
            done = fine[chosen]
            chosen, filled = chosen[done], pending[done]
            sets[place, filled], orders[place, filled] = made.sets[chosen], made.orders[chosen]
            codes[place, filled], prefixes[place, filled] = code[chosen], prefix[chosen]
            pending = pending[~done]
            tries = 0 if done.any() else tries + len(fine)
            if tries >= _HOPELESS:
                if whole:
                    raise SpaceError(f"no further query of {len(pending):,} problems in {tries:,} tries")
                tries, whole = 0, True
            tried = np.repeat(pending, min(_MOST_TRIES, 1 + _TRIES // max(len(pending), 1)))
    back = np.argsort(order, kind="stable")
    return {"further_sets": sets[known:].take(back, 1), "further_orders": orders[known:].take(back, 1)}


def _any_answer(tables: Tables, rule: Ints, sets: Ints, orders: Ints, made: Sequences) -> NDArray[np.bool_]:
    """Whether any input in `sets` and `orders` (k, c) has the answer that `made` (c,) has: (c,)."""
    answers = made.outputs()
    given = (
        Sequences(tables, rule, *(part.astype(np.int64) for part in parts))
        for parts in zip(sets, orders, strict=True)
    )
    same: NDArray[np.bool_] = np.any([(one.outputs() == answers).all(axis=1) for one in given], axis=0)
    return same


def _find_options(rule: Ints, examples: Ints, lengths: Ints, allowed: int) -> Ints:
    """How many lengths up to each index the examples decide: (c, lengths); `lengths` (e, c) are theirs."""
    tables = rule_tables()
    present = examples > np.arange(len(lengths))[:, None]
    mask = np.bitwise_or.reduce(np.where(present, 1 << lengths, 0), axis=0)
    decided = tables.decided.reshape(-1, len(LENGTHS)).take(rule << len(LENGTHS) | mask, axis=0)
    options: Ints = (decided & tables.usable.take(rule, axis=0) & find_allowed(allowed)).cumsum(axis=1)
    return options
