"""The summary: chance and the best trick of each kind for each config, as it is committed and shown."""

from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources
from typing import Final

from pydantic import BaseModel, ConfigDict

from synthlm_tasks.audit.explained import Known
from synthlm_tasks.audit.results import KINDS, Audit, Kind, Shortcut

HEADS: Final[dict[Kind, str]] = {
    "heuristic": "best guess",
    "partial": "part of the work",
    "learned": "best learner",
}
_DIGITS: Final = 4


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Best(_Table):
    """The best trick of a kind: accuracy in test, its 95% interval, and blind guessing beside it."""

    name: str
    accuracy: float
    low: float
    high: float
    chance: float


class Most(_Table):
    """The largest finding on the configs of a pattern, what it is, and its bound."""

    size: float
    finding: str
    bound: float


class Inherent(_Table):
    """What an entry of the explained list speaks of: why, and the most that was measured by pattern."""

    names: tuple[str, ...]
    reason: str
    most: dict[str, Most]


class Measured(_Table):
    """What was measured, on which rows: config → kind → the best trick; `chance` is the config's own."""

    dataset_version: str
    seed: int
    samples: int
    checked: int
    violations: int
    chance: dict[str, float]
    best: dict[str, dict[Kind, Best]]
    inherent: tuple[Inherent, ...]


def summarised(audit: Audit, known: Known) -> Measured:
    """The summary of an audit, with what of it is known."""
    return Measured(
        dataset_version=audit.dataset_version,
        seed=audit.seed,
        samples=audit.samples,
        checked=sum(config.checked for config in audit.configs),
        violations=sum(found.rows for config in audit.configs for found in config.violations),
        chance={config.config: round(config.chance, _DIGITS) for config in audit.configs},
        best={
            config.config: {kind: _best(found) for kind in KINDS if (found := config.best(kind))}
            for config in audit.configs
        },
        inherent=tuple(_inherent(audit, known)),
    )


def _inherent(audit: Audit, known: Known) -> Iterator[Inherent]:
    measured: dict[int, dict[str, Most]] = {}
    for one, (size, finding) in known.largest(audit.configs).items():
        most = Most(size=round(size, _DIGITS), finding=finding, bound=one.bound)
        measured.setdefault(one.place, {})[one.pattern] = most
    for place, by_pattern in measured.items():
        entry = known.entries[place]
        yield Inherent(names=entry.names, reason=entry.reason, most=by_pattern)


def _best(shortcut: Shortcut) -> Best:
    low, high = shortcut.interval
    numbers = {"accuracy": shortcut.accuracy, "low": low, "high": high, "chance": shortcut.chance}
    return Best(name=shortcut.label, **{name: round(number, _DIGITS) for name, number in numbers.items()})


@cache
def measured() -> Measured:
    """The summary of the whole catalog that comes with this package."""
    text = (resources.files("synthlm_tasks.audit") / "measured.json").read_text("utf-8")
    return Measured.model_validate_json(text)


def markdown(found: Measured, configs: Iterable[str]) -> str:
    """A table in percent with 95% intervals, a line for each config that was measured."""
    lines = [f"| config | chance | {' | '.join(HEADS.values())} |", "|---|---:|---|---|---|"]
    for config in configs:
        if config in found.best:
            cells = [_cell(found.best[config].get(kind), found.chance[config]) for kind in HEADS]
            lines.append(f"| `{config}` | {_percent(found.chance[config])} | {' | '.join(cells)} |")
    return "\n".join(lines)


def inherent(found: Measured) -> str:
    """A table of what is inherent: why, and in percent the most that was measured, with the bound."""
    lines = ["| tricks | why | at most (bound) |", "|---|---|---|"]
    for entry in found.inherent:
        names = ", ".join("all" if name == "*" else name for name in entry.names)
        most = [f"`{pattern}` {_percent(m.size)} ({_percent(m.bound)})" for pattern, m in entry.most.items()]
        lines.append(f"| {names} | {entry.reason} | {', '.join(most)} |")
    return "\n".join(lines)


def _cell(best: Best | None, chance: float) -> str:
    if best is None:
        return ""
    # Learners may answer another question than the row's own: then guessing is another, too.
    other = "" if abs(best.chance - chance) < 0.01 else f" (of {_percent(best.chance)})"
    return f"{_percent(best.accuracy)} [{_percent(best.low)}, {_percent(best.high)}]{other} {best.name}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"
