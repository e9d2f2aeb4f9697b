"""Dyna: track a list while operations that do not commute rearrange it."""

from synthlm_tasks.dyna.task import DynaTask

__all__ = ["DynaTask"]
