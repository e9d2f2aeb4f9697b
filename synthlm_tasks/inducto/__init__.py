"""Inducto: infer a sequence rule from a few examples and apply it."""

from synthlm_tasks.inducto.task import InductoTask

__all__ = ["InductoTask"]
