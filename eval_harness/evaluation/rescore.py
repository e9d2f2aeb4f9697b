"""Reading a finished run's replies again with the extraction of today. Replies themselves never change."""

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from eval_harness.analysis.counts import count_journal
from eval_harness.analysis.summary import NAME as SUMMARY
from eval_harness.analysis.summary import summarize
from eval_harness.endpoint.answers.overflow import is_overflow
from eval_harness.endpoint.replies import broken_off
from eval_harness.records import SCORED, Record, Reply
from eval_harness.runs.journal import NAME, Lock, read_records
from eval_harness.runs.manifest import Manifest, read_manifest, write_json
from eval_harness.runs.plan import Plan
from eval_harness.scoring.extraction import EXTRACTION_VERSION
from eval_harness.scoring.verdicts import judge
from synthlm_tasks.registry import TASKS


@dataclass(frozen=True)
class Change:
    """A record before and after."""

    before: Record
    after: Record


@dataclass(frozen=True)
class RescoreResult:
    """What rescoring a run did."""

    read: int
    """Records with a reply."""
    changes: tuple[Change, ...]
    before: dict[str, Any]
    """The summaries."""
    after: dict[str, Any]
    kept: Path | None
    """Where the journal as it was lies; None where nothing changed."""

    @property
    def moves(self) -> Counter[tuple[str, str]]:
        """How many records went from one outcome to another; "wrong" and "correct" are told apart."""
        return Counter(
            (_outcome_label(change.before), _outcome_label(change.after)) for change in self.changes
        )


def rescore(folder: Path) -> RescoreResult:
    """Judge every reply of a run again and rewrite its journal and summary where anything changed.

    The journal as it was is kept beside the new one, which replaces it in one step. Raises SettingsError
    where the folder is no run, and DirectoryBusyError while another process is at work on it.
    """
    manifest = read_manifest(folder)
    with Lock(folder):
        draft = folder / f".{NAME}.draft"
        before = summarize(manifest, count_journal(folder, manifest))
        changes, replies = [], 0
        with draft.open("wb") as file:
            for record, judged in _rejudge_all(folder, manifest):
                file.write(judged.line())
                replies += record.raw_response is not None
                if judged != record:
                    changes.append(Change(record, judged))
            file.flush()
            os.fsync(file.fileno())
        manifest = manifest.model_copy(update={"extraction_version": EXTRACTION_VERSION})
        if not changes:
            draft.unlink()
            manifest.write(folder)
            return RescoreResult(replies, (), before, before, None)
        kept = _free_name(folder)
        # A second name for the old file first: at no moment is there no journal, or none of the old one.
        _keep(folder / NAME, kept)
        draft.replace(folder / NAME)
        manifest.write(folder)
        after = summarize(manifest, count_journal(folder, manifest))
        write_json(folder / SUMMARY, after)
        return RescoreResult(replies, tuple(changes), before, after, kept)


def _rejudge_all(folder: Path, manifest: Manifest) -> Iterator[tuple[Record, Record]]:
    plan = Plan(manifest)
    for record in read_records(folder):
        yield record, rejudge(record, manifest) if plan.holds(record) else record


def rejudge(record: Record, manifest: Manifest) -> Record:
    """A record with the verdict of today on its reply; the same where there is no reply to read.

    A refusal that the endpoint stated stays one: its text is not part of a record. What was broken off
    becomes an error, which is owed, and an error that says that the sample is too long becomes final.
    """
    if record.outcome == "error" and is_overflow(record.error or ""):
        return replace(record, outcome="too_long")
    if record.outcome not in SCORED or record.raw_response is None or record.task not in TASKS:
        return record
    if record.outcome == "refused":
        return record
    if fault := broken_off(record.finish_reason, record.raw_response):
        return replace(
            record, outcome="error", error=fault, extracted_answer=None, answer_source=None, is_correct=None
        )
    reply = Reply(
        content=record.raw_response,
        reasoning=record.reasoning or "",
        refusal="",
        finish_reason=record.finish_reason,
        model=None,
        prompt_tokens=record.prompt_tokens,
        completion_tokens=record.completion_tokens,
        latency_ms=record.latency_ms or 0.0,
        attempts=record.attempts,
    )
    kind = TASKS[record.task].answer_kind(record.target)
    verdict = judge(reply, record.target, kind, manifest.settings.endpoint)
    return replace(
        record,
        outcome=verdict.outcome,
        extracted_answer=verdict.extracted_answer,
        answer_source=verdict.source,
        is_correct=verdict.is_correct,
    )


_KEPT: Final = "results.before-rescore-{}.jsonl"


def _free_name(folder: Path) -> Path:
    number = 1
    while (folder / _KEPT.format(number)).exists():
        number += 1
    return folder / _KEPT.format(number)


def _keep(journal: Path, kept: Path) -> None:
    """Give a file a second name, or a copy where its file system knows one name a file."""
    try:
        kept.hardlink_to(journal)
    except OSError:
        shutil.copy2(journal, kept)


def _outcome_label(record: Record) -> str:
    return record.outcome if record.outcome != "ok" else "correct" if record.is_correct else "wrong"
