"""Tables of sweeps with results that a test states."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from eval_harness.architectures.spec import CurvePoint, Evaluation, RunResult, RunSpec, Score
from eval_harness.architectures.sweep.plan import PlannedRun
from eval_harness.architectures.sweep.table import Row, make_row, rows_table
from synthlm_tasks.version import DATASET_VERSION

CHANCE = 0.2


def row(
    architecture: str,
    seed: int,
    lr: float,
    validation: float,
    test: float,
    *,
    curve: Sequence[float] = (),
    training: str = "swaps",
    config: str = "dyna-swaps-easy",
    control: bool = False,
    error: str | None = None,
    by_axis: Mapping[str, Mapping[str, tuple[int, int]]] | None = None,
    n: int = 1000,
    **spec: Any,  # noqa: ANN401  # further settings of the run
) -> Row:
    """A run with these accuracies; `curve` has the accuracies in test on the way."""
    evaluations = (
        Evaluation(name="validation", config=config, split="validation", samples=n),
        Evaluation(name="test", config=config, samples=n),
    )
    run = RunSpec(
        config=config, architecture=architecture, tokens=1_000_000, lr=lr, seed=seed, evaluations=evaluations,
        **spec,
    )  # fmt: skip
    scores = {
        "validation": Score(validation, n, CHANCE, {}),
        "test": Score(test, n, CHANCE, by_axis or {}),
    }
    accuracies = curve or (test,)
    points = [
        CurvePoint(1_000_000 * place // len(accuracies), 1.0, {"validation": validation, "test": value})
        for place, value in enumerate(accuracies, 1)
    ]
    result = RunResult(run, 90_000, 128, "torch", points, {} if error else scores, 60.0, 20_000.0, error)
    return Row(training, control, DATASET_VERSION, result)


def write_sweep(file: Path, rows: Sequence[Row]) -> None:
    """Write the table of these rows."""
    made = [
        make_row(PlannedRun(row.training, row.control, row.spec), row.result, row.dataset_version)
        for row in rows
    ]
    pq.write_table(rows_table(made), file)
