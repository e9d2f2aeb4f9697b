"""Invariants on real rows: the slow checks on a sample, and no problem twice where it must not be."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from synthlm_tasks.audit.checks import CHECKS
from synthlm_tasks.audit.results import Repeats, Violation
from synthlm_tasks.audit.sample import Row

MOST_CHECKED: Final = 2000
"""Rows of each split that the slow checks see."""

_MOST_KINDS: Final = 20


def violations(rows: Iterable[Row]) -> tuple[Violation, ...]:
    """What the independent checks find wrong, with how many rows have it."""
    counts: Counter[str] = Counter()
    first: dict[str, str] = {}
    for row in rows:
        checks = CHECKS[row["task"]]
        try:
            found = checks.violations(row)
        except ValueError as error:  # the strict parser refuses the text
            found = [str(error).partition(":")[0]]
        counts.update(set(found))
        for complaint in found:
            first.setdefault(complaint, row["sample_id"])
    return tuple(Violation(complaint=c, rows=n, first=first[c]) for c, n in counts.most_common(_MOST_KINDS))


@dataclass(frozen=True)
class Twice:
    """What stands more than once: in a split, and in several splits."""

    repeats: tuple[Repeats, ...]
    prompts: int
    keys: int


def repeated(splits: Mapping[str, Sequence[Row]]) -> Twice:
    """Count prompts and problems that occur again within a split, and those that two splits share."""
    prompts = {split: {row["input_text"] for row in rows} for split, rows in splits.items()}
    keys = {split: {_key(row) for row in rows} for split, rows in splits.items()}
    return Twice(
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
    """What decides the split, by the independent check; the text itself where it cannot be read."""
    try:
        return row["task"], CHECKS[row["task"]].key(row)
    except ValueError:
        return row["input_text"]


def _shared(sets: Mapping[str, set[str]] | Mapping[str, set[object]]) -> int:
    """How many values lie in two or more of the sets."""
    return sum(map(len, sets.values())) - len(set().union(*sets.values()))
