"""Dyna's operations: what each does to a list, how it is written, and what may follow it.

An operation is a code, 2 * permutation + spelling: the permutation of positions that it is, by number, and
which of that permutation's one or two spellings is written. Permutation 0 is the identity, as padding.
"""

import math
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

LEAST_STATE: Final = 2
MOST_STATE: Final = 20
SIZES: Final = range(LEAST_STATE, MOST_STATE + 1)
KINDS: Final = ("SWAP", "ROTATE_LEFT", "ROTATE_RIGHT", "REVERSE")

# The permutations in the order of their numbers: 0, swaps, reversals, rotations. Positions and distances by
# the longest list that has none of them, so that the lists of operations share a beginning.
_SWAPPED: Final = [(i, j) for j in range(MOST_STATE) for i in range(j)]
_REVERSED: Final = [(i, j) for i, j in _SWAPPED if j - i > 2]  # a shorter reversal is a swap
_ROTATED: Final = [(size, k) for size in SIZES for k in range(1, size)]  # to the right by k

PERMUTATIONS: Final = 1 + len(_SWAPPED) + len(_REVERSED) + len(_ROTATED)
"""How many permutations there are: 1 + 190 + 153 + 190."""

# The swap of a list of two, and its rotation, the only permutation that has two numbers.
SWAP_OF_TWO: Final = 1 + _SWAPPED.index((0, 1))
ROTATION_OF_TWO: Final = 1 + len(_SWAPPED) + len(_REVERSED) + _ROTATED.index((2, 1))


@dataclass(frozen=True)
class Followers:
    """What may follow what, for one set of operations, as two flat tables.

    `follow` holds operations. The operations of one kind that do not commute with a permutation in a list of
    some size are a run of it, `follow[start : start + count]`, and the run is packed into one word of
    `choices`, which stands at ((size - LEAST_STATE) * PERMUTATIONS + permutation) * slots + slot:

        bits 31..8  start   less than 2**24: all four kinds together list 71,000 operations
        bits  7..0  count   at most 190 of a kind, the swaps of the longest list

    e.g. 0x000C05 → follow[12:17]. Each permutation's slots name every kind that has any equally often; those
    of one that nothing can follow, as in a list of two, name nothing of use.
    """

    choices: NDArray[np.uint32]
    slots: int
    follow: NDArray[np.uint16]
    commuting: bool
    """Whether all operations commute: of rotations alone the order cannot matter."""


@cache
def spellings() -> list[tuple[str, str]]:
    """How each permutation is written, in one or two ways; "" for none."""
    swaps = [(f"SWAP({i},{j})", f"REVERSE({i},{j})" * (j - i <= 2)) for i, j in _SWAPPED]
    reversals = [(f"REVERSE({i},{j})", "") for i, j in _REVERSED]
    rotations = [(f"ROTATE_RIGHT({k})", f"ROTATE_LEFT({size - k})") for size, k in _ROTATED]
    return [("", ""), *swaps, *reversals, *rotations]


@cache
def images() -> NDArray[np.uint16]:
    """Where each permutation sends each position: at permutation * MOST_STATE + position.

    A rotation sends positions beyond its list nowhere else.
    """
    image = np.tile(np.arange(MOST_STATE, dtype=np.uint16), (PERMUTATIONS, 1))
    swaps, reversals, rotations = np.split(image[1:], np.cumsum([len(_SWAPPED), len(_REVERSED)]))
    for row, (i, j) in zip(swaps, _SWAPPED, strict=True):
        row[[i, j]] = [j, i]
    for row, (i, j) in zip(reversals, _REVERSED, strict=True):
        row[i : j + 1] = row[i : j + 1][::-1].copy()
    for row, (size, k) in zip(rotations, _ROTATED, strict=True):
        row[:size] = (row[:size] + k) % size
    return image.ravel()


def _operations(size: int) -> dict[str, NDArray[np.int64]]:
    """The operations of each kind in a list of `size`.

    Those that longer lists have too come in the order of their last position, so that what a list has is the
    beginning of what a longer one has. A rotation belongs to its own size alone.
    """
    within = [(j, j < size) for _, j in (*_SWAPPED, *_REVERSED)]
    extents = [(0, False), *within, *((0, length == size) for length, _ in _ROTATED)]
    found: dict[str, list[tuple[int, int]]] = {kind: [] for kind in KINDS}
    for permutation, ((last, exists), texts) in enumerate(zip(extents, spellings(), strict=True)):
        for spelling, text in enumerate(texts):
            if text and exists:
                found[text.partition("(")[0]].append((last, 2 * permutation + spelling))
    return {kind: np.array([code for _, code in sorted(listed)]) for kind, listed in found.items()}


def commutes(mask: int) -> bool:
    """Whether all operations of the kinds in a bit mask over KINDS commute."""
    return all(kind.startswith("ROTATE") for bit, kind in enumerate(KINDS) if mask >> bit & 1)


@cache
def followers(mask: int) -> Followers:
    """The tables for one set of operations (a bit mask over KINDS), all list sizes."""
    wanted = [kind for bit, kind in enumerate(KINDS) if mask >> bit & 1]
    commuting = commutes(mask)
    runs = _SharedRuns()
    choices: dict[tuple[int, int], list[int]] = {}
    for size in reversed(SIZES):  # the longest first: shorter lists find their runs in its
        kinds = _operations(size)
        known = np.array(sorted({0, *(code // 2 for codes in kinds.values() for code in codes.tolist())}))
        image = images().reshape(PERMUTATIONS, MOST_STATE)[known, :size]
        ordered = image[:, image]  # [a, b]: b first, then a
        barred = np.zeros((len(known), PERMUTATIONS), bool)
        if not commuting:
            barred[:, known] = (ordered == ordered.swapaxes(0, 1)).all(axis=2)
            barred[0] = False  # nothing commutes with the padding, so that any operation may come first
        for permutation, bars in zip(known.tolist(), barred, strict=True):
            after = [(kind, kinds[kind][~bars[kinds[kind] // 2]]) for kind in wanted]
            choices[size, permutation] = [
                runs.put(permutation, kind, codes) for kind, codes in after if len(codes)
            ]
    slots = math.lcm(*(len(found) or 1 for found in choices.values()))
    table = np.zeros((len(SIZES), PERMUTATIONS, slots), np.uint32)
    for (size, permutation), found in choices.items():
        if found:
            table[size - LEAST_STATE, permutation] = found * (slots // len(found))
    return Followers(table.ravel(), slots, np.concatenate(runs.lists).astype(np.uint16), commuting)


class _SharedRuns:
    """Runs of operations, each kept once: a small table stays in the processor's cache.

    What follows a permutation in a list is mostly the beginning of what follows it, or anything, in a longer
    one.
    """

    def __init__(self) -> None:
        self.lists: list[NDArray[np.int64]] = []
        self._known: dict[tuple[int, str], list[tuple[int, NDArray[np.int64]]]] = {}
        self._length = 0

    def put(self, permutation: int, kind: str, codes: NDArray[np.int64]) -> int:
        """The run of what follows `permutation`, packed as in `Followers`; a new one where none begins so."""
        like = self._known.setdefault((0, kind), []) + self._known.setdefault((permutation, kind), [])
        for start, longer in like:
            if np.array_equal(longer[: len(codes)], codes):
                return start << 8 | len(codes)
        start = self._length
        self._known[permutation, kind].append((start, codes))
        self.lists.append(codes)
        self._length += len(codes)
        return start << 8 | len(codes)
