"""The metric `synthlm_accuracy` for Hugging Face evaluate."""

# The library reads these imports line by line and looks for each package: one on every line.
from collections.abc import Sequence
from typing import Any

import datasets
import evaluate

from eval_harness.endpoint.redaction import storable
from eval_harness.scoring.accuracy import MetricError, accuracy, common_length

_DESCRIPTION = """\
Accuracy on SynthLM's tasks with its 95% Wilson interval, by the extraction and scoring of `synthlm eval`."""

_CITATION = """\
@article{allenzhu2025physics,
  title   = {Physics of Language Models: Part 4.1, Architecture Design and the Magic of Canon Layers},
  author  = {Allen-Zhu, Zeyuan},
  year    = {2025},
  journal = {arXiv preprint arXiv:2512.17351}
}"""

_INPUTS = """
Args:
    predictions: raw replies of a model, or bare answers.
    references: the `target` column.
    tasks: the `task` column (optional, as a whole or in single rows: None).
    difficulties: the `difficulty` column (optional, likewise).
    endpoint: "chat" (default), or "completions", where the first line of a reply may be its answer.
Returns:
    accuracy, ci95, correct, total, no_answer (replies without an answer, which count as wrong),
    no_answer_share, and the same by_task and by_difficulty.
Examples:
    >>> metric = evaluate.load("synthlm_accuracy")
    >>> metric.compute(predictions=["So ANSWER: B", "C"], references=["B", "D"])["accuracy"]
    0.5
"""


class SynthLMAccuracy(evaluate.Metric):  # type: ignore[misc]  # evaluate is untyped
    """Scores replies or answers; tasks and difficulties may be left out."""

    def _info(self) -> evaluate.MetricInfo:
        columns = {
            "predictions": "string",
            "references": "string",
            "tasks": "string",
            "difficulties": "int64",
        }
        return evaluate.MetricInfo(
            description=_DESCRIPTION,
            citation=_CITATION,
            inputs_description=_INPUTS,
            features=datasets.Features({name: datasets.Value(kind) for name, kind in columns.items()}),
        )

    def compute(
        self,
        *,
        predictions: Sequence[str | None] | None = None,
        references: Sequence[str] | None = None,
        tasks: Sequence[str | None] | None = None,
        difficulties: Sequence[int | None] | None = None,
        endpoint: str = "chat",
    ) -> dict[str, Any] | None:
        """Score what is given, or what was added before."""
        columns = (predictions, references, tasks, difficulties)
        given = _complete(*columns) if any(column is not None for column in columns) else {}
        scores: dict[str, Any] | None = super().compute(**given, endpoint=endpoint)
        return scores

    def add_batch(
        self,
        *,
        predictions: Sequence[str | None] | None = None,
        references: Sequence[str] | None = None,
        tasks: Sequence[str | None] | None = None,
        difficulties: Sequence[int | None] | None = None,
    ) -> None:
        """Add rows to be scored."""
        super().add_batch(**_complete(predictions, references, tasks, difficulties))

    def add(
        self,
        *,
        prediction: str | None = None,
        reference: str | None = None,
        tasks: str | None = None,
        difficulties: int | None = None,
        task: str | None = None,
        difficulty: int | None = None,
        predictions: str | None = None,
        references: str | None = None,
    ) -> None:
        """Add one row to be scored, under the library's names or those of a single row.

        `evaluate.combine` calls with the plural ones.
        """
        reply = predictions if prediction is None else prediction
        target = references if reference is None else reference
        name = tasks if task is None else task
        level = difficulties if difficulty is None else difficulty
        if target is None:
            raise MetricError("reference: expected one")
        columns = _complete([reply], [target], [name], [level])
        row = {column: values[0] for column, values in columns.items()}
        super().add(prediction=row.pop("predictions"), reference=row.pop("references"), **row)

    def _compute(
        self,
        predictions: Sequence[str],
        references: Sequence[str],
        tasks: Sequence[str],
        difficulties: Sequence[int | None],
        endpoint: Any,  # noqa: ANN401  # what a caller gives is checked below
    ) -> dict[str, Any]:
        return accuracy(predictions, references, tasks, difficulties, endpoint)


def _complete(
    predictions: Sequence[str | None] | None,
    references: Sequence[str | None] | None,
    tasks: Sequence[str | None] | None,
    difficulties: Sequence[int | None] | None,
) -> dict[str, Any]:
    """All columns: the library wants each of them in every batch, with values of their types."""
    if predictions is None or references is None:
        raise MetricError("predictions and references: expected both")
    rows = common_length(
        {"predictions": predictions, "references": references, "tasks": tasks, "difficulties": difficulties}
    )
    return {
        "predictions": _texts("predictions", predictions),
        "references": _texts("references", references),
        "tasks": [""] * rows if tasks is None else _texts("tasks", tasks),
        "difficulties": [None] * rows if difficulties is None else list(difficulties),
    }


def _texts(name: str, column: Sequence[str | None]) -> list[str]:
    """A column that Arrow can hold: None as an empty text, halves of surrogate pairs as a run keeps them."""
    for row, text in enumerate(column):
        if text is not None and not isinstance(text, str):
            raise MetricError(f"{name}[{row}]={text!r}: expected a text")
    return [storable(text or "") for text in column]
