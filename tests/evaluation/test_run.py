"""`synthlm eval` from end to end against a loopback endpoint: files, outcomes, exit codes, what is shown."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from endpoint import Endpoint, endpoint, said, solved
from evaluating import evaluate, lines, read

from eval_harness.cli.evaluate import Options
from synthlm_tasks import DATASET_VERSION
from synthlm_tasks.cli import main


@pytest.fixture
def served() -> Iterator[Endpoint]:
    with endpoint() as running:
        yield running


def test_a_run_leaves_the_files_and_fields_of_the_contract(served: Endpoint, tmp_path: Path) -> None:
    run = tmp_path / "run"
    assert evaluate(served, run) == 0
    found = lines(run)
    assert len(found) == len(served.asked) == 30
    assert list(found[0]) == [
        *(
            "sample_id",
            "epoch",
            "config",
            "task",
            "difficulty",
            "input_text",
            "target",
            "outcome",
            "raw_response",
        ),
        *("reasoning", "extracted_answer", "answer_source", "is_correct", "latency_ms"),
        *("first_token_ms", "prompt_tokens"),
        *("completion_tokens", "finish_reason", "model", "system_fingerprint", "flaw", "attempts", "error"),
        *("timestamp", "metadata"),
    ]
    assert {line["outcome"] for line in found} == {"ok"}
    assert all(line["is_correct"] == (line["extracted_answer"] == line["target"]) for line in found)
    assert {line["sample_id"] for line in found} == {
        f"{task}_{level}_test_{number}"
        for task in ("dyna", "logic")
        for level in (1, 2, 3)
        for number in range(5)
    }
    summary, manifest, state = (read(run, name) for name in ("summary", "run", "state"))
    correct = sum(line["is_correct"] for line in found)
    assert summary["run_id"] == manifest["run_id"] == state["run_id"] == "run"
    assert summary["model"] == "m"
    assert manifest["reported_model"] == "oracle-1"
    assert manifest["dataset_version"] == DATASET_VERSION
    assert summary["overall"]["total_samples"] == summary["overall"]["scored"] == 30
    assert summary["overall"]["correct"] == correct
    assert 0 < correct < 30
    assert summary["overall"]["accuracy"] == correct / 30
    assert summary["overall"]["bounds"] is None
    assert summary["tokens"] == {"prompt": 3000, "completion": 300, "total": 3300}
    times = ("avg_latency_ms", "p50_latency_ms", "p95_latency_ms")
    assert list(summary["timing"]) == [*times, *(name.replace("latency", "first_token") for name in times)]
    cell = [line for line in found if (line["task"], line["difficulty"]) == ("logic", 2)]
    reported = summary["by_task"]["logic"]["by_difficulty"]["2"]
    assert reported["accuracy"] == sum(line["is_correct"] for line in cell) / 5
    assert reported["chance"] == 0.5
    assert state["completed"] == 30
    assert sorted(state["completed_ids"]) == sorted(line["sample_id"] for line in found)


def test_every_outcome_is_counted_once_and_they_sum_to_the_plan(tmp_path: Path) -> None:
    replies = {
        0: said("ANSWER: 0"),
        1: said("I cannot tell."),
        2: said("Let me", "length"),
        3: said("", "content_filter"),
    }
    turn = iter(range(100))
    with endpoint(lambda _: replies[next(turn) % 4]) as served:
        assert evaluate(served, tmp_path / "run", "--tasks", "logic", "--samples-per-combo", "4") == 0
    overall = read(tmp_path / "run", "summary")["overall"]
    names = ("no_answer", "truncated", "refused", "errors", "pending")
    assert {name: overall[name] for name in names} == {
        "no_answer": 3,
        "truncated": 3,
        "refused": 3,
        "errors": 0,
        "pending": 0,
    }
    assert overall["scored"] == overall["total_samples"] == 12


def test_errors_are_no_wrong_answers_and_stay_owed(served: Endpoint, tmp_path: Path) -> None:
    run = tmp_path / "run"
    served.respond = lambda text: solved(text) if text.startswith("INPUTS") else {"choices": []}
    # Logic comes first: a run whose first request fails asks nothing else.
    assert evaluate(served, run, "--max-retries", "0", "--tasks", "logic", "dyna") == 1
    summary = read(run, "summary")
    assert summary["by_task"]["dyna"]["accuracy"] is None
    assert summary["by_task"]["dyna"]["ci95"] is None
    assert summary["by_task"]["dyna"]["errors"] == 15
    assert summary["overall"]["scored"] == 15
    assert summary["overall"]["coverage"] == 0.5
    correct = summary["overall"]["correct"]
    assert summary["overall"]["bounds"] == [correct / 30, (correct + 15) / 30]
    assert sum(summary["error_messages"].values()) == 15
    failed = [line for line in lines(run) if line["outcome"] == "error"]
    assert {(line["is_correct"], line["raw_response"]) for line in failed} == {(None, None)}
    served.respond = solved
    asked = len(served.asked)
    assert main(["eval", "--resume", str(run), "--quiet"]) == 0
    assert sorted(served.asked[asked:]) == sorted(line["input_text"] for line in failed)
    assert read(run, "summary")["overall"]["errors"] == 0


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_refusal_stops_the_run_with_the_servers_words_and_marks_nothing(
    status: int, served: Endpoint, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    served.status = status
    assert evaluate(served, tmp_path / "run") == 3
    assert "no entry" in capsys.readouterr().err
    assert lines(tmp_path / "run") == []
    assert read(tmp_path / "run", "summary")["overall"]["pending"] == 30
    served.status = 200
    assert main(["eval", "--resume", str(tmp_path / "run")]) == 0
    assert len(lines(tmp_path / "run")) == 30


def test_half_a_surrogate_pair_in_a_reply_is_kept_and_scored(served: Endpoint, tmp_path: Path) -> None:
    served.respond = lambda _: said("half \ud83d\nANSWER: 0")
    assert evaluate(served, tmp_path / "run", "--configs", "logic-easy") == 0
    assert {line["outcome"] for line in lines(tmp_path / "run")} == {"ok"}
    assert read(tmp_path / "run", "summary")["overall"]["scored"] == 5


def test_epochs_are_asked_one_after_the_other_and_give_pass_at_k(served: Endpoint, tmp_path: Path) -> None:
    turn = iter(range(1000))
    served.respond = lambda _: said(f"ANSWER: {next(turn) % 2}")
    options = ("--tasks", "logic", "--epochs", "4", "--max-concurrent", "1")
    assert evaluate(served, tmp_path / "run", *options) == 0
    found = lines(tmp_path / "run")
    assert [line["epoch"] for line in found] == [epoch for epoch in range(4) for _ in range(15)]
    overall = read(tmp_path / "run", "summary")["overall"]
    assert overall["total_samples"] == 60
    assert overall["pass_at"] == {"1": 0.5, "2": pytest.approx(5 / 6), "4": 1.0}
    # Alternating answers: every sample is right in two epochs of four, so samples do not differ at all.
    assert overall["standard_error"] == 0


@pytest.mark.parametrize(
    ("reply", "options", "shown", "hidden"),
    [
        (
            lambda text: solved(text, 0),
            [],
            ["0.0% correct (0/30)", "30 of 30 replies hold an answer"],
            ["cut off"],
        ),
        (
            lambda _: b"x" * (9 << 20),
            [],
            ["No score: none of 30 samples was scored", "30 errors (not scored, owed)"],
            ["% correct"],
        ),
        (
            lambda _: said("Let me", "length"),
            [],
            ["30 of 30 replies were cut off", "--max-tokens (2048)"],
            ["hold an answer"],
        ),
        (lambda _: said("Who knows?"), [], ["30 of 30 replies hold no answer that can be read"], ["cut off"]),
    ],
    ids=["wrong", "failed", "truncated", "unreadable"],
)
def test_runs_that_score_nothing_read_differently_at_a_glance(
    reply: object,
    options: list[str],
    shown: list[str],
    hidden: list[str],
    served: Endpoint,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    served.respond = reply  # type: ignore[assignment]
    evaluate(served, tmp_path / "run", *options)
    output = capsys.readouterr().out
    assert all(text in output for text in shown), output
    assert not any(text in output for text in hidden), output


def test_the_closing_summary_has_all_that_was_promised(
    served: Endpoint, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    assert evaluate(served, tmp_path / "run") == 0
    shown = capsys.readouterr()
    summary = read(tmp_path / "run", "summary")
    logic = summary["by_task"]["logic"]
    levels = " | ".join(f"L{level} {cell['accuracy']:.0%}" for level, cell in logic["by_difficulty"].items())
    assert f"{logic['accuracy']:.1%} ({logic['correct']}/15) [{levels}]" in shown.out
    assert f"{logic['ci95'][0] * 100:.1f}-{logic['ci95'][1]:.1%}" in shown.out
    for text in ("avg", "p50", "p95", "3,000 prompt + 300 completion = 3,300", str(tmp_path / "run")):
        assert text in shown.out
    assert "30/30 · accuracy" in shown.err


def test_quiet_prints_the_directory_alone(
    served: Endpoint, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate(served, tmp_path / "run", "--quiet") == 0
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == (f"{tmp_path / 'run'}\n", "")


def test_a_dry_run_shows_plan_and_prompt_and_touches_nothing(
    served: Endpoint, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate(served, tmp_path / "run", "--dry-run") == 0
    output = capsys.readouterr().out
    assert "30 requests" in output
    assert "ANSWER: <answer>" in output
    assert served.asked == []
    assert list(tmp_path.iterdir()) == []


def test_the_directory_has_a_name_by_default(
    served: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    options = ["--requests-per-minute", "0", "--configs", "logic-easy", "--samples-per-combo", "1", "--quiet"]
    assert main(["eval", "--base-url", served.url, "--model", "m", *options]) == 0
    directory = capsys.readouterr().out.strip()
    assert directory.startswith("eval_results/eval_")
    assert (
        json.loads((tmp_path / directory / "run.json").read_text())["run_id"] == directory.partition("/")[2]
    )


def test_options_do_not_show_secrets() -> None:
    shown = repr(Options(api_key="sk-planted-8c1f", header=("X-Team=hidden-77ab",)))
    assert "planted" not in shown
    assert "hidden" not in shown


def test_a_key_reaches_the_server_and_no_file_or_screen(
    served: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    key, secret = "sk-planted-8c1f", "hidden-77ab"
    monkeypatch.setenv("SYNTHLM_API_KEY", key)
    served.respond = lambda text: (
        solved(text) if text.startswith("INPUTS") else {"error": {"message": f"bad {key}"}}
    )
    options = ("--header", f"X-Team={secret}", "--max-retries", "0", "--tasks", "logic", "dyna")
    assert evaluate(served, tmp_path / "run", *options) == 1
    assert served.headers[0]["authorization"] == f"Bearer {key}"
    assert served.headers[0]["x-team"] == secret
    served.status = 401
    assert main(["eval", "--resume", str(tmp_path / "run")]) == 3
    shown = capfd.readouterr()
    for text in (key, secret):
        assert text not in shown.out + shown.err
        assert not [path for path in tmp_path.rglob("*") if path.is_file() and text in path.read_text()]
    assert read(tmp_path / "run", "run")["settings"]["headers"] == ["X-Team"]
