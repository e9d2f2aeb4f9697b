"""The verdict: what of an audit has to be mended, and what is known and bounded."""

from typing import Literal, TypeAlias

from synthlm_tasks.audit.explained import ExplainedList
from synthlm_tasks.audit.results import ConfigAudit, Distribution, Shortcut

Standing: TypeAlias = Literal["passes", "explained", "fails"]


def judge_finding(config: str, finding: Shortcut | Distribution, known: ExplainedList) -> Standing:
    """Whether a finding is as it should be, is off as is known (up to the bound), or must not be there."""
    entry = known.of(config, finding)
    if entry is not None and finding.size > entry.bound:
        return "fails"
    if not finding.stands_out:
        return "passes"
    return "explained" if entry is not None else "fails"


def find_failures(audited: ConfigAudit, known: ExplainedList) -> list[str]:
    """Everything that is wrong with a config, in words: broken invariants, odd shares, shortcuts."""
    found = audited.broken()
    for finding in audited.findings:
        if judge_finding(audited.config, finding, known) == "fails":
            entry = known.of(audited.config, finding)
            bound = "" if entry is None else f"; its explanation covers {entry.bound:.1%}"
            found.append(f"{finding.description}{bound}")
    return found
