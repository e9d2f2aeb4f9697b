"""Amounts as people write and read them: 500K, 10M, 1.5B."""

import re
from typing import Final

from synthlm_tasks.errors import ParameterError

_UNITS: Final = {"": 1, "K": 10**3, "M": 10**6, "B": 10**9, "T": 10**12}


def parse_amount(name: str, text: str) -> int:
    """The whole number that `text` stands for, e.g. "500K" → 500000; raises ParameterError naming `name`."""
    match = re.fullmatch(r"(\d[\d_,]*(?:\.\d+)?)([KMBT]?)", text.strip().upper())
    number = round(float(match[1].replace("_", "").replace(",", "")) * _UNITS[match[2]]) if match else 0
    if number < 1:
        raise ParameterError(f"{name}={text!r}: expected a positive number such as 500K, 10M or 1.5B")
    return number


def format_amount(number: float) -> str:
    """The number in three digits or so, e.g. 12345 → "12.3K"."""
    for unit, size in reversed(_UNITS.items()):
        if number >= size:
            return f"{number / size:.3g}{unit}" if number < 1000 * size else f"{number / size:,.0f}{unit}"
    return f"{number:.3g}"
