"""Training problems that stay as hard as the model can take: up and down a task's axes by its success."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from eval_harness.plugins.questions import PluginError
from eval_harness.plugins.reward import training_rows
from synthlm_tasks.errors import ParameterError
from synthlm_tasks.registry import TASKS
from synthlm_tasks.rows.axes import IntAxis
from synthlm_tasks.rows.presets import LEVELS, task_preset
from synthlm_tasks.rows.recipes import level_recipe

Step: TypeAlias = Mapping[str, Any]
"""Values of axes, e.g. {"state_size": 8, "num_ops": 12}."""
Report: TypeAlias = tuple[int, int, float]
"""Rows that were drawn, attempts at them, and how many of the attempts were right."""

_STEPS: Final = 16


def make_ladder(task: str, steps: int = _STEPS) -> list[dict[str, Any]]:
    """From the smallest problems of a task to those of its hard preset: `steps` at most, no two alike.

    Each axis of whole numbers or ratios that the presets set goes evenly from its lowest value to the hard
    preset's highest; other axes are those of the hard preset. What does not fit together is left out.
    """
    hard = task_preset(task).level(LEVELS["hard"])
    moving = [axis for axis in TASKS[task].axes if isinstance(axis, IntAxis) and axis.name in hard]
    tops = {axis.name: max(axis.parse(hard[axis.name])) for axis in moving}
    ladder: list[dict[str, Any]] = []
    for number in range(steps):
        share = number / max(steps - 1, 1)
        step = {
            axis.name: axis.value(round(axis.low + share * (tops[axis.name] - axis.low))) for axis in moving
        }
        if step not in ladder and _fits(task, step):
            ladder.append(step)
    return ladder


def _fits(task: str, step: Step) -> bool:
    try:
        level_recipe(TASKS[task], task, LEVELS["hard"], step)
    except ParameterError:
        return False
    return True


@dataclass(frozen=True)
class _Place:
    step: int
    drawn: Mapping[int, int]
    """Rows drawn of each step so far."""


class AdaptiveLevels:
    """A sampler that climbs and descends a ladder of axis values to hold the success rate in a band.

    After `window` attempts at a step, a success rate above the band leads one step up, one below it one step
    down; then counting begins anew. Where it stands, and which rows come next, follows from `history` alone:
    save that list, and a sampler made with it goes on where the other stopped. No row comes twice.
    """

    def __init__(
        self,
        task: str,
        ladder: Sequence[Step] | None = None,
        *,
        band: tuple[float, float] = (0.3, 0.8),
        window: int = 64,
        first: int = 0,
        history: Iterable[Sequence[float]] = (),
        **given: object,
    ) -> None:
        """Start at step `first` of the ladder (`make_ladder` by default) and follow the history.

        `given` are settings of `training_rows` such as `mode`, `seed` and `endpoint`. Raises PluginError.
        """
        if task not in TASKS:
            raise PluginError(f"task={task!r}: expected one of {', '.join(TASKS)}")
        self.task = task
        self.ladder = [dict(step) for step in (make_ladder(task) if ladder is None else ladder)]
        if not self.ladder or not 0 <= first < len(self.ladder):
            raise PluginError(f"first={first!r}: expected a step of the ladder, 0 to {len(self.ladder) - 1}")
        if not 0 <= band[0] <= band[1] <= 1:
            raise PluginError(f"band={band!r}: expected (lowest, highest) success rates within 0 and 1")
        if window < 1:
            raise PluginError(f"window={window!r}: expected a whole number of at least 1")
        self.band, self.window, self.first = band, window, first
        self.history: list[Report] = []
        """What was recorded: all that the sampler knows. Saved and given again, it goes on there."""
        self._given: dict[str, Any] = given
        for rows, attempts, correct in history:
            self.record(correct, int(attempts), rows=int(rows))

    @property
    def step(self) -> int:
        """Where on the ladder the next rows come from."""
        return self._place().step

    def draw(self, samples: int) -> list[dict[str, Any]]:
        """The next rows, as of `training_rows`; the same ones until `record` tells how they went."""
        place = self._place()
        return training_rows(
            self.task,
            "hard",
            samples=samples,
            start=place.drawn.get(place.step, 0),
            axes=self.ladder[place.step],
            **self._given,
        )

    def record(self, correct: float, attempts: int, rows: int | None = None) -> None:
        """Tell how the drawn rows went: e.g. 8 `rows` tried 4 times each are 32 `attempts`.

        `rows` is `attempts` by default: each row was tried once. Raises PluginError.
        """
        drawn = attempts if rows is None else rows
        if not 0 <= correct <= attempts or not 0 <= drawn <= attempts:
            told = f"correct={correct!r}, attempts={attempts!r}, rows={drawn!r}"
            raise PluginError(f"{told}: expected 0 ≤ correct ≤ attempts and 0 ≤ rows ≤ attempts")
        self.history.append((drawn, attempts, correct))

    def _place(self) -> _Place:
        """The history, followed from its beginning."""
        step, tried, right = self.first, 0, 0.0
        drawn: dict[int, int] = {}
        for rows, attempts, correct in self.history:
            drawn[step] = drawn.get(step, 0) + rows
            tried, right = tried + attempts, right + correct
            if tried < self.window:
                continue
            share = right / tried
            moved = step + (share > self.band[1]) - (share < self.band[0])
            step, tried, right = min(max(moved, 0), len(self.ladder) - 1), 0, 0.0
        return _Place(step, drawn)
