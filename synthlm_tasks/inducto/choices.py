"""Inducto's choices: what the rule axis offers, and which rules a row may be about."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.errors import ParameterError
from synthlm_tasks.inducto.space.rules import LENGTHS, MOST_EXAMPLES, USUAL_LENGTHS, Rule, rules
from synthlm_tasks.inducto.space.tables import Tables, rule_tables
from synthlm_tasks.rows.rejection import Params
from synthlm_tasks.rows.streams import Ints, RandomBits, digest

# Pools 0 to 3 are those of the levels (0 is empty).
TRAINED_POOL: Final = 4  # compositions that occur in every split of the held-out family
HELD_OUT_POOL: Final = 5  # compositions that occur there in test only
FIRST_CHOICE_POOL: Final = 6  # one for each choice of the rule axis, in the order of `rule_choices`

_RULE_TRIES: Final = 64
_HELD_OUT: Final = 5  # of so many compositions one

USUAL: Final = sum(1 << LENGTHS.index(length) for length in USUAL_LENGTHS)
"""The usual lengths as a bit mask."""


@cache
def rule_kinds() -> tuple[str, ...]:
    """The kinds of rules, in the order of `rules`."""
    return tuple(dict.fromkeys(rule.kind for rule in rules()))


@cache
def rule_choices() -> tuple[str, ...]:
    """What the rule axis takes: "any", every kind, every full name."""
    return ("any", *dict.fromkeys([*rule_kinds(), *(rule.name for rule in rules())]))


@cache
def rule_levels() -> Mapping[str, int]:
    """The level of each kind and each full name."""
    return {rule.name: rule.level for rule in rules()} | {rule.kind: rule.level for rule in rules()}


@cache
def held_out_rules() -> Ints:
    """1 for the compositions that occur in test only, 0 for all other rules: (rules,).

    They are a fifth, the first in the order of their names' hashes but for those that no usual lengths tell
    from all trained functions: what cannot be told from them would be answered by one of them.
    """
    usable: NDArray[np.bool_] = rule_tables().usable & find_allowed(USUAL)
    composed = [
        place for place, rule in enumerate(rules()) if rule.kind == "COMPOSITE" and usable[place].any()
    ]
    candidates = sorted(composed, key=lambda place: digest("inducto held out", rules()[place].name))
    while True:
        held = np.zeros(len(rules()), np.int64)
        held[candidates[: len(composed) // _HELD_OUT]] = 1
        told = find_told_apart(rule_tables(), held)
        possible = _find_possible(rule_tables(), told, USUAL)[:, -1]  # with as many examples as there may be
        hidden = (held == 1) & ~possible
        if not hidden.any():
            return held
        candidates = [place for place in candidates if not hidden[place]]  # those are trained


@cache
def told_apart() -> NDArray[np.bool_]:
    """`find_told_apart` of the rules held out."""
    return find_told_apart(rule_tables(), held_out_rules())


def find_told_apart(tables: Tables, held: Ints) -> NDArray[np.bool_]:
    """Whether no trained function fits examples of a set of lengths (a mask) of a held-out rule: (R, masks).

    True of all rules that are not held out. An atom or a trained composition fits where it agrees with the
    rule at every length of the mask; on the orders in use nothing agrees by accident.
    """
    told = np.ones((len(held), 1 << len(LENGTHS)), bool)
    places, trained = np.flatnonzero(held == 1), np.flatnonzero(held == 0)
    agree = tables.classes[:, places, None] == tables.classes[:, None, trained]
    for mask in range(1, 1 << len(LENGTHS)):
        shown = [index for index in range(len(LENGTHS)) if mask >> index & 1]
        told[places, mask] = ~agree[shown].all(axis=0).any(axis=1)
    return told


def find_allowed(allowed: int) -> NDArray[np.bool_]:
    """Which of `LENGTHS` are in a bit mask: (lengths,)."""
    return np.array([allowed >> index & 1 == 1 for index in range(len(LENGTHS))])


def _length_sets(allowed: int) -> Iterator[tuple[int, list[int]]]:
    """Every set of allowed lengths, as a bit mask and as indices."""
    for mask in range(1, 1 << len(LENGTHS)):
        if not mask & ~allowed:
            yield mask, [index for index in range(len(LENGTHS)) if mask >> index & 1]


def _find_possible(tables: Tables, told: NDArray[np.bool_], allowed: int) -> NDArray[np.bool_]:
    """Whether so many (1 + index) examples can decide a rule and tell it apart: (R, MOST_EXAMPLES).

    `allowed` is a bit mask of the lengths that may be shown and asked. A query as long as an example is
    always decided, if need be (of three letters) by standing in its order.
    """
    possible = np.zeros((len(told), MOST_EXAMPLES), bool)
    for mask, shown in _length_sets(allowed):
        possible[tables.usable[:, shown].all(axis=1) & told[:, mask], len(shown) - 1 :] = True
    return possible


@dataclass(frozen=True, eq=False)
class Pools:
    """Rules to draw from: pool → kinds → rules, the two steps as ragged arrays.

    kinds: the same as lists. starts, counts: (pools,) the kinds of a pool, numbered over all pools.
    rule_starts, rule_counts: (kinds,) the rules of a kind in `rules`.
    allowed: the bit mask of the lengths in use (bit l for `LENGTHS[l]`).
    possible: (rules, MOST_EXAMPLES) whether so many (1 + index) examples can decide the rule at all and tell
    it apart (see `told_apart`). unseen: the same at a length that none of them has.
    """

    allowed: int
    kinds: list[list[list[int]]]
    starts: Ints
    counts: Ints
    rule_starts: Ints
    rule_counts: Ints
    rules: Ints
    possible: NDArray[np.bool_]
    unseen: NDArray[np.bool_]

    def allow(self, pool: int, examples: int) -> bool:
        """Whether so many examples can decide any rule of a pool."""
        rules_of = [rule for kind in self.kinds[pool] for rule in kind]
        return bool(self.possible[rules_of, examples - 1].any())

    def draw(self, pool: Ints, bits: RandomBits) -> Ints:
        """A rule for each entry (c,): uniform over the pool's kinds, then over the kind's rules."""
        kind = self.starts[pool] + bits.below(self.counts[pool], len(pool))
        rule: Ints = self.rules[self.rule_starts[kind] + bits.below(self.rule_counts[kind], len(pool))]
        return rule

    def most_letters(self, pool: int) -> int:
        """The most letters of input and output together, over a pool's rules at the lengths they use."""
        tables = rule_tables()
        letters = tables.output_size.reshape(len(LENGTHS), -1).T + np.array(LENGTHS)
        used = letters * tables.usable * find_allowed(self.allowed)
        return int(used[[rule for of_kind in self.kinds[pool] for rule in of_kind]].max())


