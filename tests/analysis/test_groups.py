"""Groups of records: families, axes, ranges and cells."""

from dataclasses import replace

import pytest
from run_folders import failed, records_of, wrong

from eval_harness.analysis.groups import (
    by_family,
    count_group,
    count_outcomes,
    family_of,
    heat_map,
    heat_map_axes,
    spans,
)


@pytest.mark.parametrize(
    ("sample_id", "family"),
    [("dyna_1_test_0", "dyna"), ("filtro-shared_3_test_17", "filtro-shared"), ("whatever", "dyna")],
)
def test_the_family_is_what_the_id_says(sample_id: str, family: str) -> None:
    (record,) = records_of(configs=["dyna-easy"], samples_per_combo=1)
    assert family_of(replace(record, sample_id=sample_id)) == family


@pytest.mark.parametrize(
    ("config", "axes"),
    [
        ("dyna-hard", ("state_size", "num_ops")),
        ("inducto-medium", ("rule_level", "num_examples")),
        ("filtro-shared-hard", ("num_hops", "num_nodes")),
        ("logic-grid", ("depth", "xor_density")),
        ("logic-parity", ("num_bits",)),
    ],
)
def test_a_heat_map_is_drawn_over_the_axes_of_the_grid(config: str, axes: tuple[str, ...]) -> None:
    ((family, records),) = by_family(records_of(configs=[config])).items()
    assert heat_map_axes(family, records) == axes


def test_an_unknown_task_has_no_axes_and_no_chance_level() -> None:
    (record,) = records_of(configs=["dyna-easy"], samples_per_combo=1)
    strange = [replace(record, task="chess", sample_id="chess_1_test_0")]
    assert heat_map("chess", strange) is None
    assert count_group(strange).chance is None


def test_few_values_stand_for_themselves_and_many_are_shown_in_ranges() -> None:
    assert [str(span) for span in spans([7, 5, 6, 5])] == ["5", "6", "7"]
    assert [str(span) for span in spans([0.1, 0.3])] == ["0.1", "0.3"]
    ranges = spans(range(5, 51))
    assert [str(span) for span in ranges] == ["5–12", "13–19", "20–27", "28–34", "35–42", "43–50"]


def test_ranges_hold_every_value_once() -> None:
    values = [1, 2, 3, 5, 8, 13, 21, 34, 55, 89]
    ranges = spans(values)
    assert all(sum(span.low <= value <= span.high for span in ranges) == 1 for value in values)


def test_cells_count_what_lies_in_them_and_are_empty_where_nothing_does() -> None:
    records = records_of(configs=["filtro-grid"], samples_per_combo=300)
    drawn = heat_map("filtro-grid", records)
    assert drawn is not None
    cells = [cell for row in drawn.cells for cell in row]
    assert sum(cell.records for cell in cells if cell) == len(records)
    assert None in cells  # hops never exceed nodes
    for y, rows in enumerate(drawn.rows):
        for x, columns in enumerate(drawn.columns):
            cell = drawn.cells[y][x]
            held = sum(
                r.metadata["num_hops"] == columns.low and r.metadata["num_nodes"] == rows.low for r in records
            )
            assert held == (cell.records if cell else 0)


def test_failures_are_counted_but_not_scored() -> None:
    records = records_of(configs=["logic-easy"], samples_per_combo=4)
    mixed = [records[0], wrong(records[1]), failed(records[2]), failed(records[3])]
    counted = count_group(mixed)
    assert (counted.records, counted.scored, counted.correct, counted.accuracy) == (4, 2, 1, 0.5)
    assert counted.chance == 0.5
    assert count_outcomes(mixed) == {"correct": 1, "wrong": 1, "error": 2}
    assert count_group(mixed[2:]).accuracy is None
    assert count_group(mixed[2:]).ci95 is None
