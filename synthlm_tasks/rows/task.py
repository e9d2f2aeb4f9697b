"""The task API: samples, lists and tables of one task, and what a task file has to define."""

import json
import operator
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Final, TypeAlias

import pyarrow as pa

from synthlm_tasks.errors import ExhaustedError, ParameterError
from synthlm_tasks.rows.answers import AnswerKind
from synthlm_tasks.rows.axes import Axis, IntAxis
from synthlm_tasks.rows.blocks import Recipe
from synthlm_tasks.rows.presets import LEVELS, curriculum_preset, level_number
from synthlm_tasks.rows.reading import Reading
from synthlm_tasks.rows.recipes import level_recipe
from synthlm_tasks.rows.rejection import Params, Problem, Rendered
from synthlm_tasks.rows.splits import Accept, Split, check_split
from synthlm_tasks.rows.streams import Ints, RandomBits
from synthlm_tasks.rows.tables import make_table

Sample: TypeAlias = dict[str, Any]


def check_whole_number(name: str, value: object, lowest: int = 0) -> int:
    """`value` as an int of at least `lowest`; raises ParameterError naming it."""
    try:
        number = operator.index(value)  # type: ignore[arg-type]  # TypeError is the answer
    except TypeError:
        number = lowest - 1
    if isinstance(value, bool) or number < lowest:
        raise ParameterError(f"{name}={value!r}: expected a whole number of at least {lowest}")
    return number


# Samples made together for successive calls with equal parameters, and how many parameters are remembered.
_AHEAD: Final = 512
_MOST_AHEAD: Final = 32

NUM_QUERIES: Final = IntAxis("num_queries", 1, 10, preset=1)
"""How many queries a problem has, the last of which is asked: the last axis of every task."""


