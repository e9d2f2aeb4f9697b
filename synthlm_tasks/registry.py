"""The registry: every task by name. A new task is its file, its preset table, and one entry here."""

from typing import Final

from synthlm_tasks.dyna.task import DynaTask
from synthlm_tasks.filtro.task import FiltroTask
from synthlm_tasks.inducto.task import InductoTask
from synthlm_tasks.logic.task import LogicTask
from synthlm_tasks.rows.task import Task

TASKS: Final[dict[str, type[Task]]] = {
    "dyna": DynaTask,
    "inducto": InductoTask,
    "filtro": FiltroTask,
    "logic": LogicTask,
}
