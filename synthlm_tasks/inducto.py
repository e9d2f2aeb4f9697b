"""Inducto: infer a sequence rule from a few examples and apply it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.axes import ChoiceAxis, IntAxis
from synthlm_tasks.errors import ParameterError
from synthlm_tasks.inducto_rules import LENGTHS, rules
from synthlm_tasks.inducto_tables import Tables, tables
from synthlm_tasks.inducto_text import Sequences, write_answers, write_prompts
from synthlm_tasks.splits import key_words
from synthlm_tasks.streams import Bits, Ints
from synthlm_tasks.task import Belongs, Params, Problem, Task, Text
from synthlm_tasks.text import fragments

_MOST_EXAMPLES: Final = 10
_RULES: Final = rules()
_KINDS: Final = tuple(dict.fromkeys(rule.kind for rule in _RULES))
_CHOICES: Final = ("any", *dict.fromkeys([*_KINDS, *(rule.name for rule in _RULES)]))
_LEVELS: Final = {rule.name: rule.level for rule in _RULES} | {rule.kind: rule.level for rule in _RULES}


class RuleAxis(ChoiceAxis):
    """Any rule of the level, or one by name, or one kind of rule with any parameters."""

    @property
    def allowed(self) -> str:
        """What may be named; the whole list is `inducto_rules.rules()`."""
        return f"'any', a kind of rule ({', '.join(_KINDS)}) or a full name such as 'DROP_LAST(1) then SORT'"

    def code(self, value: object) -> int:
        """The position of the choice; rules whose outputs are too short to tell are refused."""
        code = super().code(value)
        if not _pools().kinds[code + _OTHER_POOLS]:
            raise ParameterError(f"{self.name}={value!r}: its outputs have too few letters to ask for it")
        return code


class InductoTask(Task):
    """See examples of a hidden rule on sequences of letters, and apply it to one more.

    Rule: every example shows a sequence of 4 to 8 distinct letters and what the rule makes of it. Worked
    example: `Ex1: [A B C D] -> [D C B A] | Ex2: [X Y Z W V] -> [V W Z Y X] | Query: [P Q R S T] ->`: both
    examples are reversed, so the answer is `T S R Q P`. `inducto_rules` lists the rules; inputs come from
    `inducto_tables`, so that no other rule of the space fits all examples and answers differently.

    Problem arrays (c problems, places: the query first, then the examples): `rule`, `examples`, `unseen`
    (c,); `sets` and `orders` (1 + most examples, c): numbers of the letter set (over all lengths) and of
    the order (within its length).
    """

    name = family = "inducto"
    axes = (
        IntAxis("rule_level", 1, 3),
        IntAxis("num_examples", 1, _MOST_EXAMPLES),
        ChoiceAxis("length_unseen", (False, True)),
        RuleAxis("rule", _CHOICES, preset=("any",)),
    )
    note_fragments = fragments(
        [f',"length_unseen":{flag},"query_length":{n}}}' for flag in ("false", "true") for n in LENGTHS]
        + [f',"rule":"{rule.name}"' for rule in _RULES]
    )

    @classmethod
    def fits(cls, cell: Mapping[str, int]) -> bool:
        """A rule asked for by name has its own level."""
        named = _CHOICES[cell["rule"]]
        return named == "any" or _LEVELS[named] == cell["rule_level"]

    @classmethod
    def describe(cls, cell: Mapping[str, object]) -> dict[str, object]:
        """Level and number of examples; rule and lengths are noted row by row."""
        return {name: cell[name] for name in ("rule_level", "num_examples")}

    @classmethod
    def settle(cls, params: Params, bits: Bits) -> Params:
        """Draw each row's rule: uniform over the kinds of its level, then over the parameters.

        A rule that no unseen length can decide is asked at a seen one; where only unseen lengths are
        wanted (in every row), another rule is drawn instead.
        """
        pools = _pools()
        pool = np.where(params["rule"] > 0, params["rule"] + _OTHER_POOLS, params["rule_level"])
        unseen = params["length_unseen"] == 1
        chosen = np.zeros(len(pool), np.int64)
        pending = np.arange(len(pool))
        for _ in range(64):
            chosen[pending] = pools.draw(pool[pending], bits)
            possible = pools.unseen[chosen, params["num_examples"] - 1]
            if not unseen.all() or possible.all():
                return params.having({"function": chosen, "unseen": (unseen & possible).astype(np.int64)})
            pending = np.flatnonzero(~possible)
        examples = int(params["num_examples"][pending[0]])
        raise ParameterError(
            f"length_unseen=True: {examples} examples of {_RULES[chosen[pending[0]]].name} cannot decide it "
            "at another length; ask for more examples, other rules or length_unseen=False"
        )

    @classmethod
    def pose(cls, params: Params, bits: Bits, belongs: Belongs) -> tuple[Ints, Problem]:
        """Choose lengths that decide the rule, then letters; keep what the split wants."""
        look = tables()
        order = np.argsort(-params["num_examples"].astype(np.int8), kind="stable")  # example e has a prefix
        examples, rule, unseen = (params[name][order] for name in ("num_examples", "function", "unseen"))
        lengths, decided = _draw_lengths(look, rule, examples, unseen, params.most["num_examples"], bits)
        sets, orders = np.zeros((2, *lengths.shape), np.uint16)
        heads = np.zeros(lengths.shape, np.uint64)
        inputs = np.zeros(lengths.shape, np.uint32)

        def draw(place: int, rows: Ints | slice) -> None:
            drawn = Sequences.draw(look, rule[rows], lengths[place, rows], bits)
            sets[place, rows], orders[place, rows] = drawn.sets, drawn.orders
            inputs[place, rows] = drawn.sets << 16 | drawn.orders
            heads[place, rows] = drawn.heads()

        hashes = _KEYS.take(examples)
        fine = decided
        live = np.searchsorted(-examples, -np.arange(len(lengths) - 1)).tolist()
        for place, rows in enumerate(live, 1):
            draw(place, slice(rows))
            fine[:rows] &= (inputs[1:place, :rows] != inputs[place, :rows]).all(axis=0)
            hashes[:rows] += inputs[place, :rows]
            hashes[:rows] *= _KEY
        # The query comes last, so that another one can be tried where the split does not want the problem.
        pending: Ints | slice = slice(None)
        chosen = np.zeros(len(rule), bool)
        for _ in range(_QUERY_TRIES):
            draw(0, pending)
            shown = examples[pending] > np.arange(len(lengths) - 1)[:, None]
            alike = (heads[1:, pending] == heads[0, pending]) & shown
            alike |= inputs[1:, pending] == inputs[0, pending]
            chosen[pending] = belongs(hashes[pending] + inputs[0, pending]) & ~alike.any(axis=0)
            pending = np.flatnonzero(fine & ~chosen)
            if not len(pending):
                break
        kept = np.flatnonzero(fine & chosen)
        return order[kept], {
            "rule": rule[kept],
            "examples": examples[kept],
            "unseen": unseen[kept],
            "sets": sets.take(kept, 1),
            "orders": orders.take(kept, 1),
        }

    @classmethod
    def render(cls, problem: Problem) -> Text:
        """The examples in turn, then the query; the answer is the query's output."""
        rule, examples, unseen = (problem[name] for name in ("rule", "examples", "unseen"))
        sets, orders = problem["sets"].astype(np.int64), problem["orders"].astype(np.int64)
        asked = Sequences(tables(), rule, sets[0], orders[0])
        shown = []
        for place in range(1, len(sets)):
            rows = np.flatnonzero(examples >= place)
            shown.append((rows, Sequences(tables(), rule[rows], sets[place, rows], orders[place, rows])))
        return Text(
            input_text=write_prompts(asked, shown),
            target=write_answers(asked),
            notes=np.stack([rule + 2 * len(LENGTHS), unseen * len(LENGTHS) + asked.length]),
        )


