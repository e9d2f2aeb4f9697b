"""Choices of a run beyond what is asked: how much of it, how it is sampled, its cost, where it is logged."""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from endpoint import Endpoint, endpoint, said
from evaluating import evaluate, lines, read

from eval_harness.analysis.estimates import majority_vote
from eval_harness.runs.prompts import make_prompts
from eval_harness.runs.samples import generate_cells, iter_samples, limit_cells
from eval_harness.runs.settings import RunSettings, new_settings
from synthlm_tasks.cli import main


@pytest.fixture
def served() -> Iterator[Endpoint]:
    with endpoint() as running:
        yield running


def chosen(**changed: object) -> RunSettings:
    return new_settings({"base_url": "http://host/v1", "model": "m", "samples_per_combo": 3, **changed})


@pytest.mark.parametrize("most", [1, 2, 11, 12, 13, 35, 36, 100])
def test_a_limited_run_asks_the_first_samples_of_the_whole_one(most: int) -> None:
    cells = generate_cells(chosen())
    whole = [sample.sample_id for sample in iter_samples(cells, 1)]
    assert [sample.sample_id for sample in iter_samples(limit_cells(cells, most), 1)] == whole[:most]


def test_a_limit_may_only_be_raised_and_the_run_goes_on(
    served: Endpoint, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run"
    assert evaluate(served, run, "--limit", "4") == 0
    assert read(run, "summary")["overall"]["total_samples"] == len(lines(run)) == 4
    assert main(["eval", "--resume", str(run), "--limit", "3"]) == 2
    assert "--limit was 4, now 3" in capsys.readouterr().err
    assert main(["eval", "--resume", str(run), "--limit", "20"]) == 0
    assert len({line["sample_id"] for line in lines(run)}) == len(lines(run)) == len(served.asked) - 0 == 20


def test_no_limit_of_nothing(served: Endpoint, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(served, tmp_path / "run", "--limit", "0") == 2
    assert "--limit=0" in capsys.readouterr().err


def test_each_epoch_is_sampled_with_a_seed_of_its_own() -> None:
    settings = chosen(request_seed=7, epochs=3)
    cells = generate_cells(settings)
    prompts = make_prompts(settings, cells)
    bodies = [prompts.body(sample) for sample in iter_samples(limit_cells(cells, 1), 3)]
    assert [body["seed"] for body in bodies] == [7, 8, 9]
    without = make_prompts(chosen(request_seed=7, extra_body={"seed": None}), cells)
    assert "seed" not in without.body(next(iter_samples(cells, 1)))
    assert "seed" not in make_prompts(chosen(), cells).body(next(iter_samples(cells, 1)))


def test_a_system_prompt_may_be_typed(
    served: Endpoint, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate(served, tmp_path / "run", "--system-message", "Be brief.", "--dry-run") == 0
    assert "system:\nBe brief." in capsys.readouterr().out
    file = tmp_path / "system.txt"
    file.write_text("Be long.")
    both = ("--system-message", "Be brief.", "--system-prompt", str(file))
    assert evaluate(served, tmp_path / "run", *both) == 2
    assert "--system-prompt and --system-message" in capsys.readouterr().err


def test_a_run_tells_what_it_cost(
    served: Endpoint, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # The endpoint says 100 tokens of prompt and 10 of reply for each of 30 samples.
    assert evaluate(served, tmp_path / "run", "--prices", "2", "8") == 0
    assert read(tmp_path / "run", "summary")["cost"] == pytest.approx(30 * (100 * 2 + 10 * 8) / 1e6)
    assert "$0.0084" in capsys.readouterr().out
    assert evaluate(served, tmp_path / "free") == 0
    assert read(tmp_path / "free", "summary")["cost"] is None


def test_a_plan_tells_what_it_will_cost(
    served: Endpoint, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--prices", "0", "10", "--max-tokens", "1000", "--dry-run", "--epochs", "2")
    assert evaluate(served, tmp_path / "run", *options) == 0
    assert "at most $0.60 with replies" in " ".join(
        capsys.readouterr().out.split()
    )  # 60 replies of 1000 tokens
    assert evaluate(served, tmp_path / "run", "--prices", "1", "-1") == 2
    assert "--prices" in capsys.readouterr().err


def test_the_majority_of_the_epochs_has_its_own_accuracy(served: Endpoint, tmp_path: Path) -> None:
    turn = iter(range(1000))
    served.respond = lambda _: said(f"ANSWER: {int(next(turn) % 3 == 2)}")
    options = ("--configs", "logic-easy", "--epochs", "3", "--max-concurrent", "1")
    assert evaluate(served, tmp_path / "run", *options) == 0
    found = lines(tmp_path / "run")
    votes: dict[str, Counter[str]] = {}
    for line in found:
        votes.setdefault(line["sample_id"], Counter())[line["extracted_answer"]] += 1
    targets = {line["sample_id"]: line["target"] for line in found}
    right = sum(count.most_common(1)[0][0] == targets[name] for name, count in votes.items())
    assert read(tmp_path / "run", "summary")["overall"]["majority_vote"] == pytest.approx(right / 5)


def test_equally_frequent_answers_share_the_vote() -> None:
    votes = {
        "right": Counter({None: 2, "B": 1}),
        "wrong": Counter({None: 1, "B": 2}),
        "tied": Counter({None: 1, "B": 1}),
        "silent": Counter(),
        "unfinished": Counter({None: 1}),
    }
    samples = {"right": (3, 2), "wrong": (3, 1), "tied": (3, 1), "silent": (3, 0), "unfinished": (2, 1)}
    assert majority_vote(votes, samples, 3) == pytest.approx((1 + 0 + 0.5 + 0) / 4)
    assert majority_vote(votes, {"unfinished": (2, 1)}, 3) is None


class Tracked(ModuleType):
    """A module with the functions of trackio and wandb, which remembers how they were called."""

    def __init__(self) -> None:
        super().__init__("trackio")
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def init(self, **given: object) -> None:
        self.calls.append(("init", given))

    def log(self, metrics: dict[str, Any]) -> None:
        self.calls.append(("log", metrics))

    def finish(self) -> None:
        self.calls.append(("finish", {}))


def test_a_run_is_logged_to_a_tracker(
    served: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracker = Tracked()
    monkeypatch.setitem(sys.modules, "trackio", tracker)
    assert evaluate(served, tmp_path / "run", "--log-to", "trackio", "--log-project", "mine") == 0
    (_, opened), (_, metrics), (last, _) = tracker.calls
    summary = read(tmp_path / "run", "summary")
    assert (opened["project"], opened["name"], opened["config"]["model"]) == ("mine", "run", "m")
    assert metrics["overall/accuracy"] == summary["overall"]["accuracy"]
    assert (
        metrics["by_task/dyna/by_difficulty/1/ci95/low"]
        == summary["by_task"]["dyna"]["by_difficulty"]["1"]["ci95"][0]
    )
    assert last == "finish"


def test_a_tracker_that_is_not_installed_is_told_before_anything_is_asked(
    served: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "wandb", None)
    assert evaluate(served, tmp_path / "run", "--log-to", "wandb") == 2
    assert "--log-to wandb: is not installed" in capsys.readouterr().err
    assert served.asked == []
    assert not (tmp_path / "run").exists()
