"""What a task's room of the audit holds, as its `AUDIT`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from synthlm_tasks.audit.checks import Row
from synthlm_tasks.audit.heuristics import Heuristic
from synthlm_tasks.audit.overlaps import Notion
from synthlm_tasks.audit.views import View


@dataclass(frozen=True)
class Checks:
    """One task's checks: every invariant of every row, by plain Python written from the text formats alone.

    Nothing here imports what it checks, and the tests use the same code as their oracles.
    """

    parse: Callable[[str], Any]
    """A strict parser of a prompt; raises ValueError."""
    answer: Callable[[str], str]
    """The answer to a prompt, by the slowest and plainest way."""
    key: Callable[[Row], object]
    """What decides a row's split."""
    violations: Callable[[Row], list[str]]
    """Everything that can be found wrong with one row from its text, target and metadata."""


@dataclass(frozen=True)
class TaskAudit:
    """How one task's rows are judged."""

    checks: Checks
    view: View
    """What is uniform in a row, and what a learner is given and asked."""
    heuristics: Mapping[str, tuple[Heuristic, ...]]
    """Config family → the cheap tricks that might answer its rows without doing the task."""
    notions: tuple[Notion, ...] = ()
    """What may be called the same problem, from the narrowest notion to the widest."""
