"""Which samples the page carries, and what it says of each: not-correct ones first, every cell in turn."""

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from eval_harness.analysis.groups import family_of, outcome_of
from eval_harness.analysis.runs import LoadedRun
from eval_harness.records import Record

ORDER: Final = ("wrong", "no_answer", "truncated", "refused", "error", "correct")
"""Outcomes in the order that samples are shown in."""

_LONGEST: Final = 8_000
"""Characters of one text that the page carries; of a longer one, its beginning and its end."""


def choose_samples(runs: Sequence[LoadedRun], most: int) -> list[tuple[int, Record]]:
    """At most `most` records with the number of their run, the worst outcomes first.

    Where an outcome has more samples than there is room for, runs, families and levels take turns.
    """
    cells: dict[str, dict[tuple[int, str, int], list[Record]]] = {name: {} for name in ORDER}
    for number, run in enumerate(runs):
        for record in run.records:
            cell = (number, family_of(record), record.difficulty)
            cells[outcome_of(record)].setdefault(cell, []).append(record)
    turns = itertools.chain.from_iterable(_take_turns(cells[name]) for name in ORDER)
    return list(itertools.islice(turns, most))


def _take_turns(cells: Mapping[tuple[int, str, int], Sequence[Record]]) -> Iterator[tuple[int, Record]]:
    columns = ([(run, record) for record in records] for (run, _, _), records in cells.items())
    for row in itertools.zip_longest(*columns):
        yield from (place for place in row if place is not None)


def sample_data(number: int, record: Record) -> dict[str, Any]:
    """What the page says of a sample."""
    return {
        "run": number,
        "id": record.sample_id if not record.epoch else f"{record.sample_id}, epoch {record.epoch}",
        "family": family_of(record),
        "level": record.difficulty,
        "outcome": outcome_of(record),
        "input": _cut(record.input_text),
        "target": record.target,
        "answer": record.extracted_answer,
        "raw": _cut(record.raw_response),
        "reasoning": _cut(record.reasoning),
        "error": _cut(record.error),
        "metadata": json.dumps(dict(record.metadata), ensure_ascii=False),
        "facts": _sample_facts(record),
    }


def _sample_facts(record: Record) -> str:
    facts = [
        record.answer_source and f"answer from: {record.answer_source}",
        record.finish_reason and f"finish reason: {record.finish_reason}",
        record.latency_ms is not None and f"{record.latency_ms:,.0f} ms",
        record.prompt_tokens is not None and f"{record.prompt_tokens:,} prompt tokens",
        record.completion_tokens is not None and f"{record.completion_tokens:,} completion tokens",
        record.attempts > 1 and f"{record.attempts} attempts",
    ]
    return " · ".join(fact for fact in facts if fact)


def _cut(text: str | None) -> str | None:
    if text is None or len(text) <= _LONGEST:
        return text
    half = _LONGEST // 2
    return f"{text[:half]}\n… {len(text) - 2 * half:,} characters left out …\n{text[-half:]}"
