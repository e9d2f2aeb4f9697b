"""The checks: every invariant of every row, by plain Python written from the text formats alone.

Nothing here imports what it checks. Each module has `parse(text)`, a strict parser; `answer(text)`;
`key(row)`, what decides the row's split; and `violations(row)`: everything that can be found wrong with one
row from its text, target and metadata. The tests use the same code as their oracles.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from synthlm_tasks.audit.checks import dyna, filtro, inducto, logic
from synthlm_tasks.audit.checks.common import Row


@dataclass(frozen=True)
class Checks:
    """One task's checks."""

    parse: Callable[[str], Any]
    answer: Callable[[str], str]
    key: Callable[[Row], object]
    violations: Callable[[Row], list[str]]


CHECKS: Final[dict[str, Checks]] = {
    "dyna": Checks(dyna.parse, dyna.answer, dyna.key, dyna.violations),
    "filtro": Checks(filtro.parse, filtro.answer, filtro.key, filtro.violations),
    "inducto": Checks(inducto.parse, inducto.answer, inducto.key, inducto.violations),
    "logic": Checks(logic.parse, logic.answer, logic.key, logic.violations),
}
