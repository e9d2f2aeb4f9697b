"""What is no answer and what can never be one: replies broken off, samples too long, stray lines."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from endpoint import Endpoint, endpoint, said, solved
from evaluating import evaluate, lines, read

from synthlm_tasks.cli import main

TASK = ("--tasks", "logic", "--samples-per-combo", "4")  # twelve samples


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def served() -> Iterator[Endpoint]:
    with endpoint() as running:
        yield running


def overflow(requested: int) -> dict[str, object]:
    words = f"This model's maximum context length is 4096 tokens. You requested {requested} tokens."
    return {"error": {"message": words, "code": 400}}


def resumed(run: Path, *options: str) -> int:
    return main(["eval", "--resume", str(run), *options])


@pytest.mark.parametrize(
    "broken",
    [said("", "abort"), said("ANSWER: 0", "insufficient_system_resource"), said("Let me", "network_error")],
)
def test_a_broken_off_reply_is_asked_again_and_then_owed(
    broken: dict[str, object], served: Endpoint, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    served.respond = lambda text: solved(text) if len(served.asked) == 1 else broken
    assert evaluate(served, run, *TASK, "--max-retries", "0") == 1
    overall = read(run, "summary")["overall"]
    assert (overall["scored"], overall["errors"], overall["accuracy"]) == (1, 11, 1.0)
    served.respond = solved
    assert resumed(run) == 0
    assert read(run, "summary")["overall"]["scored"] == 12


def test_what_is_too_long_is_counted_by_itself_and_never_asked_again(
    served: Endpoint, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run, sizes = tmp_path / "run", iter(range(5000, 6000))
    served.respond = lambda text: overflow(next(sizes)) if len(served.asked) % 3 == 0 else solved(text, 1)
    assert evaluate(served, run, *TASK, "--max-concurrent", "1") == 0
    summary = read(run, "summary")
    overall = summary["overall"]
    counted = {name: overall[name] for name in ("scored", "too_long", "errors", "pending", "accuracy")}
    assert counted == {"scored": 8, "too_long": 4, "errors": 0, "pending": 0, "accuracy": 1.0}
    assert overall["bounds"] == [8 / 12, 1.0]
    (message,) = summary["too_long_messages"]
    assert summary["too_long_messages"][message] == 4
    assert "You requested 5000 tokens" in message
    shown = capsys.readouterr().out
    assert "4 too long for the model" in shown
    assert "To go on" not in shown
    asked = len(served.asked)
    assert resumed(run) == 0
    assert len(served.asked) == asked == 12
    assert {line["outcome"] for line in lines(run)} == {"ok", "too_long"}


def test_a_run_of_nothing_but_too_long_samples_found_out_nothing(served: Endpoint, tmp_path: Path) -> None:
    served.respond = lambda _: overflow(5000)
    assert evaluate(served, tmp_path / "run", *TASK) == 1
    overall = read(tmp_path / "run", "summary")["overall"]
    assert (overall["too_long"], overall["accuracy"]) == (12, None)


def test_each_line_names_its_model_and_a_second_one_is_told(
    served: Endpoint, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def respond(text: str) -> dict[str, object]:
        model, fingerprint = ("b", "fp_2") if len(served.asked) > 9 else ("a", "fp_1")
        return solved(text) | {"model": model, "system_fingerprint": fingerprint}

    run = tmp_path / "run"
    served.respond = respond
    assert evaluate(served, run, *TASK, "--max-concurrent", "1") == 0
    assert [(line["model"], line["system_fingerprint"]) for line in lines(run)] == [
        *[("a", "fp_1")] * 9,
        *[("b", "fp_2")] * 3,
    ]
    summary = read(run, "summary")
    assert (summary["models"], summary["system_fingerprints"]) == ({"a": 9, "b": 3}, {"fp_1": 9, "fp_2": 3})
    shown = capsys.readouterr()
    assert "The replies name more than one model: a (9), b (3)" in shown.out
    assert shown.err.count("warning: a reply names its model 'b', those before 'a'") == 1


def test_a_resume_that_meets_another_model_or_url_warns(
    served: Endpoint, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run"
    assert evaluate(served, run, *TASK) == 0
    assert "warning" not in capsys.readouterr().err
    with endpoint(lambda text: solved(text) | {"model": "other"}) as moved:
        assert resumed(run, "--base-url", moved.url, "--epochs", "2") == 0
        warned = capsys.readouterr().err
        assert f"the run was started at {served.url} and goes on at {moved.url}" in warned
        assert "a reply names its model 'other', those before 'oracle-1'" in warned
        assert resumed(run, "--epochs", "3") == 0  # both are known by now
        assert "warning" not in capsys.readouterr().err


def test_a_run_of_an_earlier_version_knows_its_model_by_its_manifest(
    served: Endpoint, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run"
    assert evaluate(served, run, *TASK) == 0
    new = ("model", "system_fingerprint", "flaw")
    old = [{name: value for name, value in line.items() if name not in new} for line in lines(run)]
    (run / "results.jsonl").write_text("".join(json.dumps(line) + "\n" for line in old))
    served.respond = lambda text: solved(text) | {"model": "other"}
    assert resumed(run, "--epochs", "2") == 0
    assert "those before 'oracle-1'" in capsys.readouterr().err
    assert read(run, "summary")["models"] == {"other": 12}
    assert read(run, "summary")["overall"]["scored"] == 24


def test_unknown_finish_reasons_are_listed(
    served: Endpoint, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    served.respond = lambda _: said("ANSWER: 0", "done_with_it")
    assert evaluate(served, tmp_path / "run", *TASK) == 0
    summary = read(tmp_path / "run", "summary")
    assert summary["unknown_finish_reasons"] == {"done_with_it": 12}
    assert summary["overall"]["no_answer"] == 0
    shown = capsys.readouterr().out
    assert "finish_reason that is not known, read like any other: done_with_it (12)" in shown


@pytest.mark.parametrize("marks", [True, False], ids=["marks", "a manifest of an earlier version"])
def test_lines_of_another_run_are_ignored_and_told(
    marks: bool, served: Endpoint, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run, other = tmp_path / "run", tmp_path / "other"
    assert evaluate(served, run, *TASK) == 0
    before = read(run, "summary")
    # The same ids of another seed, and ids that this run does not have.
    assert evaluate(served, other, "--tasks", "logic", "--samples-per-combo", "6", "--seed", "1") == 0
    if not marks:
        manifest = read(run, "run")
        for cell in manifest["plan"]:
            del cell["members"]
        (run / "run.json").write_text(json.dumps(manifest))
    with (run / "results.jsonl").open("ab") as journal:
        journal.write((other / "results.jsonl").read_bytes())
    asked = len(served.asked)
    capsys.readouterr()
    assert resumed(run) == 0
    after = read(run, "summary")
    assert (after.pop("stray_lines"), before.pop("stray_lines")) == (18, 0)
    assert after == before
    assert len(served.asked) == asked
    shown = capsys.readouterr()
    assert "18 lines of results.jsonl are of none of the run's samples and are ignored" in shown.out
    assert "12/12 · accuracy" in shown.err


def test_lines_of_another_run_do_not_stand_in_for_what_is_owed(served: Endpoint, tmp_path: Path) -> None:
    run, other = tmp_path / "run", tmp_path / "other"
    assert evaluate(served, run, *TASK) == 0
    assert evaluate(served, other, *TASK, "--seed", "1") == 0
    (run / "results.jsonl").write_bytes((other / "results.jsonl").read_bytes())
    asked = len(served.asked)
    assert resumed(run) == 0
    assert len(served.asked) == asked + 12
    assert read(run, "summary")["overall"]["scored"] == 12
