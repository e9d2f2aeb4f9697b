"""Rescoring: verdicts follow the extraction of today, replies stay as they were."""

import errno
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from run_folders import failed, settings, unanswered, write_run, wrong

from eval_harness.evaluation import rescore as module
from eval_harness.evaluation.rescore import rescore
from eval_harness.records import Record, Verdict
from eval_harness.runs.journal import DirectoryBusyError, Lock, read_records


def misread(n: int, record: Record) -> Record:
    """Replies of which an earlier extraction read some wrongly, among others that nothing changes."""
    if n == 0:
        return failed(record)
    if n == 1:
        return replace(unanswered(record), outcome="refused", raw_response="", finish_reason="stop")
    if n in (2, 3):  # the reply holds the right answer, which was not found
        return replace(unanswered(record), raw_response=record.raw_response)
    if n == 4:  # the reply holds another answer than was read
        return replace(record, raw_response=wrong(record).raw_response)
    return unanswered(record, "truncated") if n == 5 else record


@pytest.fixture
def run(tmp_path: Path) -> Path:
    folder = tmp_path / "run"
    write_run(folder, settings(configs=["dyna-easy"], samples_per_combo=10), misread)
    return folder


def replies(folder: Path) -> list[tuple[str, str | None, str | None]]:
    return [(record.sample_id, record.raw_response, record.reasoning) for record in read_records(folder)]


def test_what_changed_is_told_and_the_summary_follows(run: Path) -> None:
    found = rescore(run)
    assert found.read == 9
    assert found.moves == {("no_answer", "correct"): 2, ("correct", "wrong"): 1}
    before, after = (summary["overall"] for summary in (found.before, found.after))
    assert (before["correct"], after["correct"]) == (5, 6)
    assert (after["no_answer"], after["refused"], after["truncated"], after["errors"]) == (0, 1, 1, 1)
    assert json.loads((run / "summary.json").read_text())["overall"]["correct"] == 6


def test_replies_and_their_order_stay_and_the_old_journal_is_kept(run: Path) -> None:
    old, said = (run / "results.jsonl").read_bytes(), replies(run)
    found = rescore(run)
    assert found.kept is not None
    assert found.kept.read_bytes() == old
    assert replies(run) == said
    assert (run / "results.jsonl").read_bytes() != old


def test_a_second_time_changes_nothing_and_writes_nothing(run: Path) -> None:
    rescore(run)
    files = {path.name: path.read_bytes() for path in run.iterdir()}
    again = rescore(run)
    assert (again.changes, again.kept) == ((), None)
    assert {path.name: path.read_bytes() for path in run.iterdir()} == files


def test_every_rewritten_journal_is_kept_under_its_own_name(
    run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rescore(run)

    def never(*_: object) -> Verdict:
        return Verdict("no_answer", None, is_correct=False, source=None)

    monkeypatch.setattr(module, "judge", never)
    second = rescore(run)
    assert sorted(path.name for path in run.glob("results.*")) == [
        "results.before-rescore-1.jsonl", "results.before-rescore-2.jsonl", "results.jsonl",
    ]  # fmt: skip
    assert second.after["overall"]["correct"] == 0
    monkeypatch.undo()
    assert rescore(run).after["overall"]["correct"] == 6  # nothing was lost on the way


def test_an_interruption_leaves_the_journal_as_it_was(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = (run / "results.jsonl").read_bytes()

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        rescore(run)
    monkeypatch.undo()
    assert (run / "results.jsonl").read_bytes() == old
    assert rescore(run).after["overall"]["correct"] == 6


def test_the_answer_of_a_base_model_is_read_as_such(tmp_path: Path) -> None:
    first_line: Callable[[int, Record], Record] = lambda _, record: replace(  # noqa: E731
        record, raw_response=f"{record.target}\nEx9: more text", answer_source="whole reply"
    )
    write_run(tmp_path / "run", settings(configs=["dyna-easy"], endpoint="completions", shots=4), first_line)
    assert rescore(tmp_path / "run").changes == ()


def test_runs_of_the_first_extraction_are_brought_to_the_present_one(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    overflow = "HTTP 400: This model's maximum context length is 4096 tokens."

    def older(n: int, record: Record) -> Record:
        if n == 0:  # broken off, and scored as if it had been an answer
            return replace(unanswered(record), raw_response="Let me", finish_reason="abort")
        if n == 1:
            return replace(unanswered(record), raw_response="", finish_reason=None)
        if n == 2:  # a tag was read as the answer
            return replace(wrong(record), raw_response=f"ANSWER: <b>{record.target}</b>")
        return failed(record, overflow if n == 3 else "HTTP 500: boom") if n in (3, 4) else record

    write_run(folder, settings(configs=["dyna-easy"], samples_per_combo=10), older)
    found = rescore(folder)
    assert found.moves == {
        ("no_answer", "error"): 2,
        ("wrong", "correct"): 1,
        ("error", "too_long"): 1,
    }
    overall = found.after["overall"]
    assert (overall["correct"], overall["errors"], overall["too_long"]) == (6, 3, 1)
    broken = next(record for record in read_records(folder) if record.finish_reason == "abort")
    assert (broken.raw_response, broken.is_correct) == ("Let me", None)
    assert rescore(folder).changes == ()


def test_lines_of_another_run_stay_as_they_are(run: Path, tmp_path: Path) -> None:
    misjudged: Callable[[int, Record], Record] = lambda _, record: replace(  # noqa: E731
        unanswered(record), raw_response=record.raw_response
    )
    chosen = settings(configs=["dyna-easy"], samples_per_combo=10, seed=1)
    write_run(tmp_path / "other", chosen, misjudged)
    stray = (tmp_path / "other" / "results.jsonl").read_bytes()
    with (run / "results.jsonl").open("ab") as journal:
        journal.write(stray)
    found = rescore(run)
    assert len(found.changes) == 3
    assert found.after["stray_lines"] == 10
    kept = {record.sample_id: record for record in read_records(run) if record.outcome == "no_answer"}
    assert len(kept) == 10


def test_a_run_at_work_is_left_alone(run: Path) -> None:
    with Lock(run), pytest.raises(DirectoryBusyError):
        rescore(run)


def test_where_a_file_has_one_name_the_journal_is_kept_as_a_copy(
    run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    before = (run / "results.jsonl").read_bytes()
    monkeypatch.setattr(Path, "hardlink_to", refuse)
    found = rescore(run)
    assert found.kept is not None
    assert found.kept.read_bytes() == before != (run / "results.jsonl").read_bytes()
