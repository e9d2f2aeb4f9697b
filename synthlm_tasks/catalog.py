"""The catalog: every named config, what it is mixed from, and how many rows each part of it gets.

Everything here follows from the registry and the preset tables; no task is known by name.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from synthlm_tasks.errors import ParameterError, suggest
from synthlm_tasks.options import Options, Shares, default_options
from synthlm_tasks.registry import TASKS
from synthlm_tasks.row_counts import exact_fraction, fit_to_spaces, make_mixtures, share_rows
from synthlm_tasks.rows.blocks import Recipe
from synthlm_tasks.rows.mixing import Mixture
from synthlm_tasks.rows.presets import LEVELS, FamilyPreset, task_preset
from synthlm_tasks.rows.recipes import grid_recipe, level_recipe
from synthlm_tasks.rows.splits import Split
from synthlm_tasks.rows.task import Task

DEFAULT_CONFIG: Final = "all"


@dataclass(frozen=True)
class Part:
    """One ingredient of a config: a level (1 to 3) of a family, or the task's grid (level None)."""

    task: type[Task]
    family: str
    level: int | None

    def recipe(self, axes: Mapping[str, object]) -> Recipe:
        """The part's rows, with the axes in `axes` replaced; raises ParameterError."""
        if self.level is None:
            return grid_recipe(self.task, axes)
        return level_recipe(self.task, self.family, self.level, axes)


@dataclass(frozen=True)
class Config:
    """A named config: equal parts, or (`weighted`) parts that share by their levels' curriculum weights."""

    name: str
    description: str
    parts: tuple[Part, ...]
    weighted: bool = False


def configs() -> dict[str, Config]:
    """Every named config, by name."""
    return {config.name: config for config in _configs()}


def _configs() -> Iterator[Config]:
    for name, task in TASKS.items():
        yield from _family_configs(task, name, task_preset(name))
        if task_preset(name).grid:
            crossed = " × ".join(axis for axis, values in task_preset(name).grid.items() if len(values) > 1)
            yield Config(f"{name}-grid", f"{name}, grid of {crossed}", (Part(task, name, None),))
        for variant, preset in task_preset(name).families.items():
            yield from _family_configs(task.of_variant(variant), f"{name}-{variant}", preset)
    for level, number in LEVELS.items():
        parts = tuple(Part(task, name, number) for name, task in TASKS.items())
        yield Config(f"all-{level}", f"all tasks in equal shares, {level}", parts)
    every = tuple(Part(task, name, number) for name, task in TASKS.items() for number in LEVELS.values())
    yield Config("all", "all tasks in equal shares, levels by the curriculum weights", every, weighted=True)


def _family_configs(task: type[Task], family: str, preset: FamilyPreset) -> Iterator[Config]:
    parts = {level: Part(task, family, number) for level, number in LEVELS.items() if number in preset.levels}
    if "levels" in preset.configs:
        for level, part in parts.items():
            yield Config(f"{family}-{level}", f"{family}, {level}", (part,))
    if "mixed" in preset.configs:
        mixed = f"{family}, levels by the curriculum weights"
        yield Config(family, mixed, tuple(parts.values()), weighted=True)


def axis_names() -> tuple[str, ...]:
    """The axes of every task and variant: the keywords that some config understands."""
    classes = [cls for task in TASKS.values() for cls in (task, *task.variants.values())]
    return tuple(dict.fromkeys(axis.name for cls in classes for axis in cls.axes))


def components(name: str, axes: Mapping[str, object], weights: Shares) -> dict[Recipe, Fraction]:
    """What the config `name` is mixed from, each with its share; shares sum to 1.

    `axes` replaces axes of every part; parts that this makes equal are one component, so that no row
    occurs twice. Raises ParameterError for an unknown config, an axis that not every part has, and
    values out of range.
    """
    config = _config(name)
    _check_axes(config, axes)
    shares: dict[tuple[object, ...], Fraction] = {}
    first: dict[tuple[object, ...], Recipe] = {}
    for part in config.parts:
        recipe = part.recipe(axes)
        same = (recipe.task, recipe.space, recipe.keyed)
        share = exact_fraction(weights[part.level - 1]) if config.weighted and part.level else Fraction(1)
        first.setdefault(same, recipe)
        shares[same] = shares.get(same, Fraction(0)) + share
    whole = sum(shares.values())
    if not whole:
        raise ParameterError(f"curriculum_weights={weights!r}: config {name!r} has only levels of no weight")
    return {recipe: shares[same] / whole for same, recipe in first.items()}


def _config(name: str) -> Config:
    known = configs()
    if name not in known:
        raise ParameterError(f"config={name!r}: expected one of {', '.join(known)}{suggest(name, known)}")
    return known[name]


def _check_axes(config: Config, axes: Mapping[str, object]) -> None:
    owned = [[axis.name for axis in part.task.axes] for part in config.parts]
    common = [axis for axis in owned[0] if all(axis in names for names in owned)]
    for axis, value in axes.items():
        if axis not in common:
            allowed = f"expected one of {', '.join(common)}" if common else "it has none that all tasks share"
            unknown = f"{axis}={value!r}: not a parameter of config {config.name!r}"
            raise ParameterError(f"{unknown}; {allowed}{suggest(axis, common)}")


def plan(name: str, options: Options, axes: Mapping[str, object]) -> dict[Split, Mixture]:
    """The splits of a config, each with its rows; splits without rows are left out.

    Raises ParameterError like `components`, and where a split that should have rows has no problem at all.
    """
    made = components(name, axes, options.curriculum_weights)
    recipes = list(made)
    counts = fit_to_spaces(recipes, share_rows(list(made.values()), options), options.seed)
    return make_mixtures(name, options.seed, recipes, counts)


def changed_options(name: str, options: Options, axes: Mapping[str, object]) -> dict[str, str | int]:
    """What distinguishes these rows from those of the plain config, however it was spelled."""
    stock = default_options()
    changed: dict[str, str | int] = {}
    for option, value in vars(options).items():
        if value != getattr(stock, option):
            changed[option] = "+".join(map(repr, value)) if isinstance(value, tuple) else value
    recipes = list(components(name, axes, options.curriculum_weights))
    if recipes != list(components(name, {}, options.curriculum_weights)):
        spaces = "\n".join(f"{recipe.family} {recipe.space.identity}" for recipe in recipes)
        changed["axes"] = hashlib.blake2b(spaces.encode(), digest_size=8).hexdigest()
    return changed
