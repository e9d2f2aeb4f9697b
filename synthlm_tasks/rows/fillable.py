"""Which cells of a space a split has problems for: small spaces may lie in train as a whole."""

from functools import lru_cache, partial
from typing import Final

import numpy as np

from synthlm_tasks.rows.rejection import Params, Proposer, find_unfillable
from synthlm_tasks.rows.space import Cell, Space
from synthlm_tasks.rows.splits import Split, in_split
from synthlm_tasks.rows.streams import Ints, RandomBits, digest

# Where a split has less than this share of what is drawn, a tenth of its own, its rows would cost too much.
# No fraction of small numbers, so that no rounding decides.
_LEAST_SHARE: Final = 1 / 200.5


def fillable_cells(task: type[Proposer], space: Space, split: Split) -> Ints | None:
    """The positions of the cells that the split has problems for; None where it has some for all.

    Only cells that the task calls scarce are looked into. What is found is a pure function of task, cell and
    split, so that it is the same wherever and however often it is looked for.
    """
    names = tuple(axis.name for axis in space.axes)
    keyed = [place for place, name in enumerate(names) if name not in task.unkeyed_axes]
    alike: dict[Cell, list[int]] = {}  # what the stream does not depend on does not change what there is
    for place, cell in enumerate(space.cells):
        if task.scarce(dict(zip(names, cell, strict=True))):
            alike.setdefault(tuple(cell[axis] for axis in keyed), []).append(place)
    if not alike:
        return None
    groups = list(alike.values())
    empty = _unfillable(task, names, tuple(space.cells[group[0]] for group in groups), split)
    if not empty:
        return None
    left_out = [place for number in empty for place in groups[number]]
    return np.setdiff1d(np.arange(len(space.cells)), np.array(left_out))


@lru_cache(maxsize=256)
def _unfillable(
    task: type[Proposer], names: tuple[str, ...], cells: tuple[Cell, ...], split: Split
) -> tuple[int, ...]:
    """The positions among `cells` of those without any problem in the split."""
    shares = [
        task.share_accepted(dict(zip(names, cell, strict=True)), partial(in_split, split=split))
        for cell in cells
    ]
    empty = {place for place, share in enumerate(shares) if share is not None and share < _LEAST_SHARE}
    unknown = [place for place, share in enumerate(shares) if share is None]
    if not unknown:
        return tuple(sorted(empty))
    table = np.array([cells[place] for place in unknown], np.int64)
    codes = {name: table[:, place].copy() for place, name in enumerate(names)}
    lowest, highest = ({name: int(end(values)) for name, values in codes.items()} for end in (np.min, np.max))
    key = digest("fillable", task.name, split)
    found = find_unfillable(
        task, Params(codes, lowest, highest), split, lambda *turn: RandomBits(0, (*key, *turn))
    )
    return tuple(sorted(empty.union(unknown[place] for place in found)))
