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
from synthlm_tasks.inducto_tables import PAD, SETS, STRIDE, Tables, tables
from synthlm_tasks.splits import key_words
from synthlm_tasks.streams import Bits, Ints, scale
from synthlm_tasks.task import Belongs, Params, Problem, Task, Text
from synthlm_tasks.text import fragments, lay_ragged

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
            f"length_unseen=True: {examples} examples of {_RULES[chosen[pending[0]]].name} cannot decide it at "
            "another length; ask for more examples, other rules or length_unseen=False"
        )

    @classmethod
    def pose(cls, params: Params, bits: Bits, belongs: Belongs) -> tuple[Ints, Problem]:
        """Choose lengths that decide the rule, then letters; keep what the split wants."""
        look = tables()
        order = np.argsort(-params["num_examples"].astype(np.int8), kind="stable")  # example e has a prefix
        examples, rule, unseen = (params[name][order] for name in ("num_examples", "function", "unseen"))
        lengths, decided = _draw_lengths(look, rule, examples, unseen, params.most["num_examples"], bits)
        sets = np.repeat(_NO_SET + np.arange(len(lengths))[:, None], len(rule), axis=1)
        orders = np.zeros(lengths.shape, np.int64)
        hashes = _KEYS[examples]
        live = [len(rule), *np.searchsorted(-examples, -np.arange(len(lengths) - 1)).tolist()]
        for place, rows in enumerate(live):
            length, which = lengths[place, :rows], rule[:rows]
            group = length * len(_RULES) + which
            available = np.where(look.wraps[which], look.plain[length], SETS)
            sets[place, :rows] = length * SETS + bits.below(available, rows)
            picked = bits.below(look.clean_count[group], rows) + look.clean_start[group]
            orders[place, :rows] = look.clean[picked]
            hashes[:rows] *= _KEY
            hashes[:rows] += (sets[place, :rows] << 16 | orders[place, :rows]).view(np.uint64)
        kept = np.flatnonzero(decided & belongs(hashes))
        problem: Problem = {
            "rule": rule[kept],
            "examples": examples[kept],
            "unseen": unseen[kept],
            "sets": sets[:, kept],
            "orders": orders[:, kept],
        }
        fine = ~_repeats(look, problem)
        return order[kept[fine]], {name: array[..., fine] for name, array in problem.items()}

    @classmethod
    def render(cls, problem: Problem) -> Text:
        """The examples in turn, then the query; the answer is the query's output."""
        look = tables()
        rule, examples, sets = problem["rule"], problem["examples"], problem["sets"]
        lengths = np.minimum(sets // SETS, len(LENGTHS) - 1)
        counts = _IN_TRIPLES[lengths] + -(-look.size[lengths * len(_RULES) + rule] // 3) + 2
        shown = np.arange(1, len(sets))[:, None] <= examples
        ends = np.cumsum((counts[1:] * shown).sum(axis=0) + _IN_TRIPLES[lengths[0]] + 2)
        bounds = np.concatenate([[0], ends])
        prompt = np.zeros(int(ends[-1]) + _MOST_TRIPLES, np.int64)
        at = bounds[:-1].copy()
        for place in range(1, len(sets)):
            live = np.flatnonzero(shown[place - 1])
            here = _Sequences(look, rule[live], sets[place, live], problem["orders"][place, live])
            end = here.write_input(prompt, at[live], _OPEN + place)
            prompt[end] = _ARROW
            at[live] = here.write_output(prompt, end + 1)
        asked = _Sequences(look, rule, sets[0], problem["orders"][0])
        end = asked.write_input(prompt, at, _OPEN)
        prompt[end] = _CLOSE
        sizes = counts[0] - _IN_TRIPLES[lengths[0]] - 2
        answer_bounds = np.concatenate([[0], np.cumsum(sizes)])
        answer = np.zeros(int(answer_bounds[-1]) + _MOST_TRIPLES, np.int64)
        asked.write_output(answer, answer_bounds[:-1])
        notes = np.stack([rule + 2 * len(LENGTHS), problem["unseen"] * len(LENGTHS) + lengths[0]])
        return Text(
            input_text=lay_ragged(_FRAGMENTS, prompt[:-_MOST_TRIPLES], bounds),
            target=lay_ragged(_FRAGMENTS, answer[:-_MOST_TRIPLES], answer_bounds),
            notes=notes,
        )


@dataclass(frozen=True)
class _Sequences:
    """Sequences to write, one per entry: rule, letter set and order."""

    look: Tables
    rule: Ints
    sets: Ints
    orders: Ints

    @property
    def length(self) -> Ints:
        """Length index of each sequence."""
        return self.sets // SETS

    def write_input(self, text: Ints, at: Ints, literal: int) -> Ints:
        """Write a literal and the sequence's triples at `at`; returns the places after them."""
        row = self.look.first_order[self.length] + self.orders
        ranks = self.look.ranks.reshape(-1, STRIDE)[row]
        letters = self.look.letters.take(ranks + (self.sets * STRIDE)[:, None])
        text[at] = literal
        _write(text, at + 1, letters)
        return at + 1 + _IN_TRIPLES[self.length]

    def write_output(self, text: Ints, at: Ints) -> Ints:
        """Write the triples of the rule's output at `at`; returns the places after them."""
        group = self.length * len(_RULES) + self.rule
        size = self.look.size[group]
        row = (self.look.row[group] + self.orders * self.look.by_order[group]) * STRIDE
        # Few outputs are longer than three triples: the rest is written for those only, and first, since
        # the blanks behind a short output are overwritten by what follows it.
        long = np.flatnonzero(size > 9)
        if len(long):
            _write(text, at[long] + 3, self._letters(group[long], row[long], long, slice(9, None)), 3)
        _write(text, at, self._letters(group, row, slice(None), slice(0, 9)))
        return at + (size + 2) // 3

    def _letters(self, group: Ints, row: Ints, which: Ints | slice, places: slice) -> NDArray[np.uint8]:
        ranks = self.look.ranks.take(self.look.output[group, places] + row[:, None])
        letters = self.look.letters.take(ranks + (self.sets[which] * STRIDE)[:, None])
        shift = _SHIFT_OF[self.rule[which]]
        moved = np.flatnonzero(shift)
        letters[moved] = _SHIFTED.take(letters[moved] + 27 * shift[moved, None])
        return letters


def _write(text: Ints, at: Ints, letters: NDArray[np.uint8], first: int = 0) -> None:
    """Write letters (n, 3 t) as t text fragments each, from place `at` on; backwards, see `write_output`."""
    letters = letters[:, : letters.shape[1] // 3 * 3]
    wide = letters.astype(np.uint16)
    triples = wide[:, 0::3] * 729 + wide[:, 1::3] * 27 + wide[:, 2::3]
    for column in range(triples.shape[1] - 1, -1, -1):
        text[at + column] = triples[:, column] + (27**3 if first + column else 0)


def _repeats(look: Tables, problem: Problem) -> NDArray[np.bool_]:
    """Whether two inputs are equal, or an output looks like the answer (size and first two letters)."""
    sets, orders = problem["sets"], problem["orders"]
    inputs = sets << 16 | orders
    equal = np.zeros(inputs.shape[1], bool)
    for place in range(1, len(inputs)):
        equal |= (inputs[:place] == inputs[place]).any(axis=0)
    known = np.minimum(sets, _NO_SET - 1)
    group = known // SETS * len(_RULES) + problem["rule"]
    row = (look.row[group] + orders * look.by_order[group]) * STRIDE
    shape = look.size[group]
    for place in (0, 1):
        ranks = look.ranks.take(row + look.output[:, place][group])
        shape = shape * 27 + look.letters.take(known * STRIDE + ranks)
    alike = (shape[1:] == shape[0]) & (sets[1:] < _NO_SET)
    return equal | alike.any(axis=0)


def _draw_lengths(
    look: Tables, rule: Ints, examples: Ints, unseen: Ints, most: int, bits: Bits
) -> tuple[Ints, NDArray[np.bool_]]:
    """Length indices (1 + most, c), the query's first, and whether the examples decide the answer."""
    options, counts = _options()
    lengths = np.zeros((1 + most, len(rule)), np.int64)
    decided = np.zeros(len(rule), bool)
    pending = np.arange(len(rule))
    for _ in range(_LENGTH_TRIES):
        which, apart = rule[pending], unseen[pending] == 1
        every = which * 6 + 5
        asked = options.take(every * 5 + bits.below(counts[every], len(pending)))
        group = np.where(apart, which * 6 + asked, every)
        shown = options.take(group * 5 + scale(bits.words(most, len(pending)), counts[group]))
        asked = np.where(apart, asked, shown[0])
        mask = np.zeros(len(pending), np.int64)
        for place in range(most):
            mask |= (place < examples[pending]).astype(np.int64) << shown[place]
        good = look.decided[which, mask, asked] & ~(apart & (mask >> asked & 1 == 1))
        lengths[0, pending], lengths[1:, pending] = asked, shown
        decided[pending] = good
        pending = pending[~good]
        if not len(pending):
            break
    return lengths, decided


@cache
def _options() -> tuple[Ints, Ints]:
    """Usable lengths of each rule without length q (q = 5: all), flat (rules, 6, 5), and their counts."""
    usable = np.repeat(tables().usable[:, None], 6, axis=1)
    usable[:, np.arange(5), np.arange(5)] = False
    listed = np.argsort(~usable, axis=2, kind="stable")
    return listed.ravel(), usable.sum(axis=2).ravel()


@dataclass(frozen=True)
class _Pools:
    """Rules to draw from: pool → kinds → rules; `unseen` (rules, examples) says which rules so many
    examples can decide at a length that none of them has."""

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
        return self.rules[self.rule_starts[kind] + bits.below(self.rule_counts[kind], len(pool))]


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
_NO_SET: Final = len(LENGTHS) * SETS
_MOST_TRIPLES: Final = 11
_IN_TRIPLES: Final = np.array([-(-length // 3) for length in LENGTHS])
_SHIFT_OF: Final = np.array([rule.shift for rule in _RULES])
_SHIFTED: Final = np.array(  # (shift, letter), blanks stay
    [[0] + [(letter + shift) % 26 + 1 for letter in range(26)] for shift in range(7)], np.uint8
).ravel()
_KEYS: Final = key_words("inducto", _MOST_EXAMPLES + 1)
_KEY: Final = key_words("inducto step", 1)[0] | np.uint64(1)

_NAMES: Final = ["", *"ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
_TRIPLES: Final = [" ".join(filter(None, (a, b, c))) for a in _NAMES for b in _NAMES for c in _NAMES]
_OPEN: Final = 2 * len(_TRIPLES)
_ARROW: Final = _OPEN + _MOST_EXAMPLES + 1
_CLOSE: Final = _ARROW + 1
_FRAGMENTS: Final = fragments(
    [
        *_TRIPLES,
        *(f" {triple}" if triple else "" for triple in _TRIPLES),
        "] | Query: [",
        "Ex1: [",
        *(f"] | Ex{number}: [" for number in range(2, _MOST_EXAMPLES + 1)),
        "] -> [",
        "] ->",
    ]
)
