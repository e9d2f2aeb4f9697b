"""Which samples the page carries, and what it says of each: places are shared by run and outcome."""

import itertools
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, TypeVar, overload

from eval_harness.analysis.groups import family_of, outcome_of
from eval_harness.analysis.runs import LoadedRun
from eval_harness.endpoint.settings import Endpoint
from eval_harness.records import Record
from eval_harness.runs.prompts import PromptFrame
from eval_harness.scoring.extraction import Candidate, find_rejected_candidate
from synthlm_tasks.registry import TASKS
from synthlm_tasks.rows.answers import AnswerKind

ORDER: Final = ("wrong", "no_answer", "truncated", "refused", "too_long", "error", "correct")
"""Outcomes in the order that samples are shown in."""

_Item = TypeVar("_Item")

_LONGEST: Final = 8_000
"""Characters of one text that the page carries; of a longer one, its beginning and its end."""


def choose_samples(runs: Sequence[LoadedRun], most: int) -> list[tuple[int, Record]]:
    """At most `most` records with the number of their run, the worst outcomes first.

    Every outcome of every run gets as many places as any other, until it has no more samples; within it,
    families and levels take turns.
    """
    groups: dict[tuple[int, int], dict[tuple[str, int], list[tuple[int, Record]]]] = {}
    for number, run in enumerate(runs):
        for record in run.records:
            group = groups.setdefault((ORDER.index(outcome_of(record)), number), {})
            group.setdefault((family_of(record), record.difficulty), []).append((number, record))
    # In this order the places that are left over go to the worst outcomes.
    turns = take_turns([list(take_turns(groups[key].values())) for key in sorted(groups)])
    chosen = itertools.islice(turns, most)
    return sorted(chosen, key=lambda place: ORDER.index(outcome_of(place[1])))


def take_turns(queues: Iterable[Sequence[_Item]]) -> Iterator[_Item]:
    """The first of each queue, then the second of each, and so on; queues that have ended are passed over."""
    for row in itertools.zip_longest(*queues):
        yield from (item for item in row if item is not None)


def browser_data(runs: Sequence[LoadedRun], most: int) -> dict[str, Any]:
    """What the browser knows: the samples, what was sent around their problems, and how many there are."""
    frames: dict[PromptFrame, int] = {}
    samples = []
    for number, record in choose_samples(runs, most):
        settings = runs[number].manifest.settings
        frame = _find_frame(runs[number], record)
        place = None if frame is None else frames.setdefault(frame, len(frames))
        samples.append({**sample_data(number, record, settings.endpoint), "prompt": place})
    counts = Counter(
        (number, family_of(record), record.difficulty, outcome_of(record))
        for number, run in enumerate(runs)
        for record in run.records
    )
    return {
        "runs": [run.name for run in runs],
        "prompts": [_frame_data(frame) for frame in frames],
        "counts": [[*cell, count] for cell, count in counts.items()],
        "samples": samples,
    }


def _find_frame(run: LoadedRun, record: Record) -> PromptFrame | None:
    key = (record.config, record.task, _kind_of(record).description)
    return next((frame for frame in run.manifest.prompts if frame.key == key), None)


def _frame_data(frame: PromptFrame) -> dict[str, Any]:
    turns = [[role, _cut(content)] for role, content in frame.turns]
    return {"turns": turns, "before": _cut(frame.before), "after": frame.after}


def _kind_of(record: Record) -> AnswerKind:
    return TASKS[record.task].answer_kind(record.target)


def sample_data(number: int, record: Record, endpoint: Endpoint) -> dict[str, Any]:
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
        "rejected": _rejected(record, endpoint),
    }


def _rejected(record: Record, endpoint: Endpoint) -> dict[str, Any] | None:
    """What stands in the place of the answer that could not be read: what, by which rule, and where."""
    if record.outcome not in ("no_answer", "truncated") or not record.raw_response:
        return None
    kind = _kind_of(record)
    found = find_rejected_candidate(record.raw_response, kind, endpoint)
    if found is None:
        return None
    start = _place_after_cut(record.raw_response, found)
    return {"text": found.text, "source": found.source, "expected": kind.description, "start": start}


def _place_after_cut(text: str, found: Candidate) -> int | None:
    """Where a candidate begins in what the page carries of a text; None where that was left out."""
    if found.start is None:
        return None
    carried, start = _cut(text), found.start
    if carried != text and start + len(found.text) > _LONGEST // 2:
        start -= len(text) - len(carried)
        if start < len(carried) - _LONGEST // 2:
            return None
    # A script counts UTF-16 units.
    return len(carried[:start].encode("utf-16-le", "surrogatepass")) // 2


def _sample_facts(record: Record) -> str:
    facts = [
        record.answer_source and f"answer from: {record.answer_source}",
        record.finish_reason and f"finish reason: {record.finish_reason}",
        record.model and f"model: {record.model}",
        record.flaw and f"read in spite of {record.flaw}",
        record.latency_ms is not None and f"{record.latency_ms:,.0f} ms",
        record.prompt_tokens is not None and f"{record.prompt_tokens:,} prompt tokens",
        record.completion_tokens is not None and f"{record.completion_tokens:,} completion tokens",
        record.attempts > 1 and f"{record.attempts} attempts",
    ]
    return " · ".join(fact for fact in facts if fact)


@overload
def _cut(text: str) -> str: ...
@overload
def _cut(text: None) -> None: ...
def _cut(text: str | None) -> str | None:
    if text is None or len(text) <= _LONGEST:
        return text
    half = _LONGEST // 2
    return f"{text[:half]}\n… {len(text) - 2 * half:,} characters left out …\n{text[-half:]}"
