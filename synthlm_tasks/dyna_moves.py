"""Dyna's operations: what each does to a list, how it is written, and what may follow it."""

import itertools
import math
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

LEAST_STATE: Final = 5
MOST_STATE: Final = 20
KINDS: Final = ("SWAP", "ROTATE_LEFT", "ROTATE_RIGHT", "REVERSE")


@dataclass(frozen=True)
class Followers:
    """What may follow what, for one set of operations.

    A move is an index map of one list size, (size - LEAST_STATE) * MAPS + map; an operation is
    2 * move + spelling, for some maps can be written in two ways. `choices` (move, slot) holds
    start << 16 | count: the part of `follow` with the operations of one kind that do not commute with the
    move. Each move's slots name every kind that has any equally often.
    """

    choices: NDArray[np.int64]
    slots: int
    follow: NDArray[np.uint16]


def _spellings(size: int) -> list[list[str]]:
    """How each map is written in a list of `size`: none, one or two operations; map 0 does nothing."""
    rotations = [[f"ROTATE_RIGHT({k})", f"ROTATE_LEFT({size - k})"] if k < size else [] for k in _SHIFTS]
    swaps = [[f"SWAP({i},{j})"] + [f"REVERSE({i},{j})"] * (j - i <= 2) if j < size else [] for i, j in _PAIRS]
    reverses = [[f"REVERSE({i},{j})"] if j < size else [] for i, j in _LONG_PAIRS]
    return [[], *rotations, *swaps, *reverses]


def _images(size: int) -> NDArray[np.int64]:
    """Where each map sends each position of a list of `size`: (MAPS, MOST_STATE)."""
    image = np.tile(np.arange(MOST_STATE), (MAPS, 1))
    rotations, swaps, reverses = np.split(image[1:], [len(_SHIFTS), len(_SHIFTS) + len(_PAIRS)])
    for row, k in zip(rotations, _SHIFTS, strict=True):
        row[:size] = (row[:size] + k) % size
    for row, (i, j) in zip(swaps, _PAIRS, strict=True):
        row[[i, j]] = [j, i]
    for row, (i, j) in zip(reverses, _LONG_PAIRS, strict=True):
        row[i : j + 1] = row[i : j + 1][::-1].copy()
    image[(image[:, :size] >= size).any(axis=1)] = np.arange(MOST_STATE)  # of longer lists only
    return image


@cache
def followers(mask: int) -> Followers:
    """The tables for one set of operations (a bit mask over KINDS), all list sizes."""
    wanted = [kind for bit, kind in enumerate(KINDS) if mask >> bit & 1]
    lists: list[list[NDArray[np.int64]]] = []  # per move: the operations that may follow, by kind
    for size in range(LEAST_STATE, MOST_STATE + 1):
        first = (size - LEAST_STATE) * MAPS
        maps = IMAGES.reshape(-1, MAPS, MOST_STATE)[size - LEAST_STATE, :, :size]
        ordered = maps[:, maps]  # [a, b]: b first, then a
        commute = (ordered == ordered.swapaxes(0, 1)).all(axis=2)
        commute[0] = False  # nothing commutes with the padding, so that any operation may come first
        kinds = [np.array(_operations(size, kind), np.int64) for kind in wanted]
        if all(kind.startswith("ROTATE") for kind in wanted):
            commute[:] = False  # rotations only: order cannot matter, which is what this control is for
        for barred in commute:
            after = [codes[~barred[codes // 2]] + 2 * first for codes in kinds]
            lists.append([codes for codes in after if len(codes)])
    slots = math.lcm(*(len(after) or 1 for after in lists))
    counts = np.array([len(codes) for after in lists for codes in after])
    packed = iter(((np.cumsum(counts) - counts) << 16 | counts).tolist())
    choices = [[next(packed) for _ in after] or [0] for after in lists]
    return Followers(
        choices=np.array([row * (slots // len(row)) for row in choices]).ravel(),
        slots=slots,
        follow=np.concatenate([codes for after in lists for codes in after]).astype(np.uint16),
    )


def _operations(size: int, kind: str) -> list[int]:
    """The operations (2 * map + spelling) of one kind in a list of `size`."""
    return [
        2 * place + spelling
        for place, texts in enumerate(_spellings(size))
        for spelling, text in enumerate(texts)
        if text.startswith(f"{kind}(")
    ]


_SHIFTS: Final = range(1, MOST_STATE)
_PAIRS: Final = list(itertools.combinations(range(MOST_STATE), 2))
_LONG_PAIRS: Final = [(i, j) for i, j in _PAIRS if j - i > 2]  # shorter ones reverse like a swap
MAPS: Final = 1 + len(_SHIFTS) + len(_PAIRS) + len(_LONG_PAIRS)
SIZES: Final = range(LEAST_STATE, MOST_STATE + 1)
IMAGES: Final = np.concatenate([_images(size) for size in SIZES]).ravel()

SPELLED: Final = sorted({text for size in SIZES for texts in _spellings(size) for text in texts})
CODES: Final = len(SPELLED) + 1
WRITTEN: Final = np.array(  # operation → position in SPELLED, counted from 1
    [
        SPELLED.index(texts[spelling]) + 1 if spelling < len(texts) else 0
        for size in SIZES
        for texts in _spellings(size)
        for spelling in (0, 1)
    ],
    np.uint16,
)
