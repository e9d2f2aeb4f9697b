"""How many rows each component of a config gets in each split."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from synthlm_tasks.errors import ParameterError
from synthlm_tasks.options import Options
from synthlm_tasks.rows.blocks import Recipe
from synthlm_tasks.rows.mixing import Mixture
from synthlm_tasks.rows.splits import SPLITS, Split
from synthlm_tasks.rows.tables import count_distinct


def share_rows(shares: Sequence[Fraction], options: Options) -> dict[Split, list[int]]:
    """The rows of each split and component, for components with these shares.

    `num_samples` is shared exactly by `split_ratios`, each split by the components' shares; held-out rows
    of a component beyond `max_held_out` go to train.
    """
    rows = apportion(options.num_samples, [exact_fraction(ratio) for ratio in options.split_ratios])
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


def exact_fraction(share: float) -> Fraction:
    """A number as it is written: 0.05 is 1/20, not the nearest binary fraction."""
    return Fraction(repr(share))


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
