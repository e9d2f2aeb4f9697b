"""Datasets of reasoning-gym keep what that library asks of a dataset, and score exactly."""

from importlib.util import find_spec
from typing import Any

import pytest
from support import listed

from synthlm_tasks.registry import TASKS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not find_spec("reasoning_gym"), reason="needs the extra reasoning-gym"),
]


def dataset(task: str, **given: object) -> Any:  # noqa: ANN401  # a type of reasoning-gym
    import reasoning_gym

    from eval_harness.plugins import gym

    gym.register()  # a second time changes nothing
    return reasoning_gym.create_dataset(f"synthlm_{task}", **given)


@pytest.mark.parametrize("task", TASKS)
def test_items_are_what_reasoning_gym_asks_for(task: str) -> None:
    made = dataset(task, seed=42, size=70)
    items = list(made)
    assert len(items) == len(made) == 70
    for index, item in enumerate(items):
        assert item["metadata"]["source_dataset"] == f"synthlm_{task}"
        assert item["metadata"]["source_index"] == index
        assert made[index] == item
        assert made.score_answer(item["answer"], item) == 1.0
        assert made.score_answer(None, item) == 0.0
        assert made.score_answer("", item) == 0.0
        assert made.score_answer("nothing of the kind", item) == 0.0
    assert items == list(dataset(task, seed=42, size=70))
    assert items != list(dataset(task, seed=43, size=70))
    with pytest.raises(IndexError):
        made[70]


def test_an_answer_within_more_text_earns_nothing_in_between() -> None:
    made = dataset("dyna", seed=1, size=1)
    item = made[0] | {"answer": "B"}
    assert made.score_answer("B or C", item) == 0.0
    assert made.score_answer("**B**", item) == 1.0


def test_items_are_rows_of_train() -> None:
    made = dataset("filtro", seed=42, size=3, level="hard")
    rows = listed("filtro-hard", "train", 3)
    assert [item["metadata"]["sample_id"] for item in made] == [row["sample_id"] for row in rows]
    assert all(row["input_text"] in item["question"] for item, row in zip(made, rows, strict=True))


def test_axes_and_levels_are_checked_when_a_dataset_is_made() -> None:
    from eval_harness.plugins.questions import PluginError

    with pytest.raises(PluginError, match="level='huge'"):
        dataset("dyna", level="huge")
    made = dataset("dyna", size=2, axes={"num_ops": 3, "state_size": 4})
    assert {item["metadata"]["difficulty"]["num_ops"] for item in made} == {3}


def test_reasoning_gym_mixes_and_reseeds_it() -> None:
    from reasoning_gym.composite import DatasetSpec
    from reasoning_gym.dataset import ReseedingDataset
    from reasoning_gym.factory import create_dataset

    made = dataset("logic", seed=3, size=4)
    mixed = create_dataset(
        "composite", seed=1, size=6, datasets=[DatasetSpec(name="synthlm_logic", weight=1, config={})]
    )
    assert all(mixed.score_answer(item["answer"], item) == 1.0 for item in mixed)
    endless = iter(ReseedingDataset(made, chunk_size=4))
    assert len({next(endless)["question"] for _ in range(8)}) == 8
