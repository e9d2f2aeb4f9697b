"""Inducto: infer a sequence rule from a few examples and apply it."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

import numpy as np

from synthlm_tasks.inducto.axes import LengthsAxis, RuleAxis
from synthlm_tasks.inducto.choices import (
    FIRST_CHOICE_POOL,
    USUAL,
    draw_rules,
    rule_choices,
    rule_levels,
    rule_pools,
)
from synthlm_tasks.inducto.further import draw_further
from synthlm_tasks.inducto.lengths import draw_lengths
from synthlm_tasks.inducto.letter_sets import SplitSets, train_sets
from synthlm_tasks.inducto.open import RULE, SEQUENCE, most_compact_tokens, most_tokens
from synthlm_tasks.inducto.reading import READING
from synthlm_tasks.inducto.sequences import Sequences
from synthlm_tasks.inducto.short import Fitting
from synthlm_tasks.inducto.space.meanings import describe_rules
from synthlm_tasks.inducto.space.rules import LENGTHS, MOST_EXAMPLES, rules
from synthlm_tasks.inducto.space.tables import rule_tables
from synthlm_tasks.inducto.text import Answers, Prompts
from synthlm_tasks.rows.axes import Axis, ChoiceAxis, IntAxis
from synthlm_tasks.rows.streams import Ints, RandomBits
from synthlm_tasks.rows.task import NUM_QUERIES, Accept, Params, Problem, Rendered, Task

# Queries tried for a problem whose examples give one away, and a share of problems that costs less to draw
# anew than to ask otherwise.
_QUERY_TRIES: Final = 3
_FEW: Final = 16


def fits_lengths(cell: Mapping[str, int]) -> bool:
    """Whether there are lengths enough: an unseen one takes two."""
    return not (cell["length_unseen"] and cell["sequence_length"].bit_count() == 1)


class InductoTask(Task):
    """See examples of a hidden rule on sequences of letters, and apply it to one more.

    Every example shows a sequence of 3 to 8 distinct letters and what the rule makes of it. Worked
    example: `Ex1: [A B C D] -> [D C B A] | Ex2: [X Y Z W V] -> [V W Z Y X] | Query: [P Q R S T] ->`: both
    examples are reversed, so the answer is `T S R Q P`. `inducto.space.rules` lists the rules; inputs come
    from `inducto.space.tables`, so that no other rule of the space fits all examples and answers differently.

    Problem arrays (c problems, places: the query first, then the examples): `rule`, `examples`, `unseen`
    (c,); `sets` and `orders` (1 + most examples, c): numbers of the letter set (over all lengths) and of
    the order (within its length). Where some problem has k further queries: `codes` and `prefixes` of the
    same shape (see `Sequences`), `further_sets` and `further_orders` (k, c), and `queries` (c,), how many
    each problem has.
    """

    name = family = "inducto"
    rule = RULE
    axes: ClassVar[tuple[Axis, ...]] = (
        IntAxis("rule_level", 1, 3),
        IntAxis("num_examples", 1, MOST_EXAMPLES),
        ChoiceAxis("length_unseen", (False, True)),
        RuleAxis("rule"),
        LengthsAxis("sequence_length"),
        NUM_QUERIES,
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
        return most_tokens(cell, rule_pools(cell["sequence_length"]).most_letters(cls._pool(cell)))

    @classmethod
    def _pool(cls, cell: Mapping[str, int]) -> int:
        return FIRST_CHOICE_POOL + cell["rule"] if cell["rule"] else cell["rule_level"]

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
        """A rule asked for by name has its own level, and lengths at which it can be told."""
        named = rule_choices()[cell["rule"]] if cell["rule"] else "any"
        if named != "any" and rule_levels()[named] != cell["rule_level"]:
            return False
        if cell["sequence_length"] == USUAL:  # nearly always, and then there is always some
            return True
        pools = rule_pools(cell["sequence_length"])
        return fits_lengths(cell) and pools.allow(cls._pool(cell), cell["num_examples"])

    @classmethod
    def describe(cls, cell: Mapping[str, object]) -> dict[str, object]:
        """Level and number of examples and queries; rule and lengths are noted row by row."""
        return {name: cell[name] for name in ("rule_level", "num_examples", "num_queries")}

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
        allowed = params.most["sequence_length"]
        lengths, decided = draw_lengths(
            tables, rule, examples, unseen, params.most["num_examples"], allowed, bits
        )
        sets, orders = np.zeros((2, *lengths.shape), np.uint16)
        codes, prefixes = np.zeros((2, *lengths.shape), np.uint32)

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
        fitting = Fitting.find(rule, examples, lengths[1:], orders[1:])
        valid &= fitting.tell_apart()
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
            chosen[pending] &= fitting.decide(pending, lengths[0, pending], orders[0, pending])
            pending = np.flatnonzero(valid & ~chosen)
            if len(pending) <= len(rule) // _FEW:
                break
        kept = np.flatnonzero(valid & chosen)
        by_row = {"rule": rule, "examples": examples, "unseen": unseen}
        by_place = {"sets": sets, "orders": orders}
        if params.most["num_queries"] > 1:
            by_place |= {"codes": codes, "prefixes": prefixes}
        return order[kept], {
            **{name: array[kept] for name, array in by_row.items()},
            **{name: array.take(kept, 1) for name, array in by_place.items()},
        }

    @classmethod
    def draw_queries(cls, problem: Problem, params: Params, bits: RandomBits, accept: Accept) -> Problem:
        """Other inputs of the split, decided by the examples alone, whose answers stand nowhere yet."""
        queries = params["num_queries"]
        further = draw_further(problem, queries, params.most["sequence_length"], SplitSets.of(accept), bits)
        return {**problem, **further, "queries": queries}

    @classmethod
    def render(cls, problem: Problem) -> Rendered:
        """The examples in turn, then the queries; the answer is the last query's output."""
        rule, examples, unseen = (problem[name] for name in ("rule", "examples", "unseen"))
        sets, orders = problem["sets"].astype(np.int64), problem["orders"].astype(np.int64)

        def show(rows: Ints, place: int) -> tuple[Ints, Sequences]:
            parts = (array.take(rows) for array in (rule, sets[place], orders[place]))
            return rows, Sequences(rule_tables(), *parts)

        first = asked = Sequences(rule_tables(), rule, sets[0], orders[0])
        shown = [show(np.flatnonzero(examples >= place), place) for place in range(1, len(sets))]
        answered = []
        if "queries" in problem:
            queries, every = problem["queries"], np.arange(len(rule))
            sets = np.concatenate([sets[:1], problem["further_sets"].astype(np.int64)])
            orders = np.concatenate([orders[:1], problem["further_orders"].astype(np.int64)])
            asked = Sequences(rule_tables(), rule, sets[queries - 1, every], orders[queries - 1, every])
            answered = [show(np.flatnonzero(queries > place + 1), place) for place in range(len(sets) - 1)]
        return Rendered(
            input_text=Prompts(asked, shown, answered),
            target=Answers(asked),
            notes=np.stack([rule + 2 * len(LENGTHS), unseen * len(LENGTHS) + first.length_index]),
        )
