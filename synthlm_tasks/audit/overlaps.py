"""Notions of "the same problem": what of a held-out row may have stood in train, and what must not have."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass

from synthlm_tasks.audit.checks import Row


@dataclass(frozen=True)
class Notion:
    """One notion: a held-out row is known if what it asks is among what the rows of train show."""

    name: str
    """What is the same, in words, e.g. "the operations in any order"."""
    asked: Callable[[Row], Hashable]
    shown: Callable[[Row], Iterable[Hashable]] | None = None
    """Everything that a row of train shows; what it asks if None."""
    promised_new: bool = False
    """Whether no held-out row may be known: a promise, rather than a number to know."""

    def all_shown(self, row: Row) -> Iterable[Hashable]:
        """Everything that a row of train shows."""
        return (self.asked(row),) if self.shown is None else self.shown(row)
