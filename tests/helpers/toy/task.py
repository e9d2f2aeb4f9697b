"""A fifth task, small enough to be read at a glance: say a number, or its double."""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from synthlm_tasks.rows.answers import AnswerKind
from synthlm_tasks.rows.axes import ChoiceAxis, IntAxis
from synthlm_tasks.rows.lazy_text import FragmentTable, Gathered
from synthlm_tasks.rows.reading import Derivation, Reading
from synthlm_tasks.rows.splits import key_words
from synthlm_tasks.rows.streams import Ints, RandomBits
from synthlm_tasks.rows.task import Accept, Params, Problem, Rendered, Task

_HEADS = [f"{word} {head}" for word in ("SAY", "DOUBLE") for head in range(10_000)]
_PROMPTS = FragmentTable.of([*_HEADS, *(f"{tail:03} ->" for tail in range(1000))])
_ANSWERS = FragmentTable.of([*(f"{tail:03}" for tail in range(1000)), *map(str, range(20_000))])


def _solve(match: re.Match[str]) -> Derivation:
    number = int(match[2]) * (2 if match[1] == "DOUBLE" else 1)
    right = f"{number:0{max(len(match[2]), 4)}}"
    return Derivation((f"{match[1].lower()}: {right}",), right, (f"1{right}",))


class ToyTask(Task):
    """Say a number of up to `digits` digits, or its double; of odd numbers two in three are rejected.

    Problem arrays (c problems): `number`, `double` (c,).
    """

    name = family = "toy"
    rule = "SAY asks for the number as it stands, DOUBLE for twice the number."
    axes = (IntAxis("digits", 3, 7), ChoiceAxis("double", (False, True)))
    answers = (AnswerKind("number", "a whole number", r"\d{4,9}", str),)
    reading = Reading("toy", "", r"(SAY|DOUBLE) (\d{4,7}) ->", r" (\d+)", " || ", _solve)

    @classmethod
    def metadata_fragments(cls) -> list[str]:
        """Whether the number is odd."""
        return [',"odd":false}', ',"odd":true}']

    @classmethod
    def chance(cls, metadata: Mapping[str, Any]) -> float:
        """One of all numbers of so many digits."""
        return float(10 ** -metadata["digits"])

    @classmethod
    def max_tokens(cls, cell: Mapping[str, int]) -> int:
        """It has words that the vocabulary lacks."""
        return 6

    @classmethod
    def propose(cls, params: Params, bits: RandomBits, accept: Accept) -> tuple[Ints, Problem]:
        """Draw numbers; the key is the number alone."""
        number = bits.below(10 ** params["digits"], len(params["digits"]))
        fine = accept(number.view(np.uint64) * key_words("toy", 1)) & ((number % 2 == 0) | (number % 3 == 0))
        kept = np.flatnonzero(fine)
        return kept, {"number": number[kept], "double": params["double"][kept]}

    @classmethod
    def render(cls, problem: Problem) -> Rendered:
        """The question, then the number in two fragments."""
        number, double = problem["number"], problem["double"]
        prompt = Gathered(_PROMPTS, np.stack([double * 10_000 + number // 1000, len(_HEADS) + number % 1000]))
        answer = number * (1 + double)
        target = Gathered(_ANSWERS, np.stack([1000 + answer // 1000, answer % 1000]))
        return Rendered(input_text=prompt, target=target, notes=(number % 2)[None])
