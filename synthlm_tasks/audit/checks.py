"""What the checks share: reading a row's columns."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

Row = Mapping[str, Any]
Ranges = Mapping[str, tuple[tuple[float, float], tuple[float, float], tuple[float, float]]]


def metadata(row: Row) -> dict[str, Any]:
    """The row's metadata, given as the column's JSON text or as the dict of the task API."""
    given = row["metadata"]
    read: dict[str, Any] = json.loads(given) if isinstance(given, str) else given
    return read


def family(row: Row) -> str:
    """The config family that the row's id names; empty for a sample that has no id."""
    return str(row.get("sample_id", "")).partition("_")[0]


def metadata_differences(row: Row, real: Mapping[str, object]) -> Iterable[str]:
    """Metadata entries that are missing, or not what the text says."""
    stated = metadata(row)
    for name, value in real.items():
        if name not in stated:
            yield f"metadata has no {name}"
        elif stated[name] != value or type(stated[name]) is not type(value):
            yield f"metadata says {name}={stated[name]!r}, it is {value!r}"


def outside_presets(row: Row, presets: Mapping[str, Ranges]) -> Iterable[str]:
    """Preset parameters that lie outside the range of the row's family and level; other families pass."""
    for name, levels in presets.get(family(row), {}).items():
        low, high = levels[row["difficulty"] - 1]
        value = metadata(row).get(name)
        if not isinstance(value, int | float) or not low <= value <= high:
            yield f"{name}={value!r} is outside the preset's {low} to {high} of level {row['difficulty']}"
