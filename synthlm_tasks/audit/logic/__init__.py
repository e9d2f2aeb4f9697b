"""How rows of Logic are judged."""

from typing import Final

from synthlm_tasks.audit.logic.checks import answer, violations
from synthlm_tasks.audit.logic.heuristics import HEURISTICS, PARITY, RAMP
from synthlm_tasks.audit.logic.notions import NOTIONS
from synthlm_tasks.audit.logic.prompts import parse
from synthlm_tasks.audit.logic.spellings import key
from synthlm_tasks.audit.logic.view import VIEW
from synthlm_tasks.audit.task_audit import Checks, TaskAudit

AUDIT: Final = TaskAudit(
    checks=Checks(parse, answer, key, violations),
    view=VIEW,
    heuristics={"logic": HEURISTICS, "logic-parity": PARITY, "logic-ramp": RAMP},
    notions=NOTIONS,
)
