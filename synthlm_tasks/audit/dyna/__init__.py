"""How rows of Dyna are judged."""

from typing import Final

from synthlm_tasks.audit.dyna.checks import answer, key, violations
from synthlm_tasks.audit.dyna.heuristics import COMMUTING, HEURISTICS, SWAPS
from synthlm_tasks.audit.dyna.notions import NOTIONS
from synthlm_tasks.audit.dyna.prompts import parse
from synthlm_tasks.audit.dyna.view import VIEW
from synthlm_tasks.audit.task_audit import Checks, TaskAudit

AUDIT: Final = TaskAudit(
    checks=Checks(parse, answer, key, violations),
    view=VIEW,
    heuristics={"dyna": HEURISTICS, "dyna-commuting": COMMUTING, "dyna-swaps": SWAPS},
    notions=NOTIONS,
)
