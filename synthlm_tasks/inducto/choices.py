"""Inducto's choices: which rule a row is about, and lengths that decide it."""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.errors import ParameterError
from synthlm_tasks.inducto.rules import LENGTHS, rules
from synthlm_tasks.inducto.tables import Tables, rule_tables
from synthlm_tasks.rows.axes import ChoiceAxis
from synthlm_tasks.rows.streams import Ints, RandomBits, Words, digest

MOST_EXAMPLES: Final = 10
RULES: Final = rules()
KINDS: Final = tuple(dict.fromkeys(rule.kind for rule in RULES))
CHOICES: Final = ("any", *dict.fromkeys([*KINDS, *(rule.name for rule in RULES)]))
LEVELS: Final = {rule.name: rule.level for rule in RULES} | {rule.kind: rule.level for rule in RULES}
OTHER_POOLS: Final = 4  # pools before those of named rules
TRAINED_POOL: Final = OTHER_POOLS + len(CHOICES)
HELD_OUT_POOL: Final = TRAINED_POOL + 1
_LENGTH_TRIES: Final = 6


def draw_lengths(
    look: Tables, rule: Ints, examples: Ints, unseen: Ints, most: int, bits: RandomBits
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Length indices (1 + most, c), the query's first, and whether the examples decide the answer.

    Rows come sorted by falling number of examples.
    """
    options = _packed_options()
    lengths = np.zeros((1 + most, len(rule)), np.uint8)
    decided = np.zeros(len(rule), bool)
    pending: Ints | slice = slice(None)
    for _ in range(_LENGTH_TRIES):
        rules, apart = rule[pending], unseen[pending] == 1
        every = options.take(6 * rules + 5)
        asked = _draw_option(every, bits.words(len(rules)))
        group = np.where(apart, options.take(6 * rules + asked), every)
        shown = _draw_option(group, bits.words(most, len(rules)))
        asked = np.where(apart, asked, shown[0])
        mask = np.zeros(len(rules), np.uint32)
        live = np.searchsorted(-examples[pending], -np.arange(most)).tolist()
        for place, rows in enumerate(live):
            mask[:rows] |= np.left_shift(np.uint32(1), shown[place, :rows])
        case = (rules << len(LENGTHS) | mask) * len(LENGTHS) + asked
        good = look.decided.take(case) & ~(apart & (mask >> asked & np.uint32(1) == 1))
        lengths[0, pending], lengths[1:, pending] = asked, shown
        decided[pending] = good
        pending = np.flatnonzero(~decided)
        if not len(pending):
            break
    return lengths, decided


def _draw_option(options: Words, words: Words) -> Words:
    """One of each row's lengths: `options` as in `_packed_options`, uniform `words` (…, c)."""
    words >>= np.uint32(3)
    words *= options >> np.uint32(16)  # 29 random bits times at most 5 fit a word
    words >>= np.uint32(29)
    words *= np.uint32(3)
    drawn: Words = options >> words & np.uint32(7)
    return drawn


@cache
def _packed_options() -> Words:
    """The usable lengths of each rule but length q (q = 5: all), at place 6 * rule + q.

    Their indices, three bits each, and their number << 16. A rule usable at q only has q itself there, which
    is then seen and so never decided.
    """
    usable = np.repeat(rule_tables().usable[:, None], 6, axis=1)
    usable[:, np.arange(5), np.arange(5)] = False
    listed = np.argsort(~usable, axis=2, kind="stable")
    counts = usable.sum(axis=2)
    alone = counts == 0
    listed[alone, 0] = np.nonzero(alone)[1] % 5
    packed = (listed << np.arange(0, 15, 3)).sum(axis=2) | np.maximum(counts, 1) << 16
    options: Words = packed.ravel().astype(np.uint32)
    return options


@dataclass(frozen=True)
class Pools:
    """Rules to draw from: pool → kinds → rules.

    `unseen` (rules, examples) says which rules so many examples can decide at a length that none of them has.
    """

    kinds: list[list[list[int]]]
    starts: Ints
    counts: Ints
    rule_starts: Ints
    rule_counts: Ints
    rules: Ints
    unseen: NDArray[np.bool_]

    def draw(self, pool: Ints, bits: RandomBits) -> Ints:
        """A rule for each entry: uniform over the pool's kinds, then over the kind's rules."""
        kind = self.starts[pool] + bits.below(self.counts[pool], len(pool))
        rule: Ints = self.rules[self.rule_starts[kind] + bits.below(self.rule_counts[kind], len(pool))]
        return rule

    def most_letters(self, pool: int) -> int:
        """The most letters of input and output together, over a pool's rules at the lengths they use."""
        look = rule_tables()
        letters = look.size.reshape(len(LENGTHS), -1).T + np.array(LENGTHS)
        return int((letters * look.usable)[[rule for rules in self.kinds[pool] for rule in rules]].max())


@cache
def rule_pools() -> Pools:
    """Pool 0 is empty, 1 to 3 are the levels, then one for each choice of the rule axis.

    The last two are the compositions that occur in every split of the held-out family, and in test only.
    """
    look = rule_tables()
    kinds: dict[str, list[int]] = {}
    for place in np.flatnonzero(look.usable.any(axis=1)).tolist():
        kinds.setdefault(RULES[place].kind, []).append(place)
    levels = [
        [of_level for kind in kinds.values() if (of_level := [r for r in kind if RULES[r].level == level])]
        for level in (1, 2, 3)
    ]
    names = {RULES[place].name: [[place]] for kind in kinds.values() for place in kind}
    listed = [[], *levels, list(kinds.values())]
    listed += [[kinds[name]] if name in kinds else names.get(name, []) for name in CHOICES[1:]]
    composed = np.array(kinds["COMPOSITE"])
    listed += [[composed[HELD_OUT[composed] == held].tolist()] for held in (0, 1)]
    lists = [places for pool in listed for places in pool]
    counts = np.array([len(pool) for pool in listed])
    sizes = np.array([len(places) for places in lists])
    unseen = np.zeros((len(RULES), MOST_EXAMPLES), bool)
    for mask in range(1, 1 << len(LENGTHS)):
        shown = [i for i in range(len(LENGTHS)) if mask >> i & 1]
        others = [i for i in range(len(LENGTHS)) if i not in shown]
        fit = look.usable[:, shown].all(axis=1) & (look.decided[:, mask] & look.usable)[:, others].any(axis=1)
        unseen[fit, len(shown) - 1 :] = True
    return Pools(
        kinds=listed,
        starts=np.cumsum(counts) - counts,
        counts=counts,
        rule_starts=np.cumsum(sizes) - sizes,
        rule_counts=sizes,
        rules=np.concatenate([np.array(places) for places in lists]),
        unseen=unseen,
    )


def _choose_held_out() -> Ints:
    """1 for every fifth composition in the order of their names' hashes, 0 for all other rules."""
    held = np.zeros(len(RULES), np.int64)
    composed = [place for place, rule in enumerate(RULES) if rule.kind == "COMPOSITE"]
    held[sorted(composed, key=lambda place: digest("inducto held out", RULES[place].name))[::5]] = 1
    return held


HELD_OUT: Final = _choose_held_out()


class RuleAxis(ChoiceAxis):
    """Any rule of the level, or one by name, or one kind of rule with any parameters."""

    @property
    def allowed(self) -> str:
        """What may be named; the whole list is `inducto.rules.rules()`."""
        return f"'any', a kind of rule ({', '.join(KINDS)}) or a full name such as 'DROP_LAST(1) then SORT'"

    def code(self, value: object) -> int:
        """The position of the choice; rules whose outputs are too short to tell are refused."""
        code = super().code(value)
        if not rule_pools().kinds[code + OTHER_POOLS]:
            raise ParameterError(f"{self.name}={value!r}: its outputs have too few letters to ask for it")
        return code
