"""The plan as tables."""

from rich import box
from rich.console import Console
from rich.table import Table

from synthlm_tasks.curriculum.amounts import format_amount
from synthlm_tasks.curriculum.budget import MovedRows, component_name
from synthlm_tasks.curriculum.layout import DEFAULT, Layout
from synthlm_tasks.curriculum.prices import Cost, estimate_costs
from synthlm_tasks.rows.splits import SPLITS, Split


def show_plan(console: Console, layout: Layout, processes: int) -> None:
    """Print samples, tokens, expected bytes and minutes of every component, by task and level."""
    table = Table("rows of", *SPLITS, "tokens", "MB", "minutes", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for column in table.columns[1:]:
        column.justify = "right"
        column.no_wrap = True
    totals, tokens, size, seconds = [0] * len(SPLITS), 0, 0.0, 0.0
    for portion in layout.portions:
        for place, price in enumerate(estimate_costs(portion, layout)):
            counts = [portion.counts[split][place] for split in SPLITS]
            expected = sum(portion.tokens[split][place] for split in SPLITS)
            if any(counts):
                config = "" if portion.name == DEFAULT else f"{portion.name}: "
                table.add_row(
                    config + component_name(portion.recipes[place]),
                    *_cells(counts, expected, price, processes),
                )
            totals = [total + count for total, count in zip(totals, counts, strict=True)]
            tokens, size, seconds = tokens + expected, size + price.size, seconds + price.seconds
    table.add_section()
    table.add_row("all", *_cells(totals, tokens, Cost(size, seconds), processes))
    console.print(table)
    console.print(
        f"{format_amount(sum(totals))} rows, {format_amount(tokens)} tokens, {len(layout.shards)} files; "
        "nothing is written",
        highlight=False,
    )


def _cells(counts: list[int], tokens: int, price: Cost, processes: int) -> list[str]:
    cost = [f"{price.size / 1e6:,.1f}", f"{price.seconds / 60 / processes:,.2f}"]
    return [*(f"{count:,}" for count in counts), f"{tokens:,}", *cost]


def show_moved(console: Console, moved: tuple[MovedRows, ...]) -> None:
    """Print how many held-out rows go to train, and why."""
    groups: dict[tuple[Split, str], list[MovedRows]] = {}
    for moving in moved:
        groups.setdefault((moving.split, moving.reason), []).append(moving)
    for (split, reason), some in groups.items():
        rows, asked = sum(one.asked - one.kept for one in some), sum(one.asked for one in some)
        names = ", ".join(one.component for one in some)
        console.print(f"{rows:,} of {asked:,} {split} rows go to train ({reason}): {names}", highlight=False)
