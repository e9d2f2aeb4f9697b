"""The explained list: shortcuts that are inherent to a config's parameters, each with its reason and bound."""

import tomllib
from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from synthlm_tasks.audit.results import ConfigAudit, Shortcut


class Entry(BaseModel):
    """Shortcuts that are known to work on some configs, why, and how well at most.

    Configs and shortcuts are named by patterns, e.g. `filtro-*-easy`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    configs: tuple[str, ...]
    shortcuts: tuple[str, ...]
    bound: Annotated[float, Field(gt=0, le=1)]
    reason: str

    def covers(self, config: str, shortcut: Shortcut) -> bool:
        """Whether the entry speaks of this shortcut on this config."""
        return any(fnmatchcase(config, pattern) for pattern in self.configs) and any(
            fnmatchcase(shortcut.name, pattern) for pattern in self.shortcuts
        )


class _List(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    explained: tuple[Entry, ...]


@cache
def entries() -> tuple[Entry, ...]:
    """The list, as it stands in `explained.toml`."""
    text = (resources.files("synthlm_tasks.audit") / "explained.toml").read_text("utf-8")
    return _List.model_validate(tomllib.loads(text)).explained


def explanation(config: str, shortcut: Shortcut, known: Iterable[Entry] | None = None) -> Entry | None:
    """The first entry that speaks of a shortcut."""
    listed = entries() if known is None else known
    return next((entry for entry in listed if entry.covers(config, shortcut)), None)


def idle(audited: Iterable[ConfigAudit], known: Iterable[Entry] | None = None) -> list[Entry]:
    """Entries that speak of shortcuts which were measured, none of which works: they can go."""
    listed = list(entries() if known is None else known)
    measured: dict[int, bool] = {}
    for config in audited:
        for shortcut in config.shortcuts:
            for place, entry in enumerate(listed):
                if entry.covers(config.config, shortcut):
                    measured[place] = measured.get(place, False) or shortcut.works
                    break
    return [listed[place] for place, needed in measured.items() if not needed]
