"""How rows of Inducto are judged."""

from typing import Final

from synthlm_tasks.audit.inducto.checks import answer, key, parse, violations
from synthlm_tasks.audit.inducto.heuristics import HEURISTICS, OPEN
from synthlm_tasks.audit.inducto.notions import NOTIONS
from synthlm_tasks.audit.inducto.view import VIEW
from synthlm_tasks.audit.task_audit import Checks, TaskAudit

AUDIT: Final = TaskAudit(
    checks=Checks(parse, answer, key, violations),
    view=VIEW,
    heuristics={"inducto": HEURISTICS, "inducto-open": OPEN},
    notions=NOTIONS,
)
