"""Shortcuts: what the audit's cheap tricks reach on the rows that models are scored on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from eval_harness.architectures.spec import Evaluation
from synthlm_tasks.audit.measures.guesses import score_heuristics
from synthlm_tasks.audit.published import load_summary
from synthlm_tasks.catalog import components, configs, plan
from synthlm_tasks.errors import SynthLMError
from synthlm_tasks.options import default_options
from synthlm_tasks.version import DATASET_VERSION

_ROWS: Final = 1000
"""Rows to guess on where the audit has not published what its tricks reach."""


@dataclass(frozen=True)
class Shortcut:
    """The best trick that leaves the work undone, and its accuracy."""

    name: str
    accuracy: float


def best_shortcut(evaluation: Evaluation, dataset_version: str) -> Shortcut | None:
    """The best shortcut on an evaluation: published for a named config, tried out for other axes.

    None for rows of another dataset version than is installed, and where no trick beats another.
    """
    if dataset_version != DATASET_VERSION:
        return None
    published = load_summary()
    if not evaluation.axes and published.dataset_version == dataset_version:
        kinds = published.best.get(evaluation.config, {})
        tried = [kinds[kind] for kind in ("heuristic", "learned") if kind in kinds]
        if tried:
            best = max(tried, key=lambda found: found.accuracy)
            return Shortcut(best.name, best.accuracy)
    return _try_out(evaluation.model_copy(update={"name": ""}).model_dump_json())


@cache
def _try_out(evaluation: str) -> Shortcut | None:
    """The best heuristic on rows of an evaluation, given as JSON, with the first query alone."""
    wanted = Evaluation.model_validate_json(evaluation)
    config = configs()[wanted.config]
    if len({part.task for part in config.parts}) > 1:
        return None  # the audit judges one task at a time
    axes: Mapping[str, object] = wanted.axes
    if any(axis.name == "num_queries" for part in config.parts for axis in part.task.axes):
        axes = {**wanted.axes, "num_queries": 1}  # such a row is the beginning of one with more
    options = replace(default_options(), num_samples=4 * _ROWS, split_ratios=(0.5, 0.25, 0.25))
    try:
        components(wanted.config, axes, options.curriculum_weights)
        splits = plan(wanted.config, options, axes)
    except SynthLMError:
        return None
    rows = {
        split: [row for table in mixture.tables() for row in table.to_pylist()]
        for split, mixture in splits.items()
    }
    if "test" not in rows:
        return None
    tried = score_heuristics(wanted.config, {"train": rows["test"], "test": rows["test"]})
    guesses = [found for found in tried if found.kind == "heuristic" and found.split == "test"]
    best = max(guesses, key=lambda found: found.correct, default=None)
    return Shortcut(best.name, best.correct / best.total) if best else None
