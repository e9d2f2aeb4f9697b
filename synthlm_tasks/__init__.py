"""Procedurally generated tasks that each isolate one skill of a language-model architecture."""

from typing import TYPE_CHECKING

from synthlm_tasks.dyna import DynaTask
from synthlm_tasks.errors import ParameterError, SpaceError, SynthLMError
from synthlm_tasks.filtro import FiltroTask
from synthlm_tasks.inducto import InductoTask
from synthlm_tasks.logic import LogicTask
from synthlm_tasks.registry import TASKS
from synthlm_tasks.version import DATASET_VERSION

__all__ = [
    "DATASET_VERSION",
    "TASKS",
    "DynaTask",
    "FiltroTask",
    "InductoTask",
    "LogicTask",
    "ParameterError",
    "SpaceError",
    "SynthLMError",
]

if not TYPE_CHECKING:  # a type checker shall still refuse what is not there

    def __getattr__(name: str) -> type:
        """The class of any task that the registry has."""
        for task in TASKS.values():
            if task.__name__ == name:
                return task
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
