"""The sampler climbs while the model succeeds, descends while it fails, and resumes from its history."""

import itertools
import json

import pytest

from eval_harness.plugins.adaptive import AdaptiveLevels, make_ladder
from eval_harness.plugins.questions import PluginError
from synthlm_tasks.registry import TASKS

LADDER = [{"num_ops": 1}, {"num_ops": 2}, {"num_ops": 3}]


def sampler(**given: object) -> AdaptiveLevels:
    return AdaptiveLevels("dyna", LADDER, window=4, **given)


@pytest.mark.parametrize("task", TASKS)
def test_a_ladder_leads_from_the_smallest_problems_to_the_hardest_of_the_presets(task: str) -> None:
    ladder = make_ladder(task)
    assert 4 <= len(ladder) <= 16
    for low, high in itertools.pairwise(ladder):
        assert all(low[axis] <= high[axis] for axis in low)
        assert low != high
    made = AdaptiveLevels(task, first=len(ladder) - 1)
    (row,) = made.draw(1)
    assert row["task"] == task


def test_success_leads_up_failure_down_and_the_band_holds() -> None:
    made = sampler(first=1)
    made.record(correct=4, attempts=4)
    assert made.step == 2
    made.record(correct=2, attempts=4)
    assert made.step == 2
    made.record(correct=0, attempts=4)
    assert made.step == 1
    made.record(correct=1, attempts=4)
    assert made.step == 0
    made.record(correct=0, attempts=4)
    assert made.step == 0


def test_nothing_moves_before_the_window_is_full() -> None:
    made = sampler()
    made.record(correct=3, attempts=3)
    assert made.step == 0
    made.record(correct=1, attempts=1)
    assert made.step == 1


def test_drawing_changes_nothing_and_no_row_comes_twice() -> None:
    made = sampler()
    first = made.draw(3)
    assert made.draw(3) == first
    made.record(correct=1, attempts=6, rows=3)
    second = made.draw(3)
    made.record(correct=0, attempts=3)
    assert not {row["sample_id"] for row in first} & {row["sample_id"] for row in second}
    assert made.step == 0


def test_rows_have_the_axes_of_their_step() -> None:
    made = sampler(first=2, endpoint="completions", mode="direct")
    assert all(row["prompt"].partition(" || QUERY")[0].count("|") == 4 for row in made.draw(8))


def test_a_saved_history_leads_to_the_same_place() -> None:
    made = sampler()
    for correct in (4, 4, 1, 3):
        made.record(correct=correct, attempts=4, rows=2)
    again = sampler(history=json.loads(json.dumps(made.history)))
    assert (again.step, again.draw(2), again.history) == (made.step, made.draw(2), made.history)


def test_a_step_that_is_come_back_to_goes_on_with_new_rows() -> None:
    made = sampler()
    ids = {row["sample_id"] for row in made.draw(4)}
    for correct in (4, 0):
        made.record(correct=correct, attempts=4)
    assert made.step == 0
    assert not ids & {row["sample_id"] for row in made.draw(4)}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"first": 3}, "first=3: expected a step of the ladder, 0 to 2"),
        ({"band": (0.9, 0.1)}, "band=(0.9, 0.1): expected (lowest, highest)"),
        ({"history": [(4, 2, 1)]}, "correct=1, attempts=2, rows=4: expected"),
    ],
)
def test_what_cannot_be_is_told(given: dict[str, object], message: str) -> None:
    with pytest.raises(PluginError) as error:
        sampler(**given)
    assert message in str(error.value)
