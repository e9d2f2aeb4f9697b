"""Every task's room of the audit, found by the task's name."""

from functools import cache
from importlib import import_module

from synthlm_tasks.audit.heuristics import Heuristic
from synthlm_tasks.audit.task_audit import TaskAudit
from synthlm_tasks.registry import TASKS


@cache
def task_audit(task: str) -> TaskAudit:
    """The `AUDIT` of the package `synthlm_tasks.audit.<task>`; raises KeyError for an unknown task."""
    audit: TaskAudit = import_module(f"{__package__}.{TASKS[task].name}").AUDIT
    return audit


def heuristics(config: str) -> tuple[Heuristic, ...]:
    """The tricks tried on a config: those of the family with the longest name that begins its name."""
    families = {family: tried for task in TASKS for family, tried in task_audit(task).heuristics.items()}
    return families[max((name for name in families if config.startswith(name)), key=len)]
