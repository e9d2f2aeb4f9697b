"""The verdict: what of an audit has to be mended, and what is known and bounded."""

from collections.abc import Iterable
from typing import Literal

from synthlm_tasks.audit.explained import Entry, explanation
from synthlm_tasks.audit.results import ConfigAudit, Shortcut

Standing = Literal["passes", "explained", "fails"]


def standing(config: str, shortcut: Shortcut, known: Iterable[Entry] | None = None) -> Standing:
    """Whether a shortcut stays near chance, beats it as is known (up to the bound), or must not be there."""
    entry = explanation(config, shortcut, known)
    if entry is not None and shortcut.accuracy > entry.bound:
        return "fails"
    if not shortcut.works:
        return "passes"
    return "explained" if entry is not None else "fails"


def failures(audited: ConfigAudit, known: Iterable[Entry] | None = None) -> list[str]:
    """Everything that is wrong with a config, in words: broken invariants, and shortcuts that work."""
    found = audited.broken()
    for shortcut in audited.shortcuts:
        if standing(audited.config, shortcut, known) == "fails":
            low, high = shortcut.interval
            entry = explanation(audited.config, shortcut, known)
            most = f"at most {shortcut.allowed:.1%}" if entry is None else f"its bound is {entry.bound:.1%}"
            found.append(
                f"shortcut {shortcut.name!r} answers {shortcut.accuracy:.1%} of {shortcut.split} "
                f"[{low:.1%}, {high:.1%}]; chance is {shortcut.chance:.1%}, {most}"
            )
    return found