@cache
def rule_pools(allowed: int) -> Pools:
    """The pools of the levels, of the held-out family and of each choice, over the rules in use.

    `allowed` is the bit mask of the lengths that may be shown and asked.
    """
    tables, space = rule_tables(), rules()
    possible = _find_possible(tables, told_apart(), allowed)
    pools = _list_pools(np.flatnonzero(possible.any(axis=1)).tolist(), space)
    lists = [places for pool in pools for places in pool]
    counts = np.array([len(pool) for pool in pools])
    sizes = np.array([len(places) for places in lists])
    return Pools(
        allowed=allowed,
        kinds=pools,
        starts=np.cumsum(counts) - counts,
        counts=counts,
        rule_starts=np.cumsum(sizes) - sizes,
        rule_counts=sizes,
        rules=np.concatenate([np.array(places) for places in lists]),
        possible=possible,
        unseen=_find_unseen(tables, told_apart(), allowed),
    )


def _list_pools(used: list[int], space: tuple[Rule, ...]) -> list[list[list[int]]]:
    kinds: dict[str, list[int]] = {}
    for place in used:
        kinds.setdefault(space[place].kind, []).append(place)
    levels = [
        [of_level for kind in kinds.values() if (of_level := [r for r in kind if space[r].level == level])]
        for level in (1, 2, 3)
    ]
    held_out = held_out_rules()
    composed = [[r for r in kinds.get("COMPOSITE", []) if held_out[r] == held] for held in (0, 1)]
    names = {space[place].name: [[place]] for place in used}
    chosen = [[kinds[name]] if name in kinds else names.get(name, []) for name in rule_choices()[1:]]
    return [[], *levels, *([part] if part else [] for part in composed), list(kinds.values()), *chosen]


def _find_unseen(tables: Tables, told: NDArray[np.bool_], allowed: int) -> NDArray[np.bool_]:
    """`Pools.unseen`: examples of as many lengths decide the rule, or fewer lengths with one repeated.

    Lengths of which three letters are one need another example: one order tells too little.
    """
    unseen = np.zeros((len(tables.usable), MOST_EXAMPLES), bool)
    for mask, shown in _length_sets(allowed):
        others = find_allowed(allowed & ~mask)
        fit = tables.usable[:, shown].all(axis=1) & told[:, mask]
        fit &= (tables.decided[:, mask] & tables.usable)[:, others].any(axis=1)
        unseen[fit, len(shown) - 1 + (mask & 1) :] = True
    return unseen


def draw_rules(params: Params, pool: Ints, bits: RandomBits) -> tuple[Ints, Ints]:
    """A rule out of each row's pool, and whether the query's length is unseen: both (c,).

    Rules that the row's examples cannot decide (at an unseen length, where only such are wanted) are drawn
    again; raises ParameterError where that finds none.
    """
    pools = rule_pools(params.most["sequence_length"])
    unseen = params["length_unseen"] == 1
    drawn = np.zeros(len(pool), np.int64)
    pending = np.arange(len(pool))
    for _ in range(_RULE_TRIES):
        drawn[pending] = pools.draw(pool[pending], bits)
        at_unseen = pools.unseen[drawn, params["num_examples"] - 1]
        wanted = pools.possible[drawn, params["num_examples"] - 1]
        if params.least["length_unseen"] == 1:
            wanted &= at_unseen
        if wanted.all():
            return drawn, (unseen & at_unseen).astype(np.int64)
        pending = np.flatnonzero(~wanted)
    examples = int(params["num_examples"][pending[0]])
    raise ParameterError(
        f"length_unseen=True: {examples} examples of {rules()[drawn[pending[0]]].name} cannot decide it "
        "at another length; ask for more examples, other rules or length_unseen=False"
    )
