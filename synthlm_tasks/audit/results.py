"""Results: what an audit finds, as plain validated data that is written as JSON and read back."""

import math
from typing import Final

from pydantic import BaseModel, ConfigDict

from eval_harness.statistics import wilson
from synthlm_tasks.audit.published import Kind

KINDS: Final[tuple[Kind, ...]] = ("heuristic", "partial", "learned")

SAMPLES: Final = 25_000
"""Rows of a config to guess and learn on; with as many or more, bounds leave no further room for luck."""

ODD: Final = 1e-4
"""A uniform draw gives a distribution as odd as this once in ten thousand tests."""

_LEAST_ALLOWED: Final = 0.02
ERRORS_ALLOWED: Final = 3
"""Standard errors that luck explains."""


def standard_error(share: float, rows: int) -> float:
    """How far the share of so many rows lies from the one that they are drawn with."""
    return math.sqrt(share * (1 - share) / rows)


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
    def size(self) -> float:
        """What an explanation bounds: the largest difference."""
        return self.farthest

    @property
    def stands_out(self) -> bool:
        """Whether chance does not explain the difference."""
        return self.p < ODD

    @property
    def description(self) -> str:
        """The finding in words."""
        return (
            f"{self.name} in {self.split} is {self.farthest:.1%} off the promised shares (p = {self.p:.0e})"
        )


class Shortcut(_Found):
    """How often one cheap trick is right on one split, and how often blind guessing is."""

    name: str
    kind: Kind
    exploits: str
    split: str
    correct: int
    total: int
    chance: float
    inverted: bool = False
    """Whether the opposite of the guess is scored: what is often wrong about a bit tells it too."""

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
        error = standard_error(self.chance, self.total)
        return self.chance + max(_LEAST_ALLOWED, ERRORS_ALLOWED * error)

    @property
    def size(self) -> float:
        """What an explanation bounds: the accuracy."""
        return self.accuracy

    @property
    def stands_out(self) -> bool:
        """Whether it beats blind guessing by more than is allowed."""
        return self.accuracy > self.allowed

    @property
    def description(self) -> str:
        """The finding in words."""
        low, high = self.interval
        return (
            f"shortcut {self.label!r} answers {self.accuracy:.1%} of {self.split} [{low:.1%}, {high:.1%}]; "
            f"chance is {self.chance:.1%}, at most {self.allowed:.1%} may be"
        )

    @property
    def label(self) -> str:
        """The name, with what is done to the guess."""
        return f"not {self.name}" if self.inverted else self.name


class Overlap(_Found):
    """How many rows of test have stood in train, under one notion of the same problem."""

    name: str
    train: int
    """Rows of train: the more, the more is known."""
    rows: int
    known: int
    promised_new: bool
    """Whether none may be known."""

    @property
    def share(self) -> float:
        """The share of test rows that are known."""
        return self.known / self.rows


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
    overlaps: tuple[Overlap, ...] = ()

    @property
    def samples(self) -> int:
        """The rows that were guessed and learned on."""
        return self.rows["train"] + self.rows["test"]

    @property
    def findings(self) -> tuple[Distribution | Shortcut, ...]:
        """Everything that is measured with an error."""
        return (*self.parameters, *self.balance, *self.shortcuts)

    def best(self, kind: Kind) -> Shortcut | None:
        """The shortcut of a kind that is furthest above chance in test."""
        found = [shortcut for shortcut in self.shortcuts if (shortcut.kind, shortcut.split) == (kind, "test")]
        return max(found, key=lambda shortcut: shortcut.accuracy - shortcut.chance, default=None)

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
            f"{o.known} of {o.rows} rows of test are known from train by {o.name}"
            for o in self.overlaps
            if o.promised_new and o.known
        ]
        return found


class Audit(_Found):
    """A whole audit: how it was made, and what it found in each config."""

    dataset_version: str
    seed: int
    samples: int
    versions: dict[str, str]
    configs: tuple[ConfigAudit, ...]
