"""The explained list: what is inherent to a config, each with its reason and the bound it may not exceed."""

import tomllib
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from synthlm_tasks.audit.results import ConfigAudit, Distribution, Shortcut


class Entry(BaseModel):
    """Findings that are known on some configs, why, and how large they are at most.

    Configs and findings are named by patterns, e.g. `filtro-*-easy`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    configs: tuple[str, ...]
    names: tuple[str, ...]
    bound: Annotated[float, Field(gt=0, le=1)]
    reason: str

    def covers(self, config: str, name: str) -> bool:
        """Whether the entry speaks of the finding with this name on this config."""
        return any(fnmatchcase(config, pattern) for pattern in self.configs) and any(
            fnmatchcase(name, pattern) for pattern in self.names
        )


class Known(BaseModel):
    """The list: shortcuts, bounded in accuracy, and distributions, bounded in their farthest share."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    shortcut: tuple[Entry, ...] = ()
    distribution: tuple[Entry, ...] = ()

    def of(self, config: str, finding: Shortcut | Distribution) -> Entry | None:
        """The first entry that speaks of a finding."""
        return next((entry for entry in self._like(finding) if entry.covers(config, finding.name)), None)

    def _like(self, finding: Shortcut | Distribution) -> Sequence[Entry]:
        return self.shortcut if isinstance(finding, Shortcut) else self.distribution

    def largest(self, audited: Iterable[ConfigAudit]) -> dict[Entry, tuple[float, str]]:
        """How large the largest finding is that each entry explains, and which it is."""
        found: dict[Entry, tuple[float, str]] = {}
        for config in audited:
            for finding in config.findings:
                entry = self.of(config.config, finding)
                if entry is not None and finding.stands_out:
                    which = f"{finding.name}, {config.config}"
                    found[entry] = max(found.get(entry, (0.0, "")), (finding.size, which))
        return found

    def idle(self, audited: Iterable[ConfigAudit]) -> list[Entry]:
        """Entries that speak of what was measured, but of nothing that would fail without them."""
        configs = list(audited)
        spoken = {self.of(config.config, finding) for config in configs for finding in config.findings}
        return [e for e in (*self.shortcut, *self.distribution) if e in spoken - self.largest(configs).keys()]


@cache
def known() -> Known:
    """The list as it stands in `explained.toml`."""
    text = (resources.files("synthlm_tasks.audit") / "explained.toml").read_text("utf-8")
    return Known.model_validate(tomllib.loads(text))
