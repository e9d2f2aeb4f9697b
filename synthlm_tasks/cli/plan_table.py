"""The plan as tables."""

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from synthlm_tasks.blocks import Recipe
from synthlm_tasks.curriculum.amounts import short
from synthlm_tasks.curriculum.budget import Moved
from synthlm_tasks.curriculum.layout import Layout, Portion
from synthlm_tasks.curriculum.prices import Price, price
from synthlm_tasks.splits import SPLITS


def show_plan(console: Console, layout: Layout, processes: int) -> None:
    """Print samples, tokens, expected bytes and minutes of every component, by task and level."""
    table = Table("config", "component", *SPLITS, "tokens", "MB", "minutes", title="Plan")
    for column in table.columns[2:]:
        column.justify = "right"
    lines = [line for portion in layout.portions for line in _lines(portion, layout)]
    for config, component, counts, tokens, cost in lines:
        table.add_row(config, component, *(f"{n:,}" for n in counts), f"{tokens:,}", *_cost(cost, processes))
    table.add_section()
    counts = [sum(line[2][i] for line in lines) for i in range(len(SPLITS))]
    cost = Price(sum(line[4].size for line in lines), sum(line[4].seconds for line in lines))
    tokens = sum(line[3] for line in lines)
    table.add_row("all", "", *(f"{n:,}" for n in counts), f"{tokens:,}", *_cost(cost, processes))
    console.print(table)
    rows = sum(counts)
    console.print(
        f"{short(rows)} rows, {short(tokens)} tokens in {len(layout.shards)} files; nothing is written."
    )


def show_moved(console: Console, moved: tuple[Moved, ...]) -> None:
    """Print which held-out rows go to train, and why."""
    for moving in moved:
        console.print(
            f"{moving.component}: {moving.asked - moving.kept:,} of {moving.asked:,} {moving.split} rows "
            f"go to train ({moving.reason})",
            highlight=False,
        )


def _lines(portion: Portion, layout: Layout) -> Iterator[tuple[str, str, list[int], int, Price]]:
    for place, recipe in enumerate(portion.recipes):
        counts = [portion.counts[split][place] for split in SPLITS]
        tokens = sum(portion.tokens[split][place] for split in SPLITS)
        rows = sum(counts)
        if rows:
            each = price(recipe, layout.seed, layout.format)
            yield portion.name, label(recipe), counts, tokens, Price(each.size * rows, each.seconds * rows)


def label(recipe: Recipe) -> str:
    """A component's family, and its level where it has but one."""
    levels = sorted(set(recipe.difficulties))
    return f"{recipe.family} {levels[0]}" if len(levels) == 1 else recipe.family


def _cost(cost: Price, processes: int) -> tuple[str, str]:
    return f"{cost.size / 1e6:,.1f}", f"{cost.seconds / 60 / processes:,.2f}"
