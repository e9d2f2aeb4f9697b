"""Results: what an audit finds, as plain validated data that is written as JSON and read back."""

import math
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from eval_harness.statistics import wilson

ODD: Final = 1e-4
"""A uniform draw gives a distribution as odd as this once in ten thousand tests."""

_LEAST_ALLOWED: Final = 0.02
_ERRORS_ALLOWED: Final = 3


class _Found(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Violation(_Found):
    """One kind of broken invariant: how many of the checked rows have it, and the first of them."""

    complaint: str
    rows: int
    first: str


class Repeats(_Found):
    """Rows that repeat an earlier row of their split: by prompt, and by what decides the split."""

    split: str
    rows: int
    prompts: int
    keys: int


class Distribution(_Found):
    """How often each value was found, against the shares that are promised, with a chi-square test."""

    name: str
    split: str
    rows: int
    p: float
    farthest: float
    """The largest difference between a value's share and the promised one."""

    @property
    def odd(self) -> bool:
        """Whether chance does not explain the difference."""
        return self.p < ODD


class Shortcut(_Found):
    """How often one cheap trick is right on one split, and how often blind guessing is."""

    name: str
    kind: Literal["heuristic", "learned"]
    exploits: str
    split: str
    correct: int
    total: int
    chance: float
    inverted: bool = False
    """Whether the opposite of the guess is what is scored: of two answers, a guess often wrong tells the other."""

    @property
    def accuracy(self) -> float:
        """The share of right guesses."""
        return self.correct / self.total

    @property
    def interval(self) -> tuple[float, float]:
        """The 95% Wilson interval of the accuracy."""
        return wilson(self.correct, self.total) or (0.0, 1.0)

    @property
    def allowed(self) -> float:
        """The most a shortcut may reach without an explanation."""
        error = math.sqrt(self.chance * (1 - self.chance) / self.total)
        return self.chance + max(_LEAST_ALLOWED, _ERRORS_ALLOWED * error)

    @property
    def works(self) -> bool:
        """Whether it beats blind guessing by more than is allowed."""
        return self.accuracy > self.allowed


class ConfigAudit(_Found):
    """Everything that was measured on one config."""

    config: str
    task: str
    rows: dict[str, int]
    checked: int
    chance: float
    violations: tuple[Violation, ...]
    repeats: tuple[Repeats, ...]
    shared_prompts: int
    """Prompts that stand in two splits."""
    shared_keys: int
    """Problems, however they are named, that stand in two splits."""
    parameters: tuple[Distribution, ...]
    balance: tuple[Distribution, ...]
    shortcuts: tuple[Shortcut, ...]

    def broken(self) -> list[str]:
        """Every invariant that does not hold, in words."""
        found = [f"{v.rows} of {self.checked} rows: {v.complaint} ({v.first})" for v in self.violations]
        found += [
            f"{r.prompts} of {r.rows} rows of {r.split} repeat a prompt"
            for r in self.repeats
            if r.prompts and r.split != "train"
        ]
        if self.shared_prompts or self.shared_keys:
            found.append(f"{self.shared_keys} problems ({self.shared_prompts} prompts) are in two splits")
        found += [
            f"{d.name} in {d.split} is {d.farthest:.1%} off the promised shares (p = {d.p:.0e})"
            for d in (*self.parameters, *self.balance)
            if d.odd
        ]
        return found


class Audit(_Found):
    """A whole audit: how it was made, and what it found in each config."""

    dataset_version: str
    seed: int
    samples: int
    versions: dict[str, str]
    configs: tuple[ConfigAudit, ...]
