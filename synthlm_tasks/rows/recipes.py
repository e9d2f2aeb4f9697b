"""Recipes: from a preset and what a person overrides to the space that rows are drawn from."""

import json
from collections.abc import Mapping, Sequence
from typing import ClassVar, Protocol

from synthlm_tasks.rows.axes import Axis
from synthlm_tasks.rows.blocks import Recipe
from synthlm_tasks.rows.presets import LEVELS, family_preset, task_preset
from synthlm_tasks.rows.rejection import Proposer
from synthlm_tasks.rows.space import Cell, Space, fitting_cells, nearest_cells, parse_box
from synthlm_tasks.rows.streams import digest


class RecipeTask(Proposer, Protocol):
    """A task together with its axes and the conditions between them."""

    family: ClassVar[str]
    axes: ClassVar[tuple[Axis, ...]]
    unkeyed_axes: ClassVar[tuple[str, ...]]

    @classmethod
    def fits(cls, cell: Mapping[str, int]) -> bool:
        """Whether these axis codes allow a problem at all."""

    @classmethod
    def prefers(cls, cell: Mapping[str, int]) -> bool:
        """Whether presets should draw these axis codes."""


def level_recipe(task: type[RecipeTask], family: str, level: int, given: Mapping[str, object]) -> Recipe:
    """The rows of one level of a family, with the axes in `given` replaced.

    Cells keep the presets' own condition (`prefers`) where any has it; where nothing fits, the axes not
    given leave the preset for the nearest values that do.
    Raises ParameterError for unknown names, values out of range, and values that do not fit together.
    """
    preset = family_preset(family).level(level)

    def space(given: Mapping[str, object]) -> Space:
        sides = parse_box(task.axes, given, preset)
        cells = (
            fitting_cells(task.axes, sides, lambda cell: task.fits(cell) and task.prefers(cell))
            or fitting_cells(task.axes, sides, task.fits)
            or nearest_cells(task.axes, sides, given, task.fits)
        )
        return Space(task.axes, tuple(cells))

    found = space(given)
    return _recipe(task, _family_name(family, found, space({})), found, (level,) * len(found.cells))


def grid_recipe(task: type[RecipeTask], given: Mapping[str, object]) -> Recipe:
    """The rows of a task's grid, cell by cell in turn; `given` replaces an axis's list of values.

    A cell's difficulty is the lowest level whose preset contains its crossed axes, else 3.
    Raises ParameterError like `level_recipe`.
    """
    preset = task_preset(task.family)

    def space(given: Mapping[str, object]) -> Space:
        sides = parse_box(task.axes, given, {})
        for place, axis in enumerate(task.axes):
            if axis.name in preset.grid and axis.name not in given:
                sides[place] = axis.parse_list(preset.grid[axis.name])
        cells = fitting_cells(task.axes, sides, task.fits) or nearest_cells(
            task.axes, sides, given, task.fits
        )
        return Space(task.axes, tuple(cells), cycled=True)

    found = space(given)
    crossed = [place for place, axis in enumerate(task.axes) if len(preset.grid.get(axis.name, ())) > 1]
    levels = {number: parse_box(task.axes, {}, preset.level(number)) for number in LEVELS.values()}
    difficulties = tuple(_lowest_level(cell, crossed, levels) for cell in found.cells)
    return _recipe(task, _family_name(f"{task.family}-grid", found, space({})), found, difficulties)


def _lowest_level(cell: Cell, crossed: Sequence[int], levels: Mapping[int, Sequence[Cell]]) -> int:
    holding = (n for n, sides in levels.items() if all(cell[place] in sides[place] for place in crossed))
    return min(holding, default=max(levels))


def _family_name(family: str, space: Space, stock: Space) -> str:
    """The family's name, marked where the space is not the preset's: an id must name one row."""
    if space == stock:
        return family
    return f"{family}-{digest(space.identity)[0]:08x}"


def _recipe(task: type[RecipeTask], family: str, space: Space, difficulties: tuple[int, ...]) -> Recipe:
    keyed = [place for place, axis in enumerate(space.axes) if axis.name not in task.unkeyed_axes]
    cells = [[cell[place] for place in keyed] for cell in space.cells]
    names = [space.axes[place].name for place in keyed]
    text = json.dumps([task.family, names, cells, space.cycled], separators=(",", ":"))
    return Recipe(task, family, space, difficulties, text)
