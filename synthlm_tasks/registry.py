"""The registry: every task by name. A new task is its folder, its preset table, and one entry here."""

import json
from collections.abc import Iterable, Mapping
from statistics import fmean
from typing import Any, Final

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
"""Every task by name."""


def task_of(task: str, sample_id: str) -> type[Task]:
    """The class that makes the rows of a family, which their ids name: `logic-parity_1_train_0` → XorParity.

    An id of another form leads to the task itself. Raises KeyError for an unknown task.
    """
    family = sample_id.rsplit("_", 3)[0]
    return TASKS[task].of_variant(family.removeprefix(f"{task}-").partition("-")[0])


def mean_chance(rows: Iterable[Mapping[str, Any]]) -> float:
    """The accuracy of guessing among the possible answers, on average over rows of any tasks.

    Of each row its `task`, `sample_id` and `metadata` (JSON text) count.
    """
    return fmean(task_of(row["task"], row["sample_id"]).chance(json.loads(row["metadata"])) for row in rows)
