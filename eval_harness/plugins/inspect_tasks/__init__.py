"""Tasks of inspect_ai: `inspect eval synthlm/dyna -T level=hard -T samples=200 --model …`.

inspect_ai imports this module by the entry point `synthlm`, and so learns the names of tasks and scorer.
"""

from eval_harness.plugins.inspect_tasks.scoring import chance, ci95_high, ci95_low, verdict
from eval_harness.plugins.inspect_tasks.tasks import INSPECT_TASKS, config_task

__all__ = ["INSPECT_TASKS", "chance", "ci95_high", "ci95_low", "config_task", "verdict"]
