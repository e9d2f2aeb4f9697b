"""Charts as inline SVG: colours come from the page's style sheet, so they follow its theme."""

from dataclasses import dataclass
from typing import Final

from eval_harness.report.charts import (
    Axis,
    Curve,
    CurveChart,
    Dot,
    DotChart,
    HistogramChart,
    Line,
    LineChart,
    Mark,
    Style,
)
from eval_harness.report.markup import Attributes, Markup, element

_ROW: Final = 17
"""The height of a row of dots,"""
_CELL: Final = (160, 18)
"""and the width and height of a row that stands in a cell of a table."""


@dataclass(frozen=True)
class _Frame:
    """A drawing and, inside its margins, the plot; all in SVG units."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float

    @property
    def foot(self) -> float:
        """The lower edge of the plot."""
        return self.height - self.bottom

    def x(self, share: float) -> float:
        return round(self.left + share * (self.width - self.left - self.right), 1)

    def y(self, share: float) -> float:
        return round(self.foot - share * (self.foot - self.top), 1)

    def row(self, number: int) -> float:
        """The middle of a row, counted from the top."""
        return self.top + (number + 0.5) * _ROW


_PLOT: Final = _Frame(340, 230, left=44, right=12, top=12, bottom=38)

_NAME: Final = 13
"""The height of a row of names above the bars, of which there are two."""
_HISTOGRAM: Final = _Frame(340, 230, left=44, right=12, top=2 * _NAME + 6, bottom=38)


def draw_curves(chart: CurveChart) -> Markup:
    """Draw curves with intervals, and the chance level at each place."""
    columns = len(chart.places)
    marks = _rows_of_grid(_PLOT, chart.axis)
    for place, name in enumerate(chart.places):
        marks.append(_text("tick", _PLOT.x((place + 0.5) / columns), _PLOT.foot + 18, name))
    for chance in chart.chance:
        y = _PLOT.y(chart.axis.position(chance.value))
        start, end = (_PLOT.x((chance.place + edge) / columns) for edge in (0, 1))
        marks.append(
            element("g", {}, _line("chance", start, y, end, y), element("title", {}, chance.tooltip))
        )
    marks.append(_text("label", _PLOT.x(0.5), _PLOT.height - 4, chart.label))
    marks += [_curve(chart, number, curve) for number, curve in enumerate(chart.curves)]
    return _drawing(_PLOT, chart.description, *marks)


def _curve(chart: CurveChart, number: int, curve: Curve) -> Markup:
    middle, columns = 0.5 + chart.offset(number), len(chart.places)
    spots = [(_PLOT.x((point.place + middle) / columns), point) for point in curve.points]
    path = " ".join(f"{x},{_PLOT.y(chart.axis.position(point.value))}" for x, point in spots)
    parts = [element("polyline", {"class": "curve", "points": path})]
    for x, point in spots:
        low, y, high = (_PLOT.y(chart.axis.position(value)) for value in (point.low, point.value, point.high))
        whisker, marker = _line("whisker", x, low, x, high), _marker(curve.style, x, y)
        parts.append(element("g", {}, whisker, marker, element("title", {}, point.tooltip)))
    return element("g", {"class": f"{curve.style.colour} {curve.style.dash}"}, *parts)


def draw_lines(chart: LineChart) -> Markup:
    """Draw lines over two numeric axes."""
    marks = _rows_of_grid(_PLOT, chart.y)
    for value, name in chart.x.ticks:
        marks.append(_text("tick", _PLOT.x(chart.x.position(value)), _PLOT.foot + 18, name))
    marks.append(_text("label", _PLOT.x(0.5), _PLOT.height - 4, chart.x.label))
    marks += [_joined(chart, line) for line in chart.lines]
    return _drawing(_PLOT, chart.description, *marks)


def _joined(chart: LineChart, line: Line) -> Markup:
    spots = [(_PLOT.x(chart.x.position(x)), _PLOT.y(chart.y.position(y))) for x, y in line.spots]
    path = " ".join(f"{x},{y}" for x, y in spots)
    parts = [element("polyline", {"class": "curve", "points": path})]
    if spots and not line.thin:
        parts.append(_marker(line.style, *spots[-1]))
    kind = f"{line.style.colour} {line.style.dash}" + (" thin" if line.thin else "")
    return element("g", {"class": kind}, *parts, element("title", {}, line.tooltip))


def draw_histogram(chart: HistogramChart) -> Markup:
    """Draw bars, with named values marked by lines."""
    marks = _rows_of_grid(_HISTOGRAM, chart.counts)
    for value, name in chart.values.ticks:
        marks.append(_text("tick", _PLOT.x(chart.values.position(value)), _PLOT.foot + 18, name))
    for bar in chart.bars:
        start, end = (_PLOT.x(chart.values.position(edge)) for edge in (bar.low, bar.high))
        top = _HISTOGRAM.y(chart.counts.position(bar.count))
        box: Attributes = {
            "class": "bar",
            "x": start + 0.5,
            "y": top,
            "width": round(max(end - start - 1, 0.5), 1),
            "height": round(_PLOT.foot - top, 1),
        }
        marks.append(element("rect", box, element("title", {}, bar.tooltip)))
    for mark in chart.marks:
        marks += _named_line(chart.values, mark)
    marks.append(_text("label", _PLOT.x(0.5), _PLOT.height - 4, chart.values.label))
    return _drawing(_PLOT, chart.description, element("g", {"class": chart.style.colour}, *marks))


def _named_line(axis: Axis, mark: Mark) -> tuple[Markup, Markup]:
    x, y = _HISTOGRAM.x(axis.position(mark.value)), _NAME * (mark.row + 1)
    kind, aside = ("marked end", -4) if mark.before else ("marked start", 4)
    return _line("mark", x, y - 0.7 * _NAME, x, _HISTOGRAM.foot), _text(kind, x + aside, y, mark.text)


def draw_dots(chart: DotChart, width: int, left: int) -> Markup:
    """Draw rows of dots: `width` units wide, of which `left` are for the rows' names."""
    height = 6 + len(chart.rows) * _ROW + 22
    frame = _Frame(width, height, left=left, right=20, top=6, bottom=22)
    marks = []
    for value, name in chart.axis.ticks:
        x = frame.x(chart.axis.position(value))
        marks += [_line("grid", x, frame.top, x, frame.foot), _text("tick", x, frame.foot + 14, name)]
    for number, name in enumerate(chart.rows):
        marks.append(_text("y name", left - 8, frame.row(number) + 3.5, name))
    for chance in chart.chance:
        x, y = frame.x(chart.axis.position(chance.value)), frame.row(chance.place)
        marks.append(_line("chance", x, y - _ROW / 2, x, y + _ROW / 2))
    marks += [_dot(frame, chart.axis, dot, frame.row(dot.place)) for dot in chart.dots]
    return _drawing(frame, chart.title, *marks)


