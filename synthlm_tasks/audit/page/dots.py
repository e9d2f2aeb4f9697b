"""What the page's charts show: tricks against chance, on one config and on all of them."""

from collections.abc import Sequence
from typing import Final

from eval_harness.report.charts import ACCURACY, Chance, Dot, DotChart, Marker, Style
from eval_harness.report.scales import format_percent
from synthlm_tasks.audit.explained import ExplainedList
from synthlm_tasks.audit.published import Kind
from synthlm_tasks.audit.results import KINDS, ConfigAudit, Shortcut
from synthlm_tasks.audit.verdict import judge_finding

MARKERS: Final[dict[Kind, Marker]] = {"heuristic": "circle", "partial": "diamond", "learned": "square"}


def config_chart(config: ConfigAudit, known: ExplainedList) -> DotChart:
    """Every trick on one config's test split, a row a trick."""
    shortcuts = [shortcut for shortcut in config.shortcuts if shortcut.split == "test"]
    return DotChart(
        title=f"Tricks on {config.config}",
        rows=[shortcut.label for shortcut in shortcuts],
        axis=ACCURACY,
        dots=[_dot(row, config, shortcut, known) for row, shortcut in enumerate(shortcuts)],
        chance=[Chance(row, shortcut.chance) for row, shortcut in enumerate(shortcuts)],
    )


def overview_chart(configs: Sequence[ConfigAudit], known: ExplainedList) -> DotChart:
    """The best trick of each kind, a row a config."""
    found = [
        (row, config, best)
        for row, config in enumerate(configs)
        for kind in KINDS
        if (best := config.best(kind)) is not None
    ]
    return DotChart(
        title="The best trick on each config",
        rows=[config.config for config in configs],
        axis=ACCURACY,
        dots=[_dot(row, config, best, known) for row, config, best in found],
        chance=[Chance(row, best.chance) for row, _, best in found],
    )


def _dot(row: int, config: ConfigAudit, shortcut: Shortcut, known: ExplainedList) -> Dot:
    low, high = shortcut.interval
    tooltip = (
        f"{shortcut.label}: {format_percent(shortcut.accuracy)} "
        f"[{format_percent(low)}, {format_percent(high)}], chance {format_percent(shortcut.chance)}"
    )
    style = Style(judge_finding(config.config, shortcut, known, config.samples), MARKERS[shortcut.kind])
    return Dot(row, shortcut.accuracy, low, high, tooltip, style)
