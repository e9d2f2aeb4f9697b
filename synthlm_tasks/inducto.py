"""Inducto: infer a sequence rule from a few examples and apply it."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from synthlm_tasks.answers import AnswerKind, sequence
from synthlm_tasks.axes import ChoiceAxis, IntAxis
from synthlm_tasks.errors import ParameterError
from synthlm_tasks.inducto_choices import (
    CHOICES,
    KINDS,
    LEVELS,
    MOST_EXAMPLES,
    OTHER_POOLS,
    RULES,
    draw_lengths,
    pools,
)
from synthlm_tasks.inducto_rules import LENGTHS
from synthlm_tasks.inducto_tables import tables
from synthlm_tasks.inducto_text import Sequences, write_answers, write_prompts
from synthlm_tasks.reading.inducto import READING
from synthlm_tasks.splits import key_words
from synthlm_tasks.streams import Bits, Ints
from synthlm_tasks.task import Belongs, Params, Problem, Task, Text
from synthlm_tasks.text import fragments

_SEQUENCE: Final = f"[A-Z](?: [A-Z]){{1,{4 * max(LENGTHS) - 1}}}"  # two rules may double in turn


class RuleAxis(ChoiceAxis):
    """Any rule of the level, or one by name, or one kind of rule with any parameters."""

    @property
    def allowed(self) -> str:
        """What may be named; the whole list is `inducto_rules.rules()`."""
        return f"'any', a kind of rule ({', '.join(KINDS)}) or a full name such as 'DROP_LAST(1) then SORT'"

    def code(self, value: object) -> int:
        """The position of the choice; rules whose outputs are too short to tell are refused."""
        code = super().code(value)
        if not pools().kinds[code + OTHER_POOLS]:
            raise ParameterError(f"{self.name}={value!r}: its outputs have too few letters to ask for it")
        return code


class InductoTask(Task):
    """See examples of a hidden rule on sequences of letters, and apply it to one more.

    Every example shows a sequence of 4 to 8 distinct letters and what the rule makes of it. Worked
    example: `Ex1: [A B C D] -> [D C B A] | Ex2: [X Y Z W V] -> [V W Z Y X] | Query: [P Q R S T] ->`: both
    examples are reversed, so the answer is `T S R Q P`. `inducto_rules` lists the rules; inputs come from
    `inducto_tables`, so that no other rule of the space fits all examples and answers differently.

    Problem arrays (c problems, places: the query first, then the examples): `rule`, `examples`, `unseen`
    (c,); `sets` and `orders` (1 + most examples, c): numbers of the letter set (over all lengths) and of
    the order (within its length).
    """

    name = family = "inducto"
    rule = (
        "Each example `[input] -> [output]` shows what one hidden rule makes of a sequence of letters; the "
        "rule is the same in all examples. It acts on the whole input, whatever its length and letters, and "
        "it is one of these: reversing; rotating to the left or right; dropping letters at one end; writing "
        "every letter twice; taking every n-th letter; interleaving the two halves; swapping neighbouring "
        "pairs, the two ends or the two halves; sorting up or down; moving every letter k places on in the "
        "alphabet, with A after Z; the sequence followed by itself, or by itself reversed; the letters at "
        "even indices (counted from 0), then those at odd ones; reversing consecutive segments of k letters; "
        "or any one of these followed by another. Find the rule that fits all examples and give its output "
        "for the sequence after `Query:`."
    )
    axes = (
        IntAxis("rule_level", 1, 3),
        IntAxis("num_examples", 1, MOST_EXAMPLES),
        ChoiceAxis("length_unseen", (False, True)),
        RuleAxis("rule", CHOICES, preset=("any",)),
    )
    answers = (
        AnswerKind("sequence", "the letters of the output, separated by single spaces", _SEQUENCE, sequence),
    )
    reading = READING
    note_fragments = fragments(
        [f',"length_unseen":{flag},"query_length":{n}}}' for flag in ("false", "true") for n in LENGTHS]
        + [f',"rule":"{rule.name}"' for rule in RULES]
    )

    @classmethod
    def chance(cls, metadata: Mapping[str, Any]) -> float:
        """The output of one of the published space's functions, whatever the examples say."""
        return 1 / len(RULES)

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
    def settle(cls, params: Params, bits: Bits) -> Params:
        """Draw each row's rule: uniform over the kinds of its level, then over the parameters.

        A rule that no unseen length can decide is asked at a seen one; where only unseen lengths are
        wanted, another rule is drawn instead.
        """
        drawing = pools()
        pool = np.where(params["rule"] > 0, params["rule"] + OTHER_POOLS, params["rule_level"])
        unseen = params["length_unseen"] == 1
        chosen = np.zeros(len(pool), np.int64)
        pending = np.arange(len(pool))
        for _ in range(64):
            chosen[pending] = drawing.draw(pool[pending], bits)
            possible = drawing.unseen[chosen, params["num_examples"] - 1]
            if params.least["length_unseen"] == 0 or possible.all():
                return params.having({"function": chosen, "unseen": (unseen & possible).astype(np.int64)})
            pending = np.flatnonzero(~possible)
        examples = int(params["num_examples"][pending[0]])
        raise ParameterError(
            f"length_unseen=True: {examples} examples of {RULES[chosen[pending[0]]].name} cannot decide it "
            "at another length; ask for more examples, other rules or length_unseen=False"
        )

    @classmethod
    def pose(cls, params: Params, bits: Bits, belongs: Belongs) -> tuple[Ints, Problem]:
        """Choose lengths that decide the rule, then letters; keep what the split wants."""
        look = tables()
        order = np.argsort(-params["num_examples"].astype(np.int8), kind="stable")  # example e has a prefix
        examples, rule, unseen = (params[name][order] for name in ("num_examples", "function", "unseen"))
        lengths, decided = draw_lengths(look, rule, examples, unseen, params.most["num_examples"], bits)
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
            parts = (array.take(rows) for array in (rule, sets[place], orders[place]))
            shown.append((rows, Sequences(tables(), *parts)))
        return Text(
            input_text=write_prompts(asked, shown),
            target=write_answers(asked),
            notes=np.stack([rule + 2 * len(LENGTHS), unseen * len(LENGTHS) + asked.length]),
        )


_QUERY_TRIES: Final = 12
_KEYS: Final = key_words("inducto", MOST_EXAMPLES + 1)
_KEY: Final = key_words("inducto step", 1)[0] | np.uint64(1)
