"""The verdict: what of an audit has to be mended, and what is known and bounded."""

import math
from typing import Literal, TypeAlias

from synthlm_tasks.audit.explained import ExplainedList
from synthlm_tasks.audit.results import (
    ERRORS_ALLOWED,
    SAMPLES,
    ConfigAudit,
    Distribution,
    Shortcut,
    standard_error,
)

Standing: TypeAlias = Literal["passes", "explained", "fails"]


def judge_finding(
    config: str, finding: Shortcut | Distribution, known: ExplainedList, samples: int = SAMPLES
) -> Standing:
    """Whether a finding is as it should be, is off as is known (up to the bound), or must not be there.

    `samples` are the rows of the config to guess and learn on: fewer than the bounds are for may exceed them
    by luck.
    """
    entry = known.of(config, finding)
    if entry is None:
        return "fails" if finding.stands_out else "passes"
    beyond = finding.size > entry.bound + _luck(finding, entry.bound, samples)
    if beyond and (finding.stands_out or samples >= SAMPLES):
        return "fails"
    return "explained" if finding.stands_out else "passes"


def find_failures(audited: ConfigAudit, known: ExplainedList) -> list[str]:
    """Everything that is wrong with a config, in words: broken invariants, odd shares, shortcuts."""
    found = audited.broken()
    for finding in audited.findings:
        if judge_finding(audited.config, finding, known, audited.samples) == "fails":
            entry = known.of(audited.config, finding)
            bound = "" if entry is None else f"; its explanation covers {entry.bound:.1%}"
            luck = _luck(finding, entry.bound, audited.samples) if entry else 0
            few = f", and luck {100 * luck:.1f} points more on so few rows" if luck else ""
            found.append(f"{finding.description}{bound}{few}")
    return found


def _luck(finding: Shortcut | Distribution, bound: float, samples: int) -> float:
    """How far beyond its bound a finding may be by luck alone, since its rows are fewer.

    Standard errors at its number of rows, less those at the number that the bound is for, which covers them.
    """
    rows = finding.total if isinstance(finding, Shortcut) else finding.rows
    return ERRORS_ALLOWED * standard_error(bound, rows) * (1 - math.sqrt(min(samples / SAMPLES, 1)))
