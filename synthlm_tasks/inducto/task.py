"""Inducto: infer a sequence rule from a few examples and apply it."""

from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar, Final

import numpy as np

from synthlm_tasks.inducto.choices import (
    FIRST_CHOICE_POOL,
    HELD_OUT_POOL,
    TRAINED_POOL,
    RuleAxis,
    draw_rules,
    held_out_rules,
    rule_choices,
    rule_levels,
    rule_pools,
)
from synthlm_tasks.inducto.lengths import draw_lengths
from synthlm_tasks.inducto.letter_sets import SplitSets, train_sets
from synthlm_tasks.inducto.meanings import describe_rules
from synthlm_tasks.inducto.open import RULE, SEQUENCE, OpenInducto, most_compact_tokens, most_tokens
from synthlm_tasks.inducto.reading import READING
from synthlm_tasks.inducto.rules import LENGTHS, MOST_EXAMPLES, rules
from synthlm_tasks.inducto.sequences import Sequences
from synthlm_tasks.inducto.tables import rule_tables
from synthlm_tasks.inducto.text import Answers, Prompts
from synthlm_tasks.rows.axes import Axis, ChoiceAxis, IntAxis
from synthlm_tasks.rows.splits import Hashes, key_words
from synthlm_tasks.rows.splits import in_split as in_split
from synthlm_tasks.rows.streams import Ints, RandomBits
from synthlm_tasks.rows.task import Accept, Params, Problem, Rendered, Task

_HELD_OUT_NOTES: Final = (',"held_out":false', ',"held_out":true')


class InductoTask(Task):
    """See examples of a hidden rule on sequences of letters, and apply it to one more.

    Every example shows a sequence of 4 to 8 distinct letters and what the rule makes of it. Worked
    example: `Ex1: [A B C D] -> [D C B A] | Ex2: [X Y Z W V] -> [V W Z Y X] | Query: [P Q R S T] ->`: both
    examples are reversed, so the answer is `T S R Q P`. `inducto.rules` lists the rules; inputs come from
    `inducto.tables`, so that no other rule of the space fits all examples and answers differently.

    Problem arrays (c problems, places: the query first, then the examples): `rule`, `examples`, `unseen`
    (c,); `sets` and `orders` (1 + most examples, c): numbers of the letter set (over all lengths) and of
    the order (within its length).
    """

    name = family = "inducto"
    rule = RULE
    axes: ClassVar[tuple[Axis, ...]] = (
        IntAxis("rule_level", 1, 3),
        IntAxis("num_examples", 1, MOST_EXAMPLES),
        ChoiceAxis("length_unseen", (False, True)),
        RuleAxis("rule"),
    )
    answers = (SEQUENCE,)
    reading = READING

    @classmethod
    def metadata_fragments(cls) -> list[str]:
        """The query's length, then the rule."""
        lengths = [
            f',"length_unseen":{flag},"query_length":{n}}}' for flag in ("false", "true") for n in LENGTHS
        ]
        return [*lengths, *(f',"rule":"{rule.name}"' for rule in rules())]

    @classmethod
    def chance(cls, metadata: Mapping[str, Any]) -> float:
        """The output of one of the published space's functions, whatever the examples say."""
        return 1 / len(rules())

    @classmethod
    def max_tokens(cls, cell: Mapping[str, int]) -> int:
        """As if all sequences had the length at which input and output together are longest."""
        pool = FIRST_CHOICE_POOL + cell["rule"] if cell["rule"] else cell["rule_level"]
        return most_tokens(cell["num_examples"], rule_pools().most_letters(pool))

    @classmethod
    def max_compact_tokens(cls, cell: Mapping[str, int]) -> int:
        """As `max_tokens`."""
        return most_compact_tokens(cell, cls.max_tokens(cell))

    @classmethod
    def rule_space(cls) -> list[dict[str, Any]]:
        """Every rule of the published space."""
        return describe_rules()

    @classmethod
    def fits(cls, cell: Mapping[str, int]) -> bool:
        """A rule asked for by name has its own level."""
        named = rule_choices()[cell["rule"]]
        return named == "any" or rule_levels()[named] == cell["rule_level"]

    @classmethod
    def describe(cls, cell: Mapping[str, object]) -> dict[str, object]:
        """Level and number of examples; rule and lengths are noted row by row."""
        return {name: cell[name] for name in ("rule_level", "num_examples")}

    @classmethod
    def draw_fixed(cls, params: Params, bits: RandomBits) -> Params:
        """Draw each row's rule: uniform over the kinds of its level, then over the parameters.

        A rule that no unseen length can decide is asked at a seen one; where only unseen lengths are
        wanted, another rule is drawn instead.
        """
        pool = np.where(params["rule"] > 0, FIRST_CHOICE_POOL + params["rule"], params["rule_level"])
        rule, unseen = draw_rules(params, pool, bits)
        return params.extend({"function": rule, "unseen": unseen})

    @classmethod
    def propose(cls, params: Params, bits: RandomBits, accept: Accept) -> tuple[Ints, Problem]:
        """Choose lengths that decide the rule, then letters: those of a query belong to the row's split."""
        tables, query_sets = rule_tables(), SplitSets.of(accept)
        # By falling number of examples: the rows that have an example are then a prefix, and a view.
        order = np.argsort(-params["num_examples"].astype(np.int8), kind="stable")
        examples, rule, unseen = (params[name][order] for name in ("num_examples", "function", "unseen"))
        lengths, decided = draw_lengths(tables, rule, examples, unseen, params.most["num_examples"], bits)
        sets, orders = np.zeros((2, *lengths.shape), np.uint16)
        prefixes = np.zeros(lengths.shape, np.uint64)
        codes = np.zeros(lengths.shape, np.uint32)

        def draw(place: int, rows: Ints | slice) -> Sequences:
            letter_sets = train_sets() if place else query_sets
            return Sequences.draw(
                tables, rule[rows], lengths[place, rows].astype(np.int64), letter_sets, bits
            )

        def store(place: int, rows: Ints | slice, drawn: Sequences) -> None:
            sets[place, rows], orders[place, rows] = drawn.sets, drawn.orders
            codes[place, rows] = drawn.input_codes
            prefixes[place, rows] = drawn.output_prefixes()

        valid = decided
        rows_with = np.searchsorted(-examples, -np.arange(len(lengths) - 1)).tolist()
        for place, rows in enumerate(rows_with, 1):
            store(place, slice(rows), draw(place, slice(rows)))
            valid[:rows] &= (codes[1:place, :rows] != codes[place, :rows]).all(axis=0)
        # The query comes last, so that another can be tried where an example gives it away.
        pending: Ints | slice = slice(None)
        chosen = np.zeros(len(rule), bool)
        for _ in range(_QUERY_TRIES):
            store(0, pending, draw(0, pending))
            # Examples that a row does not have count as the input of code 0, so that it is rarely asked.
            present = examples[pending] > np.arange(len(lengths) - 1)[:, None]
            given_away = (prefixes[1:, pending] == prefixes[0, pending]) & present
            given_away |= codes[1:, pending] == codes[0, pending]
            chosen[pending] = ~given_away.any(axis=0)
            pending = np.flatnonzero(valid & ~chosen)
            if len(pending) <= len(rule) // _FEW:
                break
        kept = np.flatnonzero(valid & chosen)
        return order[kept], {
            "rule": rule[kept],
            "examples": examples[kept],
            "unseen": unseen[kept],
            "sets": sets.take(kept, 1),
            "orders": orders.take(kept, 1),
        }

    @classmethod
    def render(cls, problem: Problem) -> Rendered:
        """The examples in turn, then the query; the answer is the query's output."""
        rule, examples, unseen = (problem[name] for name in ("rule", "examples", "unseen"))
        sets, orders = problem["sets"].astype(np.int64), problem["orders"].astype(np.int64)
        queries = Sequences(rule_tables(), rule, sets[0], orders[0])
        shown = []
        for place in range(1, len(sets)):
            rows = np.flatnonzero(examples >= place)
            parts = (array.take(rows) for array in (rule, sets[place], orders[place]))
            shown.append((rows, Sequences(rule_tables(), *parts)))
        return Rendered(
            input_text=Prompts(queries, shown),
            target=Answers(queries),
            notes=np.stack([rule + 2 * len(LENGTHS), unseen * len(LENGTHS) + queries.length_index]),
        )


