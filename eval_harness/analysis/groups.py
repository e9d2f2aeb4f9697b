"""Groups of records: families, the two axes of a family, cells over them, and counts."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Any, Final, TypeVar

from eval_harness.analysis.estimates import Interval, Samples, interval
from eval_harness.records import SCORED, Record
from synthlm_tasks.registry import TASKS, task_of
from synthlm_tasks.rows.presets import task_preset

MOST_VALUES: Final = 8
"""An axis with more values than this is shown in ranges,"""

_RANGES: Final = 6
"""of which there are this many."""

_Key = TypeVar("_Key", bound=Hashable)


@dataclass(frozen=True)
class GroupCounts:
    """Counts of some records; `accuracy` is None where nothing was scored."""

    records: int
    scored: int
    correct: int
    chance: float | None
    """Mean accuracy of guessing, over all records."""
    ci95: Interval | None
    """The interval that the summary gives such a cell, None where nothing was scored."""

    @property
    def accuracy(self) -> float | None:
        """Correct of scored."""
        return self.correct / self.scored if self.scored else None


def count_group(records: Sequence[Record]) -> GroupCounts:
    """Count records."""
    scored = [record for record in records if record.outcome in SCORED]
    chances = [chance for record in records if (chance := chance_of(record)) is not None]
    samples: Samples = {}
    for record in scored:
        count, correct = samples.get(record.sample_id, (0, 0))
        samples[record.sample_id] = (count + 1, correct + (record.is_correct is True))
    return GroupCounts(
        len(records),
        len(scored),
        sum(correct for _, correct in samples.values()),
        fsum(chances) / len(chances) if chances else None,
        interval(samples),
    )


def chance_of(record: Record) -> float | None:
    """The accuracy of guessing at this sample; None for a task this version does not know."""
    if record.task not in TASKS:
        return None
    return task_of(record.task, record.sample_id).chance(record.metadata)


def outcome_of(record: Record) -> str:
    """How a sample ended, right and wrong told apart: "correct", "wrong", or its outcome."""
    if record.outcome != "ok":
        return record.outcome
    return "correct" if record.is_correct else "wrong"


def count_outcomes(records: Iterable[Record]) -> Counter[str]:
    """How many samples ended how."""
    return Counter(map(outcome_of, records))


def family_of(record: Record) -> str:
    """The config family that a sample's id names, e.g. "filtro-shared_3_test_0" → "filtro-shared"."""
    parts = record.sample_id.rsplit("_", 3)
    return parts[0] if len(parts) == 4 and parts[0] else record.task


def group_by(records: Iterable[Record], keys: Iterable[_Key]) -> dict[_Key, list[Record]]:
    """Records by key, in the order of the keys."""
    groups: dict[_Key, list[Record]] = {}
    for key, record in zip(keys, records, strict=True):
        groups.setdefault(key, []).append(record)
    return dict(sorted(groups.items()))


def by_family(records: Sequence[Record]) -> dict[str, list[Record]]:
    """Records by config family, the registry's tasks in their order."""
    order = {name: place for place, name in enumerate(TASKS)}
    groups = group_by(records, [family_of(record) for record in records])
    return dict(sorted(groups.items(), key=lambda item: (order.get(item[1][0].task, len(order)), item[0])))


def by_level(records: Sequence[Record]) -> dict[int, list[Record]]:
    """Records by difficulty."""
    return group_by(records, [record.difficulty for record in records])


def heat_map_axes(family: str, records: Sequence[Record]) -> tuple[str, ...]:
    """The axes a family's heat map is drawn over: those its task's grid crosses, else its first two.

    Only axes that the metadata of every record holds as numbers count; one that never changes is left out
    where another does. One name means a strip, none that there is nothing to draw.
    """
    task = records[0].task
    held = [axis for axis in _axes(task, family) if all(_number(record.metadata, axis) for record in records)]
    varying = [axis for axis in held if len({record.metadata[axis] for record in records}) > 1]
    grid = task_preset(task).grid if task in TASKS else {}
    crossed = [axis for axis, values in grid.items() if len(values) > 1 and axis in held]
    return tuple(crossed if len(crossed) == 2 else (varying or held)[:2])


def _axes(task: str, family: str) -> list[str]:
    if task not in TASKS:
        return []
    return [axis.name for axis in TASKS[task].of_variant(family.removeprefix(f"{task}-")).axes]


def _number(metadata: Mapping[str, Any], axis: str) -> bool:
    value = metadata.get(axis)
    return isinstance(value, (int, float)) and not isinstance(value, bool)


@dataclass(frozen=True)
class Span:
    """A range of an axis, ends included."""

    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.low:g}" if self.low == self.high else f"{self.low:g}–{self.high:g}"


def spans(values: Iterable[float]) -> list[Span]:
    """Ranges that cover the values, about equally wide; the values themselves where few differ.

    e.g. 5, 6, 7 → 5, 6, 7; 5 … 50 → 5–12, 13–19, …
    """
    distinct = sorted(set(values))
    if len(distinct) <= MOST_VALUES:
        return [Span(value, value) for value in distinct]
    width = (distinct[-1] - distinct[0]) / _RANGES
    places = [min(int((value - distinct[0]) / width), _RANGES - 1) for value in distinct]
    members = [[value for value, at in zip(distinct, places, strict=True) if at == n] for n in range(_RANGES)]
    return [Span(held[0], held[-1]) for held in members if held]


@dataclass(frozen=True)
class HeatMap:
    """A heat map: `cells[y][x]` counts the records in rows[y] and columns[x]; None where there are none."""

    axes: tuple[str, str]
    columns: list[Span]
    rows: list[Span]
    cells: list[list[GroupCounts | None]]


def heat_map(family: str, records: Sequence[Record]) -> HeatMap | None:
    """Accuracy over the two axes of a family (x the first, y the second); None where it has no axis."""
    names = heat_map_axes(family, records)
    if not names:
        return None
    across, up = (names[0], names[1] if len(names) > 1 else "")
    columns = spans(record.metadata[across] for record in records)
    rows = spans(record.metadata[up] for record in records) if up else [Span(0, 0)]
    held: dict[tuple[int, int], list[Record]] = {}
    for record in records:
        place = _place(rows, record.metadata[up]) if up else 0
        held.setdefault((place, _place(columns, record.metadata[across])), []).append(record)
    cells = [
        [count_group(held[y, x]) if (y, x) in held else None for x in range(len(columns))]
        for y in range(len(rows))
    ]
    return HeatMap((across, up), columns, rows, cells)


def _place(ranges: Sequence[Span], value: float) -> int:
    return next(place for place, span in enumerate(ranges) if value <= span.high)