def _draw_lengths(
    look: Tables, rule: Ints, examples: Ints, unseen: Ints, most: int, bits: Bits
) -> tuple[Ints, NDArray[np.bool_]]:
    """Length indices (1 + most, c), the query's first, and whether the examples decide the answer.

    Rows come sorted by falling number of examples.
    """
    options = _options()
    lengths = np.zeros((1 + most, len(rule)), np.int64)
    decided = np.zeros(len(rule), bool)
    pending = np.arange(len(rule))
    for _ in range(_LENGTH_TRIES):
        which, apart = rule[pending] * 6, unseen[pending] == 1
        every = options.take(which + 5)
        asked = every >> 3 * bits.below(every >> 32, len(pending)) & 7
        group = np.where(apart, options.take(which + asked), every)
        shown = group >> 3 * bits.below(group >> 32, most, len(pending)) & 7
        asked = np.where(apart, asked, shown[0])
        mask = np.zeros(len(pending), np.int64)
        live = np.searchsorted(-examples[pending], -np.arange(most)).tolist()
        for place, rows in enumerate(live):
            mask[:rows] |= np.left_shift(1, shown[place, :rows])
        case = (rule[pending] << len(LENGTHS) | mask) * len(LENGTHS) + asked
        good = look.decided.take(case) & ~(apart & (mask >> asked & 1 == 1))
        lengths[0, pending], lengths[1:, pending] = asked, shown
        decided[pending] = good
        pending = pending[~good]
        if not len(pending):
            break
    return lengths, decided


