"""Run directories made by hand: records with known outcomes, written as a run leaves them."""

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

from eval_harness.records import Outcome, Record, Sample
from eval_harness.runs.manifest import new_manifest
from eval_harness.runs.samples import generate_cells, iter_samples
from eval_harness.runs.settings import RunSettings, new_settings
from synthlm_tasks.registry import TASKS

Alter = Callable[[int, Record], Record | None]


def settings(**chosen: object) -> RunSettings:
    return new_settings(
        {"base_url": "http://127.0.0.1:1/v1", "model": "tiny", "samples_per_combo": 20, **chosen}
    )


def right(sample: Sample) -> Record:
    """A sample answered rightly."""
    return Record(
        sample_id=sample.sample_id,
        epoch=sample.epoch,
        config=sample.config,
        task=sample.task,
        difficulty=sample.difficulty,
        input_text=sample.input_text,
        target=sample.target,
        outcome="ok",
        raw_response=f"ANSWER: {sample.target}",
        reasoning="",
        extracted_answer=sample.target,
        answer_source="marker",
        is_correct=True,
        latency_ms=100.0,
        prompt_tokens=len(sample.input_text) // 3,
        completion_tokens=4,
        finish_reason="stop",
        attempts=1,
        error=None,
        timestamp="2026-01-01T00:00:00+00:00",
        metadata=sample.metadata,
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


def write_run(folder: Path, chosen: RunSettings, alter: Alter = lambda _, record: record) -> list[Record]:
    """Write a run directory of every planned sample but those that `alter` turns into None."""
    folder.mkdir(parents=True)
    cells = generate_cells(chosen)
    new_manifest(folder.name, chosen, cells).write(folder)
    samples = enumerate(iter_samples(cells, chosen.epochs))
    records = [record for n, sample in samples if (record := alter(n, right(sample))) is not None]
    (folder / "results.jsonl").write_bytes(b"".join(_line(record) for record in records))
    return records


def _line(record: Record) -> bytes:
    """A journal line, also of what no journal of ours holds: text that has no UTF-8."""
    return json.dumps(asdict(record)).encode() + b"\n"


def records_of(**chosen: object) -> list[Record]:
    """Rightly answered samples of a plan, without a folder."""
    made = settings(**chosen)
    return [right(sample) for sample in iter_samples(generate_cells(made), made.epochs)]
