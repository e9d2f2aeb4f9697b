"""The summary that comes with this package: chance and the best trick of each kind for each config."""

from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

Kind: TypeAlias = Literal["heuristic", "partial", "learned"]
"""A guess that leaves the work undone, one that does a named part of it, or a model that was trained."""

HEADS: Final[dict[Kind, str]] = {
    "heuristic": "best guess",
    "partial": "part of the work",
    "learned": "best learner",
}


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BestShortcut(_Table):
    """The best trick of a kind: accuracy in test, its 95% interval, and blind guessing beside it."""

    name: str
    accuracy: float
    low: float
    high: float
    chance: float


class LargestFinding(_Table):
    """The largest finding on the configs of a pattern, what it is, and its bound."""

    size: float
    finding: str
    bound: float


class Inherent(_Table):
    """What an entry of the explained list speaks of: why, and the most that was measured by pattern."""

    names: tuple[str, ...]
    reason: str
    most: dict[str, LargestFinding]


class AuditSummary(_Table):
    """What was measured, on which rows: config → kind → the best trick; `chance` is the config's own."""

    dataset_version: str
    seed: int
    samples: int
    checked: int
    violations: int
    chance: dict[str, float]
    best: dict[str, dict[Kind, BestShortcut]]
    inherent: tuple[Inherent, ...]
    overlaps: dict[str, dict[str, float]] = {}
    """Config → notion of the same problem → the share of test that has stood in train."""


@cache
def load_summary() -> AuditSummary:
    """The summary of the whole catalog that comes with this package."""
    text = (resources.files("synthlm_tasks.audit") / "measured.json").read_text("utf-8")
    return AuditSummary.model_validate_json(text)


def shortcuts_table(found: AuditSummary, configs: Iterable[str]) -> str:
    """A table in percent with 95% intervals, a line for each config that was measured."""
    lines = [f"| config | chance | {' | '.join(HEADS.values())} |", "|---|---:|---|---|---|"]
    for config in configs:
        if config in found.best:
            cells = [_cell(found.best[config].get(kind), found.chance[config]) for kind in HEADS]
            lines.append(f"| `{config}` | {_percent(found.chance[config])} | {' | '.join(cells)} |")
    return "\n".join(lines)


def inherent_table(found: AuditSummary) -> str:
    """A table of what is inherent: why, and in percent the most that was measured, with the bound."""
    lines = ["| tricks | why | at most (bound) |", "|---|---|---|"]
    for entry in found.inherent:
        names = ", ".join("all" if name == "*" else name for name in entry.names)
        most = [f"`{pattern}` {_percent(m.size)} ({_percent(m.bound)})" for pattern, m in entry.most.items()]
        lines.append(f"| {names} | {entry.reason} | {', '.join(most)} |")
    return "\n".join(lines)


def overlaps_table(found: AuditSummary) -> str:
    """A table in percent of how much of test has stood in train, a line for each config."""
    lines = ["| config | of test in train |", "|---|---|"]
    for config, shares in found.overlaps.items():
        cells = ", ".join(f"{name} {_percent(share)}" for name, share in shares.items())
        lines.append(f"| `{config}` | {cells} |")
    return "\n".join(lines)


def _cell(best: BestShortcut | None, chance: float) -> str:
    if best is None:
        return ""
    # Learners may answer another question than the row's own: then guessing is another, too.
    other = "" if abs(best.chance - chance) < 0.01 else f" (of {_percent(best.chance)})"
    return f"{_percent(best.accuracy)} [{_percent(best.low)}, {_percent(best.high)}]{other} {best.name}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"