@cache
def _options() -> Ints:
    """The usable lengths of each rule but length q (q = 5: all), at place 6 * rule + q.

    Their indices, three bits each, and their number << 32. A rule usable at q only has q itself there, which
    is then seen and so never decided.
    """
    usable = np.repeat(tables().usable[:, None], 6, axis=1)
    usable[:, np.arange(5), np.arange(5)] = False
    listed = np.argsort(~usable, axis=2, kind="stable")
    counts = usable.sum(axis=2)
    alone = counts == 0
    listed[alone, 0] = np.nonzero(alone)[1] % 5
    packed: Ints = (listed << np.arange(0, 15, 3)).sum(axis=2) | np.maximum(counts, 1) << 32
    return packed.ravel()


@dataclass(frozen=True)
class _Pools:
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

    def draw(self, pool: Ints, bits: Bits) -> Ints:
        """A rule for each entry: uniform over the pool's kinds, then over the kind's rules."""
        kind = self.starts[pool] + bits.below(self.counts[pool], len(pool))
        rule: Ints = self.rules[self.rule_starts[kind] + bits.below(self.rule_counts[kind], len(pool))]
        return rule


@cache
def _pools() -> _Pools:
    """Pool 0 is empty, 1 to 3 are the levels, then one for each choice of the rule axis."""
    look = tables()
    asked = look.usable.any(axis=1)

    def kinds(*wanted: object, by: str) -> list[list[int]]:
        found: dict[str, list[int]] = {}
        for place in np.flatnonzero(asked).tolist():
            if getattr(_RULES[place], by) in wanted:
                found.setdefault(_RULES[place].kind, []).append(place)
        return list(found.values())

    pools = [[], *(kinds(level, by="level") for level in (1, 2, 3))]
    pools += [kinds(1, 2, 3, by="level")]
    pools += [kinds(name, by="kind") or kinds(name, by="name") for name in _CHOICES[1:]]
    lists = [places for pool in pools for places in pool]
    counts = np.array([len(pool) for pool in pools])
    sizes = np.array([len(places) for places in lists])
    unseen = np.zeros((len(_RULES), _MOST_EXAMPLES), bool)
    for mask in range(1, 1 << len(LENGTHS)):
        shown = [i for i in range(len(LENGTHS)) if mask >> i & 1]
        others = [i for i in range(len(LENGTHS)) if i not in shown]
        fit = look.usable[:, shown].all(axis=1) & (look.decided[:, mask] & look.usable)[:, others].any(axis=1)
        unseen[fit, len(shown) - 1 :] = True
    return _Pools(
        kinds=pools,
        starts=np.cumsum(counts) - counts,
        counts=counts,
        rule_starts=np.cumsum(sizes) - sizes,
        rule_counts=sizes,
        rules=np.concatenate([np.array(places) for places in lists]),
        unseen=unseen,
    )


_OTHER_POOLS: Final = 4
_LENGTH_TRIES: Final = 6
_QUERY_TRIES: Final = 12
_KEYS: Final = key_words("inducto", _MOST_EXAMPLES + 1)
_KEY: Final = key_words("inducto step", 1)[0] | np.uint64(1)
