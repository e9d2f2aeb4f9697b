"""Plain-Python oracles, written from the text formats alone: they never import what they check.

Each module has `answer(input_text)`, with a strict parser, and `violations(row)`: every invariant that
can be checked on one row, found by slow code from the text, the target and the metadata.
"""

from types import ModuleType
from typing import Final

from oracles import dyna, filtro, inducto, logic

ORACLES: Final[dict[str, ModuleType]] = {"dyna": dyna, "filtro": filtro, "inducto": inducto, "logic": logic}
