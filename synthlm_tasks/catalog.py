"""The catalog: every named config, what it is mixed from, and how many rows each part of it gets.

Everything here follows from the registry and the preset tables; no task is known by name.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias

from synthlm_tasks.errors import ParameterError, suggest
from synthlm_tasks.registry import TASKS
from synthlm_tasks.rows.blocks import Recipe
from synthlm_tasks.rows.mixing import Mixture
from synthlm_tasks.rows.presets import LEVELS, FamilyPreset, curriculum_preset, task_preset
from synthlm_tasks.rows.recipes import grid_recipe, level_recipe
from synthlm_tasks.rows.splits import SPLITS, Split
from synthlm_tasks.rows.tables import count_distinct
from synthlm_tasks.rows.task import Task, check_whole_number

Shares: TypeAlias = tuple[float, ...]

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


@dataclass(frozen=True)
class Options:
    """What may be chosen about a config's rows beside its axes; the defaults are the curriculum preset's."""

    seed: int
    num_samples: int
    split_ratios: Shares
    curriculum_weights: Shares
    max_held_out: int


def default_options() -> Options:
    """The options that every config has when nothing is chosen."""
    return Options(**curriculum_preset().model_dump())


def check_options(given: Mapping[str, object]) -> Options:
    """Validated options in canonical form, from one value for each; raises ParameterError."""
    return Options(
        seed=check_whole_number("seed", given["seed"]),
        num_samples=check_whole_number("num_samples", given["num_samples"], 1),
        split_ratios=_shares("split_ratios", given["split_ratios"]),
        curriculum_weights=_shares("curriculum_weights", given["curriculum_weights"]),
        max_held_out=check_whole_number("max_held_out", given["max_held_out"], 1),
    )


def _shares(name: str, value: object) -> Shares:
    """Three shares of a whole, as floats; raises ParameterError."""
    try:
        shares = tuple(map(float, value))  # type: ignore[call-overload]  # TypeError is the answer
    except (TypeError, ValueError):
        shares = ()
    # The sum allows for thirds written as 0.333333; comparisons refuse nan.
    if len(shares) != 3 or not all(share >= 0 for share in shares) or not abs(sum(shares) - 1) < 1e-5:
        raise ParameterError(f"{name}={value!r}: expected three non-negative numbers that sum to 1")
    return shares


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
        share = _exact_fraction(weights[part.level - 1]) if config.weighted and part.level else Fraction(1)
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


def fit_to_spaces(
    recipes: Sequence[Recipe], counts: Mapping[Split, Sequence[int]], seed: int
) -> dict[Split, list[int]]:
    """The same counts with no more held-out rows than there are; the surplus goes to train.

    Raises ParameterError where nothing is left of a split that should have rows.
    """
    fitted = {split: list(numbers) for split, numbers in counts.items()}
    for split in SPLITS[1:]:
        for i, recipe in enumerate(recipes):
            if recipe.scarce:
                kept = count_distinct(recipe, seed, split, fitted[split][i])
                fitted["train"][i] += fitted[split][i] - kept
                fitted[split][i] = kept
    for split, numbers in fitted.items():
        empty = [recipe for recipe, n in zip(recipes, numbers, strict=True) if n and _is_empty(recipe, split)]
        if empty or (any(counts[split]) and not any(numbers)):
            raise ParameterError(
                f"split={split!r}: no problem of {', '.join(recipe.family for recipe in empty or recipes)} "
                "with these parameters lies in it; widen their ranges, or choose split_ratios without it"
            )
    return fitted


def _is_empty(recipe: Recipe, split: Split) -> bool:
    return not recipe.space_of(split).cells


def share_rows(shares: Sequence[Fraction], options: Options) -> dict[Split, list[int]]:
    """The rows of each split and component, for components with these shares.

    `num_samples` is shared exactly by `split_ratios`, each split by the components' shares; held-out rows
    of a component beyond `max_held_out` go to train.
    """
    rows = apportion(options.num_samples, [_exact_fraction(ratio) for ratio in options.split_ratios])
    counts = [apportion(share, shares) for share in rows]
    for held_out in counts[1:]:
        for i, count in enumerate(held_out):
            held_out[i] = min(count, options.max_held_out)
            counts[0][i] += count - held_out[i]
    return dict(zip(SPLITS, counts, strict=True))


def make_mixtures(
    name: str, seed: int, recipes: Sequence[Recipe], counts: Mapping[Split, Sequence[int]]
) -> dict[Split, Mixture]:
    """The splits of a config with so many rows of each component; splits without rows are left out."""
    return {
        split: Mixture(name, seed, split, *_nonempty(recipes, numbers))
        for split, numbers in counts.items()
        if any(numbers)
    }


def _nonempty(recipes: Sequence[Recipe], counts: Sequence[int]) -> tuple[tuple[Recipe, ...], tuple[int, ...]]:
    kept = [(recipe, count) for recipe, count in zip(recipes, counts, strict=True) if count]
    return tuple(recipe for recipe, _ in kept), tuple(count for _, count in kept)


def apportion(total: int, shares: Sequence[Fraction]) -> list[int]:
    """Whole numbers that sum to `total`, in proportion to `shares`, by largest remainder.

    e.g. 10, shares 1/2 1/3 1/6 → 5, 3, 2. Of equal remainders the earlier counts as larger.
    """
    whole = sum(shares)
    exact = [total * share / whole for share in shares]
    parts = [int(part) for part in exact]
    largest = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in largest[: total - sum(parts)]:
        parts[i] += 1
    return parts


def _exact_fraction(share: float) -> Fraction:
    # The number as it is written: 0.05 is 1/20, not the nearest binary fraction.
    return Fraction(repr(share))


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
