"""The task objects: samples, lists and tables, and what decides them. Every task joins by itself."""

import json
import re

import pyarrow as pa
import pytest
from support import STOCK, level_configs, made

import synthlm_tasks
from synthlm_tasks import TASKS, ParameterError, SpaceError, SynthLMError
from synthlm_tasks.audit.registry import task_audit
from synthlm_tasks.rows.presets import task_preset
from synthlm_tasks.rows.task import Task

EVERY_TASK = pytest.mark.parametrize("name", TASKS)
LEVELS = {1: "easy", 2: "medium", 3: "hard"}


def samples_of(rows: pa.Table) -> list[dict[str, object]]:
    """Table rows as the samples of the task API."""
    return [
        {**row, "metadata": json.loads(row["metadata"])}
        for row in rows.select(["input_text", "target", "metadata"]).to_pylist()
    ]


@EVERY_TASK
def test_a_task_is_known_by_its_name_and_exported(name: str) -> None:
    assert TASKS[name].name == name
    assert re.fullmatch(r"[a-z]+", name)
    if TASKS[name].__module__.startswith("synthlm_tasks."):
        assert getattr(synthlm_tasks, TASKS[name].__name__) is TASKS[name]


@EVERY_TASK
def test_the_seed_is_42_unless_given(name: str) -> None:
    assert TASKS[name]().seed == 42
    assert TASKS[name]().generate_sample() == TASKS[name](seed=42).generate_sample()
    assert TASKS[name](7).generate_sample() != TASKS[name](8).generate_sample()


@EVERY_TASK
@pytest.mark.parametrize("level", [1, 2, 3])
@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_tables_are_the_rows_of_the_config(name: str, level: int, split: str) -> None:
    table = TASKS[name]().generate_table(60, level, split)
    assert table.equals(made(f"{name}-{LEVELS[level]}", split, 60))
    assert TASKS[name]().generate_table(60, LEVELS[level], split=split).equals(table)
    assert TASKS[name]().generate_table(9, level, split, start=31).to_pylist() == table.to_pylist()[31:40]


@EVERY_TASK
@pytest.mark.parametrize("level", [1, "medium", 3])
def test_datasets_are_the_first_train_rows_whatever_was_drawn_before(name: str, level: int | str) -> None:
    task = TASKS[name](5)
    wanted = samples_of(task.generate_table(20, level))
    task.generate_sample()
    assert task.generate_dataset(20, level) == wanted
    assert task.generate_dataset(0, level) == []
    assert task.generate_dataset(n_samples=3, difficulty_level=level) == wanted[:3]


@EVERY_TASK
def test_samples_run_through_medium_train_and_evaluation_samples_through_test(name: str) -> None:
    task = TASKS[name](5)
    train = samples_of(task.generate_table(4, "medium", "train"))
    test = samples_of(task.generate_table(3, "medium", "test"))
    drawn = [task.generate_sample(), task.generate_sample()]
    evaluation = [task.generate_evaluation_sample()]
    drawn += [task.generate_sample()]
    evaluation += [task.generate_evaluation_sample(), task.generate_evaluation_sample()]
    drawn += [task.generate_sample()]
    assert drawn == train
    assert evaluation == test


@EVERY_TASK
def test_samples_hold_prompt_answer_and_metadata_only(name: str) -> None:
    task, oracle = TASKS[name](), task_audit(name).checks
    for sample in (task.generate_sample(), task.generate_evaluation_sample()):
        assert list(sample) == ["input_text", "target", "metadata"]
        assert isinstance(sample["metadata"], dict)
        assert oracle.answer(sample["input_text"]) == sample["target"]
        assert oracle.violations(sample) == []


@EVERY_TASK
def test_equal_calls_give_equal_samples_also_with_parameters(name: str) -> None:
    axis = TASKS[name].axes[0]
    one, other = TASKS[name](3), TASKS[name](3)
    for code in axis.parse(axis.default)[:3]:
        parameters = {axis.name: axis.value(code)}
        sample = one.generate_sample(**parameters)
        assert sample == other.generate_sample(**parameters)
        assert sample["metadata"][axis.name] == axis.value(code)
        assert evaluation_sample(one, parameters) == evaluation_sample(other, parameters)


def evaluation_sample(task: Task, parameters: dict[str, object]) -> object:
    """A sample, or the refusal: of one operation on two letters, or one gate, there are too few for test."""
    try:
        return task.generate_evaluation_sample(**parameters)
    except SpaceError as refusal:
        assert parameters in ({"state_size": 2}, {"depth": 1})
        return str(refusal)


@EVERY_TASK
def test_samples_with_parameters_are_rows_of_the_table_with_these_parameters(name: str) -> None:
    axis = TASKS[name].axes[0]
    parameters = {axis.name: axis.value(axis.parse(axis.default)[-1])}
    task = TASKS[name]()
    rows = samples_of(task.generate_table(3, "medium", **parameters))
    assert [task.generate_sample(**parameters) for _ in range(3)] == rows


@EVERY_TASK
def test_a_refused_call_draws_nothing(name: str) -> None:
    task, other = TASKS[name](), TASKS[name]()
    with pytest.raises(ParameterError):
        task.generate_sample(no_such_parameter=1)
    assert task.generate_sample() == other.generate_sample()


@EVERY_TASK
def test_every_level_preset_names_axes_of_the_task_only(name: str) -> None:
    preset = task_preset(name)
    axes = {axis.name for axis in TASKS[name].axes}
    for level in (1, 2, 3):
        assert set(preset.level(level)) <= axes
    assert set(preset.grid) <= axes


@EVERY_TASK
def test_large_seeds_are_seeds_of_their_own(name: str) -> None:
    rows = [TASKS[name](seed).generate_dataset(3, 3) for seed in (0, 2**32, 2**64, 2**200)]
    assert all(a != b for i, a in enumerate(rows) for b in rows[:i])


def test_both_errors_are_value_errors_of_one_family() -> None:
    for error in (ParameterError, SpaceError):
        assert issubclass(error, ValueError)
        assert issubclass(error, SynthLMError)


def test_every_config_in_these_tests_is_in_the_catalog() -> None:
    from synthlm_tasks.catalog import configs

    levels = [STOCK[name] for name in level_configs()]
    parts = {(part.family, part.level) for config in configs().values() for part in config.parts}
    assert {(recipe.family, recipe.difficulties[0]) for recipe in levels} <= parts


@pytest.mark.skipif("logic" not in TASKS, reason="not there yet")
@pytest.mark.parametrize("bits", [2, 3, 17, 64])
def test_parity_samples_are_trees_over_the_bits_asked_for(bits: int) -> None:
    task, other = TASKS["logic"](), TASKS["logic"]()
    samples = [task.generate_xor_parity_sample(bits) for _ in range(5)]
    assert samples == [other.generate_xor_parity_sample(num_bits=bits) for _ in range(5)]
    for sample in samples:
        assert sample["metadata"]["num_bits"] == bits
        assert task_audit("logic").checks.violations(sample) == []
        assert task_audit("logic").checks.answer(sample["input_text"]) == sample["target"]


@pytest.mark.skipif("logic" not in TASKS, reason="not there yet")
@pytest.mark.parametrize("bits", [1, 65, 8.0, True, "8", None])
def test_parity_refuses_other_numbers_of_bits(bits: object) -> None:
    with pytest.raises(ParameterError, match=rf"^num_bits={re.escape(repr(bits))}: .*2.*64"):
        TASKS["logic"]().generate_xor_parity_sample(bits)
