"""Prints the table of `docs/packing.md` of how many tokens a problem has, from the rows themselves.

Run: python docs/token_table.py
"""

import sys
from collections.abc import Iterator

from synthlm_tasks.catalog import components, configs
from synthlm_tasks.options import default_options
from synthlm_tasks.rows.blocks import BLOCK_ROWS, Recipe
from synthlm_tasks.rows.presets import LEVELS
from synthlm_tasks.rows.tables import make_table
from synthlm_tasks.rows.vocabulary import COMPACT, TEXT

COLUMNS = (*LEVELS, "grid")


def recipes() -> dict[str, dict[str, Recipe]]:
    """What every config is made of: family → level, or grid → recipe."""
    names = {number: level for level, number in LEVELS.items()}
    found: dict[str, dict[str, Recipe]] = {}
    for config in configs():
        for recipe in components(config, {}, default_options().curriculum_weights):
            family = recipe.family.removesuffix("-grid")
            column = names[recipe.difficulties[0]] if family == recipe.family else "grid"
            found.setdefault(family, {})[column] = recipe
    return found


def means(recipe: Recipe) -> tuple[float, float]:
    """Tokens of a problem in either vocabulary, on average over the first block of rows."""
    rows = BLOCK_ROWS["train"]
    text, compact = (
        make_table(recipe, 42, "train", 0, rows, counted=vocabulary)["tokens"].to_numpy().mean()
        for vocabulary in (TEXT, COMPACT)
    )
    return float(text), float(compact)


def cell(recipe: Recipe | None) -> str:
    """e.g. `64 → 16 (26%)`."""
    if recipe is None:
        return ""
    text, compact = means(recipe)
    return f"{text:.0f} → {compact:.0f} ({compact / text:.0%})"


def table() -> Iterator[str]:
    """The table's lines."""
    yield f"| configs | {' | '.join(COLUMNS)} |"
    yield f"|---|{'---:|' * len(COLUMNS)}"
    for family, levels in recipes().items():
        yield f"| `{family}` | {' | '.join(cell(levels.get(column)) for column in COLUMNS)} |"


if __name__ == "__main__":
    sys.stdout.write("\n".join(table()) + "\n")