class HeldOutInducto(InductoTask):
    """Compositions of two rules, of which a fifth occur in test only, where they have half of the rows."""

    family = "inducto-heldout"
    axes = InductoTask.axes[1:3]

    @classmethod
    def metadata_fragments(cls) -> list[str]:
        """As in all of Inducto, and whether the composition is held out."""
        return [*super().metadata_fragments(), *_HELD_OUT_NOTES]

    @classmethod
    def fits(cls, cell: Mapping[str, int]) -> bool:
        """Whatever the number of examples."""
        return True

    @classmethod
    def max_tokens(cls, cell: Mapping[str, int]) -> int:
        """As in all of Inducto, over all compositions."""
        most = max(rule_pools().most_letters(pool) for pool in (TRAINED_POOL, HELD_OUT_POOL))
        return most_tokens(cell["num_examples"], most)

    @classmethod
    def describe(cls, cell: Mapping[str, object]) -> dict[str, object]:
        """As in all of Inducto; compositions are level 3."""
        return {"rule_level": 3, "num_examples": cell["num_examples"]}

    @classmethod
    def draw_fixed(cls, params: Params, bits: RandomBits) -> Params:
        """Draw each row a composition for any split, one for test only, and which of them test takes."""
        anywhere, test_only = (
            draw_rules(params, np.full_like(params["num_examples"], pool), bits)
            for pool in (TRAINED_POOL, HELD_OUT_POOL)
        )
        coin = bits.below(2, len(params["num_examples"]))
        names = ("function", "unseen", "test_function", "test_unseen", "coin")
        return params.extend(dict(zip(names, (*anywhere, *test_only, coin), strict=True)))

    @classmethod
    def propose(cls, params: Params, bits: RandomBits, accept: Accept) -> tuple[Ints, Problem]:
        """As in all of Inducto, with compositions held out where the split is test."""
        if accept(_test_key()).all():
            coin = params["coin"] == 1
            names = ("function", "unseen")
            params = params.extend({n: np.where(coin, params[f"test_{n}"], params[n]) for n in names})
        return super().propose(params, bits, accept)

    @classmethod
    def render(cls, problem: Problem) -> Rendered:
        """As in all of Inducto; the metadata says whether the composition is held out."""
        text = super().render(problem)
        rule, tail = text.notes
        held_out = held_out_rules().take(problem["rule"]) + len(InductoTask.metadata_fragments())
        return Rendered(text.input_text, text.target, np.stack([rule, held_out, tail]))


InductoTask.variants = {"open": OpenInducto, "heldout": HeldOutInducto}

_QUERY_TRIES: Final = 3
_FEW: Final = 16  # a share of problems that costs less to draw anew than to ask otherwise


@cache
def _test_key() -> Hashes:
    """A key (1,) that only test accepts, by which `propose` knows what it draws for."""
    keys = key_words("inducto test", 256)
    return keys[in_split(keys, "test")][:1]
