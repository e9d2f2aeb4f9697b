"""Making the summary of an audit, as it is committed and shown."""

from collections.abc import Iterator
from typing import Final

from synthlm_tasks.audit.explained import ExplainedList
from synthlm_tasks.audit.published import AuditSummary, BestShortcut, Inherent, LargestFinding
from synthlm_tasks.audit.results import KINDS, Audit, Shortcut

_DIGITS: Final = 4


def summarize(audit: Audit, known: ExplainedList) -> AuditSummary:
    """The summary of an audit, with what of it is known."""
    return AuditSummary(
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
        overlaps={
            config.config: {found.name: round(found.share, _DIGITS) for found in config.overlaps}
            for config in audit.configs
        },
    )


def _inherent(audit: Audit, known: ExplainedList) -> Iterator[Inherent]:
    measured: dict[int, dict[str, LargestFinding]] = {}
    for one, (size, finding) in known.largest(audit.configs).items():
        most = LargestFinding(size=round(size, _DIGITS), finding=finding, bound=one.bound)
        measured.setdefault(one.place, {})[one.pattern] = most
    for place, by_pattern in measured.items():
        entry = known.entries[place]
        yield Inherent(names=entry.names, reason=entry.reason, most=by_pattern)


def _best(shortcut: Shortcut) -> BestShortcut:
    low, high = shortcut.interval
    numbers = {"accuracy": shortcut.accuracy, "low": low, "high": high, "chance": shortcut.chance}
    return BestShortcut(
        name=shortcut.label, **{name: round(number, _DIGITS) for name, number in numbers.items()}
    )
