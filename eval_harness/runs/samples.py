"""Samples: the fixed sequence of questions of each cell, made fresh by seed or read from a dataset.

A cell is what is scored by itself: one config, task and level. Its samples are the first rows of a sequence
that depends on nothing but dataset version, seed and config, so any subset of cells and any smaller number
of samples is a prefix of a larger run.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from types import MappingProxyType
from typing import Final, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from eval_harness.records import Sample
from eval_harness.runs.settings import RunSettings
from synthlm_tasks.catalog import Part, configs
from synthlm_tasks.registry import mean_chance
from synthlm_tasks.rows.presets import LEVELS
from synthlm_tasks.rows.splits import Split
from synthlm_tasks.rows.tables import make_table

Shot: TypeAlias = tuple[str, str]
"""An example shown before the problem: its text and its answer."""

MARK_LENGTH: Final = 8
"""Hexadecimal digits of a sample's mark: of a million samples one foreign line in 4,000 passes for one."""

NO_AXES: Final[Mapping[str, object]] = MappingProxyType({})

_IDENTITY: Final = ("sample_id", "input_text", "target")

# Rows turned into Python objects at a time: enough to make the step from Arrow cheap.
_STEP: Final = 64


@dataclass(frozen=True, eq=False)
class Cell:
    """The rows of one config, task and level, in order, and the examples shown before each."""

    config: str
    task: str
    difficulty: int
    rows: pa.Table
    shots: tuple[Shot, ...]

    def digest(self, count: int) -> str:
        """SHA-256 of the first `count` rows."""
        sha = hashlib.sha256()
        for row in _to_dicts(self.rows.slice(0, count)):
            sha.update(_identity_line(*(row[name] for name in _IDENTITY)))
        return sha.hexdigest()

    def members(self) -> str:
        """What tells every row of the cell from any other: the `sample_mark` of each, one after the other."""
        marks = (sample_mark(*(row[name] for name in _IDENTITY)) for row in _to_dicts(self.rows))
        return "".join(marks)

    def chance(self) -> float:
        """The mean accuracy of guessing among the possible answers."""
        return mean_chance(_to_dicts(self.rows))


def sample_mark(sample_id: str, input_text: str, target: str) -> str:
    """A short digest of a sample: ids alone repeat from one seed to another."""
    return hashlib.sha256(_identity_line(sample_id, input_text, target)).hexdigest()[:MARK_LENGTH]


def _identity_line(*identity: str) -> bytes:
    return json.dumps(identity, separators=(",", ":")).encode() + b"\n"


def generate_cells(
    settings: RunSettings, split: Split = "test", start: int = 0, axes: Mapping[str, object] = NO_AXES
) -> list[Cell]:
    """The cells that the settings choose, made by seed: of each the rows of a split from `start` on.

    Of train, what follows the rows that are shown as examples. `axes` replaces axes of the presets. Raises
    SpaceError where a config has fewer distinct problems than asked for, ParameterError for axes of no use.
    """
    cells: list[Cell] = []
    first = start + settings.shots if split == "train" else start
    for part in _parts(settings):
        recipe = part.recipe(axes)
        rows = make_table(recipe, settings.seed, split, first, settings.samples_per_combo)
        shown = make_table(recipe, settings.seed, "train", 0, settings.shots)
        cells += split_levels(_config_of(part), rows, shown)
    return cells


def level_configs(settings: RunSettings) -> list[str]:
    """The names of the single-level configs that `--tasks` and `--difficulties` choose."""
    levels = [level for level, number in LEVELS.items() if number in settings.difficulties]
    return [f"{task}-{level}" for task in settings.tasks for level in levels]


def _parts(settings: RunSettings) -> Iterator[Part]:
    known = configs()
    names = settings.configs or level_configs(settings)
    yield from dict.fromkeys(part for name in names for part in known[name].parts)


def _config_of(part: Part) -> str:
    """The config that holds this part alone, e.g. dyna-easy of dyna."""
    names = {number: level for level, number in LEVELS.items()}
    return f"{part.family}-{names[part.level] if part.level else 'grid'}"


def split_levels(config: str, rows: pa.Table, shown: pa.Table) -> Iterator[Cell]:
    """One cell for each level of a config's rows, all of one task, with the rows `shown` as examples."""
    shots = tuple((row["input_text"], row["target"]) for row in _to_dicts(shown))
    for level in LEVELS.values():
        of_level = rows.filter(pc.equal(rows["difficulty"], level))
        if len(of_level):
            yield Cell(config, of_level["task"][0].as_py(), level, of_level, shots)


def limit_cells(cells: Sequence[Cell], most: int | None) -> list[Cell]:
    """The cells with no more than the first `most` samples of one epoch, in the order of `iter_samples`.

    e.g. of three cells of two rows each, 4 leaves two rows of the first and one of each of the others.
    """
    if most is None:
        return list(cells)
    longest = max((len(cell.rows) for cell in cells), default=0)
    turns = (turn for place in range(longest) for turn, cell in enumerate(cells) if place < len(cell.rows))
    counts = Counter(islice(turns, most))
    return [
        replace(cell, rows=cell.rows.slice(0, counts[turn]))
        for turn, cell in enumerate(cells)
        if counts[turn]
    ]


def iter_samples(cells: Sequence[Cell], epochs: int) -> Iterator[Sample]:
    """Every sample of every epoch, the cells in turn, so that a part of a run speaks for all of them.

    Rows become Python objects only as they are asked for: memory stays at the tables'.
    """
    longest = max((len(cell.rows) for cell in cells), default=0)
    for epoch in range(epochs):
        for start in range(0, longest, _STEP):
            portions = [(cell, _to_dicts(cell.rows.slice(start, _STEP))) for cell in cells]
            for place in range(_STEP):
                for cell, rows in portions:
                    if place < len(rows):
                        yield _to_sample(cell, rows[place], epoch)


def _to_sample(cell: Cell, row: dict[str, str], epoch: int) -> Sample:
    return Sample(
        sample_id=row["sample_id"],
        epoch=epoch,
        config=cell.config,
        task=cell.task,
        difficulty=cell.difficulty,
        input_text=row["input_text"],
        target=row["target"],
        metadata=json.loads(row["metadata"]),
    )


def _to_dicts(rows: pa.Table) -> list[dict[str, str]]:
    columns = ("sample_id", "task", "input_text", "target", "metadata")
    made: list[dict[str, str]] = rows.select(columns).to_pylist()
    return made
