"""Generated rows against the oracles: the answer follows from the prompt alone, and every invariant holds."""

import json
from collections import Counter

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, assume, given, settings
from support import STOCK, listed

from synthlm_tasks import TASKS, ParameterError, SpaceError
from synthlm_tasks.audit.registry import task_audit
from synthlm_tasks.inducto.axes import LengthsAxis
from synthlm_tasks.inducto.space.rules import LENGTHS
from synthlm_tasks.rows.axes import Axis, IntAxis, SubsetAxis
from synthlm_tasks.rows.splits import SPLITS

# Axes whose metadata entry says what was drawn in the row: not always one of the values that may be given.
DECIDED_PER_ROW = ("query_stream", "rule", "length_unseen")
ROWS = {"train": 1000, "validation": 400, "test": 400}


def complaints(rows: list[dict[str, object]], task: str) -> dict[str, object]:
    """What the oracle finds wrong: complaint → the first row with it."""
    oracle, found = task_audit(task).checks, {}
    for row in rows:
        if oracle.answer(row["input_text"]) != row["target"]:
            found.setdefault("the oracle answers otherwise", row)
        for complaint in oracle.violations(row):
            found.setdefault(complaint, row)
    return found


def test_every_task_has_an_oracle() -> None:
    assert all(task_audit(name).checks for name in TASKS)


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("name", STOCK, scope="session")
def test_rows_satisfy_the_oracle(name: str, split: str) -> None:
    assert complaints(listed(name, split, ROWS[split]), name.partition("-")[0]) == {}


@pytest.mark.parametrize("name", TASKS)
def test_what_the_split_key_covers_is_in_one_split(name: str) -> None:
    seen: dict[object, str] = {}
    for config in STOCK:
        if config.partition("-")[0] == name:
            for split in SPLITS:
                for row in listed(config, split, 1000):
                    assert seen.setdefault(task_audit(name).checks.key(row), split) == split


def choices(axis: Axis) -> st.SearchStrategy[object]:
    """Anything that may be given for an axis: one value, a range, or several choices."""
    if isinstance(axis, IntAxis):
        one = st.integers(axis.low, axis.high).map(axis.value)
        return one | st.tuples(one, one).filter(lambda ends: ends[0] <= ends[1])
    if isinstance(axis, SubsetAxis):
        return st.lists(st.sampled_from(axis.members), min_size=1, unique=True)
    if isinstance(axis, LengthsAxis):
        length = st.integers(LENGTHS[0], LENGTHS[-1])
        return length | st.tuples(length, length).filter(lambda ends: ends[0] <= ends[1])
    one = st.sampled_from(axis.choices)
    return one | st.lists(one, min_size=1, unique=True)


@pytest.mark.parametrize("name", TASKS)
@settings(derandomize=True, max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_parameters_give_valid_rows(name: str, data: st.DataObject) -> None:
    axes = data.draw(st.lists(st.sampled_from(TASKS[name].axes), unique=True, max_size=4))
    parameters = {axis.name: data.draw(choices(axis), label=axis.name) for axis in axes}
    split, seed = data.draw(st.sampled_from(SPLITS)), data.draw(st.integers(0, 2**64))
    level = data.draw(st.integers(1, 3))
    try:
        rows = TASKS[name](seed).generate_table(24, level, split, **parameters).to_pylist()
    except ParameterError as refusal:
        # What no problem can satisfy is refused as a whole, or by a choice that exists but cannot be posed.
        assume("do not fit together" not in str(refusal) and ": expected" in str(refusal))
        raise
    except SpaceError:
        assume(len(axes) == 0)
        raise
    assert len(rows) == 24
    assert complaints(rows, name) == {}
    for row in rows:
        for axis in axes:
            stated = json.loads(row["metadata"]).get(axis.name, "not stated")
            if stated != "not stated" and axis.name not in DECIDED_PER_ROW:
                assert set(axis.parse(stated)) <= set(axis.parse(parameters[axis.name]))


@pytest.mark.parametrize("name", [name for name in STOCK if name.endswith("-grid")])
def test_a_grid_deals_its_cells_evenly(name: str) -> None:
    from synthlm_tasks.rows.presets import task_preset

    task = name.removesuffix("-grid")
    grid = task_preset(task).grid
    cells = len(STOCK[name].space.cells)
    rows = [json.loads(row["metadata"]) for row in listed(name, "train", 4 * cells)]
    crossed = [axis for axis, values in grid.items() if len(values) > 1]
    counts = Counter(tuple(row[axis] for axis in crossed) for row in rows)
    assert len(set(counts.values())) == 1
    assert all(value in grid[axis] for cell in counts for axis, value in zip(crossed, cell, strict=True))
