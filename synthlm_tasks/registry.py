"""The registry: every task by name. A new task is its file, its preset table, and one entry here."""

from typing import Final

from synthlm_tasks.dyna import DynaTask
from synthlm_tasks.filtro import FiltroTask
from synthlm_tasks.inducto import InductoTask
from synthlm_tasks.logic import LogicTask
from synthlm_tasks.task import Task

TASKS: Final[dict[str, type[Task]]] = {
    "dyna": DynaTask,
    "inducto": InductoTask,
    "filtro": FiltroTask,
    "logic": LogicTask,
}
