"""Samples and prompts: fixed sequences of which every smaller choice is a prefix, and what is asked."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from support import made

from eval_harness.errors import SettingsError
from eval_harness.records import Sample
from eval_harness.runs.dataset import dataset_cells
from eval_harness.runs.prompts import make_prompts
from eval_harness.runs.samples import generate_cells, iter_samples
from eval_harness.runs.settings import RunSettings, new_settings
from synthlm_tasks import TASKS, DynaTask, LogicTask


def settings(**given: object) -> RunSettings:
    return new_settings({"base_url": "http://h/v1", "model": "m", "samples_per_combo": 3, **given})


def samples(**given: object) -> list[Sample]:
    chosen = settings(**given)
    return list(iter_samples(generate_cells(chosen), chosen.epochs))


def first_body(sample: int = 0, **given: object) -> dict[str, Any]:
    chosen = settings(**given)
    cells = generate_cells(chosen)
    return make_prompts(chosen, cells).body(list(iter_samples(cells, 1))[sample])


def by_cell(found: list[Sample]) -> Mapping[tuple[str, int], list[str]]:
    cells: dict[tuple[str, int], list[str]] = {}
    for sample in found:
        cells.setdefault((sample.config, sample.difficulty), []).append(sample.input_text)
    return cells


def test_cases_are_the_first_test_rows_of_each_config() -> None:
    found = samples(tasks=("dyna",), difficulties=(1, 3), seed=7)
    rows = made("dyna-hard", "test", 3, seed=7).to_pylist()
    hard = [sample for sample in found if sample.config == "dyna-hard"]
    assert [(sample.sample_id, sample.input_text, sample.target) for sample in hard] == [
        (row["sample_id"], row["input_text"], row["target"]) for row in rows
    ]
    assert hard[0].metadata == json.loads(rows[0]["metadata"])
    assert {sample.epoch for sample in found} == {0}


def test_any_choice_is_a_prefix_of_a_larger_one() -> None:
    everything = by_cell(samples(samples_per_combo=70))
    assert len(everything) == 12
    some = by_cell(samples(tasks=("logic", "dyna"), difficulties=(2,), samples_per_combo=65))
    assert set(some) == {("logic-medium", 2), ("dyna-medium", 2)}
    for cell, texts in some.items():
        assert texts == everything[cell][:65]


def test_cells_take_turns_so_that_a_part_speaks_for_all() -> None:
    found = samples(epochs=2)
    assert len(found) == 2 * 12 * 3
    assert len({sample.config for sample in found[:12]}) == 12
    assert [sample.epoch for sample in found] == [0] * 36 + [1] * 36


def test_configs_are_chosen_by_name_and_mixtures_are_their_levels() -> None:
    found = by_cell(samples(configs=("dyna", "dyna-easy", "logic-grid")))
    assert {config for config, _ in found} == {"dyna-easy", "dyna-medium", "dyna-hard", "logic-grid"}
    assert len(found["dyna-easy", 1]) == 3
    assert sum(len(texts) for (config, _), texts in found.items() if config == "logic-grid") == 3


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"tasks": ("dyno",)}, "--tasks 'dyno': expected some of dyna"),
        ({"configs": ("dyna-easier",)}, "--configs 'dyna-easier'"),
        ({"configs": ("dyna",), "tasks": ("dyna",)}, "--configs"),
        ({"difficulties": (4,)}, "--difficulties=4"),
        ({"samples_per_combo": 0}, "--samples-per-combo=0"),
        ({"temperature": -1.0}, "--temperature=-1.0"),
        ({"model": None}, "--model is missing"),
        ({"base_url": None}, "--base-url is missing"),
    ],
)
def test_bad_choices_are_named(given: dict[str, object], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        settings(**given)


def test_a_chat_question_has_the_rule_the_problem_and_how_to_answer() -> None:
    body = first_body(tasks=("dyna",))
    sample = samples(tasks=("dyna",))[0]
    assert body == {
        "model": "m",
        "max_tokens": 2048,
        "temperature": 0.0,
        "messages": [{"role": "user", "content": body["messages"][0]["content"]}],
    }
    rule, text, answer = body["messages"][0]["content"].split("\n\n")
    assert (rule, text) == (DynaTask.rule, sample.input_text)
    asked = DynaTask.answer_kind(sample.target).description
    assert answer == (
        "Work it out step by step. Then end your reply with one line of the form\n"
        f"ANSWER: <answer>\nwhere <answer> is {asked}."
    )


def test_direct_mode_asks_for_the_answer_alone() -> None:
    content = first_body(tasks=("logic",), mode="direct")["messages"][0]["content"]
    assert content.endswith("\n\nReply with the answer alone, 0 or 1, and nothing else.")
    assert content.startswith(LogicTask.rule)


def test_shots_are_solved_train_rows_with_the_rule_said_once() -> None:
    body = first_body(tasks=("logic",), difficulties=(1,), shots=2, system_prompt="Be brief.")
    roles = [message["role"] for message in body["messages"]]
    assert roles == ["system", "user", "assistant", "user", "assistant", "user"]
    contents = [message["content"] for message in body["messages"]]
    shown = made("logic-easy", "train", 2).to_pylist()
    assert contents[0] == "Be brief."
    assert [contents[2], contents[4]] == [f"ANSWER: {row['target']}" for row in shown]
    assert shown[1]["input_text"] in contents[3]
    assert sum(LogicTask.rule in content for content in contents) == 1


def test_direct_completions_are_training_text_and_stop_at_a_newline() -> None:
    body = first_body(tasks=("dyna",), difficulties=(2,), endpoint="completions", mode="direct")
    shown = made("dyna-medium", "train", 4).to_pylist()
    asked = made("dyna-medium", "test", 1).to_pylist()[0]
    assert body == {
        "model": "m",
        "max_tokens": 2048,
        "temperature": 0.0,
        "stop": ["\n"],
        "prompt": "".join(f"{row['input_text']} {row['target']}\n\n" for row in shown) + asked["input_text"],
    }


def test_reasoning_completions_stop_before_the_next_problem() -> None:
    body = first_body(tasks=("dyna",), endpoint="completions", shots=1)
    assert body["stop"] == ["\nProblem: "]
    assert body["prompt"].startswith(DynaTask.rule)
    assert body["prompt"].count("\nProblem: ") == 2
    assert body["prompt"].endswith(" ->\n")


def test_extra_body_adds_replaces_and_takes_out() -> None:
    extra = {"top_p": 0.9, "max_tokens": None, "max_completion_tokens": 5, "temperature": 1}
    body = first_body(tasks=("logic",), extra_body=extra)
    del body["messages"]
    assert body == {"model": "m", "temperature": 1, "top_p": 0.9, "max_completion_tokens": 5}


@pytest.mark.parametrize("name", TASKS)
def test_every_task_can_be_asked_in_every_way(name: str) -> None:
    for endpoint in ("chat", "completions"):
        for mode in ("reasoning", "direct"):
            body = first_body(tasks=(name,), endpoint=endpoint, mode=mode, shots=3)
            text = json.dumps(body)
            assert text.count(" ->") >= 4
            assert "None" not in text


def write_rows(folder: Path, layout: Mapping[str, Mapping[str, int]]) -> None:
    """Parquet files in folders that `datasets` reads by its own rules: config → stock config → rows."""
    header = ["---", "configs:"]
    for config, parts in layout.items():
        header += [f"- config_name: {config}", "  data_files:"]
        for split in ("train", "test"):
            header += [f"  - split: {split}", f"    path: {config}/{split}-*.parquet"]
            for number, (name, rows) in enumerate(parts.items()):
                path = folder / config / f"{split}-{number}.parquet"
                path.parent.mkdir(parents=True, exist_ok=True)
                pq.write_table(made(name, split, rows), path)
    (folder / "README.md").write_text("\n".join([*header, "---"]))


def test_a_datasets_own_configs_give_the_same_cases_as_fresh_ones(tmp_path: Path) -> None:
    write_rows(tmp_path, {"logic-easy": {"logic-easy": 9}, "dyna-easy": {"dyna-easy": 9}})
    given = {"tasks": ("dyna", "logic"), "difficulties": (1,), "shots": 2, "samples_per_combo": 4}
    chosen = settings(**given, dataset=str(tmp_path))
    cells = dataset_cells(chosen, str(tmp_path))
    assert list(iter_samples(cells, 1)) == samples(**given)
    assert [cell.shots for cell in cells] == [cell.shots for cell in generate_cells(settings(**given))]
    named = dataset_cells(settings(configs=("logic-easy",)), str(tmp_path))
    assert [sample.config for sample in iter_samples(named, 1)] == ["logic-easy"] * 3


def test_rows_of_a_default_config_are_chosen_by_task_and_level(tmp_path: Path) -> None:
    write_rows(tmp_path, {"default": {"logic-easy": 5, "logic-hard": 2, "dyna-easy": 5}})
    cells = dataset_cells(settings(tasks=("logic",)), str(tmp_path))
    assert [(cell.config, cell.task, cell.difficulty, len(cell.rows)) for cell in cells] == [
        ("default", "logic", 1, 3),
        ("default", "logic", 3, 2),
    ]


def test_what_a_dataset_lacks_is_said(tmp_path: Path) -> None:
    write_rows(tmp_path, {"mine": {"logic-easy": 5}, "other": {"logic-hard": 5}})
    with pytest.raises(SettingsError, match=r"no config logic-easy.*it has mine, other"):
        dataset_cells(settings(tasks=("logic",)), str(tmp_path))
    with pytest.raises(SettingsError, match="no config yours"):
        dataset_cells(settings(configs=("yours",), dataset="x"), str(tmp_path))
    with pytest.raises(SettingsError, match="only 5 rows of logic for 9 shots"):
        dataset_cells(settings(configs=("mine",), dataset="x", shots=9), str(tmp_path))
    with pytest.raises(SettingsError, match="--dataset"):
        dataset_cells(settings(), str(tmp_path / "nowhere"))


def test_rows_that_are_not_ours_are_refused(tmp_path: Path) -> None:
    rows = made("logic-easy", "test", 5)
    (tmp_path / "mine").mkdir()
    broken = rows.set_column(1, "target", [["2"] * 5])
    pq.write_table(broken, tmp_path / "mine" / "test-0.parquet")
    files = "  data_files:\n  - split: test\n    path: mine/test-*.parquet"
    (tmp_path / "README.md").write_text(f"---\nconfigs:\n- config_name: mine\n{files}\n---")
    with pytest.raises(SettingsError, match=r"logic_1_test_0.*target='2': expected 0 or 1"):
        dataset_cells(settings(configs=("mine",), dataset="x"), str(tmp_path))
