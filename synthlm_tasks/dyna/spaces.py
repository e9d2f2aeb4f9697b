"""Small spaces of Dyna's programs, counted out: how much of what is drawn a split wants."""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.dyna.moves import LEAST_STATE, PERMUTATIONS, followers
from synthlm_tasks.dyna.programs import key_of_size, key_parts
from synthlm_tasks.rows.splits import Accept, Hashes
from synthlm_tasks.rows.streams import Ints

# Of so many programs, none of them much likelier than others, a split has its share.
_MOST_COUNTED: Final = 20_000


@dataclass(frozen=True)
class _Programs:
    """Every program (p,) that the split key tells apart: its key, its last map's row, its chance."""

    keys: Hashes
    last: Ints
    chances: NDArray[np.float64]


def share_of(mask: int, size: int, ops: int, accept: Accept) -> float:
    """The chance that a program drawn with these parameters is accepted; 1 where there are many programs."""
    programs = _count_out(mask, size, ops)
    return 1.0 if programs is None else float(programs.chances[accept(programs.keys)].sum())


@lru_cache(maxsize=512)
def _count_out(mask: int, size: int, ops: int) -> _Programs | None:
    """All programs of a length, from those that are one operation shorter; None where there are too many."""
    if not ops:
        return _Programs(np.full(1, key_of_size(size)), np.zeros(1, np.int64), np.ones(1))
    shorter = _count_out(mask, size, ops - 1)
    if shorter is None:
        return None
    maps, follow = _follow_chances(mask, size)
    commuting = followers(mask).commuting
    place, added = np.nonzero(follow[shorter.last])
    chances = shorter.chances[place] * follow[shorter.last[place], added]
    keys = shorter.keys[place] + key_parts(2 * maps[added], np.full(len(place), ops - 1), commuting)
    if not commuting:
        return None if len(keys) > _MOST_COUNTED else _Programs(keys, 1 + added, chances)
    # Programs of the same operations are one, and anything may follow.
    different, same = np.unique(keys, return_inverse=True)
    merged = np.zeros(len(different))
    np.add.at(merged, same, chances)
    return _Programs(different, np.zeros(len(different), np.int64), merged)


@cache
def _follow_chances(mask: int, size: int) -> tuple[NDArray[np.uint16], NDArray[np.float64]]:
    """The maps (m,) of a list, and the chances (1 + m, m) that each is the first, or follows each of them."""
    table = followers(mask)
    choices = table.choices.reshape(-1, PERMUTATIONS, table.slots)[size - LEAST_STATE]
    chances = np.zeros((PERMUTATIONS, PERMUTATIONS))
    for permutation, slots in enumerate(choices.tolist()):
        for run in slots:
            start, count = run >> 8, run & 255
            follow = table.follow[start : start + count] >> np.uint16(1)
            np.add.at(chances[permutation], follow, 1 / (table.slots * max(count, 1)))
    maps = np.flatnonzero(chances[0])
    return maps.astype(np.uint16), chances[np.concatenate([[0], maps])][:, maps]
