"""What the tests share: every stock recipe by config name, its rows, and digests of rows."""

import hashlib
import importlib.util
import itertools
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import pyarrow as pa
import pytest

from synthlm_tasks import TASKS
from synthlm_tasks.rows.blocks import BLOCK_ROWS, Recipe, make_block
from synthlm_tasks.rows.presets import LEVELS, task_preset
from synthlm_tasks.rows.recipes import grid_recipe, level_recipe
from synthlm_tasks.rows.splits import Split, check_split
from synthlm_tasks.rows.tables import count_distinct, make_table

SEED: Final = 42


def docs_module(name: str) -> ModuleType:
    """A module that lies beside the documentation, whose tables it makes."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).parents[2] / "docs" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _recipes() -> Iterator[tuple[str, Recipe]]:
    for name, task in TASKS.items():
        preset = task_preset(name)
        for variant, levels in {"": preset, **preset.families}.items():
            maker = task.of_variant(variant)
            family = f"{name}-{variant}" if variant else name
            for level, number in LEVELS.items():
                if number in levels.levels:
                    yield f"{family}-{level}", level_recipe(maker, family, number, {})
        if preset.grid:
            yield f"{name}-grid", grid_recipe(task, {})


STOCK: Final[dict[str, Recipe]] = dict(_recipes())
"""Config name (one level of a family, or a grid) → recipe; new tasks and families appear by themselves."""


def _representative() -> Iterator[str]:
    for name, recipe in STOCK.items():
        further = recipe.family not in TASKS and not name.endswith("-grid")
        if not further or name.endswith("-hard"):
            yield name


REPRESENTATIVE: Final = tuple(_representative())
"""The tasks' own levels and grids, and the hard level of every further family: every path that makes rows."""


EXTREMES: Final[dict[str, dict[str, Any]]] = {
    "dyna": {"num_ops": 100, "state_size": 20, "num_queries": 10},
    "inducto": {"rule_level": 3, "num_examples": 10, "num_queries": 10},
    "filtro": {
        "num_hops": 14,
        "num_nodes": 15,
        "vocabulary": "shared",
        "query_stream": "either",
        "num_queries": 7,
    },
    "logic": {"depth": 10, "width": 8, "num_inputs": 6, "num_queries": 10},
}
"""Where each axis of a task is longest or largest."""


def level_configs() -> list[str]:
    """The configs of one level, without the grids."""
    return [name for name in STOCK if not name.endswith("-grid")]


def made(name: str, split: str, rows: int, start: int = 0, seed: int = SEED) -> pa.Table:
    """Rows [start, start + rows) of a stock config's split."""
    return make_table(STOCK[name], seed, _known(split), start, rows)


def listed(name: str, split: str, rows: int, start: int = 0, seed: int = SEED) -> list[dict[str, Any]]:
    """The same as `made`, as a list of dicts."""
    return made(name, split, rows, start, seed).to_pylist()


@contextmanager
def small_blocks(divisor: int = 16) -> Iterator[None]:
    """Rows made in smaller blocks, for what holds at any size of them: other rows, and sooner.

    The published sizes are tried where rows are compared with what they should be: golden digests, oracles.
    """
    with pytest.MonkeyPatch.context() as patch:
        for split, rows in BLOCK_ROWS.items():
            patch.setitem(BLOCK_ROWS, split, rows // divisor)
        _forget_blocks()
        yield
    _forget_blocks()


def _forget_blocks() -> None:
    make_block.cache_clear()
    count_distinct.cache_clear()


def _known(split: str) -> Split:
    return check_split(split)


def content_digest(tables: Iterable[pa.Table]) -> str:
    """SHA-256 of the rows' values, column by column in schema order, one JSON line per row."""
    sha = hashlib.sha256()
    for row in itertools.chain.from_iterable(t.to_pylist() for t in tables):
        sha.update(json.dumps(list(row.values()), separators=(",", ":")).encode() + b"\n")
    return sha.hexdigest()


GOLDEN_ROWS: Final = {"train": 300, "validation": 50, "test": 50}


def golden_digest(name: str) -> str:
    """Digest of a config's first rows in every split."""
    return content_digest(made(name, split, rows) for split, rows in GOLDEN_ROWS.items())
