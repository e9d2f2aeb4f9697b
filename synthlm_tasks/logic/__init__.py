"""Logic: evaluate a Boolean circuit on one row of inputs."""

from synthlm_tasks.logic.task import LogicTask

__all__ = ["LogicTask"]
