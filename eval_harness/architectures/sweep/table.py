"""The table of runs: a row a run, with its curve and scores; Parquet, the same bytes for the same runs."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from eval_harness.architectures.spec import CurvePoint, RunResult, RunSpec, Score
from eval_harness.architectures.sweep.plan import PlannedRun
from eval_harness.errors import SettingsError

_ACCURACY: Final = pa.struct([("evaluation", pa.string()), ("accuracy", pa.float64())])
_POINT: Final = pa.struct(
    [("tokens", pa.int64()), ("loss", pa.float64()), ("accuracies", pa.list_(_ACCURACY))]
)
_GROUP: Final = pa.struct(
    [("axis", pa.string()), ("value", pa.string()), ("right", pa.int64()), ("n", pa.int64())]
)
_SCORE: Final = pa.struct(
    [
        ("evaluation", pa.string()),
        ("accuracy", pa.float64()),
        ("n", pa.int64()),
        ("chance", pa.float64()),
        ("by_axis", pa.list_(_GROUP)),
    ]
)
_SPEC: Final = {
    "config": pa.string(), "axes": pa.string(), "architecture": pa.string(), "layers": pa.int32(),
    "width": pa.int32(), "tokens": pa.int64(), "lr": pa.float64(), "seed": pa.int64(),
    "data_seed": pa.int64(), "batch_size": pa.int32(), "optimizer": pa.string(), "convolution": pa.bool_(),
    "ffn": pa.bool_(), "vocabulary": pa.string(), "loss": pa.string(), "precision": pa.string(),
    "evaluations": pa.string(), "curve_points": pa.int32(),
}  # fmt: skip
_FOUND: Final = {
    "parameters": pa.int64(), "state_size": pa.int64(), "kernels": pa.string(), "seconds": pa.float64(),
    "tokens_per_second": pa.float64(), "error": pa.string(),
}  # fmt: skip
_JSON: Final = ("axes", "evaluations")

SCHEMA: Final = pa.schema(
    {
        "key": pa.string(),
        "dataset_version": pa.string(),
        "training": pa.string(),
        "control": pa.bool_(),
        **_SPEC,
        **_FOUND,
        "curve": pa.list_(_POINT),
        "scores": pa.list_(_SCORE),
    }
)
"""The columns; `axes` and `evaluations` are JSON, and so are the values of axes in the scores."""


@dataclass(frozen=True)
class Row:
    """A finished or failed run: what it was for, what came of it, and the rows' version."""

    training: str
    control: bool
    dataset_version: str
    result: RunResult

    @property
    def spec(self) -> RunSpec:
        """What was run."""
        return self.result.spec

    @property
    def failed(self) -> bool:
        """Whether there is an error in place of scores."""
        return self.result.error is not None


def make_row(run: PlannedRun, result: RunResult, dataset_version: str) -> dict[str, Any]:
    """The row of a run, by column."""
    spec = run.spec.model_dump(mode="json")
    given = {name: json.dumps(spec[name]) if name in _JSON else spec[name] for name in _SPEC}
    return {
        "key": run.spec.key,
        "dataset_version": dataset_version,
        "training": run.training,
        "control": run.control,
        **given,
        **{name: getattr(result, name) for name in _FOUND},
        "curve": [_point(point) for point in result.curve],
        "scores": [_score(name, score) for name, score in result.scores.items()],
    }


def _point(point: CurvePoint) -> dict[str, Any]:
    accuracies = [{"evaluation": name, "accuracy": value} for name, value in point.accuracy.items()]
    return {"tokens": point.tokens, "loss": point.loss, "accuracies": accuracies}


def _score(name: str, score: Score) -> dict[str, Any]:
    groups = [
        {"axis": axis, "value": value, "right": right, "n": n}
        for axis, values in score.by_axis.items()
        for value, (right, n) in values.items()
    ]
    found = {"accuracy": score.accuracy, "n": score.n, "chance": score.chance}
    return {"evaluation": name, **found, "by_axis": groups}


def rows_table(rows: Sequence[dict[str, Any]]) -> pa.Table:
    """Rows as a table."""
    return pa.Table.from_pylist(list(rows), schema=SCHEMA)


def read_file(file: Path) -> pa.Table:
    """Read one file, whatever it and its folder are called; raises ArrowInvalid where it is torn."""
    with file.open("rb") as source:
        return pq.ParquetFile(source).read()


def read_table(file: Path) -> pa.Table:
    """The table of a sweep; raises SettingsError where the file is none."""
    try:
        table = read_file(file)
    except pa.ArrowInvalid:
        raise SettingsError(f"{str(file)!r}: no Parquet file") from None
    if missing := [name for name in SCHEMA.names if name not in table.column_names]:
        raise SettingsError(f"{str(file)!r}: no table of a sweep: it has no column {missing[0]!r}")
    return table


def read_rows(file: Path) -> list[Row]:
    """The rows of a table; raises SettingsError where the file is none."""
    return [parse_row(row) for row in read_table(file).to_pylist()]


def parse_row(row: dict[str, Any]) -> Row:
    """A row from its columns."""
    spec = RunSpec.model_validate(
        {name: json.loads(row[name]) if name in _JSON else row[name] for name in _SPEC}
    )
    curve = [
        CurvePoint(
            point["tokens"],
            point["loss"],
            {found["evaluation"]: found["accuracy"] for found in point["accuracies"]},
        )
        for point in row["curve"]
    ]
    scores = {score["evaluation"]: _parse_score(score) for score in row["scores"]}
    found = {name: row[name] for name in _FOUND}
    result = RunResult(spec=spec, curve=curve, scores=scores, **found)
    return Row(row["training"], row["control"], row["dataset_version"], result)


def _parse_score(score: dict[str, Any]) -> Score:
    groups: dict[str, dict[str, tuple[int, int]]] = {}
    for group in score["by_axis"]:
        groups.setdefault(group["axis"], {})[group["value"]] = (group["right"], group["n"])
    return Score(score["accuracy"], score["n"], score["chance"], groups)
