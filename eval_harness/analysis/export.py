"""Records as one table: a row a record, metadata as columns of their own."""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

from eval_harness.analysis.runs import LoadedRun
from eval_harness.records import Record

Format: TypeAlias = Literal["csv", "parquet"]

PREFIX: Final = "metadata_"
"""What the name of a metadata entry's column begins with."""

_TYPES: Final = {
    "epoch": pa.int32(),
    "difficulty": pa.int8(),
    "is_correct": pa.bool_(),
    "latency_ms": pa.float64(),
    "first_token_ms": pa.float64(),
    "prompt_tokens": pa.int64(),
    "completion_tokens": pa.int64(),
    "attempts": pa.int32(),
}
"""Columns that are not text."""


def records_table(runs: Sequence[LoadedRun]) -> pa.Table:
    """Every run's records, the run's name first; entries that a record's metadata lacks are null."""
    held = [(run.name, record) for run in runs for record in run.records]
    columns: dict[str, pa.Array] = {"run": pa.array([name for name, _ in held], pa.string())}
    for field in fields(Record):
        if field.name != "metadata":
            values = [_text(getattr(record, field.name)) for _, record in held]
            columns[field.name] = pa.array(values, _TYPES.get(field.name, pa.string()))
    entries = dict.fromkeys(entry for _, record in held for entry in record.metadata)
    for entry in entries:
        columns[PREFIX + entry] = _column([record.metadata.get(entry) for _, record in held])
    return pa.table(columns)


def _text(value: object) -> object:
    # A lone surrogate (a reply may hold one) has no UTF-8.
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value


def _column(values: Sequence[Any]) -> pa.Array:
    """Values of one kind as they are (whole numbers among others as floats), of several kinds as JSON."""
    kinds = {type(value) for value in values if value is not None}
    for types, arrow in (
        ({bool}, pa.bool_()),
        ({int}, pa.int64()),
        ({int, float}, pa.float64()),
        ({str}, pa.string()),
    ):
        if kinds <= types:
            return pa.array([_text(value) for value in values], arrow)
    return pa.array([None if value is None else json.dumps(value) for value in values], pa.string())


def write_table(table: pa.Table, path: Path, kind: Format) -> None:
    """Write a table as CSV (UTF-8, null as an empty field) or as Parquet."""
    if kind == "parquet":
        pq.write_table(table, path, compression="zstd")
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(table.column_names)
        for batch in table.to_batches(max_chunksize=1_000):
            rows.writerows(map(_plain, batch.to_pylist()))


def _plain(row: Mapping[str, Any]) -> list[Any]:
    return [str(value).lower() if isinstance(value, bool) else value for value in row.values()]
