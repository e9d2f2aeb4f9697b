"""The summary: every number recomputed from the journal in the plainest way."""

import random
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from run_folders import failed, records_of, settings, unanswered, write_run, wrong

from eval_harness.analysis.counts import count_journal
from eval_harness.analysis.estimates import bounds, interval, pass_at, standard_error
from eval_harness.analysis.summary import group_messages, summarize
from eval_harness.records import Record
from eval_harness.runs.manifest import read_manifest
from eval_harness.statistics import stratified_error, wilson


def summary_of(folder: Path) -> dict[str, Any]:
    manifest = read_manifest(folder)
    return summarize(manifest, count_journal(folder, manifest))


def parts(summary: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Every part of a summary that counts samples."""
    tasks = summary["by_task"].values()
    cells = [cell for task in tasks for cell in task["by_difficulty"].values()]
    overall = {"total": summary["overall"]["total_samples"], **summary["overall"]}
    return [overall, *tasks, *cells, *summary["by_difficulty"].values(), *summary["by_config"].values()]


@pytest.fixture
def mixed(tmp_path: Path) -> tuple[dict[str, Any], list[Record]]:
    """The summary of a run in which everything happened, and its records."""
    draw = random.Random(5)
    happen = [
        lambda record: record,
        wrong,
        unanswered,
        lambda record: unanswered(record, "truncated"),
        lambda record: unanswered(record, "refused"),
        failed,
        lambda _: None,
    ]
    run = tmp_path / "run"
    records = write_run(run, settings(configs=("all", "logic-parity")), lambda _, r: draw.choice(happen)(r))
    return summary_of(run), records


def test_outcomes_sum_to_the_plan_in_every_part(mixed: tuple[dict[str, Any], list[Record]]) -> None:
    for part in parts(mixed[0]):
        assert part["total"] == part["scored"] + part["errors"] + part["pending"]
        assert part["errors"] > 0
        assert part["pending"] > 0
        assert part["correct"] + part["no_answer"] + part["truncated"] + part["refused"] <= part["scored"]
        assert part["accuracy"] == part["correct"] / part["scored"]
        assert part["coverage"] == part["scored"] / part["total"]
        assert part["ci95"] == wilson(part["correct"], part["scored"])
        assert part["bounds"][0] <= part["accuracy"] <= part["bounds"][1]


def test_parts_hold_the_records_that_belong_to_them(mixed: tuple[dict[str, Any], list[Record]]) -> None:
    summary, records = mixed
    for task, part in summary["by_task"].items():
        for level, cell in part["by_difficulty"].items():
            here = [r for r in records if r.task == task and r.difficulty == int(level)]
            assert cell["correct"] == sum(r.is_correct is True for r in here)
            assert cell["no_answer"] == sum(r.outcome == "no_answer" for r in here)
            assert cell["errors"] == sum(r.outcome == "error" for r in here)
        assert part["correct"] == sum(cell["correct"] for cell in part["by_difficulty"].values())
    # Parity circuits are Logic too, but a config of their own.
    assert summary["by_task"]["logic"]["total"] == 120
    assert summary["by_config"]["logic-parity-easy"]["total"] == 20
    assert summary["overall"]["total_samples"] == 300
    answered = [r for r in records if r.outcome != "error"]
    assert summary["tokens"]["prompt"] == sum(r.prompt_tokens or 0 for r in answered)


def test_the_standard_error_is_stratified_by_cell(mixed: tuple[dict[str, Any], list[Record]]) -> None:
    summary, _ = mixed
    cells = [(part["correct"], part["scored"]) for part in summary["by_config"].values()]
    assert summary["overall"]["standard_error"] == pytest.approx(stratified_error(cells))


def test_chance_is_the_mean_over_the_planned_samples(mixed: tuple[dict[str, Any], list[Record]]) -> None:
    summary, _ = mixed
    assert summary["by_task"]["logic"]["chance"] == 0.5
    configs = summary["by_config"].values()
    mean = sum(part["chance"] * part["total"] for part in configs) / 300
    assert summary["overall"]["chance"] == pytest.approx(mean)


def test_latencies_are_nearest_rank_percentiles(tmp_path: Path) -> None:
    run = tmp_path / "run"
    write_run(
        run,
        settings(configs=("logic-easy",), samples_per_combo=20),
        lambda n, record: replace(record, latency_ms=float(n + 1)),
    )
    assert summary_of(run)["timing"] == {
        "avg_latency_ms": 10.5,
        "p50_latency_ms": 10.0,
        "p95_latency_ms": 19.0,
        **dict.fromkeys(("avg_first_token_ms", "p50_first_token_ms", "p95_first_token_ms")),
    }


def test_times_to_the_first_token_are_those_of_streamed_replies(tmp_path: Path) -> None:
    run = tmp_path / "run"
    write_run(
        run,
        settings(configs=("logic-easy",), samples_per_combo=20),
        lambda n, record: replace(record, first_token_ms=float(n + 1) if n < 10 else None),
    )
    timing = summary_of(run)["timing"]
    assert [timing[f"{name}_first_token_ms"] for name in ("avg", "p50", "p95")] == [5.5, 5.0, 10.0]


def test_nothing_scored_is_null_not_zero(tmp_path: Path) -> None:
    write_run(tmp_path / "run", settings(configs=("logic-easy",)), lambda _, record: failed(record))
    summary = summary_of(tmp_path / "run")
    for name in ("accuracy", "ci95", "standard_error"):
        assert summary["overall"][name] is None
    assert set(summary["timing"].values()) == {None}
    assert summary["overall"]["bounds"] == (0.0, 1.0)
    assert summary["error_messages"] == {"HTTP 500: boom": 20}


def test_records_outside_the_plan_do_not_count(tmp_path: Path) -> None:
    run = tmp_path / "run"
    write_run(run, settings(configs=("logic-easy",)))
    stray = records_of(configs=("logic-hard",))
    later = [replace(record, epoch=1, is_correct=False) for record in records_of(configs=("logic-easy",))]
    with (run / "results.jsonl").open("ab") as journal:
        journal.writelines(record.line() for record in [*stray, *later])
    overall = summary_of(run)["overall"]
    assert (overall["total_samples"], overall["scored"], overall["correct"]) == (20, 20, 20)


def test_messages_that_differ_in_numbers_are_one() -> None:
    limit = "HTTP 400: maximum context length is 4,096 tokens, you requested {}"
    messages = {limit.format(4200): 2, limit.format("5,000.5"): 3, "HTTP 500: boom": 1, "HTTP 502: boom": 1}
    assert group_messages(messages) == {limit.format(4200): 5, "HTTP 500: boom": 1, "HTTP 502: boom": 1}


def test_a_sample_too_long_is_neither_scored_nor_owed(tmp_path: Path) -> None:
    def alter(n: int, record: Record) -> Record:
        return replace(failed(record), outcome="too_long") if n < 5 else record

    run = tmp_path / "run"
    write_run(run, settings(configs=("logic-easy",)), alter)
    with (run / "results.jsonl").open("ab") as journal:  # what is final stays so, whatever follows
        journal.writelines(record.line() for record in records_of(configs=("logic-easy",)))
    overall = summary_of(run)["overall"]
    figures = {
        "scored": 15,
        "too_long": 5,
        "errors": 0,
        "pending": 0,
        "coverage": 0.75,
        "bounds": (0.75, 1.0),
    }
    assert {name: overall[name] for name in figures} == figures


def test_records_of_another_seed_do_not_count_though_their_ids_are_the_same(tmp_path: Path) -> None:
    run = tmp_path / "run"
    write_run(run, settings(configs=("logic-easy",)), lambda n, record: record if n < 10 else None)
    with (run / "results.jsonl").open("ab") as journal:
        journal.writelines(record.line() for record in records_of(configs=("logic-easy",), seed=7))
    summary = summary_of(run)
    overall = summary["overall"]
    assert (overall["scored"], overall["pending"], summary["stray_lines"]) == (10, 10, 20)


def test_without_marks_no_more_samples_count_than_are_planned(tmp_path: Path) -> None:
    run = tmp_path / "run"
    write_run(run, settings(configs=("logic-easy",)))
    manifest = read_manifest(run)
    plan = tuple(cell.model_copy(update={"members": ""}) for cell in manifest.plan)
    manifest.model_copy(update={"plan": plan}).write(run)
    with (run / "results.jsonl").open("ab") as journal:
        more = records_of(configs=("logic-easy",), samples_per_combo=25)
        journal.writelines(record.line() for record in more)
    summary = summary_of(run)
    overall = summary["overall"]
    assert (overall["scored"], overall["pending"], summary["stray_lines"]) == (20, 0, 5)


def test_epochs_that_agree_say_no_more_than_one() -> None:
    once = {"a": (1, 1), "b": (1, 0), "c": (1, 1)}
    again = {name: (5 * n, 5 * c) for name, (n, c) in once.items()}
    assert interval(again) == pytest.approx(interval(once))
    assert interval({"a": (5, 5), "b": (5, 5)}) == wilson(2, 2)
    assert standard_error([again]) == pytest.approx(standard_error([once]))


def test_epochs_that_are_independent_say_as_much_as_other_samples() -> None:
    # Every sample is right in half of its epochs: which sample it is tells nothing.
    assert interval({"a": (4, 2), "b": (4, 2), "c": (4, 2)}) == wilson(6, 12)
    draw = random.Random(1)
    drawn = {str(n): (4, sum(draw.random() < 0.6 for _ in range(4))) for n in range(2000)}
    correct = sum(c for _, c in drawn.values())
    found, plain = interval(drawn), wilson(correct, 8000)
    assert found
    assert plain
    assert found[1] - found[0] == pytest.approx(plain[1] - plain[0], rel=0.05)


def test_no_number_depends_on_the_order_in_which_replies_came() -> None:
    draw = random.Random(11)
    samples = {f"filtro_1_test_{index}": (3, draw.randrange(4)) for index in range(500)}
    found = {
        (standard_error([mixed]), interval(mixed), pass_at(mixed, 2))
        for mixed in (dict(draw.sample(sorted(samples.items()), 500)) for _ in range(20))
    }
    assert len(found) == 1


def test_pass_at_k_is_over_samples_with_enough_answers() -> None:
    assert pass_at({"a": (2, 1), "b": (2, 2), "c": (1, 1)}, 2) == 1.0
    assert pass_at({"a": (2, 1), "b": (2, 0)}, 1) == 0.25
    assert pass_at({"a": (1, 1)}, 2) is None


def test_bounds_take_what_is_missing_for_all_wrong_and_all_right() -> None:
    assert bounds(3, 4, 8) == (3 / 8, 7 / 8)
    assert bounds(3, 4, 4) is None
