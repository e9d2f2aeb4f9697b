"""Logs of inspect_ai as runs of ours, so that `synthlm compare` and `report` read them."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from inspect_ai.log import EvalLog, EvalSample, read_eval_log

from eval_harness.analysis.runs import LoadedRun, RunError, gather_run
from eval_harness.plugins.inspect_tasks.scoring import split_content
from eval_harness.plugins.inspect_tasks.tasks import METADATA
from eval_harness.plugins.questions import Questions
from eval_harness.records import Record
from eval_harness.runs.manifest import new_manifest
from eval_harness.runs.samples import limit_cells
from eval_harness.runs.settings import RunSettings
from synthlm_tasks.version import DATASET_VERSION

_SCORER = "verdict"


def load_log(path: Path) -> LoadedRun:
    """Read a log of one of our tasks, `.eval` or `.json`; raises RunError where it is none.

    What was to be asked and is not in the log counts as pending; latencies are those that the provider tells.
    """
    try:
        log = read_eval_log(str(path))
    except (ValueError, KeyError, OSError) as error:
        raise RunError(f"{path}: no log of inspect_ai ({' '.join(str(error).split())[:200]})") from error
    kept = (log.eval.metadata or {}).get(METADATA)
    if kept is None:
        raise RunError(f"{path}: a log of {log.eval.task}, expected one of synthlm/dyna, synthlm/config …")
    if kept["dataset_version"] != DATASET_VERSION:
        raise RunError(
            f"{path}: its samples are of dataset version {kept['dataset_version']}, "
            f"this is {DATASET_VERSION}: their digests cannot be told"
        )
    settings = _settings_of(log, kept["settings"])
    cells = limit_cells(Questions(settings).cells, settings.limit)
    manifest = new_manifest(path.stem, settings, cells).model_copy(
        update={"extraction_version": kept["extraction_version"]}
    )
    return gather_run(path, manifest, _records_of(log))


def _settings_of(log: EvalLog, kept: Mapping[str, Any]) -> RunSettings:
    """The settings as far as they are the task's, the rest as inspect_ai was told."""
    config, limit = log.plan.config, log.eval.config.limit
    told = {
        "model": log.eval.model,
        "base_url": log.eval.model_base_url or "inspect_ai",
        "max_tokens": config.max_tokens,
        "temperature": config.temperature,
        "request_seed": config.seed,
        "epochs": log.eval.config.epochs,
        "limit": limit if isinstance(limit, int) else None,
    }
    chosen = {name: value for name, value in told.items() if value is not None}
    return RunSettings.model_validate({**kept, **chosen})


def _records_of(log: EvalLog) -> Iterator[Record]:
    for sample in log.samples or ():
        yield _record_of(sample)


def _record_of(sample: EvalSample) -> Record:
    meta, output = sample.metadata, sample.output
    score = (sample.scores or {}).get(_SCORER)
    common: dict[str, Any] = {
        "sample_id": str(sample.id),
        "epoch": sample.epoch - 1,
        "config": meta["config"],
        "task": meta["task"],
        "difficulty": meta["difficulty"],
        "input_text": meta["input_text"],
        "target": sample.target,
        "attempts": 1 + len(sample.error_retries or ()),
        "timestamp": str(sample.completed_at or ""),
        "metadata": meta["parameters"],
    }
    if sample.error or score is None:
        return Record(**common, outcome="error", error=sample.error.message if sample.error else "not scored")
    found, parts, usage = score.metadata or {}, split_content(output), output.usage
    return Record(
        **common,
        outcome=found["outcome"],
        raw_response=parts["content"] or parts["refusal"],
        reasoning=parts["reasoning"],
        extracted_answer=score.answer,
        answer_source=found["source"],
        is_correct=score.value == "C",
        latency_ms=1000 * (output.time or sample.working_time or 0.0),
        prompt_tokens=usage.input_tokens if usage else None,
        completion_tokens=usage.output_tokens if usage else None,
        finish_reason=output.choices[0].stop_reason if output.choices else None,
        model=output.model or None,
    )
