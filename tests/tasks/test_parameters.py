"""Parameters: both ends of every axis work, overrides are marked, and the rest is refused by name."""

import json
import re

import numpy as np
import pyarrow as pa
import pytest

from synthlm_tasks import TASKS, ParameterError, SpaceError
from synthlm_tasks.audit.registry import task_audit
from synthlm_tasks.inducto.axes import LengthsAxis
from synthlm_tasks.inducto.space.rules import LENGTHS
from synthlm_tasks.rows.axes import Axis, ChoiceAxis, IntAxis, PercentAxis, SubsetAxis
from synthlm_tasks.rows.splits import SPLITS

AXES = [(name, axis) for name, task in TASKS.items() for axis in task.axes]
EVERY_AXIS = pytest.mark.parametrize(("name", "axis"), AXES, ids=[f"{n}-{a.name}" for n, a in AXES])
LEVELS = pytest.mark.parametrize("level", [1, 2, 3])


def limits(axis: Axis) -> list[object]:
    """The extreme values of an axis: both ends, every choice, every single member and all of them."""
    if isinstance(axis, IntAxis):
        return [axis.value(axis.low), axis.value(axis.high), (axis.value(axis.low), axis.value(axis.high))]
    if isinstance(axis, SubsetAxis):
        return [*([member] for member in axis.members), list(axis.members), axis.members[0]]
    if isinstance(axis, LengthsAxis):
        return [LENGTHS[0], LENGTHS[-1], (LENGTHS[0], LENGTHS[-1])]
    usable = [choice for choice in axis.choices if takes(axis, choice)]
    some = usable if len(usable) <= 6 else usable[:: len(usable) // 5]
    return [*some, some]


def takes(axis: Axis, value: object) -> bool:
    """Whether an axis takes a value; one may refuse a choice that exists, such as a rule without output."""
    try:
        axis.code(value)
    except ParameterError:
        return False
    return True


def refused(axis: Axis) -> list[object]:
    """What an axis must refuse."""
    common: list[object] = [None, [], (), {}, object, "", "nonsense", -1, 10**30, float("nan"), b"5", [None]]
    if isinstance(axis, PercentAxis):
        low, high = axis.low / 100, axis.high / 100
        return [*common, low - 0.01, high + 0.01, True, 50, f"{low}", (high, low), low + 0.005, float("inf")]
    if isinstance(axis, IntAxis):
        low, high = axis.low, axis.high
        ends: list[object] = [low - 1, high + 1, (low - 1, high), (low, high + 1), (high, low), (low,)]
        return [*common, *ends, [low, low, high], True, float(low), low + 0.5, str(low), (low, True)]
    if isinstance(axis, SubsetAxis):
        return [*common, ["nonsense"], [axis.members[0], "nonsense"], axis.members[0].lower(), True, 1.5]
    if isinstance(axis, LengthsAxis):
        low, high = LENGTHS[0], LENGTHS[-1]
        ends = [low - 1, high + 1, (low - 1, high), (low, high + 1), (high, low), (low,), [low, low, high]]
        return [*common, *ends, True, float(low), str(low), (low, True)]
    other = 1 if isinstance(axis.choices[0], bool) else True
    return [*common, other, [axis.choices[0], "nonsense"], 1.5]


def allowed(axis: Axis) -> list[str]:
    """What the message must say about what is allowed."""
    if isinstance(axis, PercentAxis):
        return [str(axis.low / 100), str(axis.high / 100)]
    if isinstance(axis, IntAxis):
        return [str(axis.low), str(axis.high)]
    if isinstance(axis, SubsetAxis):
        return list(axis.members)
    return [axis.allowed] if type(axis) is not ChoiceAxis else [repr(choice) for choice in axis.choices]


def made_or_refused(name: str, rows: int, level: int, split: str, **parameters: object) -> pa.Table | None:
    """Rows with these parameters; None where there are so few problems that all lie in other splits."""
    made: dict[str, pa.Table] = {}
    for one in (split, *SPLITS):
        try:
            made[one] = TASKS[name]().generate_table(rows, level, one, **parameters)
        except SpaceError as refusal:
            if f"no problem with these parameters lies in split {one!r}" not in str(refusal):
                raise
        if made:
            break
    assert made
    return made.get(split)


@EVERY_AXIS
@pytest.mark.parametrize(("level", "split"), [(1, "test"), (2, "train"), (3, "validation")])
def test_one_axis_alone_may_go_to_its_limits(name: str, axis: Axis, level: int, split: str) -> None:
    for value in limits(axis):
        table = made_or_refused(name, 20, level, split, **{axis.name: value})
        if table is None:
            continue
        rows = table.to_pylist()
        assert len(rows) == 20
        for row in rows:
            assert task_audit(name).checks.answer(row["input_text"]) == row["target"]
            assert task_audit(name).checks.violations(row) == []
            assert row["difficulty"] == level
        stated = {json.dumps(json.loads(row["metadata"]).get(axis.name)) for row in rows}
        if isinstance(axis, IntAxis) and not isinstance(value, tuple):
            assert stated == {json.dumps(value)}


@EVERY_AXIS
def test_overridden_rows_bear_a_family_name_of_their_own(name: str, axis: Axis) -> None:
    stock = TASKS[name]().generate_table(1, 3, "test")
    families: dict[str, set[str]] = {}
    for value in limits(axis):
        table = made_or_refused(name, 1, 3, "test", **{axis.name: value})
        if table is None:
            continue
        family, _, rest = table["sample_id"][0].as_py().partition("_")
        assert rest == "3_test_0"
        assert re.fullmatch(rf"{name}(-[0-9a-f]{{8}})?", family)
        assert family != name or table.equals(stock)
        families.setdefault(family, set()).add(table["input_text"][0].as_py())
    assert set(families) - {name}
    assert all(len(prompts) == 1 for prompts in families.values())


@pytest.mark.parametrize("name", TASKS)
@LEVELS
def test_a_preset_given_in_full_changes_nothing(name: str, level: int) -> None:
    from synthlm_tasks.rows.presets import task_preset

    preset = task_preset(name).level(level)
    given = {key: tuple(value) if isinstance(value, list) else value for key, value in preset.items()}
    stock = TASKS[name]().generate_table(10, level)
    assert TASKS[name]().generate_table(10, level, **given).equals(stock)


@EVERY_AXIS
def test_bad_values_are_refused_with_name_value_and_range(name: str, axis: Axis) -> None:
    task = TASKS[name]()
    for value in refused(axis):
        for call in (
            lambda value=value: task.generate_sample(**{axis.name: value}),
            lambda value=value: task.generate_evaluation_sample(**{axis.name: value}),
            lambda value=value: task.generate_table(1, 1, **{axis.name: value}),
        ):
            with pytest.raises(ParameterError) as refusal:
                call()
            message = str(refusal.value)
            assert message.startswith(f"{axis.name}="), value
            assert repr(value) in message or any(repr(part) in message for part in value), value
            assert all(part in message for part in allowed(axis)), value


@EVERY_AXIS
def test_numpy_numbers_are_numbers(name: str, axis: Axis) -> None:
    if isinstance(axis, IntAxis):
        value = axis.value(axis.low)
        kind = np.float64 if isinstance(axis, PercentAxis) else np.int16
        rows = TASKS[name]().generate_table(2, 1, **{axis.name: kind(value)})
        assert rows.equals(TASKS[name]().generate_table(2, 1, **{axis.name: value}))


@pytest.mark.parametrize("name", TASKS)
def test_unknown_parameters_are_refused_with_the_known_ones(name: str) -> None:
    names = ", ".join(axis.name for axis in TASKS[name].axes)
    with pytest.raises(ParameterError, match=rf"^sizes=3: .*{re.escape(names)}"):
        TASKS[name]().generate_sample(sizes=3)


@pytest.mark.parametrize("name", TASKS)
@pytest.mark.parametrize("level", [0, 4, -1, "1", "EASY", "", None, True, 1.0, 2.5, [1]])
def test_other_levels_are_refused(name: str, level: object) -> None:
    for call in (TASKS[name]().generate_dataset, TASKS[name]().generate_table):
        with pytest.raises(
            ParameterError, match=rf"^difficulty_level={re.escape(repr(level))}: .*easy.*hard"
        ):
            call(1, level)


@pytest.mark.parametrize("name", TASKS)
@pytest.mark.parametrize("split", ["", "TRAIN", "dev", None, 0, ["train"]])
def test_other_splits_are_refused(name: str, split: object) -> None:
    with pytest.raises(ParameterError, match=rf"^split={re.escape(repr(split))}: .*train.*validation.*test"):
        TASKS[name]().generate_table(1, 1, split)


@pytest.mark.parametrize("name", TASKS)
@pytest.mark.parametrize("number", [-1, 1.0, "1", None, True, [1]])
def test_counts_and_seeds_are_whole_numbers_from_zero(name: str, number: object) -> None:
    shown = re.escape(repr(number))
    with pytest.raises(ParameterError, match=rf"^n_samples={shown}: .*at least 0"):
        TASKS[name]().generate_table(number, 1)
    with pytest.raises(ParameterError, match=rf"^n_samples={shown}: .*at least 0"):
        TASKS[name]().generate_dataset(number, 1)
    with pytest.raises(ParameterError, match=rf"^start={shown}: .*at least 0"):
        TASKS[name]().generate_table(1, 1, start=number)
    if number is not None:
        with pytest.raises(ParameterError, match=rf"^seed={shown}: .*at least 0"):
            TASKS[name](number)
