"""What heuristics are: a guess from a parsed problem, named by its function, explained by its docstring."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Heuristic:
    """A cheap trick: it sees what the prompt says and guesses an answer (None: it has no guess)."""

    guess: Callable[[Any], str | None]
    partial: bool = False
    """Whether it does a part of the work, rather than none: what it reaches says what the rest is worth."""

    @property
    def name(self) -> str:
        """The function's name in words, e.g. `last_edge` → "last edge"."""
        return self.guess.__name__.replace("_", " ")

    @property
    def exploits(self) -> str:
        """What it would exploit: the first line of the function's docstring."""
        return (self.guess.__doc__ or "").strip().partition("\n")[0]


def heuristics_of(*guesses: Callable[[Any], str | None], partial: bool = False) -> tuple[Heuristic, ...]:
    """The heuristics that these functions are."""
    return tuple(Heuristic(guess, partial) for guess in guesses)
