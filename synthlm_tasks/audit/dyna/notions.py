"""What may be called the same Dyna problem."""

from typing import Final

from synthlm_tasks.audit.checks import Row
from synthlm_tasks.audit.dyna.checks import key, run
from synthlm_tasks.audit.dyna.prompts import parse
from synthlm_tasks.audit.overlaps import Notion


def operations_in_any_order(row: Row) -> object:
    """List size, and the operations as they are spelled, sorted."""
    problem = parse(row["input_text"])
    return len(problem.state), tuple(sorted(problem.operations))


def whole_effect(row: Row) -> object:
    """Which starting place ends where, after the whole program."""
    problem = parse(row["input_text"])
    return tuple(run(problem.operations, [str(place) for place in range(len(problem.state))]))


NOTIONS: Final = (
    Notion("program", key, promised_new=True),
    Notion("operations in any order", operations_in_any_order),
    Notion("effect of the whole program", whole_effect),
)
