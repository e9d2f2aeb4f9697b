"""What a chart shows, said once: svg.py draws it on the page, figures.py as a PNG file.

A description holds values, names, order, marks, ticks and words; sizes, fonts and shades are the renderer's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from eval_harness.report.scales import position

Marker: TypeAlias = Literal["circle", "square", "triangle", "diamond"]
Dash: TypeAlias = Literal["solid", "dashed", "dotted"]

_MARKERS: Final[tuple[Marker, ...]] = ("circle", "square", "triangle", "diamond")
_DASHES: Final[tuple[Dash, ...]] = ("solid", "dashed", "dotted")
_RUN_COLOURS: Final = 6  # --run0 to --run5 of the style sheet


@dataclass(frozen=True)
class Style:
    """How marks of one kind look."""

    colour: str
    """A colour of the style sheet, where it is both a class and a variable: "run0", "no_answer", …"""
    marker: Marker = "circle"
    dash: Dash = "solid"


def run_style(number: int) -> Style:
    """The look of a report's runs in their order; the first twelve differ in colour, marker or dash."""
    colour = f"run{number % _RUN_COLOURS}"
    return Style(colour, _MARKERS[number % len(_MARKERS)], _DASHES[number % len(_DASHES)])


@dataclass(frozen=True)
class Axis:
    """A numeric axis from `low` to `high` with its labelled ticks."""

    label: str
    low: float
    high: float
    ticks: Sequence[tuple[float, str]]
    logarithmic: bool = False

    def position(self, value: float) -> float:
        """Where a value stands between the two ends, 0 to 1."""
        return position(value, self.low, self.high, self.logarithmic)


ACCURACY: Final = Axis("accuracy", 0, 1, [(share, f"{share:.0%}") for share in (0, 0.25, 0.5, 0.75, 1)])
"""The axis of every accuracy."""


@dataclass(frozen=True)
class Point:
    """A value with its interval at a place (0, 1, …) on an axis of names."""

    place: int
    value: float
    low: float
    high: float
    tooltip: str


@dataclass(frozen=True)
class Dot(Point):
    """A point that stands for itself, not on a curve."""

    style: Style


@dataclass(frozen=True)
class Chance:
    """What guessing reaches at a place on an axis of names."""

    place: int
    value: float
    tooltip: str = ""


@dataclass(frozen=True)
class Curve:
    """One run's points, in the order of their places."""

    name: str
    style: Style
    points: Sequence[Point]


@dataclass(frozen=True)
class CurveChart:
    """Curves of accuracy over named places, which stand in the middle of equal columns."""

    title: str
    description: str
    label: str
    places: Sequence[str]
    axis: Axis
    curves: Sequence[Curve]
    chance: Sequence[Chance]

    def offset(self, number: int) -> float:
        """How far beside its place, in columns, curve `number` stands, so that no interval hides another."""
        return (number - (len(self.curves) - 1) / 2) * min(0.1, 0.6 / len(self.curves))


@dataclass(frozen=True)
class Line:
    """Spots (x, y) in the order of x, joined; thin lines stay in the background."""

    name: str
    style: Style
    spots: Sequence[tuple[float, float]]
    tooltip: str
    thin: bool = False


@dataclass(frozen=True)
class LineChart:
    """Lines over two numeric axes, e.g. accuracy while a model is trained."""

    title: str
    description: str
    x: Axis
    y: Axis
    lines: Sequence[Line]


@dataclass(frozen=True)
class DotChart:
    """Named rows of dots with intervals over one axis."""

    title: str
    rows: Sequence[str]
    axis: Axis
    dots: Sequence[Dot]
    chance: Sequence[Chance] = ()


@dataclass(frozen=True)
class Bar:
    """How many values lie between two edges."""

    low: float
    high: float
    count: int
    tooltip: str


@dataclass(frozen=True)
class Mark:
    """A value that is named on an axis."""

    value: float
    text: str
    before: bool
    """Whether the name stands before the line of the value, not behind it."""
    row: int
    """The row of the name, 0 on top, above all bars; the line begins there."""


@dataclass(frozen=True)
class HistogramChart:
    """One run's bars, without gaps, and named values among them."""

    title: str
    description: str
    style: Style
    values: Axis
    counts: Axis
    bars: Sequence[Bar]
    marks: Sequence[Mark]


@dataclass(frozen=True)
class HeatCell:
    """An accuracy among others: what is written in the cell, and how many samples it is of."""

    accuracy: float
    text: str
    scored: int
    tooltip: str


@dataclass(frozen=True)
class HeatChart:
    """`cells[y][x]` over named rows (the first at the bottom) and columns; None where nothing was scored."""

    title: str
    style: Style
    labels: tuple[str, str]
    """What the columns are, and what the rows are: "" where there is but one."""
    columns: Sequence[str]
    rows: Sequence[str]
    cells: Sequence[Sequence[HeatCell | None]]
    measure: str = "accuracy"
    """What the colours are."""


@dataclass(frozen=True)
class Part:
    """What became of some of a run's samples; `colour` is the outcome's own in the style sheet."""

    name: str
    colour: str
    count: int
    share: float


@dataclass(frozen=True)
class OutcomeBar:
    """All planned samples of a run, by outcome; parts of 0 are among them."""

    run: str
    parts: Sequence[Part]
