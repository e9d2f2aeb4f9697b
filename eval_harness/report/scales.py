"""Numbers to places and words: ticks, bins, percentages."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_WIDE: Final = 30
"""Values that span more than this factor are binned by their logarithm."""


def format_percent(share: float | None, digits: int = 1) -> str:
    """e.g. 0.781 → "78.1%", -0.001 → "-0.1%" or, with no digits, "0%"; nothing → "—"."""
    return "—" if share is None else f"{100 * share:z.{digits}f}%"


def format_count(number: float) -> str:
    """e.g. 12345 → "12,345"."""
    return f"{number:,.0f}"


@dataclass(frozen=True)
class Histogram:
    """`counts[i]` values lie in [edges[i], edges[i + 1]), the last end included."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    logarithmic: bool


def histogram(values: Sequence[float], edges: tuple[float, ...], logarithmic: bool) -> Histogram:
    """Count values (none outside the edges) in bins."""
    counts = [0] * (len(edges) - 1)
    for value in values:
        place = int(position(value, edges[0], edges[-1], logarithmic) * len(counts))
        counts[min(max(place, 0), len(counts) - 1)] += 1
    return Histogram(edges, tuple(counts), logarithmic)


def bins(values: Sequence[float], number: int = 30) -> tuple[tuple[float, ...], bool]:
    """Edges of equally wide bins that hold all values, and whether they are equal in the logarithm."""
    low, high = min(values), max(values)
    logarithmic = low > 0 and high / low > _WIDE
    if low == high:  # one thin bar among empty ones: a block as wide as the chart would look like many values
        low, high = (low / 2, 1.5 * low) if low > 0 else (low, low + 1)
    start, end = _scale(low, logarithmic), _scale(high, logarithmic)
    places = [start + (end - start) * step / number for step in range(number + 1)]
    edges = [math.exp(place) for place in places] if logarithmic else places
    return (low, *edges[1:-1], high), logarithmic


def _scale(value: float, logarithmic: bool) -> float:
    return math.log(value) if logarithmic else value


def position(value: float, low: float, high: float, logarithmic: bool) -> float:
    """Where a value lies between the low end (0) and the high end (1)."""
    start, end = _scale(low, logarithmic), _scale(high, logarithmic)
    return (_scale(value, logarithmic) - start) / (end - start)


def ticks(low: float, high: float, logarithmic: bool, most: int = 6) -> list[float]:
    """Round numbers between two ends: 1-2-5 steps, or powers of ten with their doubles and fives."""
    if logarithmic:
        powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        for parts in ((1, 2, 5), (1, 3), (1,)):
            found = [part * 10.0**power for power in powers for part in parts]
            found = [tick for tick in found if low <= tick <= high]
            if len(found) <= most:
                break
        return found
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * part for part in (1, 2, 5, 10) if power * part >= rough)
    return [place * step for place in range(math.ceil(low / step), math.floor(high / step) + 1)]


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie, linear between neighbours."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
