"""Guesses: every heuristic of a config against its rows."""

from collections.abc import Mapping, Sequence
from typing import Final

from synthlm_tasks.audit.heuristics import Heuristic
from synthlm_tasks.audit.registry import heuristics, task_audit
from synthlm_tasks.audit.results import Shortcut
from synthlm_tasks.audit.sample import Row
from synthlm_tasks.registry import mean_chance
from synthlm_tasks.rows.splits import Split

_SPLITS: Final = ("train", "test")
_COIN: Final = 0.5

# So many tosses of a coin are two points off its chance once in 15,000 times.
_MOST: Final = 10_000


def score_heuristics(config: str, splits: Mapping[Split, Sequence[Row]]) -> tuple[Shortcut, ...]:
    """What each heuristic gets right of train and of test.

    Where there are two answers, a heuristic that is more often wrong than right is turned round.
    """
    known = {split: _ParsedRows(splits[split][:_MOST]) for split in _SPLITS}
    found = []
    for heuristic in heuristics(config):
        for split, rows in known.items():
            right, count = rows.right(heuristic), rows.count
            inverted = rows.chance == _COIN and 2 * right < count
            found.append(
                Shortcut(
                    name=heuristic.name,
                    kind="partial" if heuristic.partial else "heuristic",
                    exploits=heuristic.exploits,
                    split=split,
                    correct=count - right if inverted else right,
                    total=count,
                    chance=rows.chance,
                    inverted=inverted,
                )
            )
    return tuple(found)


class _ParsedRows:
    """Rows with their problems read."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.count = len(rows)
        self.chance = mean_chance(rows)
        self._targets = [row["target"] for row in rows]
        self._problems = [task_audit(row["task"]).checks.parse(row["input_text"]) for row in rows]

    def right(self, heuristic: Heuristic) -> int:
        """How many rows the heuristic answers rightly."""
        pairs = zip(self._problems, self._targets, strict=True)
        return sum(heuristic.guess(problem) == target for problem, target in pairs)