def draw_dot(axis: Axis, dot: Dot) -> Markup:
    """Draw one dot of differences alone, for a cell of a table: its axis has 0 in the middle."""
    width, height = _CELL
    frame = _Frame(width, height, left=0.02 * width, right=0.02 * width, top=0, bottom=0)
    zero = _line("zero", width / 2, 0, width / 2, height)
    return _drawing(frame, dot.tooltip, zero, _dot(frame, axis, dot, height / 2), kind="forest")


def draw_key(style: Style) -> Markup:
    """A line with its marker, to stand before a name in a legend."""
    frame = _Frame(30, 12, left=1, right=1, top=0, bottom=0)
    line = element("polyline", {"class": "curve", "points": "1,6 29,6"})
    mark = element("g", {"class": f"{style.colour} {style.dash}"}, line, _marker(style, 15, 6))
    return _drawing(frame, f"{style.marker}, {style.dash} line", mark, kind="sign")


def _dot(frame: _Frame, axis: Axis, dot: Dot, y: float) -> Markup:
    low, x, high = (frame.x(axis.position(value)) for value in (dot.low, dot.value, dot.high))
    whisker, marker = _line("whisker", low, y, high, y), _marker(dot.style, x, y)
    return element("g", {"class": dot.style.colour}, whisker, marker, element("title", {}, dot.tooltip))


def _marker(style: Style, x: float, y: float) -> Markup:
    if style.marker == "circle":
        return element("circle", {"class": "marker", "cx": x, "cy": y, "r": 4})
    # Corners around the middle; each shape looks about as large as the circle.
    corners = {
        "square": ((-3.6, -3.6), (3.6, -3.6), (3.6, 3.6), (-3.6, 3.6)),
        "triangle": ((0, -4.8), (4.6, 3.6), (-4.6, 3.6)),
        "diamond": ((0, -5), (5, 0), (0, 5), (-5, 0)),
    }[style.marker]
    points = " ".join(f"{x + right:.1f},{y + down:.1f}" for right, down in corners)
    return element("polygon", {"class": "marker", "points": points})


def _rows_of_grid(frame: _Frame, axis: Axis) -> list[Markup]:
    marks = []
    for value, name in axis.ticks:
        y = frame.y(axis.position(value))
        marks += [_line("grid", frame.x(0), y, frame.x(1), y), _text("tick y", frame.x(0) - 6, y + 3.5, name)]
    return marks


def _drawing(frame: _Frame, description: str, *marks: Markup, kind: str = "") -> Markup:
    box: dict[str, str] = {"viewBox": f"0 0 {frame.width} {frame.height}"}
    if kind:
        box["class"] = kind
    return element("svg", box | {"role": "img", "aria-label": description}, *marks)


def _line(kind: str, x1: float, y1: float, x2: float, y2: float) -> Markup:
    return element("line", {"class": kind, "x1": x1, "y1": y1, "x2": x2, "y2": y2})


def _text(kind: str, x: float, y: float, text: str) -> Markup:
    return element("text", {"class": kind, "x": x, "y": y}, text)
