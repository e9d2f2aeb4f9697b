"""Inducto: infer a sequence rule from a few examples and apply it."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

import numpy as np

from synthlm_tasks.errors import ParameterError
from synthlm_tasks.inducto.choices import (
    CHOICES,
    HELD_OUT,
    HELD_OUT_POOL,
    LEVELS,
    MOST_EXAMPLES,
    OTHER_POOLS,
    RULES,
    TRAINED_POOL,
    RuleAxis,
    draw_lengths,
    rule_pools,
)
from synthlm_tasks.inducto.meanings import describe_rules
from synthlm_tasks.inducto.open import RULE, SEQUENCE, OpenInducto, most_tokens
from synthlm_tasks.inducto.reading import READING
from synthlm_tasks.inducto.rules import LENGTHS
from synthlm_tasks.inducto.sequences import Sequences, choose_accepted_sets
from synthlm_tasks.inducto.tables import rule_tables
from synthlm_tasks.inducto.text import Answers, Prompts
from synthlm_tasks.rows.axes import Axis, ChoiceAxis, IntAxis
from synthlm_tasks.rows.splits import in_split as in_split
from synthlm_tasks.rows.splits import key_words
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
        RuleAxis("rule", CHOICES, preset=("any",)),
    )
    answers = (SEQUENCE,)
    reading = READING

    @classmethod
    def metadata_fragments(cls) -> list[str]:
        """The query's length, then the rule."""
        lengths = [
            f',"length_unseen":{flag},"query_length":{n}}}' for flag in ("false", "true") for n in LENGTHS
        ]
        return [*lengths, *(f',"rule":"{rule.name}"' for rule in RULES)]

    @classmethod
    def chance(cls, metadata: Mapping[str, Any]) -> float:
        """The output of one of the published space's functions, whatever the examples say."""
        return 1 / len(RULES)

    @classmethod
    def max_tokens(cls, cell: Mapping[str, int]) -> int:
        """As if all sequences had the length at which input and output together are longest."""
        pool = cell["rule"] + OTHER_POOLS if cell["rule"] else cell["rule_level"]
        return most_tokens(cell["num_examples"], rule_pools().most_letters(pool))

    @classmethod
    def rule_space(cls) -> list[dict[str, Any]]:
        """Every rule of the published space."""
        return describe_rules()

    @classmethod
    def fits(cls, cell: Mapping[str, int]) -> bool:
        """A rule asked for by name has its own level."""
        named = CHOICES[cell["rule"]]
        return named == "any" or LEVELS[named] == cell["rule_level"]

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
        pool = np.where(params["rule"] > 0, params["rule"] + OTHER_POOLS, params["rule_level"])
        return cls._with_rules(params, pool, bits)

    @staticmethod
    def _with_rules(params: Params, pool: Ints, bits: RandomBits) -> Params:
        """The parameters with a rule out of each row's pool."""
        drawing = rule_pools()
        unseen = params["length_unseen"] == 1
        chosen = np.zeros(len(pool), np.int64)
        pending = np.arange(len(pool))
        for _ in range(64):
            chosen[pending] = drawing.draw(pool[pending], bits)
            possible = drawing.unseen[chosen, params["num_examples"] - 1]
            if params.least["length_unseen"] == 0 or possible.all():
                return params.extend({"function": chosen, "unseen": (unseen & possible).astype(np.int64)})
            pending = np.flatnonzero(~possible)
        examples = int(params["num_examples"][pending[0]])
        raise ParameterError(
            f"length_unseen=True: {examples} examples of {RULES[chosen[pending[0]]].name} cannot decide it "
            "at another length; ask for more examples, other rules or length_unseen=False"
        )

    @classmethod
    def propose(cls, params: Params, bits: RandomBits, accept: Accept) -> tuple[Ints, Problem]:
        """Choose lengths that decide the rule, then letters; keep what the split wants."""
        look = rule_tables()
        order = np.argsort(-params["num_examples"].astype(np.int8), kind="stable")  # example e has a prefix
        examples, rule, unseen = (params[name][order] for name in ("num_examples", "function", "unseen"))
        lengths, decided = draw_lengths(look, rule, examples, unseen, params.most["num_examples"], bits)
        sets, orders = np.zeros((2, *lengths.shape), np.uint16)
        heads = np.zeros(lengths.shape, np.uint64)
        inputs = np.zeros(lengths.shape, np.uint32)

        def draw(place: int, rows: Ints | slice) -> Sequences:
            return Sequences.draw(look, rule[rows], lengths[place, rows].astype(np.int64), bits)

        def put(place: int, rows: Ints | slice, drawn: Sequences) -> None:
            sets[place, rows], orders[place, rows] = drawn.sets, drawn.orders
            inputs[place, rows] = drawn.codes
            heads[place, rows] = drawn.heads()

        hashes = _KEYS.take(examples)
        fine = decided
        live = np.searchsorted(-examples, -np.arange(len(lengths) - 1)).tolist()
        for place, rows in enumerate(live, 1):
            put(place, slice(rows), draw(place, slice(rows)))
            fine[:rows] &= (inputs[1:place, :rows] != inputs[place, :rows]).all(axis=0)
            hashes[:rows] += inputs[place, :rows]
            hashes[:rows] *= _KEY
        # The query comes last, so that others can be tried where the split does not want the problem.
        pending: Ints | slice = slice(None)
        chosen = np.zeros(len(rule), bool)
        for _ in range(_QUERY_TRIES):
            query, wanted = choose_accepted_sets(draw(0, pending), hashes[pending], accept)
            put(0, pending, query)
            shown = examples[pending] > np.arange(len(lengths) - 1)[:, None]
            alike = (heads[1:, pending] == heads[0, pending]) & shown
            alike |= inputs[1:, pending] == inputs[0, pending]
            chosen[pending] = wanted & ~alike.any(axis=0)
            pending = np.flatnonzero(fine & ~chosen)
            if len(pending) <= len(rule) // _FEW:
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
    def render(cls, problem: Problem) -> Rendered:
        """The examples in turn, then the query; the answer is the query's output."""
        rule, examples, unseen = (problem[name] for name in ("rule", "examples", "unseen"))
        sets, orders = problem["sets"].astype(np.int64), problem["orders"].astype(np.int64)
        asked = Sequences(rule_tables(), rule, sets[0], orders[0])
        shown = []
        for place in range(1, len(sets)):
            rows = np.flatnonzero(examples >= place)
            parts = (array.take(rows) for array in (rule, sets[place], orders[place]))
            shown.append((rows, Sequences(rule_tables(), *parts)))
        return Rendered(
            input_text=Prompts(asked, shown),
            target=Answers(asked),
            notes=np.stack([rule + 2 * len(LENGTHS), unseen * len(LENGTHS) + asked.length]),
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
            cls._with_rules(params, np.full_like(params["num_examples"], pool), bits)
            for pool in (TRAINED_POOL, HELD_OUT_POOL)
        )
        coin = bits.below(2, len(params["num_examples"]))
        return anywhere.extend(
            {"test_function": test_only["function"], "test_unseen": test_only["unseen"], "coin": coin}
        )

    @classmethod
    def propose(cls, params: Params, bits: RandomBits, accept: Accept) -> tuple[Ints, Problem]:
        """As in all of Inducto, with compositions held out where the split is test."""
        if accept(_IN_TEST).all():
            coin = params["coin"] == 1
            names = ("function", "unseen")
            params = params.extend({n: np.where(coin, params[f"test_{n}"], params[n]) for n in names})
        return super().propose(params, bits, accept)

    @classmethod
    def render(cls, problem: Problem) -> Rendered:
        """As in all of Inducto; the metadata says whether the composition is held out."""
        text = super().render(problem)
        rule, tail = text.notes
        held_out = HELD_OUT.take(problem["rule"]) + len(InductoTask.metadata_fragments())
        return Rendered(text.input_text, text.target, np.stack([rule, held_out, tail]))


InductoTask.variants = {"open": OpenInducto, "heldout": HeldOutInducto}

_QUERY_TRIES: Final = 3
_FEW: Final = 16  # a share of problems that costs less to draw anew than to ask otherwise
_KEYS: Final = key_words("inducto", MOST_EXAMPLES + 1)
_KEY: Final = key_words("inducto step", 1)[0] | np.uint64(1)
_EVERY_KEY: Final = key_words("inducto test", 256)
_IN_TEST: Final = _EVERY_KEY[in_split(_EVERY_KEY, "test")][:1]  # a key that only test accepts
