"""Descriptions: a task's rule, axes, presets, samples and configs, as plain data."""

import itertools
from collections.abc import Mapping
from typing import Any, Final

from synthlm_tasks.catalog import configs
from synthlm_tasks.registry import TASKS, mean_chance
from synthlm_tasks.rows.blocks import Recipe
from synthlm_tasks.rows.presets import FamilyPreset, task_preset
from synthlm_tasks.rows.recipes import grid_recipe, level_recipe
from synthlm_tasks.rows.tables import make_table
from synthlm_tasks.rows.task import Task

_CHANCE_ROWS: Final = 500


def describe(name: str, seed: int) -> dict[str, Any]:
    """All there is to know about one task; samples are those of `seed`."""
    task, preset = TASKS[name], task_preset(name)
    families = {name: preset} | {f"{name}-{variant}": found for variant, found in preset.families.items()}
    return {
        "task": name,
        "rule": task.rule,
        "answers": [{"kind": kind.name, "asked": kind.description} for kind in task.answers],
        "axes": _axes(task),
        "families": {
            family: _family(task.of_variant(family.removeprefix(f"{name}-")), family, found, seed)
            for family, found in families.items()
        },
        "grid": _grid(task, preset.grid),
        "configs": {
            config.name: config.description
            for config in configs().values()
            if any(part.task.name == name for part in config.parts)
        },
        "rule_space": task.rule_space(),
    }


def _axes(task: type[Task]) -> list[dict[str, Any]]:
    makers = {"": task, **task.variants}
    return [
        {"name": axis.name, "expected": axis.allowed, "default": axis.default, "variant": variant}
        for variant, maker in makers.items()
        for axis in maker.axes
        if not variant or axis not in task.axes
    ]


def _family(task: type[Task], family: str, preset: FamilyPreset, seed: int) -> list[dict[str, Any]]:
    return [
        {
            "level": number,
            "preset": values,
            **_first_row(level_recipe(task, family, number, {}), seed),
        }
        for number, values in preset.levels.items()
    ]


def _first_row(recipe: Recipe, seed: int) -> dict[str, Any]:
    """The chance level, on average over some rows, and the first row."""
    rows = make_table(recipe, seed, "train", 0, _CHANCE_ROWS).to_pylist()
    first = {name: rows[0][name] for name in ("input_text", "target", "metadata")}
    return {"chance": round(mean_chance(rows), 4), "sample": first}


def _grid(task: type[Task], grid: Mapping[str, list[Any]]) -> dict[str, Any]:
    """The grid's axes, the number of its cells, and those that are left out since they are impossible."""
    if not grid:
        return {}
    recipe = grid_recipe(task, {})
    places = [[axis.name for axis in task.axes].index(name) for name in grid]
    cells = {tuple(cell[place] for place in places) for cell in recipe.space.cells}
    sides = [task.axes[place].parse_list(values) for place, values in zip(places, grid.values(), strict=True)]
    missing = [cell for cell in itertools.product(*sides) if cell not in cells]
    return {
        "axes": dict(grid),
        "cells": len(cells),
        "left_out": [
            {name: task.axes[place].value(code) for name, place, code in zip(grid, places, cell, strict=True)}
            for cell in missing
        ],
    }


def overview() -> dict[str, str]:
    """Every config by name, with what it is."""
    return {config.name: config.description for config in configs().values()}