class Task(ABC):
    """One procedurally generated task.

    A subclass is one file: axes, and class methods that make blocks of problems, rows on the last axis.
    """

    name: ClassVar[str]
    """Task name, the `task` column; also the name of its preset table."""
    family: ClassVar[str]
    """Config family of its presets: the name, or name-variant for a further family."""
    rule: ClassVar[str]
    """How a problem is read and answered: all that a reader who never saw the task needs to be told."""
    axes: ClassVar[tuple[Axis, ...]]
    """Difficulty axes, in the order they are drawn."""
    answers: ClassVar[tuple[AnswerKind, ...]]
    """Kinds of answers; their domains do not overlap, so that an answer tells its kind."""
    reading: ClassVar[Reading]
    """How its problems are found in a text and solved from the text alone."""
    unkeyed_axes: ClassVar[tuple[str, ...]] = (NUM_QUERIES.name,)
    """Axes the random stream does not depend on: rows that differ only there are paired."""
    variants: ClassVar[dict[str, "type[Task]"]] = {}
    """Further families (by variant name) whose problems another class makes."""

    def __init__(self, seed: int | None = None) -> None:
        """Start the task's sequences at `seed` (42 by default; non-negative)."""
        self.seed = check_whole_number("seed", curriculum_preset().seed if seed is None else seed)
        self._drawn: dict[Split, int] = {"train": 0, "validation": 0, "test": 0}
        self._ahead: dict[tuple[object, ...], tuple[int, list[Sample]]] = {}

    def generate_sample(self, **parameters: object) -> Sample:
        """The next training sample: dict(input_text, target, metadata: dict).

        `parameters` are the task's axes, each a value, a (lowest, highest) pair or a list of choices;
        any left out is drawn from the medium preset. Raises ParameterError for unknown or bad ones.
        """
        return self._next("train", parameters)

    def generate_evaluation_sample(self, **parameters: object) -> Sample:
        """The next test sample, never equal to any training sample; see `generate_sample`."""
        return self._next("test", parameters)

    def generate_dataset(self, n_samples: int, difficulty_level: int | str) -> list[Sample]:
        """The first `n_samples` training samples of a level (1 to 3, or its name)."""
        return _to_samples(self.generate_table(n_samples, difficulty_level))

    def generate_table(
        self,
        n_samples: int,
        difficulty_level: int | str,
        split: str = "train",
        start: int = 0,
        **parameters: object,
    ) -> pa.Table:
        """Rows [start, start + n_samples) of a level's split, with every column of the dataset.

        `parameters` replace axes of the preset. Raises ParameterError for bad arguments and SpaceError
        when a held-out split has no more distinct prompts.
        """
        rows = check_whole_number("n_samples", n_samples)
        first = check_whole_number("start", start)
        recipe = level_recipe(type(self), self.family, level_number(difficulty_level), parameters)
        return make_table(recipe, self.seed, check_split(split), first, rows)

    def _next(self, split: Split, parameters: Mapping[str, object]) -> Sample:
        number = self._drawn[split]
        asked = (split, *((name, repr(parameters[name])) for name in sorted(parameters)))
        first, samples = self._ahead.get(asked, (0, []))
        if not first <= number < first + len(samples):
            recipe = level_recipe(type(self), self.family, LEVELS["medium"], parameters)
            first, samples = number, self._read_ahead(recipe, split, number)
            if len(self._ahead) >= _MOST_AHEAD:
                self._ahead.pop(next(iter(self._ahead)))
            self._ahead[asked] = (first, samples)
        self._drawn[split] += 1
        return samples[number - first]

    def _read_ahead(self, recipe: Recipe, split: Split, number: int) -> list[Sample]:
        """Samples from `number` on: environments ask for one after another."""
        try:
            return _to_samples(make_table(recipe, self.seed, split, number, _AHEAD))
        except ExhaustedError:  # the last ones of a small held-out space
            return _to_samples(make_table(recipe, self.seed, split, number, 1))

    @classmethod
    def of_variant(cls, variant: str) -> "type[Task]":
        """The class that makes a further family; this one where the family has none of its own."""
        return cls.variants.get(variant, cls)

    @classmethod
    def metadata_fragments(cls) -> list[str]:
        """Text fragments of the metadata tail that `render` refers to; the last closes the JSON object."""
        return []

    @classmethod
    def fits(cls, cell: Mapping[str, int]) -> bool:
        """Whether these axis codes allow a problem at all."""
        return True

    @classmethod
    def scarce(cls, cell: Mapping[str, int]) -> bool:
        """Whether so few problems have these axis codes that a held-out split may have none, or too few.

        Of such cells the engine finds out, once, what each split has.
        """
        return False

    @classmethod
    def share_accepted(cls, cell: Mapping[str, int], accept: Accept) -> float | None:
        """The share of what is drawn with the axis codes of a scarce cell that `accept` takes.

        None where only trying can tell; 1 where it is large enough.
        """
        return None

    @classmethod
    def prefers(cls, cell: Mapping[str, int]) -> bool:
        """Whether presets should draw these axis codes (a milder problem than `fits`)."""
        return True

    @classmethod
    def distinct_key(cls, input_text: str, target: str) -> str:
        """What no two rows of a held-out split have in common: the prompt, or something coarser."""
        return input_text

    @classmethod
    def describe(cls, cell: Mapping[str, object]) -> dict[str, object]:
        """The metadata entries that a cell of axis values alone decides."""
        return dict(cell)

    @classmethod
    @abstractmethod
    def chance(cls, metadata: Mapping[str, Any]) -> float:
        """The accuracy of guessing uniformly among the possible answers to a problem with this metadata."""

    @classmethod
    @abstractmethod
    def max_tokens(cls, cell: Mapping[str, int]) -> int:
        """The most tokens of a training text with these axis codes: a bound that none exceeds."""

    @classmethod
    def max_compact_tokens(cls, cell: Mapping[str, int]) -> int:
        """The same in the compact vocabulary, which needs no more tokens for any text."""
        return cls.max_tokens(cell)

    @classmethod
    def rule_space(cls) -> list[dict[str, Any]]:
        """The hidden rules that its problems may use, where it has any: name, level, meaning, an example."""
        return []

    @classmethod
    def answer_kind(cls, target: str) -> AnswerKind:
        """The kind of a right answer; raises ParameterError where no problem of this task has it."""
        for kind in cls.answers:
            if kind.canonical(target) == target:
                return kind
        kinds = " or ".join(kind.description for kind in cls.answers)
        raise ParameterError(f"target={target!r}: expected {kinds}")

    @classmethod
    def draw_fixed(cls, params: Params, bits: RandomBits) -> Params:
        """Draw once per row what a rejection must keep, beyond the axes."""
        return params

    @classmethod
    @abstractmethod
    def propose(cls, params: Params, bits: RandomBits, accept: Accept) -> tuple[Ints, Problem]:
        """Draw one candidate problem per entry of `params` (name → codes (c,)).

        Returns the places in [0, c) of the valid candidates whose key hash `accept` accepts, and their
        problem arrays with those places on the last axis.
        """

    @classmethod
    def draw_queries(cls, problem: Problem, params: Params, bits: RandomBits, accept: Accept) -> Problem:
        """Add the further queries of accepted problems to their arrays: `params["num_queries"] - 1` each.

        They differ from the first and from each other, their problems are accepted too, and no answer gives a
        later one away. Called only where some problem has more than one; the first query stays as it is.
        """
        return problem

    @classmethod
    @abstractmethod
    def render(cls, problem: Problem) -> Rendered:
        """Write problems as text: prompt, answer, and metadata notes."""


def _to_samples(rows: pa.Table) -> list[Sample]:
    return [
        {**row, "metadata": json.loads(row["metadata"])}
        for row in rows.select(["input_text", "target", "metadata"]).to_pylist()
    ]


__all__ = [
    "Accept",
    "Ints",
    "Params",
    "Problem",
    "RandomBits",
    "Recipe",
    "Rendered",
    "Sample",
    "Task",
    "check_whole_number",
]
