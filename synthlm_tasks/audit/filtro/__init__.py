"""How rows of Filtro are judged."""

from typing import Final

from synthlm_tasks.audit.filtro.checks import answer, key, parse, violations
from synthlm_tasks.audit.filtro.heuristics import HEURISTICS
from synthlm_tasks.audit.filtro.notions import NOTIONS
from synthlm_tasks.audit.filtro.view import VIEW
from synthlm_tasks.audit.task_audit import Checks, TaskAudit

AUDIT: Final = TaskAudit(
    checks=Checks(parse, answer, key, violations),
    view=VIEW,
    heuristics={"filtro": HEURISTICS},
    notions=NOTIONS,
)
