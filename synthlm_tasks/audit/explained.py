"""The explained list: what is inherent to a config, each with its reason and the bound it may not exceed."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from synthlm_tasks.audit.results import ConfigAudit, Distribution, Shortcut

Bound = Annotated[float, Field(gt=0, le=1)]


class Entry(BaseModel):
    """Findings that are known, why, and how large they are at most: pattern of config → bound.

    Findings are named by patterns too. Of the patterns of configs the first that fits counts.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    names: tuple[str, ...]
    reason: str
    bounds: dict[str, Bound]

    def pattern(self, config: str, name: str) -> str | None:
        """The pattern under which the entry speaks of the finding with this name on this config."""
        if not any(fnmatchcase(name, pattern) for pattern in self.names):
            return None
        return next((pattern for pattern in self.bounds if fnmatchcase(config, pattern)), None)


@dataclass(frozen=True)
class Explanation:
    """What is known of one finding: the entry's place in the list, the pattern that fits, and its bound."""

    place: int
    pattern: str
    bound: float


class ExplainedList(BaseModel):
    """The list: shortcuts, bounded in accuracy, and distributions, bounded in their farthest share."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    shortcut: tuple[Entry, ...] = ()
    distribution: tuple[Entry, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The whole list."""
        return (*self.shortcut, *self.distribution)

    def of(self, config: str, finding: Shortcut | Distribution) -> Explanation | None:
        """The first explanation of a finding."""
        first = 0 if isinstance(finding, Shortcut) else len(self.shortcut)
        listed = self.shortcut if isinstance(finding, Shortcut) else self.distribution
        for place, entry in enumerate(listed, first):
            pattern = entry.pattern(config, finding.name)
            if pattern is not None:
                return Explanation(place, pattern, entry.bounds[pattern])
        return None

    def largest(self, audited: Iterable[ConfigAudit]) -> dict[Explanation, tuple[float, str]]:
        """The largest finding that needs each explanation, and which it is, in the order of the list."""
        found: dict[Explanation, tuple[float, str]] = {}
        for config in audited:
            for finding in config.findings:
                known = self.of(config.config, finding)
                if known is not None and finding.stands_out:
                    which = f"{finding.name}, {config.config}"
                    found[known] = max(found.get(known, (0.0, "")), (finding.size, which))
        return dict(sorted(found.items(), key=lambda item: item[0].place))

    def unused(self, audited: Iterable[ConfigAudit]) -> list[str]:
        """Entries that speak of what was measured, but of nothing that would fail without them, in words."""
        configs = list(audited)
        needed = {one.place for one in self.largest(configs)}
        given = (self.of(config.config, finding) for config in configs for finding in config.findings)
        unneeded = dict.fromkeys(one.place for one in given if one is not None and one.place not in needed)
        return [
            f"{', '.join(e.names)} on {', '.join(e.bounds)}" for e in map(self.entries.__getitem__, unneeded)
        ]


@cache
def load_explained() -> ExplainedList:
    """The list as it stands in `explained.toml`."""
    text = (resources.files("synthlm_tasks.audit") / "explained.toml").read_text("utf-8")
    return ExplainedList.model_validate(tomllib.loads(text))
