"""Overlap: how much of test has stood in train, under each notion of the same problem."""

from collections.abc import Mapping, Sequence

from synthlm_tasks.audit.overlaps import Notion
from synthlm_tasks.audit.registry import task_audit
from synthlm_tasks.audit.results import Overlap
from synthlm_tasks.audit.sample import Row
from synthlm_tasks.rows.splits import Split


def measure_overlaps(splits: Mapping[Split, Sequence[Row]]) -> tuple[Overlap, ...]:
    """For each of the task's notions, how many rows of test are known from train."""
    notions = task_audit(splits["train"][0]["task"]).notions
    return tuple(_measure(notion, splits["train"], splits["test"]) for notion in notions)


def _measure(notion: Notion, train: Sequence[Row], test: Sequence[Row]) -> Overlap:
    shown = {one for row in train for one in notion.all_shown(row)}
    return Overlap(
        name=notion.name,
        train=len(train),
        rows=len(test),
        known=sum(notion.asked(row) in shown for row in test),
        promised_new=notion.promised_new,
    )
