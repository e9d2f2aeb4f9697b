"""The browser of samples: every outcome of every run, what was sent, and what was rejected."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from run_folders import Alter, records_of, settings, unanswered, write_run, wrong

from eval_harness.analysis.groups import outcome_of
from eval_harness.analysis.runs import LoadedRun, load_run
from eval_harness.records import Record
from eval_harness.report.page import render_page
from eval_harness.report.samples import ORDER, browser_data, choose_samples
from eval_harness.runs.manifest import resumed_manifest
from eval_harness.runs.prompts import make_prompts
from eval_harness.runs.samples import generate_cells, iter_samples


def load(folder: Path, name: str, alter: Alter = lambda _, record: record, **chosen: object) -> LoadedRun:
    write_run(folder / name, settings(**{"samples_per_combo": 6, **chosen}), alter)
    return load_run(folder / name)


def count(chosen: Sequence[tuple[int, Record]]) -> Counter[tuple[int, str]]:
    return Counter((number, outcome_of(record)) for number, record in chosen)


def mixed(n: int, record: Record) -> Record:
    """Of 16 samples 12 wrong, 2 right, one truncated and one without an answer."""
    if n % 16 in (0, 1):
        return unanswered(record, "truncated" if n % 16 else "no_answer")
    return record if n % 16 in (2, 3) else wrong(record)


def test_every_outcome_of_every_run_has_its_share(tmp_path: Path) -> None:
    runs = [load(tmp_path, f"run{number}", mixed, samples_per_combo=16) for number in range(6)]
    held = count([(number, record) for number, run in enumerate(runs) for record in run.records])
    chosen = choose_samples(runs, 6 * 4 * 8)
    assert len(chosen) == 6 * 4 * 8
    assert count(chosen) == dict.fromkeys(held, 8)
    # What some cannot fill goes to the others, in equal parts.
    found = count(choose_samples(runs, 6 * 4 * 20))
    assert found[5, "truncated"] == held[5, "truncated"] < 20
    assert found[5, "wrong"] > 20
    assert len({found[number, "wrong"] for number in range(6)}) == 1


def test_the_worst_outcomes_come_first_and_tasks_and_levels_take_turns(tmp_path: Path) -> None:
    run = load(tmp_path, "run", lambda n, record: wrong(record) if n % 2 else record)
    chosen = [record for _, record in choose_samples([run], 24)]
    assert [outcome_of(record) for record in chosen] == ["wrong"] * 12 + ["correct"] * 12
    cells = Counter((record.task, record.difficulty) for record in chosen[:12])
    assert max(cells.values()) - min(cells.values()) <= 1
    everything = [outcome_of(record) for _, record in choose_samples([run], 500)]
    assert everything == ["wrong"] * 36 + ["correct"] * 36
    assert len({record.sample_id for _, record in choose_samples([run], 500)}) == 72
    assert choose_samples([run], 0) == []
    assert "24 of 72 finished samples" in render_page([run], 24)
    assert "All 72 finished samples" in render_page([run], 500)


def test_fewer_places_than_outcomes_go_to_the_worst(tmp_path: Path) -> None:
    runs = [load(tmp_path, f"run{number}", mixed, samples_per_combo=16) for number in range(2)]
    assert count(choose_samples(runs, 3)) == {(0, "wrong"): 1, (1, "wrong"): 1, (0, "no_answer"): 1}
    assert ORDER[:2] == ("wrong", "no_answer")


def test_the_page_knows_how_many_samples_there_are_beyond_those_it_carries(tmp_path: Path) -> None:
    run = load(tmp_path, "run", mixed, samples_per_combo=16)
    data = browser_data([run], 10)
    assert sum(cell[-1] for cell in data["counts"]) == len(run.records)
    total = Counter(outcome_of(record) for record in run.records)
    for outcome, number in total.items():
        assert sum(cell[-1] for cell in data["counts"] if cell[3] == outcome) == number


def shown_prompt(data: dict[str, Any], sample: dict[str, Any]) -> list[str]:
    """The texts of the prompt as the page puts them together."""
    frame = data["prompts"][sample["prompt"]]
    last = f"{frame['before']}{sample['input']}{frame['after']}"
    return [*(content for _, content in frame["turns"]), last]


@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"mode": "direct", "shots": 2},
        {"system_prompt": "Be {brief}.", "shots": 1},
        {"endpoint": "completions", "mode": "direct"},
        {"endpoint": "completions", "mode": "reasoning", "shots": 2, "system_prompt": "Be brief."},
    ],
)
def test_the_prompt_is_shown_exactly_as_sent(tmp_path: Path, chosen: dict[str, object]) -> None:
    made = settings(samples_per_combo=3, **chosen)
    run = load(tmp_path, "run", samples_per_combo=3, **chosen)
    cells = generate_cells(made)
    prompts = make_prompts(made, cells)
    sent = {}
    for sample in iter_samples(cells, 1):
        body = prompts.body(sample)
        turns = body.get("messages") or [{"content": body["prompt"]}]
        sent[sample.sample_id] = [turn["content"] for turn in turns]
    data = browser_data([run], 500)
    assert {sample["id"]: shown_prompt(data, sample) for sample in data["samples"]} == sent


def test_of_a_run_that_does_not_hold_its_prompts_the_problem_alone_is_shown(tmp_path: Path) -> None:
    run = load(tmp_path, "run", configs=["dyna-easy"])
    manifest = json.loads((run.folder / "run.json").read_text("utf-8"))
    del manifest["prompts"]
    (run.folder / "run.json").write_text(json.dumps(manifest), "utf-8")
    data = browser_data([load_run(run.folder)], 500)
    assert data["prompts"] == []
    assert {sample["prompt"] for sample in data["samples"]} == {None}


def test_a_resumed_run_forgets_a_prompt_that_was_worded_otherwise_when_it_began(tmp_path: Path) -> None:
    run = load(tmp_path, "run", configs=["dyna-easy", "logic-easy"])
    before, cells = run.manifest, generate_cells(run.manifest.settings)
    assert resumed_manifest(before, before.settings, cells) == before
    first = before.prompts[0].model_copy(update={"after": "in other words"})
    changed = before.model_copy(update={"prompts": (first, *before.prompts[1:])})
    assert resumed_manifest(changed, before.settings, cells).prompts == before.prompts[1:]
    earlier = before.model_copy(update={"prompts": ()})
    assert resumed_manifest(earlier, before.settings, cells).prompts == ()


def rejected(tmp_path: Path, raw: str, outcome: str = "no_answer") -> dict[str, Any]:
    def alter(n: int, record: Record) -> Record | None:
        return None if n else replace(unanswered(record, outcome), raw_response=raw)  # type: ignore[arg-type]  # one of them

    run = load(tmp_path, "run", alter, configs=["dyna-easy"])
    (sample,) = browser_data([run], 500)["samples"]
    return sample


def marked(sample: dict[str, Any]) -> str:
    """What a script that counts UTF-16 units marks in the reply."""
    start, units = 2 * sample["rejected"]["start"], sample["raw"].encode("utf-16-le", "surrogatepass")
    length = len(sample["rejected"]["text"].encode("utf-16-le"))
    return units[start : start + length].decode("utf-16-le")


@pytest.mark.parametrize("outcome", ["no_answer", "truncated"])
def test_a_rejected_candidate_is_pointed_at_where_it_stands(tmp_path: Path, outcome: str) -> None:
    raw = "about twelve? \U0001f600 \ud800 ANSWER: about twelve\nSo it is about twelve."
    sample = rejected(tmp_path, raw, outcome)
    assert sample["rejected"]["text"] == "about twelve"
    assert sample["rejected"]["source"] == "marker"
    assert marked(sample) == "about twelve"
    before = sample["raw"].encode("utf-16-le", "surrogatepass")[: 2 * sample["rejected"]["start"]]
    assert before.endswith("ANSWER: ".encode("utf-16-le"))  # not where the words occur before or after


def test_a_candidate_in_a_reply_without_its_middle_is_pointed_at_where_it_was_kept(tmp_path: Path) -> None:
    long = "word " * 5_000
    for name, raw in (("end", f"{long}ANSWER: perhaps {{x}} "), ("start", f"ANSWER: perhaps {{x}}\n{long}")):
        sample = rejected(tmp_path / name, raw)
        assert marked(sample) == "perhaps {x}"
    middle = rejected(tmp_path / "middle", f"{long}ANSWER: perhaps {{x}}\n{long}")
    assert (middle["rejected"]["text"], middle["rejected"]["start"]) == ("perhaps {x}", None)


def test_without_a_candidate_nothing_is_pointed_at(tmp_path: Path) -> None:
    (record, *_) = records_of(configs=["dyna-easy"])
    for number, raw in enumerate(("I do not know.", "", f"ANSWER: {record.target}", "ANSWER:")):
        assert rejected(tmp_path / str(number), raw)["rejected"] is None
    run = load(tmp_path, "right", configs=["dyna-easy"])
    assert {sample["rejected"] for sample in browser_data([run], 500)["samples"]} == {None}
