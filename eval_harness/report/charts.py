"""Charts as inline SVG: colours come from the page's style sheet, so they follow its theme."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from eval_harness.report.markup import Attributes, Markup, element
from eval_harness.report.scales import Histogram, format_count, format_percent, position, ticks

_WIDTH: Final = 340
_HEIGHT: Final = 230
_LEFT: Final = 44
_RIGHT: Final = 12
_TOP: Final = 12
_BOTTOM: Final = 38


@dataclass(frozen=True)
class Point:
    """An accuracy at a place on the x axis, with its interval and what a tooltip says."""

    place: int
    value: float
    low: float
    high: float
    tooltip: str


@dataclass(frozen=True)
class Curve:
    """One run's points; `style` (0, 1, …) picks its colour, marker and dash."""

    style: int
    points: Sequence[Point]


def _x(share: float) -> float:
    return round(_LEFT + share * (_WIDTH - _LEFT - _RIGHT), 1)


def _y(share: float) -> float:
    return round(_HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM), 1)


def _line(kind: str, x1: float, y1: float, x2: float, y2: float) -> Markup:
    return element("line", {"class": kind, "x1": x1, "y1": y1, "x2": x2, "y2": y2})


def _text(kind: str, x: float, y: float, text: str) -> Markup:
    return element("text", {"class": kind, "x": x, "y": y}, text)


def _figure(told: str, *children: Markup) -> Markup:
    box = {"viewBox": f"0 0 {_WIDTH} {_HEIGHT}", "role": "img", "aria-label": told}
    return element("svg", box, *children)


def _across(place: int, places: int) -> float:
    """Places sit in the middle of equal columns."""
    return (place + 0.5) / places


def accuracy_curves(
    told: str, names: Sequence[str], curves: Sequence[Curve], chance: Sequence[float | None]
) -> Markup:
    """Accuracy (with intervals) over named places, one curve a run, and the chance level at each place."""
    marks = []
    for share in (0, 0.25, 0.5, 0.75, 1):
        y = _y(share)
        marks += [_line("grid", _x(0), y, _x(1), y), _text("tick y", _x(0) - 6, y + 3.5, f"{share:.0%}")]
    half = 0.5 / len(names)
    for place, name in enumerate(names):
        middle = _across(place, len(names))
        marks.append(_text("tick", _x(middle), _HEIGHT - 20, name))
        level = chance[place]
        if level is not None:
            step = _line("chance", _x(middle - half), _y(level), _x(middle + half), _y(level))
            marks.append(element("g", {}, step, element("title", {}, f"chance {format_percent(level)}")))
    marks.append(_text("label", _x(0.5), _HEIGHT - 4, "level"))
    marks += [_curve(curve, len(names), turn, len(curves)) for turn, curve in enumerate(curves)]
    return _figure(told, *marks)


def _curve(curve: Curve, places: int, turn: int, turns: int) -> Markup:
    # Runs stand side by side at a place, so that intervals do not cover each other.
    aside = (turn - (turns - 1) / 2) * min(0.1, 0.6 / turns) / places
    spots = [(_x(_across(point.place, places) + aside), point) for point in curve.points]
    path = " ".join(f"{x},{_y(point.value)}" for x, point in spots)
    parts = [element("polyline", {"class": "curve", "points": path})]
    for x, point in spots:
        whisker = _line("whisker", x, _y(point.low), x, _y(point.high))
        marker = _marker(curve.style, x, _y(point.value))
        parts.append(element("g", {}, whisker, marker, element("title", {}, point.tooltip)))
    return element("g", {"class": f"run run{curve.style % 6}"}, *parts)


def _marker(style: int, x: float, y: float) -> Markup:
    if style % 3 == 0:
        return element("circle", {"class": "marker", "cx": x, "cy": y, "r": 4})
    if style % 3 == 1:
        return element("rect", {"class": "marker", "x": x - 3.6, "y": y - 3.6, "width": 7.2, "height": 7.2})
    corners = f"{x},{y - 4.8} {x + 4.6},{y + 3.6} {x - 4.6},{y + 3.6}"
    return element("polygon", {"class": "marker", "points": corners})


def bars(told: str, unit: str, style: int, shown: Histogram, marked: Sequence[tuple[str, float]]) -> Markup:
    """A histogram, with named values marked by lines."""
    most = max(shown.counts)
    edges = [position(edge, shown.edges, shown.logarithmic) for edge in shown.edges]
    marks = []
    for tick in ticks(0, most, False, 4):
        y = _y(tick / most)
        marks += [_line("grid", _x(0), y, _x(1), y), _text("tick y", _x(0) - 6, y + 3.5, format_count(tick))]
    for tick in ticks(shown.edges[0], shown.edges[-1], shown.logarithmic):
        place = position(tick, shown.edges, shown.logarithmic)
        marks.append(_text("tick", _x(place), _HEIGHT - 20, f"{tick:,g}"))
    for number, start, end, low, high in zip(
        shown.counts, edges, edges[1:], shown.edges, shown.edges[1:], strict=False
    ):
        box: Attributes = {
            "class": "bar",
            "x": _x(start) + 0.5,
            "y": _y(number / most),
            "width": round(max(_x(end) - _x(start) - 1, 0.5), 1),
            "height": round(_y(0) - _y(number / most), 1),
        }
        tip = element("title", {}, f"{low:,.4g} to {high:,.4g} {unit}: {format_count(number)}")
        marks.append(element("rect", box, tip))
    for turn, (name, value) in enumerate(marked):
        x = _x(position(value, shown.edges, shown.logarithmic))
        marks.append(_line("mark", x, _TOP, x, _y(0)))
        # A label near the right edge is written to the left of its line.
        side = "end" if x > _x(0.75) else "start"
        spot: Attributes = {
            "class": f"marked {side}",
            "x": x + (4 if side == "start" else -4),
            "y": _TOP + 9 + 12 * turn,
        }
        marks.append(element("text", spot, f"{name} {value:,.4g}"))
    marks.append(_text("label", _x(0.5), _HEIGHT - 4, unit))
    return _figure(told, element("g", {"class": f"run run{style % 6}"}, *marks))


def interval(low: float, middle: float, high: float, reach: float) -> Markup:
    """A difference with its interval on an axis from -reach to reach, zero marked: a row of a forest plot."""
    wide, tall = 160, 18

    def x(value: float) -> float:
        return round(wide * (0.5 + 0.48 * max(-1.0, min(1.0, value / reach))), 1)

    marks = [
        _line("zero", wide / 2, 0, wide / 2, tall),
        _line("whisker", x(low), tall / 2, x(high), tall / 2),
        element("circle", {"class": "marker", "cx": x(middle), "cy": tall / 2, "r": 3.5}),
    ]
    side = "better" if low > 0 else "worse" if high < 0 else "level"
    told = f"{100 * middle:+.1f} points, from {100 * low:+.1f} to {100 * high:+.1f}"
    box = {"viewBox": f"0 0 {wide} {tall}", "class": f"forest {side}", "role": "img", "aria-label": told}
    return element("svg", box, *marks)
