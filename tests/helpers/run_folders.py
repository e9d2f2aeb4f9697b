"""Run directories made by hand: records with known outcomes, written as a run leaves them."""

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

from eval_harness.records import Case, Outcome, Record
from eval_harness.runs.manifest import new_manifest
from eval_harness.runs.samples import fresh_cells, in_order
from eval_harness.runs.settings import Choices, new_choices
from synthlm_tasks.registry import TASKS

Alter = Callable[[int, Record], Record | None]


def settings(**chosen: object) -> Choices:
    return new_choices(
        {"base_url": "http://127.0.0.1:1/v1", "model": "tiny", "samples_per_combo": 20, **chosen}
    )


def right(case: Case) -> Record:
    """A sample answered rightly."""
    return Record(
        sample_id=case.sample_id,
        epoch=case.epoch,
        config=case.config,
        task=case.task,
        difficulty=case.difficulty,
        input_text=case.input_text,
        target=case.target,
        outcome="ok",
        raw_response=f"ANSWER: {case.target}",
        reasoning="",
        extracted_answer=case.target,
        answer_source="marker",
        is_correct=True,
        latency_ms=100.0,
        prompt_tokens=len(case.input_text) // 3,
        completion_tokens=4,
        finish_reason="stop",
        attempts=1,
        error=None,
        timestamp="2026-01-01T00:00:00+00:00",
        metadata=case.metadata,
    )


def unanswered(record: Record, outcome: Outcome = "no_answer") -> Record:
    """The same sample with a reply that holds no answer."""
    raw = "I do not know." if outcome == "no_answer" else ""
    finish = "length" if outcome == "truncated" else "stop"
    silent = replace(record, extracted_answer=None, answer_source=None, is_correct=False)
    return replace(silent, outcome=outcome, raw_response=raw, finish_reason=finish)


def wrong(record: Record) -> Record:
    """The same sample with another answer of the same kind."""
    kind = TASKS[record.task].answer_kind(record.target)
    others = (answer for answer in ("0", "1", "A", "B", "A B", "B A", "alpha", "beta", "red", "blue"))
    answer = next(a for a in others if kind.canonical(a) == a and a != record.target)
    return replace(record, raw_response=f"ANSWER: {answer}", extracted_answer=answer, is_correct=False)


def failed(record: Record, error: str = "HTTP 500: boom") -> Record:
    """The same sample without a reply."""
    return replace(
        record, outcome="error", raw_response=None, reasoning=None, extracted_answer=None, answer_source=None,
        is_correct=None, latency_ms=None, prompt_tokens=None, completion_tokens=None, finish_reason=None,
        attempts=6, error=error,
    )  # fmt: skip


def write_run(folder: Path, chosen: Choices, alter: Alter = lambda _, record: record) -> list[Record]:
    """Write a run directory of every planned sample but those that `alter` turns into None."""
    folder.mkdir(parents=True)
    cells = fresh_cells(chosen)
    new_manifest(folder.name, chosen, cells).write(folder)
    cases = enumerate(in_order(cells, chosen.epochs))
    records = [record for n, case in cases if (record := alter(n, right(case))) is not None]
    (folder / "results.jsonl").write_bytes(b"".join(_line(record) for record in records))
    return records


def _line(record: Record) -> bytes:
    """A journal line, also of what no journal of ours holds: text that has no UTF-8."""
    return json.dumps(asdict(record)).encode() + b"\n"


def records_of(**chosen: object) -> list[Record]:
    """Rightly answered samples of a plan, without a folder."""
    choices = settings(**chosen)
    return [right(case) for case in in_order(fresh_cells(choices), choices.epochs)]
