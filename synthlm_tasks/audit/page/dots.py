"""Dots with intervals against chance, as inline SVG."""

from collections.abc import Sequence
from typing import Final

from eval_harness.report.markup import Markup, element
from eval_harness.report.scales import format_percent
from synthlm_tasks.audit.explained import ExplainedList
from synthlm_tasks.audit.published import Kind
from synthlm_tasks.audit.results import KINDS, ConfigAudit, Shortcut
from synthlm_tasks.audit.verdict import judge_finding

_ROW: Final = 17
_TOP: Final = 6
_BOTTOM: Final = 22


class _Plot:
    """A plot from 0 to 100% with named rows: its geometry."""

    def __init__(self, width: int, left: int, rows: int) -> None:
        self.width, self.left, self.rows = width, left, rows
        self.height = _TOP + rows * _ROW + _BOTTOM

    def x(self, share: float) -> float:
        """Where a share stands."""
        return round(self.left + share * (self.width - self.left - 20), 1)

    def y(self, row: int) -> float:
        """The middle of a row."""
        return _TOP + (row + 0.5) * _ROW

    def drawn(self, told: str, *marks: Markup) -> Markup:
        """The plot with its grid."""
        foot = _TOP + self.rows * _ROW
        grid = []
        for share in (0, 0.25, 0.5, 0.75, 1):
            grid.append(_line("grid", self.x(share), _TOP, self.x(share), foot))
            grid.append(
                element("text", {"class": "tick", "x": self.x(share), "y": foot + 14}, f"{share:.0%}")
            )
        box = {"viewBox": f"0 0 {self.width} {self.height}", "role": "img", "aria-label": told}
        return element("svg", box, *grid, *marks)

    def name(self, row: int, text: str) -> Markup:
        """The name of a row, to the left of it."""
        return element("text", {"class": "y name", "x": self.left - 8, "y": self.y(row) + 3.5}, text)

    def dot(self, row: int, shortcut: Shortcut, kind: str) -> Markup:
        """A shortcut: its accuracy with the interval, and a tooltip."""
        x, y = self.x(shortcut.accuracy), self.y(row)
        low, high = shortcut.interval
        told = (
            f"{shortcut.label}: {format_percent(shortcut.accuracy)} "
            f"[{format_percent(low)}, {format_percent(high)}], chance {format_percent(shortcut.chance)}"
        )
        whisker = _line("whisker", self.x(low), y, self.x(high), y)
        return element(
            "g", {"class": kind}, whisker, _marker(shortcut.kind, x, y), element("title", {}, told)
        )

    def chance(self, row: int, share: float) -> Markup:
        """What blind guessing gives in one row."""
        half = _ROW / 2
        return _line("chance", self.x(share), self.y(row) - half, self.x(share), self.y(row) + half)


def _marker(kind: Kind, x: float, y: float) -> Markup:
    if kind == "heuristic":
        return element("circle", {"class": "marker", "cx": x, "cy": y, "r": 4})
    if kind == "learned":
        return element("rect", {"class": "marker", "x": x - 3.5, "y": y - 3.5, "width": 7, "height": 7})
    corners = f"{x},{y - 5} {x + 5},{y} {x},{y + 5} {x - 5},{y}"
    return element("polygon", {"class": "marker", "points": corners})


def _line(kind: str, x1: float, y1: float, x2: float, y2: float) -> Markup:
    return element("line", {"class": kind, "x1": x1, "y1": y1, "x2": x2, "y2": y2})


def chart(config: ConfigAudit, known: ExplainedList) -> Markup:
    """Every trick on one config's test split."""
    shown = [shortcut for shortcut in config.shortcuts if shortcut.split == "test"]
    plot = _Plot(384, 158, len(shown))
    marks = []
    for row, shortcut in enumerate(shown):
        marks += [plot.chance(row, shortcut.chance), plot.name(row, shortcut.label)]
        marks.append(plot.dot(row, shortcut, judge_finding(config.config, shortcut, known)))
    return plot.drawn(f"Tricks on {config.config}", *marks)


def overview(configs: Sequence[ConfigAudit], known: ExplainedList) -> Markup:
    """The best trick of each kind on each config."""
    plot = _Plot(900, 170, len(configs))
    marks = []
    for row, config in enumerate(configs):
        marks.append(plot.name(row, config.config))
        for kind in KINDS:
            best = config.best(kind)
            if best is not None:
                marks.append(plot.chance(row, best.chance))
                marks.append(plot.dot(row, best, judge_finding(config.config, best, known)))
    return element("div", {"class": "wide"}, plot.drawn("The best trick on each config", *marks))
