"""`synthlm info` and `synthlm demo`: what a person is told about the tasks is true."""

import json
import re
from dataclasses import replace

import pytest

from synthlm_tasks import TASKS, catalog, cli
from synthlm_tasks.audit.inducto.space import ATOMS
from synthlm_tasks.audit.inducto.space import rule as rule_by_name
from synthlm_tasks.audit.registry import task_audit
from synthlm_tasks.cli import demo
from synthlm_tasks.rows.presets import LEVELS, task_preset


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What the command prints."""
    assert cli.main(list(arguments)) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("name", TASKS)
def test_info_of_a_task_is_complete(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(told(capsys, "info", name, "--json"))
    assert found["rule"] == TASKS[name].rule
    assert {axis["name"] for axis in found["axes"]} >= {axis.name for axis in TASKS[name].axes}
    assert set(found["families"]) == {name} | {f"{name}-{variant}" for variant in task_preset(name).families}
    assert [level["level"] for level in found["families"][name]] == list(LEVELS.values())
    assert {f"{name}-easy", f"{name}-grid", "all"} <= set(found["configs"]) <= set(catalog.configs())
    for levels in found["families"].values():
        for level in levels:
            assert 0 < level["chance"] <= 0.5
            sample = level["sample"]
            assert task_audit(name).checks.answer(sample["input_text"]) == sample["target"]


def test_info_in_words_shows_rule_presets_and_samples(capsys: pytest.CaptureFixture[str]) -> None:
    text = told(capsys, "info", "dyna")
    assert TASKS["dyna"].rule in text
    assert "level 1: state_size 5, 7, num_ops 5, 10; chance 1" in text
    assert text.count("STATE [") >= 3
    assert "state_size: a whole number from 2 to 20" in text


def test_info_lists_the_whole_rule_space_with_examples(capsys: pytest.CaptureFixture[str]) -> None:
    rules = json.loads(told(capsys, "info", "inducto", "--json"))["rule_space"]
    names = {rule["name"] for rule in rules}
    assert len(rules) == len(names) > 600
    assert set(ATOMS) < names
    for rule in rules:
        given = rule["input"].replace(" ", "")
        assert rule_by_name(rule["name"])(given) == rule["output"].replace(" ", "")
    assert "ROTATE_LEFT(1) (level 1): the symbol at index k comes" in told(capsys, "info", "inducto")


def test_info_lists_the_cells_that_a_grid_leaves_out(capsys: pytest.CaptureFixture[str]) -> None:
    grid = json.loads(told(capsys, "info", "filtro", "--json"))["grid"]
    hops, nodes = grid["axes"]["num_hops"], grid["axes"]["num_nodes"]
    assert all(cell["num_hops"] >= cell["num_nodes"] for cell in grid["left_out"])
    assert grid["cells"] + len(grid["left_out"]) == len(hops) * len(nodes)
    assert "impossible and left out: num_hops 6, num_nodes 5" in told(capsys, "info", "filtro")


def test_info_of_everything_names_every_config(capsys: pytest.CaptureFixture[str]) -> None:
    assert set(json.loads(told(capsys, "info", "--json"))["configs"]) == set(catalog.configs())
    assert set(catalog.configs()) <= set(told(capsys, "info").split())


def test_info_of_nothing_known_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["info", "chess"]) == 2
    assert "TASK 'chess': expected one of dyna" in capsys.readouterr().err


def test_demo_derives_every_answer_and_checks_every_invariant(capsys: pytest.CaptureFixture[str]) -> None:
    text = told(capsys, "demo", "--seed", "5")
    answers = re.findall(r"^answer (.+), target (.+)$", text, re.MULTILINE)
    assert len(answers) == len(TASKS) * len(LEVELS)
    assert all(derived == target for derived, target in answers)
    assert text.count("every invariant holds") == len(answers)
    assert told(capsys, "demo", "--seed", "5") == text


def test_demo_derives_the_answers_of_several_queries(capsys: pytest.CaptureFixture[str]) -> None:
    text = told(capsys, "demo", "--seed", "5", "--num-queries", "4")
    answers = re.findall(r"^answer (.+), target (.+)$", text, re.MULTILINE)
    assert len(answers) == len(TASKS) * len(LEVELS)
    assert all(derived == target for derived, target in answers)
    assert text.count('"num_queries":4') == text.count("  query 4: ") == len(answers)
    assert text.count("every invariant holds") == len(answers)


def test_demo_shows_other_samples_each_time(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, "demo") != told(capsys, "demo")


def test_demo_fails_on_a_violation(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sound = task_audit("logic")
    broken = replace(sound, checks=replace(sound.checks, violations=lambda _: ["two answers fit"]))
    monkeypatch.setattr(demo, "task_audit", lambda name: broken if name == "logic" else task_audit(name))
    assert cli.main(["demo", "--seed", "5"]) == 1
    assert capsys.readouterr().out.count("two answers fit") == len(LEVELS)
