"""Budgets: pure plans from tokens or rows to counts, and every wrong option refused by name."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from folders import synthlm

from synthlm_tasks import TASKS, catalog, cli
from synthlm_tasks.catalog import components
from synthlm_tasks.curriculum import budget
from synthlm_tasks.curriculum.amounts import format_amount, parse_amount
from synthlm_tasks.curriculum.budget import (
    ComponentSample,
    allocate_rows,
    allocate_tokens,
    core_configs,
    count_distinct,
    sample_component,
)
from synthlm_tasks.curriculum.layout import Portion
from synthlm_tasks.options import Options, check_options, default_options
from synthlm_tasks.tokens.tokenizer import load_counter


def options(**changed: object) -> Options:
    """The default options but for those given."""
    return check_options({**vars(default_options()), **changed})


def planned(source: str, total: int, **changed: object) -> Portion:
    """The rows of a token budget."""
    return allocate_tokens(source, total, options(**changed), load_counter()).portions[0]


def expected(portion: Portion) -> int:
    """All tokens that a plan expects."""
    return sum(sum(tokens) for tokens in portion.tokens.values())


@pytest.mark.parametrize("total", [50_000, 1_000_000, 3_000_000_000])
def test_the_plan_expects_the_tokens_asked_for(total: int) -> None:
    assert expected(planned("filtro", total)) == pytest.approx(total, rel=0.001, abs=300)


def test_tasks_get_equal_shares_and_levels_their_weights() -> None:
    portion = planned("all", 10_000_000, curriculum_weights=(0.5, 0.3, 0.2))
    by_part = [sum(tokens) for tokens in zip(*portion.tokens.values(), strict=True)]
    for i, weight in enumerate((0.5, 0.3, 0.2) * len(TASKS)):
        assert by_part[i] == pytest.approx(10_000_000 * weight / len(TASKS), rel=0.001)


def test_a_level_without_weight_has_no_rows() -> None:
    portion = planned("logic", 500_000, curriculum_weights=(0.5, 0, 0.5))
    assert all(numbers[1] == 0 for numbers in (*portion.counts.values(), *portion.tokens.values()))
    assert expected(portion) == pytest.approx(500_000, rel=0.002)


def test_held_out_rows_stop_at_the_cap_and_the_rest_is_train() -> None:
    made = allocate_tokens("dyna", 2_000_000, options(max_held_out=100), load_counter())
    (portion,) = made.portions
    assert portion.counts["validation"] == portion.counts["test"] == (100, 100, 100)
    assert expected(portion) == pytest.approx(2_000_000, rel=0.001)
    assert {moving.reason for moving in made.moved} == {"at most 100 of a task and level"}
    assert all(moving.kept == 100 < moving.asked for moving in made.moved)


def test_held_out_rows_stop_where_their_space_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "count_distinct", lambda *given: min(given[-1], 7))
    monkeypatch.setattr(ComponentSample, "has_room_for", lambda *_: False)
    made = allocate_tokens("dyna", 1_000_000, options(), load_counter())
    assert made.portions[0].counts["test"] == (7, 7, 7)
    assert {moving.reason for moving in made.moved} == {"no more distinct prompts"}
    assert expected(made.portions[0]) == pytest.approx(1_000_000, rel=0.001)


def test_distinct_rows_are_counted_where_a_space_is_small() -> None:
    task = TASKS["logic"]
    axes = {"num_inputs": 3, "depth": 2, "width": 2, "xor_density": 0.1}
    (small,) = components("logic-easy", axes, (1.0, 0.0, 0.0))
    found = count_distinct(small, 42, "test", 5000)
    assert 0 < found < 5000
    assert len(task().generate_table(found, "easy", "test", **axes)) == found
    (large,) = components("dyna-hard", {}, (1.0, 0.0, 0.0))
    assert count_distinct(large, 42, "test", 5000) == 5000
    assert count_distinct(large, 42, "test", 0) == 0


@pytest.mark.parametrize("name", [name for name in core_configs() if name != "logic-easy"])
def test_where_prompts_of_train_hardly_repeat_held_out_rows_are_not_looked_through(name: str) -> None:
    (recipe,) = components(name, {}, (1.0, 0.0, 0.0))
    gauge = sample_component(recipe, 42, load_counter())
    assert gauge.has_room_for(2000)
    assert count_distinct(recipe, 42, "test", 2000) == 2000


def test_a_space_in_which_prompts_repeat_is_looked_through() -> None:
    axes = {"num_inputs": 2, "depth": 2, "width": 1, "xor_density": 0.1}
    (small,) = components("logic-easy", axes, (1.0, 0.0, 0.0))
    assert not sample_component(small, 42, load_counter()).has_room_for(500)


def test_only_held_out_rows_can_be_asked_for() -> None:
    portion = planned("dyna", 300_000, split_ratios=(0, 0.5, 0.5))
    assert portion.counts["train"] == (0, 0, 0)
    assert expected(portion) == pytest.approx(300_000, rel=0.005)


def test_what_rounding_leaves_is_owed_to_the_next_component() -> None:
    gauge = ComponentSample(np.array([10, 30, 20]))
    assert [gauge.rows(tokens) for tokens in (0, 4, 6, 10, 39, 60, 81, 120)] == [0, 0, 1, 1, 2, 3, 4, 6]
    assert [gauge.total(rows) for rows in (0, 1, 2, 3, 4, 6)] == [0, 10, 40, 60, 80, 120]


def test_exports_have_the_builders_rows() -> None:
    names = ["dyna", "filtro-grid"]
    for name, portion in zip(names, allocate_rows(names, options(), load_counter()).portions, strict=True):
        for split, mixture in catalog.plan(name, options(), {}).items():
            assert sum(portion.counts[split]) == mixture.rows


def test_core_configs_are_the_twelve() -> None:
    assert core_configs() == [f"{task}-{level}" for task in TASKS for level in ("easy", "medium", "hard")]


def test_the_shares_of_components_sum_to_one() -> None:
    assert sum(components("all", {}, (0.4, 0.35, 0.25)).values()) == Fraction(1)


@pytest.mark.parametrize(
    ("text", "number"),
    [("500K", 500_000), ("1B", 10**9), ("1.5m", 1_500_000), ("100_000", 100_000), ("2T", 2 * 10**12)],
)
def test_amounts_are_read_as_people_write_them(text: str, number: int) -> None:
    assert parse_amount("total_tokens", text) == number


@pytest.mark.parametrize(
    ("number", "text"), [(5, "5"), (12_345, "12.3K"), (2e6, "2M"), (3.21e9, "3.21B"), (5e16, "50,000T")]
)
def test_amounts_are_written_short(number: float, text: str) -> None:
    assert format_amount(number) == text


@pytest.mark.parametrize(
    ("option", "given"),
    [
        ("total_tokens", ["ten"]),
        ("total_tokens", ["0"]),
        ("total_tokens", ["-5"]),
        ("total_tokens", ["40"]),
        ("curriculum_weights", ["0.5", "0.5", "0.5"]),
        ("curriculum_weights", ["1", "1"]),
        ("split_ratios", ["0.9", "0.2", "-0.1"]),
        ("split_ratios", ["nan", "0.5", "0.5"]),
        ("max_held_out", ["0"]),
        ("seed", ["-1"]),
        ("seed", ["one"]),
        ("format", ["csv"]),
        ("shard_rows", ["0"]),
        ("num_proc", ["0"]),
        ("tokenizer", ["/nowhere/tokenizer.json"]),
        ("tokens", ["short"]),
        ("tokens", ["compact", "--tokenizer", "gpt2"]),
    ],
)
def test_a_wrong_option_is_refused_by_name(
    option: str, given: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert synthlm(tmp_path, "merged", f"--{option.replace('_', '-')}", *given) == 2
    message = capsys.readouterr().err
    assert f"--{option.replace('_', '-')}" in message
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        (["single", "chess"], "TASK 'chess': expected one of dyna"),
        (["single"], "TASK"),
        (["export", "chess-hard"], "CONFIG 'chess-hard': expected one of dyna-easy"),
        (["export", "--num-samples", "0"], "--num-samples 0"),
        (["export", "dyna-ood", "--curriculum-weights", "1", "0", "0"], "--curriculum-weights ("),
        (["merged", "--colour", "red"], "--colour"),
    ],
)
def test_a_wrong_command_is_refused(
    command: list[str], complaint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert synthlm(tmp_path, *command) == 2
    assert complaint in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_dry_run_shows_the_plan_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert synthlm(tmp_path / "d", "single", "logic", "--total-tokens", "1M", "--dry-run") == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.split()[:2] == ["logic", "1"] for line in lines)
    (total,) = [line.split() for line in lines if line.strip().startswith("all")]
    assert int(total[4].replace(",", "")) == pytest.approx(1_000_000, rel=0.01)
    assert float(total[5]) > 0
    assert not (tmp_path / "d").exists()


def test_without_a_folder_named_the_command_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["single", "logic", "--total-tokens", "20K"]) == 0
    assert cli.main(["export", "logic-easy", "--num-samples", "60"]) == 0
    assert {path.name for path in tmp_path.iterdir()} == {"synthlm-logic", "synthlm"}
