"""Inducto: infer a sequence rule from a few examples and apply it."""

from synthlm_tasks.inducto.heldout import HeldOutInducto
from synthlm_tasks.inducto.open import OpenInducto
from synthlm_tasks.inducto.task import InductoTask

InductoTask.variants = {"open": OpenInducto, "heldout": HeldOutInducto}

__all__ = ["InductoTask"]
