"""Heuristics: for each kind of config the cheap tricks that might answer it without doing the task."""

from typing import Final

from synthlm_tasks.audit.heuristics import dyna, filtro, inducto, logic
from synthlm_tasks.audit.heuristics.common import Heuristic

_FAMILIES: Final[dict[str, tuple[Heuristic, ...]]] = {
    "dyna": dyna.HEURISTICS,
    "dyna-commuting": dyna.COMMUTING,
    "dyna-swaps": dyna.SWAPS,
    "filtro": filtro.HEURISTICS,
    "inducto": inducto.HEURISTICS,
    "inducto-open": inducto.OPEN,
    "logic": logic.HEURISTICS,
    "logic-parity": logic.PARITY,
}


def heuristics(config: str) -> tuple[Heuristic, ...]:
    """The tricks tried on a config: those of the family with the longest name that begins its name."""
    return _FAMILIES[max((name for name in _FAMILIES if config.startswith(name)), key=len)]


__all__ = ["Heuristic", "heuristics"]
