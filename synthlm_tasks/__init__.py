"""Four procedurally generated tasks that each isolate one skill of a language-model architecture."""

from synthlm_tasks.dyna.task import DynaTask
from synthlm_tasks.errors import ParameterError, SpaceError, SynthLMError
from synthlm_tasks.filtro.task import FiltroTask
from synthlm_tasks.inducto.task import InductoTask
from synthlm_tasks.logic.task import LogicTask
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
