"""Prints the tables of `architectures.md` on the plan two-cores, from its committed table of runs.

Run after `synthlm sweep two-cores --output-dir docs/sweeps/two-cores`: python docs/sweep_tables.py
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from eval_harness.architectures.comparison.cells import Cell
from eval_harness.architectures.comparison.predictions import predictions_table
from eval_harness.architectures.comparison.results import Results, collect
from eval_harness.architectures.sweep.reading import make_plan, read_plan
from eval_harness.architectures.sweep.table import read_rows

SWEEPS = Path(__file__).parent / "sweeps"


def progress(results: Results) -> str:
    """How far the plan is, e.g. "24 of 228 runs are made, 1 of them failed"."""
    planned = {run.spec.key for run in make_plan(read_plan("two-cores"), {}).runs()}
    made = [row for row in results.rows if row.spec.key in planned]
    failed = sum(row.failed for row in made)
    return f"{len(made)} of {len(planned)} runs are made" + (f", {failed} of them failed" if failed else "")


def measured(results: Results) -> Iterator[str]:
    """A line an evaluation, a column an architecture: every seed at the learning rate that was chosen."""
    names = list(dict.fromkeys(model.architecture for model in results.models))
    yield f"| training | scored on | chance | {' | '.join(f'`{name}`' for name in names)} |"
    yield f"|---|---|---:|{'---:|' * len(names)}"
    for training in results.trainings:
        for evaluation in results.evaluations(training):
            cells = {cell.model.architecture: cell for cell in results.cells(training, evaluation)}
            chance = f"{next(iter(cells.values())).chance:.0%}" if cells else ""
            shown = (_seeds(cells.get(name)) for name in names)
            yield f"| {training} | {evaluation.name} | {chance} | {' | '.join(shown)} |"


def _seeds(cell: Cell | None) -> str:
    """E.g. `97 / 91%`."""
    return "" if cell is None else " / ".join(f"{100 * seed.score.accuracy:.0f}" for seed in cell.seeds) + "%"


def tables() -> tuple[str, str, str, str]:
    """How far the plan is, what was measured, the predictions beside it, and Inducto at a higher rate."""
    results = collect(read_rows(SWEEPS / "two-cores" / "sweep.parquet"))
    higher = collect(read_rows(SWEEPS / "inducto-rates" / "sweep.parquet"))
    found, beside = ("\n".join(measured(each)) for each in (results, higher))
    return progress(results), found, predictions_table(results), beside


if __name__ == "__main__":
    sys.stdout.write("\n\n".join(tables()) + "\n")
