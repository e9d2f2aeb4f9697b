"""What a finished folder holds: the records of its files, added up by config, split, task and level."""

import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

import numpy as np

from synthlm_tasks.curriculum.layout import Layout, Padded, Portion
from synthlm_tasks.curriculum.shards import ShardRecord
from synthlm_tasks.curriculum.tally import estimate_repeats
from synthlm_tasks.rows.blocks import Recipe
from synthlm_tasks.rows.splits import Split
from synthlm_tasks.version import DATASET_VERSION

METADATA: Final = "metadata.json"


@dataclass(frozen=True)
class SplitSummary:
    """One split of one config: its files, and by cell (task/level) rows, tokens and repeats."""

    config: str
    split: Split
    files: tuple[ShardRecord, ...]
    cells: dict[str, dict[str, Any]]

    @property
    def rows(self) -> int:
        """All rows."""
        return sum(file.rows for file in self.files)

    @property
    def problems(self) -> int:
        """All problems: the rows, or what is packed in them."""
        return sum(cell["rows"] for cell in self.cells.values())

    @property
    def tokens(self) -> int:
        """All tokens: counted, or expected where the tokenizer is too slow to count every row."""
        return sum(cell["tokens"] for cell in self.cells.values())

    @property
    def size(self) -> int:
        """Bytes of the files."""
        return sum(file.size for file in self.files)

    @property
    def arrow_bytes(self) -> int:
        """Bytes in memory, as Arrow tables."""
        return sum(file.arrow_bytes for file in self.files)


def summarise(layout: Layout, written: Iterable[ShardRecord]) -> list[SplitSummary]:
    """The splits of a layout, from the records of all its files."""
    records = {record.path: record for record in written}
    portions = {portion.name: portion for portion in layout.portions}
    return [
        _split_summary(
            portions[config],
            split,
            [
                records[shard.path]
                for shard in layout.shards
                if (shard.config, shard.split) == (config, split)
            ],
            layout,
        )
        for config, split in layout.mixtures
    ]


def _split_summary(
    portion: Portion, split: Split, files: Sequence[ShardRecord], layout: Layout
) -> SplitSummary:
    expected: dict[str, int] = {}
    for recipe, tokens in zip(portion.recipes, portion.tokens[split], strict=True):
        for level in set(recipe.difficulties):  # a grid's levels are not expected one by one
            expected[f"{recipe.task.name}/{level}"] = tokens // len(set(recipe.difficulties))
    cells: dict[str, dict[str, Any]] = {}
    for cell in sorted({name for file in files for name in file.cells}):
        tallies = [file.cells[cell] for file in files if cell in file.cells]
        counted = [tally.tokens for tally in tallies if tally.tokens is not None]
        cells[cell] = {
            "rows": sum(tally.rows for tally in tallies),
            "tokens": sum(counted) if len(counted) == len(tallies) else expected[cell],
            "chance": portion.chances[cell],
        }
        if split == "train" and not layout.packing:
            again = estimate_repeats(tallies)
            cells[cell]["repeats"] = again.rows
            cells[cell]["repeats_exact"] = again.exact
    return SplitSummary(portion.name, split, tuple(files), cells)


def metadata(layout: Layout, splits: Sequence[SplitSummary]) -> dict[str, Any]:
    """The folder's full generation config and what came of it: no time, host or path."""
    return {
        "dataset": "SynthLM",
        "dataset_version": DATASET_VERSION,
        "settings": layout.settings,
        "libraries": {name: version(name) for name in ("synthlm", "numpy", "pyarrow", "huggingface_hub")}
        | {"python": platform.python_version()},
        "tokens_counted": layout.counted,
        "totals": _counts(layout, splits) | {"bytes": sum(split.size for split in splits)},
        "configs": [_config(portion, layout, splits) for portion in layout.portions],
        "files": [
            {"path": file.path, "rows": file.rows, "tokens": file.tokens if layout.counted else None}
            | {"bytes": file.size, "sha256": file.sha256}
            for split in splits
            for file in split.files
        ],
    }


def _counts(layout: Layout, splits: Sequence[SplitSummary]) -> dict[str, Any]:
    """Rows and tokens of some splits; of contexts also the problems in them, and how full they are."""
    rows, tokens = sum(split.rows for split in splits), sum(split.tokens for split in splits)
    if layout.packing is None:
        return {"rows": rows, "tokens": tokens}
    problems = sum(split.problems for split in splits)
    if isinstance(layout.packing, Padded):
        return {"rows": rows, "problems": problems, "tokens": tokens}
    filled = round(tokens / (rows * layout.packing.context), 5)
    return {"rows": rows, "problems": problems, "tokens": tokens, "filled": filled}


def _config(portion: Portion, layout: Layout, splits: Sequence[SplitSummary]) -> dict[str, Any]:
    return {
        "name": portion.name,
        "source": portion.source,
        "components": [_component(recipe, portion, i) for i, recipe in enumerate(portion.recipes)],
        "splits": {
            split.split: {
                **_counts(layout, [split]),
                "bytes": split.size,
                "arrow_bytes": split.arrow_bytes,
                "by_task_and_level": split.cells,
            }
            for split in splits
            if split.config == portion.name
        },
    }


def _component(recipe: Recipe, portion: Portion, place: int) -> dict[str, Any]:
    return {
        "task": recipe.task.name,
        "family": recipe.family,
        "difficulties": sorted(set(recipe.difficulties)),
        "axes": {
            axis.name: [axis.value(code) for code in np.unique(recipe.space.columns[axis.name]).tolist()]
            for axis in recipe.space.axes
        },
        "rows": {split: counts[place] for split, counts in portion.counts.items()},
    }
