"""Dyna's operations: what each does to a list, how it is written, and what may follow it."""

import math
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

LEAST_STATE: Final = 5
MOST_STATE: Final = 20
SIZES: Final = range(LEAST_STATE, MOST_STATE + 1)
KINDS: Final = ("SWAP", "ROTATE_LEFT", "ROTATE_RIGHT", "REVERSE")


@dataclass(frozen=True)
class Followers:
    """What may follow what, for one set of operations.

    `choices` ((size - LEAST_STATE) * MAPS + map, slot) holds start << 8 | count: the part of `follow` with
    the operations of one kind that do not commute with the map in a list of that size. Each map's slots name
    every kind that has any equally often.
    """

    choices: NDArray[np.uint32]
    slots: int
    follow: NDArray[np.uint16]


def _spellings() -> list[tuple[str, str]]:
    """How each map is written, in one or two ways; map 0 does nothing."""
    swaps = [(f"SWAP({i},{j})", f"REVERSE({i},{j})" * (j - i <= 2)) for i, j in _PAIRS]
    reverses = [(f"REVERSE({i},{j})", "") for i, j in _LONG_PAIRS]
    rotations = [(f"ROTATE_RIGHT({k})", f"ROTATE_LEFT({size - k})") for size, k in _ROTATIONS]
    return [("", ""), *swaps, *reverses, *rotations]


def _images() -> NDArray[np.uint16]:
    """Where each map sends each position, (MAPS, MOST_STATE); a rotation, beyond its list, none anywhere."""
    image = np.tile(np.arange(MOST_STATE, dtype=np.uint16), (MAPS, 1))
    swaps, reverses, rotations = np.split(image[1:], np.cumsum([len(_PAIRS), len(_LONG_PAIRS)]))
    for row, (i, j) in zip(swaps, _PAIRS, strict=True):
        row[[i, j]] = [j, i]
    for row, (i, j) in zip(reverses, _LONG_PAIRS, strict=True):
        row[i : j + 1] = row[i : j + 1][::-1].copy()
    for row, (size, k) in zip(rotations, _ROTATIONS, strict=True):
        row[:size] = (row[:size] + k) % size
    return image


def _mirror_maps() -> NDArray[np.uint16]:
    """What each map is, counted from the other end of a list: at (size - LEAST_STATE) * MAPS + map."""
    mirrored = np.tile(np.arange(MAPS, dtype=np.uint16), (len(SIZES), 1))
    starts = np.cumsum([1, len(_PAIRS), len(_LONG_PAIRS)]).tolist()
    swaps, reverses, rotations = (
        {what: place for place, what in enumerate(known, start)}
        for start, known in zip(starts, (_PAIRS, _LONG_PAIRS, _ROTATIONS), strict=True)
    )
    for size, row in zip(SIZES, mirrored, strict=True):
        for places in (swaps, reverses):
            for (i, j), place in places.items():
                if j < size:
                    row[place] = places[size - 1 - j, size - 1 - i]
        for k in range(1, size):
            row[rotations[size, k]] = rotations[size, size - k]
    return mirrored.ravel()


def _operations(size: int) -> dict[str, NDArray[np.int64]]:
    """The operations (2 * map + spelling) of each kind in a list of `size`.

    Those that longer lists have too come in the order of their last position, so that what a list has is the
    beginning of what a longer one has.
    """
    found: dict[str, list[tuple[int, int]]] = {kind: [] for kind in KINDS}
    for place, texts in enumerate(SPELLED):
        last, exists = _EXTENT[place]
        for spelling, text in enumerate(texts):
            if text and size in exists:
                found[text.partition("(")[0]].append((last, 2 * place + spelling))
    return {kind: np.array([code for _, code in sorted(listed)]) for kind, listed in found.items()}


@cache
def followers(mask: int) -> Followers:
    """The tables for one set of operations (a bit mask over KINDS), all list sizes."""
    wanted = [kind for bit, kind in enumerate(KINDS) if mask >> bit & 1]
    rotating = all(kind.startswith("ROTATE") for kind in wanted)
    shelf = _SharedLists()
    choices: dict[tuple[int, int], list[int]] = {}
    for size in reversed(SIZES):
        kinds = _operations(size)
        maps = np.array(sorted({0, *(code // 2 for codes in kinds.values() for code in codes.tolist())}))
        image = IMAGES.reshape(MAPS, MOST_STATE)[maps, :size]
        ordered = image[:, image]  # [a, b]: b first, then a
        barred = np.zeros((len(maps), MAPS), bool)
        if not rotating:  # of rotations alone the order cannot matter, which is what this control is for
            barred[:, maps] = (ordered == ordered.swapaxes(0, 1)).all(axis=2)
            barred[0] = False  # nothing commutes with the padding, so that any operation may come first
        for place, bars in zip(maps.tolist(), barred, strict=True):
            after = [(kind, kinds[kind][~bars[kinds[kind] // 2]]) for kind in wanted]
            choices[size, place] = [shelf.put(place, kind, codes) for kind, codes in after if len(codes)]
    slots = math.lcm(*(len(found) or 1 for found in choices.values()))
    table = np.zeros((len(SIZES), MAPS, slots), np.uint32)
    for (size, place), found in choices.items():
        if found:
            table[size - LEAST_STATE, place] = found * (slots // len(found))
    return Followers(table.ravel(), slots, np.concatenate(shelf.lists).astype(np.uint16))


class _SharedLists:
    """Lists of operations, each kept once: a small table stays in the processor's cache.

    What follows a map in a list is mostly the beginning of what follows it, or anything, in a longer one.
    """

    def __init__(self) -> None:
        self.lists: list[NDArray[np.int64]] = []
        self._known: dict[tuple[int, str], list[tuple[int, NDArray[np.int64]]]] = {}
        self._length = 0

    def put(self, place: int, kind: str, codes: NDArray[np.int64]) -> int:
        """Where a list of what follows map `place` stands: start << 8 | count."""
        like = self._known.setdefault((0, kind), []) + self._known.setdefault((place, kind), [])
        for start, longer in like:
            if np.array_equal(longer[: len(codes)], codes):
                return start << 8 | len(codes)
        start = self._length
        self._known[place, kind].append((start, codes))
        self.lists.append(codes)
        self._length += len(codes)
        return start << 8 | len(codes)


# Positions and distances by the longest list that has none of them, so that lists share a beginning.
_PAIRS: Final = [(i, j) for j in range(MOST_STATE) for i in range(j)]
_LONG_PAIRS: Final = [(i, j) for i, j in _PAIRS if j - i > 2]  # shorter ones reverse like a swap
_ROTATIONS: Final = [(size, k) for size in SIZES for k in range(1, size)]
_EXTENT: Final = [  # of each map: its last position (0 where lists have none in common), and its list sizes
    (0, range(0)),
    *((j, range(max(j + 1, LEAST_STATE), MOST_STATE + 1)) for _, j in [*_PAIRS, *_LONG_PAIRS]),
    *((0, range(size, size + 1)) for size, _ in _ROTATIONS),
]
MAPS: Final = len(_EXTENT)
IMAGES: Final = _images().ravel()
MIRRORED: Final = _mirror_maps()
SPELLED: Final = _spellings()
