"""Views: how the audit looks at a row: what was drawn evenly, and the problem that a learner is given.

Learners are given more than the text: names that carry nothing are replaced by places, so that what they
would first have to learn (which letter stands where) is theirs for free, and they find at least what they
would find in the raw text.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from synthlm_tasks.audit.checks import Row

PAD = "-"
"""Stands where an operation or a gate has one argument fewer than others, so that places line up."""


@dataclass(frozen=True)
class UniformDraw:
    """A value that a row drew from `values`: uniformly, or by `weights` that sum to 1."""

    name: str
    value: Hashable
    values: Sequence[Hashable]
    weights: Sequence[float] | None = None

    @property
    def shares(self) -> tuple[tuple[Hashable, float], ...]:
        """Each value with its share; rows with the same shares are compared together."""
        weights = self.weights or [1 / len(self.values)] * len(self.values)
        return tuple(zip(self.values, weights, strict=True))


@dataclass(frozen=True)
class Question:
    """A row as a learner gets it: its tokens, and the right one of the classes that it may answer with."""

    tokens: list[str]
    label: int
    legal: Sequence[int]


@dataclass(frozen=True)
class View:
    """How one task's rows are looked at."""

    question: Callable[[Row], Question]
    target: str
    """What a learner predicts, in words."""
    uniform_draws: Callable[[Row], list[UniformDraw]]
    uniform: bool = True
    """Whether the legal classes are equally likely; if not, blind guessing says the commonest."""


__all__ = ["PAD", "Question", "Row", "UniformDraw", "View"]
