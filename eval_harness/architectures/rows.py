"""Rows to score on, as tokens: those that `load_dataset` gives, with one query each."""

import json
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from eval_harness.architectures.spec import Evaluation
from eval_harness.architectures.words import Words
from eval_harness.errors import SettingsError
from synthlm_tasks.catalog import configs, plan
from synthlm_tasks.options import check_options, default_options
from synthlm_tasks.registry import TASKS, mean_chance
from synthlm_tasks.rows.task import NUM_QUERIES

_SPARE: Final = 1.1
"""Rows planned beyond those asked for: shares of levels are rounded."""


@dataclass(frozen=True, eq=False)
class Rows:
    """r rows of at most n tokens: bos, prompt, answer and eos, padded behind."""

    tokens: NDArray[np.int64]
    """(r, n)."""
    prompts: NDArray[np.int64]
    """Tokens before each answer (r,)."""
    answers: NDArray[np.int64]
    """Tokens of each answer, eos not among them (r,)."""
    axes: list[dict[str, str]]
    """The difficulty of each row: axis → value as JSON (r)."""
    chance: float

    def __len__(self) -> int:
        return len(self.tokens)

    def first(self, count: int) -> "Rows":
        """The first `count` rows."""
        return Rows(
            self.tokens[:count], self.prompts[:count], self.answers[:count], self.axes[:count], self.chance
        )


def load_rows(evaluation: Evaluation, words: Words) -> Rows:
    """The first rows of a held-out split, of the stock seed; fewer where the split has fewer.

    Every problem is asked its first query alone, whatever `num_queries` says: no answer can help then. Raises
    ParameterError for what a config does not know, SettingsError for a split without rows.
    """
    stock = default_options()
    share = stock.split_ratios[1 if evaluation.split == "validation" else 2]
    number = max(stock.num_samples, round(evaluation.samples * _SPARE / share))
    options = check_options({**vars(stock), "num_samples": number})
    splits = plan(evaluation.config, options, _one_query(evaluation))
    if evaluation.split not in splits:
        raise SettingsError(
            f"evaluation {evaluation.name!r}: {evaluation.config} has no {evaluation.split} rows"
        )
    found: list[dict[str, Any]] = []
    for table in splits[evaluation.split].tables_from(0):
        found += table.slice(0, evaluation.samples - len(found)).to_pylist()
        if len(found) == evaluation.samples:
            break
    return _encode(found, words)


def _one_query(evaluation: Evaluation) -> dict[str, Any]:
    """The evaluation's axes, and one query where the config's tasks know more."""
    config = configs().get(evaluation.config)
    several = config is not None and all(NUM_QUERIES in part.task.axes for part in config.parts)
    return {**evaluation.axes, NUM_QUERIES.name: 1} if several else evaluation.axes


def _encode(found: list[dict[str, Any]], words: Words) -> Rows:
    prompts = words.encode([row["input_text"] for row in found])
    wholes = words.encode([f"{row['input_text']} {row['target']}" for row in found])
    bos, eos = words.number("bos_token"), words.number("eos_token")
    tokens = np.full((len(found), max(map(len, wholes)) + 2), words.number("pad_token"), np.int64)
    for place, ids in enumerate(wholes):
        tokens[place, : len(ids) + 2] = [bos, *ids, eos]
    before = np.array([len(ids) for ids in prompts], np.int64)
    return Rows(
        tokens=tokens,
        prompts=before + 1,
        answers=np.array([len(ids) for ids in wholes], np.int64) - before,
        axes=[_difficulty(row) for row in found],
        chance=mean_chance(found),
    )


def _difficulty(row: dict[str, Any]) -> dict[str, str]:
    """The axes that a row's metadata tells of, but for the number of queries, which is 1."""
    metadata = json.loads(row["metadata"])
    names = [axis.name for axis in TASKS[row["task"]].axes if axis.name != NUM_QUERIES.name]
    return {name: json.dumps(metadata[name]) for name in names if name in metadata}
