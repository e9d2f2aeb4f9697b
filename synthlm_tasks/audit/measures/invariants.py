"""Invariants on real rows: the slow checks on a sample, and no problem twice where it must not be."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from synthlm_tasks.audit.registry import task_audit
from synthlm_tasks.audit.results import Repeats, Violation
from synthlm_tasks.audit.sample import Row
from synthlm_tasks.rows.splits import Split

MOST_CHECKED: Final = 2000
"""Rows of each split that the slow checks see."""

_MOST_KINDS: Final = 20


def readable(row: Row) -> bool:
    """Whether the row is a problem of its task with an answer of the right form, right or wrong."""
    try:
        task_audit(row["task"]).view.question(row)
    except (ValueError, LookupError):
        return False
    return True


def violations(rows: Iterable[Row]) -> tuple[Violation, ...]:
    """What the independent checks find wrong, with how many rows have it."""
    counts: Counter[str] = Counter()
    first: dict[str, str] = {}
    for row in rows:
        checks = task_audit(row["task"]).checks
        try:
            found = checks.violations(row)
        except (ValueError, LookupError) as error:  # the strict parser refuses the text
            found = [str(error).partition(":")[0]]
        if not found and not readable(row):
            found = ["the answer is none of the legal ones"]
        counts.update(set(found))
        for complaint in found:
            first.setdefault(complaint, row["sample_id"])
    return tuple(Violation(complaint=c, rows=n, first=first[c]) for c, n in counts.most_common(_MOST_KINDS))


@dataclass(frozen=True)
class RepeatCounts:
    """What stands more than once: in a split, and in several splits."""

    repeats: tuple[Repeats, ...]
    prompts: int
    keys: int


def count_repeats(splits: Mapping[Split, Sequence[Row]]) -> RepeatCounts:
    """Count prompts and problems that occur again within a split, and those that two splits share."""
    prompts = {split: {row["input_text"] for row in rows} for split, rows in splits.items()}
    keys = {split: {_key(row) for row in rows} for split, rows in splits.items()}
    return RepeatCounts(
        tuple(
            Repeats(
                split=split,
                rows=len(rows),
                prompts=len(rows) - len(prompts[split]),
                keys=len(rows) - len(keys[split]),
            )
            for split, rows in splits.items()
        ),
        _shared(prompts),
        _shared(keys),
    )


def _key(row: Row) -> object:
    """The task, and what decides the split, by the independent check."""
    return row["task"], task_audit(row["task"]).checks.key(row)


def _shared(sets: Mapping[Split, set[Any]]) -> int:
    """How many values lie in two or more of the sets."""
    return sum(map(len, sets.values())) - len(set().union(*sets.values()))
