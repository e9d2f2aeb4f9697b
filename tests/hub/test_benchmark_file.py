"""The `eval.yaml` of an exported folder: what the Hub and inspect_ai are told to ask, and how to score it."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from datasets import load_dataset

from eval_harness.plugins.questions import choose_questions, judge_reply
from synthlm_tasks import cli
from synthlm_tasks.registry import TASKS


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("benchmark") / "synthlm"
    names = ["dyna-hard", "logic-easy", "all"]
    assert cli.main(["export", *names, "--num-samples", "2000", "--output-dir", str(folder)]) == 0
    return folder


def tasks_of(folder: Path) -> dict[str, dict[str, Any]]:
    """The tasks by id."""
    return {task["id"]: task for task in yaml.safe_load((folder / "eval.yaml").read_text("utf-8"))["tasks"]}


def template_of(task: dict[str, Any]) -> str:
    named, generate = task["solvers"]
    assert (named["name"], generate) == ("prompt_template", {"name": "generate"})
    text: str = named["args"]["template"]
    return text


# What is asked


def test_every_config_is_a_task_on_its_test_split(made: Path) -> None:
    file = yaml.safe_load((made / "eval.yaml").read_text("utf-8"))
    assert file.keys() == {"name", "description", "evaluation_framework", "tasks"}
    assert file["evaluation_framework"] == "inspect-ai"
    tasks = tasks_of(made)
    assert list(tasks) == ["dyna-hard", "logic-easy", "all"]
    for name, task in tasks.items():
        assert task.keys() == {"id", "config", "split", "field_spec", "solvers", "scorers"}
        (row, *_) = load_dataset(str(made), task["config"], split=task["split"])
        spec = task["field_spec"]
        assert {spec["input"], spec["target"], *spec["metadata"]} <= row.keys()
        assert row["split"] == "test"
        assert row["sample_id"].startswith("dyna" if name == "all" else name.partition("-")[0])


def test_a_task_of_one_kind_of_answer_asks_what_eval_asks(made: Path) -> None:
    (question,) = choose_questions("logic", "easy", samples=1, shots=0).ask()
    (row, *_) = load_dataset(str(made), "logic-easy", split="test")
    assert row["sample_id"] == question.sample.sample_id
    (message,) = question.body["messages"]
    template = template_of(tasks_of(made)["logic-easy"])
    assert template.format(prompt=row["input_text"]) == message["content"]


def test_several_kinds_of_answers_are_all_named(made: Path) -> None:
    template = template_of(tasks_of(made)["dyna-hard"])
    rule, place, asked = template.split("\n\n")
    assert (rule, place) == (TASKS["dyna"].rule, "{prompt}")
    assert asked.endswith(
        "\nANSWER: <answer>\nwhere <answer> is a single letter or an index, counted from 0."
    )


def test_a_mixture_explains_every_task(made: Path) -> None:
    opening, *rules, place, asked = template_of(tasks_of(made)["all"]).split("\n\n")
    assert opening == "The problem is of one of these kinds:"
    assert rules == [task.rule for task in TASKS.values()]
    assert place == "{prompt}"
    assert all(kind.description in asked for task in TASKS.values() for kind in task.answers)


# How it is scored


def is_right(made: Path, reply: str, target: str) -> bool:
    """What inspect_ai's scorer `pattern` says, case ignored as it does unless told otherwise."""
    (scorer,) = tasks_of(made)["dyna-hard"]["scorers"]
    assert scorer["name"] == "pattern"
    found = re.search(scorer["args"]["pattern"], reply, re.IGNORECASE)
    return found is not None and found[1].lower() == target.lower()


@pytest.mark.parametrize(
    ("task", "target", "reply"),
    [
        ("dyna", "B", "ANSWER: B"),
        ("dyna", "B", "It is C, so\nANSWER: C\nWait.\nANSWER: B"),
        ("dyna", "C", "ANSWER: C\nWait.\nANSWER: B"),
        ("dyna", "B", "**ANSWER: B**"),
        ("dyna", "B", "**Answer:** b."),
        ("dyna", "B", "ANSWER: $B$\n\nI hope that helps."),
        ("dyna", "B", "ANSWER:\nB"),
        ("dyna", "B", "ANSWER: B or C"),
        ("dyna", "B", "ANSWER: B\r\n"),
        ("dyna", "B", "The answer is B"),
        ("dyna", "B", ""),
        ("dyna", "B", "ANSWER: <answer>"),
        ("dyna", "B", "I end with ANSWER: <answer>.\nANSWER: B"),
        ("dyna", "B", "<think>\nSo\nANSWER: B"),
        ("dyna", "B", "<think>ANSWER: C</think>\nANSWER: B"),
        ("dyna", "C", "ANSWER: C</think>\nI cannot say."),
        ("dyna", "3", "ANSWER: 3"),
        ("dyna", "3", "ANSWER: 13"),
        ("inducto", "T S R", "ANSWER: T S R"),
        ("inducto", "T S R", "ANSWER: [t s r]"),
        ("inducto", "T S R", "ANSWER: T S R Q"),
        ("filtro", "alpha", "ANSWER: `alpha`"),
        ("filtro", "alpha", "ANSWER: Alpha!"),
        ("logic", "1", "g7 is 0 and g9 is 1.\nANSWER: 1"),
        ("logic", "1", "ANSWER: g9 = 1"),
    ],
)
def test_replies_in_the_form_asked_for_get_the_verdict_of_eval(
    made: Path, task: str, target: str, reply: str
) -> None:
    assert is_right(made, reply, target) == judge_reply(task, target, reply).is_correct


@pytest.mark.parametrize(
    ("task", "target", "reply"),
    [
        ("dyna", "B", "B"),
        ("dyna", "B", r"\boxed{B}"),
        ("dyna", "B", "The final answer is B."),
        ("dyna", "B", "ANSWER: **B** because C moved."),
        ("dyna", "3", "ANSWER: 03"),
        ("inducto", "T S R", "ANSWER: T, S, R"),
    ],
)
def test_what_the_pattern_cannot_read_counts_as_wrong_there(
    made: Path, task: str, target: str, reply: str
) -> None:
    assert judge_reply(task, target, reply).is_correct
    assert not is_right(made, reply, target)


def test_a_long_reply_is_read_in_no_time(made: Path) -> None:
    assert not is_right(made, "ANSWER: " * 20_000, "B")
    assert is_right(made, "ANSWER: " + "* " * 20_000 + "B", "B")
    assert is_right(made, "step\n" * 20_000 + "ANSWER: B", "B")


# Which folders have it


@pytest.mark.parametrize(
    ("command", "ids"),
    [
        ("single logic --total-tokens 60K", ["default"]),
        ("export logic-easy --num-samples 400 --format jsonl", ["logic-easy"]),
        ("export logic-easy --num-samples 400 --split-ratios 1 0 0", []),
        ("pack logic-easy --num-samples 2000 --context 512", []),
    ],
)
def test_folders_of_text_with_a_test_split_have_one(command: str, ids: list[str], tmp_path: Path) -> None:
    assert cli.main([*command.split(), "--output-dir", str(tmp_path / "made")]) == 0
    assert (tmp_path / "made" / "eval.yaml").exists() == bool(ids)
    assert not ids or list(tasks_of(tmp_path / "made")) == ids
    card = (tmp_path / "made" / "README.md").read_text("utf-8")
    assert re.findall(r"^inspect eval hf/user/name/(\S+) ", card, re.MULTILINE) == ids
