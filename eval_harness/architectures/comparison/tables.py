"""The numbers of a comparison as Markdown and CSV."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from typing import Final

from eval_harness.architectures.comparison.cells import THRESHOLDS, Cell
from eval_harness.architectures.comparison.predictions import predictions_table
from eval_harness.architectures.comparison.ranks import Correlation, correlations
from eval_harness.architectures.comparison.results import Results
from eval_harness.architectures.comparison.shortcuts import best_shortcut
from eval_harness.report.scales import format_percent
from synthlm_tasks.curriculum.amounts import format_amount

_CSV: Final = (
    "training", "control", "evaluation", "config", "axes", "model", "architecture", "size", "optimizer",
    "convolution", "ffn", "lr", "seed", "accuracy", "n", "chance", "scaled", "low", "high", "shortcut",
    *(f"tokens_to_{threshold:g}" for threshold in THRESHOLDS),
    "tokens", "parameters", "state_size", "seconds", "tokens_per_second", "kernels",
)  # fmt: skip


def csv_table(results: Results) -> str:
    """A line for each seed of each model on each evaluation, at the chosen learning rate."""
    sink = io.StringIO()
    writer = csv.DictWriter(sink, _CSV, lineterminator="\n")
    writer.writeheader()
    for line in _csv_lines(results):
        writer.writerow(line)
    return sink.getvalue()


def _csv_lines(results: Results) -> Iterator[dict[str, object]]:
    for training in results.trainings:
        for evaluation in results.evaluations(training):
            shortcut = best_shortcut(evaluation, results.rows[0].dataset_version)
            for cell in results.cells(training, evaluation):
                group = next(group for group in results.of(training) if group.model == cell.model)
                for row, seed in zip(group.chosen, cell.seeds, strict=True):
                    low, high = seed.interval
                    reached = {f"tokens_to_{at:g}": tokens for at, tokens in seed.reached.items()}
                    yield {
                        "training": training, "control": group.control, "evaluation": evaluation.name,
                        "config": evaluation.config, "axes": json.dumps(evaluation.axes),
                        "model": results.names[cell.model], "architecture": cell.model.architecture,
                        "size": cell.model.size, "optimizer": cell.model.optimizer,
                        "convolution": cell.model.convolution, "ffn": cell.model.ffn, "lr": cell.lr,
                        "seed": seed.seed, "accuracy": seed.score.accuracy, "n": seed.score.n,
                        "chance": round(seed.score.chance, 6), "scaled": round(seed.scaled, 6),
                        "low": round(low, 6), "high": round(high, 6),
                        "shortcut": round(shortcut.accuracy, 6) if shortcut else None, **reached,
                        "tokens": row.spec.tokens, "parameters": row.result.parameters,
                        "state_size": row.result.state_size, "seconds": round(row.result.seconds, 1),
                        "tokens_per_second": round(row.result.tokens_per_second),
                        "kernels": row.result.kernels,
                    }  # fmt: skip


HEADS: Final = (
    "model", "accuracy", "scaled", "MAD", "interval", "seeds", "lr",
    *(f"tokens to {threshold:.0%}" for threshold in THRESHOLDS), "parameters", "state", "time",
)  # fmt: skip


def cell_row(results: Results, cell: Cell) -> list[str]:
    """A cell in words, a column a head."""
    group = next(group for group in results.of(cell.training) if group.model == cell.model)
    low, high = cell.interval
    found = group.chosen[0].result
    failed = f" ({len(group.failed)} failed)" if group.failed else ""
    seconds = sorted(row.result.seconds for row in group.chosen)[len(group.chosen) // 2]
    return [
        results.names[cell.model],
        format_percent(cell.accuracy),
        format_percent(cell.median),
        format_percent(cell.spread) if len(cell.seeds) > 1 else "—",
        f"{format_percent(low, 0)} to {format_percent(high, 0)}",
        f"{len(cell.seeds)}{failed}",
        f"{cell.lr:g}",
        *(_tokens(cell.tokens_to(threshold)) for threshold in THRESHOLDS),
        f"{found.parameters:,}",
        f"{found.state_size:,}",
        f"{seconds / 60:.1f} min",
    ]


def _tokens(tokens: int | None) -> str:
    return "—" if tokens is None else format_amount(tokens)


def facts(results: Results) -> str:
    """How much there is, e.g. "12 runs, dataset version 2.0.0."."""
    done = sum(not found.failed for found in results.rows)
    versions = ", ".join(sorted({found.dataset_version for found in results.rows}))
    words = f"{done} runs, dataset version {versions}."
    if results.repeated:
        words += f" Of {results.repeated} the tables have different scores: the first table's count."
    return words


def floor_words(results: Results, cells: Sequence[Cell]) -> str:
    """What needs no learning: chance and the best shortcut, e.g. "chance 20.0%, best shortcut 42.0% (…)"."""
    shortcut = best_shortcut(cells[0].evaluation, results.rows[0].dataset_version)
    words = f"chance {format_percent(cells[0].chance)}"
    return words + (
        f", best shortcut {format_percent(shortcut.accuracy)} ({shortcut.name})" if shortcut else ""
    )


def correlation_row(one: Correlation) -> list[str]:
    """Two trainings, and how alike they order the models."""
    return [f"{one.first}, {one.second}", str(one.models), f"{one.spearman:z.2f}", f"{one.kendall:z.2f}"]


def markdown(results: Results) -> str:
    """Everything as Markdown: facts, predictions, each training's evaluations, correlations."""
    parts = [facts(results), "## Predictions", predictions_table(results)]
    for training in results.trainings:
        parts.append(f"## {training}{' (control)' if results.is_control(training) else ''}")
        for evaluation in results.evaluations(training):
            if cells := results.cells(training, evaluation):
                rows = [cell_row(results, cell) for cell in cells]
                parts += [f"**{evaluation.name}**: {floor_words(results, cells)}", _table(HEADS, rows)]
    if found := correlations(results):
        rows = [correlation_row(one) for one in found]
        heads = ("trainings", "models", "Spearman's ρ", "Kendall's τ")
        parts += ["## Are models ordered alike?", _table(heads, rows)]
    return "\n\n".join(parts) + "\n"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] + ["---:"] * (len(heads) - 1), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
