"""`synthlm demo`."""

import secrets
from typing import Annotated, Any

from cyclopts import Parameter
from rich.console import Console

from synthlm_tasks.audit.registry import task_audit
from synthlm_tasks.cli.terminal import plain_console
from synthlm_tasks.registry import TASKS
from synthlm_tasks.rows.presets import LEVELS
from synthlm_tasks.rows.task import NUM_QUERIES, check_whole_number

_Seed = Annotated[int | None, Parameter(help="Names the samples; another one each time if not given.")]
_Queries = Annotated[int | None, Parameter(help="Queries of each sample, 1 to 10; one if not given.")]


def demo(*, seed: _Seed = None, num_queries: _Queries = None) -> int:
    """Show a fresh sample of each task and level, its answers derived step by step, its invariants checked.

    Exits with 1 if any invariant is violated.
    """
    console = plain_console(soft_wrap=True)
    chosen = secrets.randbelow(1 << 32) if seed is None else check_whole_number("seed", seed)
    axes: dict[str, Any] = {} if num_queries is None else {NUM_QUERIES.name: num_queries}
    rows = [
        task(chosen).generate_table(1, level, **axes).to_pylist()[0]
        for task in TASKS.values()
        for level in LEVELS
    ]
    console.print(f"Samples of seed {chosen}.")
    return min(sum(not _show_row(console, row) for row in rows), 1)


def _show_row(console: Console, row: dict[str, Any]) -> bool:
    """Print one sample and its derivation; whether nothing is wrong with it."""
    derived = TASKS[row["task"]].reading.derive(row["input_text"])
    wrong = task_audit(row["task"]).checks.violations(row)
    if derived.answer != row["target"]:
        wrong.append(f"the steps lead to {derived.answer}")
    console.print(f"\n{row['task']}, level {row['difficulty']}", style="bold")
    console.print(row["metadata"])
    console.print(row["input_text"])
    for step in derived.steps:
        console.print(f"  {step}", style="dim")
    console.print(f"answer {derived.answer}, target {row['target']}")
    console.print(
        "; ".join(wrong) or "every invariant holds (independent checks of the text)",
        style="red" if wrong else "green",
    )
    return not wrong
