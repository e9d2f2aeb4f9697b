"""The table of records: one row a record, metadata as columns, the same as CSV and as Parquet."""

import csv
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from run_folders import failed, settings, write_run

from eval_harness.analysis.export import records_table, write_table
from eval_harness.analysis.runs import load_run, load_runs
from eval_harness.records import Record

HOSTILE = '=cmd()|"quoted", comma\r\nnew line\t\x00 \ud800 é \u2028 <script>'


def hostile(n: int, record: Record) -> Record:
    if n == 0:
        return failed(record)
    return replace(record, raw_response=HOSTILE) if n == 1 else record


@pytest.fixture
def run(tmp_path: Path) -> Path:
    write_run(tmp_path / "run", settings(configs=["dyna-easy", "inducto-easy"], samples_per_combo=5))
    return tmp_path / "run"


def test_a_row_is_a_winning_record(run: Path) -> None:
    # The same sample again, later: the first record that is no error counts.
    lines = (run / "results.jsonl").read_bytes().splitlines(keepends=True)
    late = failed(Record.parse(lines[3])).line()
    other = replace(Record.parse(lines[3]), raw_response="late").line()
    (run / "results.jsonl").write_bytes(
        failed(Record.parse(lines[2])).line() + b"".join(lines) + late + other
    )
    table = records_table([load_run(run)])
    assert table.num_rows == 10
    assert set(table["outcome"].to_pylist()) == {"ok"}
    assert "late" not in table["raw_response"].to_pylist()


def test_metadata_entries_are_typed_columns_and_null_where_a_task_has_none(run: Path) -> None:
    rows = records_table([load_run(run)]).to_pylist()
    for row in rows:
        dyna = row["task"] == "dyna"
        assert isinstance(row["metadata_num_ops"], int) is dyna
        assert isinstance(row["metadata_length_unseen"], bool) is not dyna
        assert (row["metadata_rule"] is None) is dyna


def test_entries_of_several_kinds_become_floats_or_json(tmp_path: Path) -> None:
    values = [1, 2.5, None, 3]
    mixed = [1, "a", [2], None]
    write_run(
        tmp_path / "run",
        settings(configs=["logic-easy"], samples_per_combo=4),
        lambda n, record: replace(record, metadata={"x": values[n], "y": mixed[n]}),
    )
    table = records_table([load_run(tmp_path / "run")])
    assert table["metadata_x"].to_pylist() == [1.0, 2.5, None, 3.0]
    assert table["metadata_y"].to_pylist() == ["1", '"a"', "[2]", None]


def test_several_runs_are_told_apart_by_name(run: Path, tmp_path: Path) -> None:
    write_run(tmp_path / "other", settings(configs=["dyna-easy"], samples_per_combo=5))
    table = records_table(load_runs([run, tmp_path / "other"]))
    assert table["run"].to_pylist() == ["run"] * 10 + ["other"] * 5


def test_csv_and_parquet_hold_the_same_whatever_a_model_wrote(tmp_path: Path) -> None:
    write_run(tmp_path / "run", settings(configs=["inducto-easy"], samples_per_combo=4), hostile)
    table = records_table([load_run(tmp_path / "run")])
    write_table(table, tmp_path / "t.parquet", "parquet")
    write_table(table, tmp_path / "t.csv", "csv")
    assert pq.read_table(tmp_path / "t.parquet").equals(table)
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row, expected in zip(rows, table.to_pylist(), strict=True):
        for name, value in expected.items():
            told = str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)
            assert row[name] == told
    assert rows[1]["raw_response"] == HOSTILE.replace("\ud800", "?")
