"""Views: how the audit looks at a row of each task.

A view says what is uniform in a row, and what a learner is given and asked. Learners are given more than the
text: names that carry nothing are replaced by places, so that what they would first have to learn (which
letter stands where) is theirs for free, and they find at least what they would find in the raw text.
"""

from typing import Final

from synthlm_tasks.audit.views import dyna, filtro, inducto, logic
from synthlm_tasks.audit.views.common import View

VIEWS: Final[dict[str, View]] = {
    "dyna": dyna.VIEW,
    "filtro": filtro.VIEW,
    "inducto": inducto.VIEW,
    "logic": logic.VIEW,
}
