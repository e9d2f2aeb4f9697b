"""Accuracies of predictions that are at hand: what the metric computes, by the harness's own scoring."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from eval_harness.endpoint.settings import Endpoint
from eval_harness.errors import HarnessError
from eval_harness.scoring.extraction import extract
from eval_harness.statistics import wilson
from synthlm_tasks.registry import TASKS
from synthlm_tasks.rows.answers import AnswerKind

ENDPOINTS: Final = ("chat", "completions")


class MetricError(HarnessError, ValueError):
    """What is to be scored does not fit together; the message names the column and the row."""


def accuracy(
    predictions: Sequence[str | None],
    references: Sequence[str],
    tasks: Sequence[str | None] | None = None,
    difficulties: Sequence[int | None] | None = None,
    endpoint: Endpoint = "chat",
) -> dict[str, Any]:
    """Score predictions (raw replies or bare answers; None is an empty reply) against references.

    Returns accuracy, ci95 (Wilson), correct, total, no_answer (a count) and no_answer_share, and the same
    by_task (each with its by_difficulty) and by_difficulty, of the rows where these are given (None or "" is
    none). `endpoint` tells how a reply without a marker is read. Raises MetricError.
    """
    if endpoint not in ENDPOINTS:
        raise MetricError(f"endpoint={endpoint!r}: expected one of {', '.join(ENDPOINTS)}")
    rows = common_length(
        {"predictions": predictions, "references": references, "tasks": tasks, "difficulties": difficulties}
    )
    task_of = [task or None for task in tasks] if tasks is not None else [None] * rows
    levels = difficulties if difficulties is not None else [None] * rows
    level_of = [None if level is None else str(level) for level in levels]
    outcomes = [
        _outcome(_text(row, prediction), _kinds(row, reference, task), reference, endpoint)
        for row, (prediction, reference, task) in enumerate(
            zip(predictions, references, task_of, strict=True)
        )
    ]
    return {
        **_figures(outcomes),
        "by_task": {
            task: _figures(part) | {"by_difficulty": _split(part, levels)}
            for task, part, levels in _parts(outcomes, task_of, level_of)
        },
        "by_difficulty": _split(outcomes, level_of),
    }


def common_length(columns: Mapping[str, Sequence[object] | None]) -> int:
    """How many rows the columns have that are given; raises MetricError where they do not agree."""
    lengths = {name: len(column) for name, column in columns.items() if column is not None}
    if len(set(lengths.values())) > 1:
        named = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise MetricError(f"columns of unequal lengths: {named}")
    return next(iter(lengths.values()), 0)


def _kinds(row: int, reference: str, task: str | None) -> list[AnswerKind]:
    """The kinds of answer that the reference may be; of a known task there is one."""
    if task is not None and task not in TASKS:
        raise MetricError(f"tasks[{row}]={task!r}: expected one of {', '.join(TASKS)}")
    classes = TASKS.values() if task is None else [TASKS[task]]
    answers = [kind for known in classes for kind in known.answers] if isinstance(reference, str) else []
    kinds = [kind for kind in answers if kind.canonical(reference) == reference]
    if not kinds:
        allowed = "; or ".join(dict.fromkeys(kind.description for known in classes for kind in known.answers))
        raise MetricError(f"references[{row}]={reference!r}: expected {allowed}")
    return kinds


def _text(row: int, prediction: object) -> str:
    if prediction is not None and not isinstance(prediction, str):
        raise MetricError(f"predictions[{row}]={prediction!r}: expected a text, or None for an empty reply")
    return prediction or ""


def _outcome(prediction: str, kinds: Iterable[AnswerKind], reference: str, endpoint: Endpoint) -> str:
    answers = [extract(prediction, kind, endpoint)[0] for kind in kinds]
    if reference in answers:
        return "correct"
    return "wrong" if any(answer is not None for answer in answers) else "no_answer"


def _figures(outcomes: Sequence[str]) -> dict[str, Any]:
    total, count = len(outcomes), Counter(outcomes)
    interval = wilson(count["correct"], total)
    return {
        "accuracy": count["correct"] / total if total else None,
        "ci95": list(interval) if interval else None,
        "correct": count["correct"],
        "total": total,
        "no_answer": count["no_answer"],
        "no_answer_share": count["no_answer"] / total if total else None,
    }


def _split(outcomes: Sequence[str], levels: Sequence[str | None]) -> dict[str, Any]:
    return {level: _figures(part) for level, part, _ in sorted(_parts(outcomes, levels, levels))}


def _parts(
    outcomes: Sequence[str], groups: Sequence[str | None], levels: Sequence[str | None]
) -> list[tuple[str, list[str], list[str | None]]]:
    """Outcomes and levels of every group, in order of appearance; rows without a group in none."""
    parts: dict[str, tuple[list[str], list[str | None]]] = {}
    for outcome, group, level in zip(outcomes, groups, levels, strict=True):
        if group is not None:
            part = parts.setdefault(group, ([], []))
            part[0].append(outcome)
            part[1].append(level)
    return [(group, *part) for group, part in parts.items()]
