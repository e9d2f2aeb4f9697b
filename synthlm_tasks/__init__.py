"""Procedurally generated tasks that each isolate one skill of a language-model architecture.

Names are imported when they are first used: the package itself costs nothing to import.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
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

_MODULES: Final = {
    "DATASET_VERSION": "version",
    "TASKS": "registry",
    "ParameterError": "errors",
    "SpaceError": "errors",
    "SynthLMError": "errors",
}

if not TYPE_CHECKING:  # a type checker shall still refuse what is not there

    def __getattr__(name: str) -> object:
        """An exported name; of others, the class of any task that the registry has (PEP 562)."""
        if name in _MODULES:
            return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
        if name.endswith("Task"):
            from synthlm_tasks.registry import TASKS

            for task in TASKS.values():
                if task.__name__ == name:
                    return task
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        """What is exported, for completion."""
        return sorted([*globals(), *__all__])
