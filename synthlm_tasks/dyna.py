"""Dyna: track a list while operations that do not commute rearrange it."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.axes import IntAxis, SubsetAxis
from synthlm_tasks.splits import key_words
from synthlm_tasks.streams import Bits, Ints, scale
from synthlm_tasks.task import Belongs, Params, Problem, Task, Text
from synthlm_tasks.text import fragments, lay

LEAST_STATE: Final = 5
MOST_STATE: Final = 20
KINDS: Final = ("SWAP", "ROTATE_LEFT", "ROTATE_RIGHT", "REVERSE")
LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

_PAIRS: Final = list(itertools.combinations(range(MOST_STATE), 2))
_OPERATIONS: Final = [
    (kind, arguments)
    for kind in KINDS
    for arguments in (_PAIRS if kind in ("SWAP", "REVERSE") else [(k,) for k in range(1, MOST_STATE)])
]
_CODES: Final = len(_OPERATIONS) + 1  # code 0 does nothing: it pads programs to one length


class DynaTask(Task):
    """Apply operations to a list, then answer what stands at a position, or where an element went.

    Rule: positions count from 0. SWAP(i,j) exchanges two positions; ROTATE_LEFT(k) brings the element
    at index k to index 0, ROTATE_RIGHT(k) is its inverse; REVERSE(i,j) reverses the positions i to j,
    both included. Worked example: `STATE [B, D, A, C, E] || OPS SWAP(0,2) | ROTATE_LEFT(1) ||
    QUERY position 0 ->`: swapping gives A D B C E, rotating gives D B C E A, the answer is D.

    Problem arrays (c problems, t operations, n letters):
    `moves` (t, c) operation rows of `_Moves`, `letters` (n, c) letter codes with 26 for none,
    `asked` (c,) 0 for a position, 1 for an element; `slot`, `place` (c,) the asked element's index in the
    initial and in the final list.
    """

    name = family = "dyna"
    axes = (
        IntAxis("state_size", LEAST_STATE, MOST_STATE),
        IntAxis("num_ops", 5, 100),
        SubsetAxis("operations", KINDS),
    )
    note_fragments = fragments([',"query":"position"}', ',"query":"element"}'])

    @classmethod
    def describe(cls, cell: Mapping[str, object]) -> dict[str, object]:
        """State and program size; the operations where they are not all four."""
        return {name: value for name, value in cell.items() if value != list(KINDS)}

    @classmethod
    def pose(cls, params: Params, bits: Bits, belongs: Belongs) -> tuple[Ints, Problem]:
        """Walk each row's program forward along the one element that is asked about."""
        mask = int(params["operations"][0])
        tables = _moves(mask)
        order = np.argsort(-params["num_ops"], kind="stable")  # long programs first: step t has a prefix
        size, ops = params["state_size"][order], params["num_ops"][order]
        slot, asked = bits.below(size, len(order)), bits.below(2, len(order))
        moves, place, changed, hashes = _walk(tables, size, ops, slot, params.most["num_ops"], bits)
        valid = belongs(hashes * _KEY + _KEY_SLOTS[slot])
        if mask == (1 << len(KINDS)) - 1:
            valid &= changed >= (ops + 1) // 3  # = ceil((ops - 1) / 3): "verified non-commutative"
        kept = np.flatnonzero(valid)
        problem: Problem = {
            "moves": moves[:, kept],
            "letters": _draw_letters(size[kept], params.most["state_size"], bits),
            "asked": asked[kept],
            "slot": slot[kept],
            "place": place[kept],
        }
        return order[kept], problem

    @classmethod
    def render(cls, problem: Problem) -> Text:
        """State, program and query; the answer is a letter or an index."""
        letters, moves = problem["letters"].astype(np.uint16), problem["moves"]
        asked, place = problem["asked"], problem["place"]
        letter = letters[problem["slot"], np.arange(len(asked))]
        if len(letters) % 2:
            letters = np.concatenate([letters, np.full_like(letters[:1], 26)])
        state = letters[::2] * 27 + letters[1::2] + _AT["next pair"]
        state[0] -= _AT["next pair"]
        program = moves % np.uint16(_CODES) + np.uint16(_AT["next operation"])
        program[0] -= np.uint16(_CODES)
        answers = np.where(asked, place + 26, letter)
        queries = np.where(asked, letter, place + 26) + _AT["query"]
        return Text(
            input_text=lay(_FRAGMENTS, np.concatenate([state, program, queries[None]])),
            target=lay(_ANSWERS, answers[None]),
            notes=asked[None],
        )


@dataclass(frozen=True)
class _Moves:
    """What each operation does at each list size, for one set of operations.

    An operation row is (size - 5) * _CODES + code. `image` (rows * MOST_STATE) holds the position an
    element goes to; `follow` lists, from `start[row]` on, the `count[row]` operation rows that may come
    next: all that do not commute, each kind of operation with equal weight; `names` is a random word for
    each index map.
    """

    image: NDArray[np.int64]
    follow: NDArray[np.uint16]
    start: NDArray[np.int64]
    count: NDArray[np.int64]
    names: NDArray[np.uint64]


def _walk(
    tables: _Moves, size: Ints, ops: Ints, slot: Ints, steps: int, bits: Bits
) -> tuple[NDArray[np.uint16], Ints, Ints, NDArray[np.uint64]]:
    """Draw programs and trace the element at `slot`; rows are sorted by falling `ops` ≤ `steps`.

    Returns the operation rows (t, c), the final position (c,), how many of the adjacent transpositions
    change the answer (c,), and the hash of the program's index maps (c,).

    Swapping operations t and t+1 moves the traced element elsewhere or not; what follows is a bijection,
    so the answer changes exactly if it moves elsewhere. The same holds for both kinds of query.
    """
    rows = len(ops)
    words = bits.words(steps, rows)
    moves = np.zeros((steps, rows), np.uint16)
    changed = np.zeros(rows, np.int64)
    move = (size - LEAST_STATE) * _CODES  # the padding row: any operation may follow it
    hashes = tables.names[move]
    place = before = slot.copy()
    for step, live in enumerate(np.searchsorted(-ops, -np.arange(steps)).tolist()):
        last = move[:live]
        picked = scale(words[step, :live], tables.count[last])
        picked += tables.start[last]
        move = tables.follow[picked].astype(np.int64)
        base = move * MOST_STATE
        here = place[:live].copy()
        there = tables.image[base + here]
        if step:
            swapped = tables.image[last * MOST_STATE + tables.image[base + before[:live]]]
            changed[:live] += swapped != there
        place[:live] = there
        before = here
        moves[step, :live] = move
        hashes[:live] *= _KEY
        hashes[:live] += tables.names[move]
    return moves, place, changed, hashes


def _draw_letters(size: Ints, most: int, bits: Bits) -> NDArray[np.uint8]:
    """A random subset of the letters in random order for each row: (most, c), 26 for none.

    Sorting 27 random bits with the letter below them shuffles the alphabet; equal bits (one row in some
    hundred thousand) fall back to alphabetical order.
    """
    keys = (bits.words(len(size), 26) & np.uint32(~31 & 0xFFFFFFFF)) | np.arange(26, dtype=np.uint32)
    keys.sort(axis=1)
    letters = (keys[:, :most] & np.uint32(31)).astype(np.uint8).T.copy()
    letters[np.arange(most)[:, None] >= size] = 26
    return letters


def _images(size: int) -> NDArray[np.int64]:
    """Where each operation sends each position of a list: (_CODES, MOST_STATE), identity beyond `size`."""
    image = np.tile(np.arange(MOST_STATE), (_CODES, 1))
    for row, (kind, arguments) in zip(image[1:], _OPERATIONS, strict=True):
        if max(arguments) >= size:
            continue
        first, last = arguments[0], arguments[-1]
        if kind == "SWAP":
            row[[first, last]] = [last, first]
        elif kind == "REVERSE":
            row[first : last + 1] = row[first : last + 1][::-1].copy()
        else:
            row[:size] = (row[:size] + (first if kind == "ROTATE_RIGHT" else -first)) % size
    return image


def _followers(size: int, mask: int, image: NDArray[np.int64]) -> Iterator[list[int]]:
    """For each code (0 first) the codes that may come next, repeated so that kinds weigh the same."""
    usable = [
        code
        for code, (kind, arguments) in enumerate(_OPERATIONS, 1)
        if max(arguments) < size and mask >> KINDS.index(kind) & 1
    ]
    # A kind has size - 1 operations (rotations) or size * (size - 1) / 2: 2 to size copies even that out.
    copies = {code: size if "ROTATE" in _OPERATIONS[code - 1][0] else 2 for code in usable}
    maps = image[usable, :size]
    ordered = maps[:, maps]  # [a, b]: b first, then a
    commute = (ordered == ordered.swapaxes(0, 1)).all(axis=2)
    if commute.all():  # rotations only: order cannot matter, which is what this control is for
        commute[:] = False
    place = {code: i for i, code in enumerate(usable)}
    for code in range(_CODES):
        if code == 0:
            yield [nxt for nxt in usable for _ in range(copies[nxt])]
        elif code in place:
            barred = commute[place[code]]
            yield [nxt for nxt in usable if not barred[place[nxt]] for _ in range(copies[nxt])]
        else:
            yield []


@cache
def _moves(mask: int) -> _Moves:
    """The tables for one set of operations (a bit mask over KINDS), all list sizes."""
    images, follow, count = [], [], []
    for size in range(LEAST_STATE, MOST_STATE + 1):
        image = _images(size)
        first = (size - LEAST_STATE) * _CODES
        images.append(image)
        for codes in _followers(size, mask, image):
            follow.append(np.array(codes, np.uint16) + np.uint16(first))
            count.append(len(codes))
    image = np.concatenate(images)
    # Operations that move everything alike (REVERSE(1,2) and SWAP(1,2)) are one operation to the key.
    sizes = np.repeat(np.arange(len(images)), _CODES)
    _, names = np.unique(np.column_stack([sizes, image]), axis=0, return_inverse=True)
    counts = np.array(count)
    return _Moves(
        image=image.ravel(),
        follow=np.concatenate(follow),
        start=np.cumsum(counts) - counts,
        count=counts,
        names=_KEY_WORDS[names.ravel()],
    )


_KEY_WORDS: Final = key_words("dyna", len(range(LEAST_STATE, MOST_STATE + 1)) * _CODES + MOST_STATE + 1)
_KEY_SLOTS: Final = _KEY_WORDS[-MOST_STATE - 1 : -1]
_KEY: Final = _KEY_WORDS[-1] | np.uint64(1)

_ANSWERS: Final = fragments([*LETTERS, *map(str, range(MOST_STATE))])


def _prompt_fragments() -> tuple[dict[str, int], list[str]]:
    """The prompt's text fragments, and where each kind begins."""
    names = [*LETTERS, ""]
    pairs = [f"{a}, {b}" if b else a for a in names for b in names]
    texts = [f"{kind}({','.join(map(str, arguments))})" for kind, arguments in _OPERATIONS]
    kinds = {
        "first pair": [f"STATE [{pair}" for pair in pairs],
        "next pair": [f", {pair}" if pair else "" for pair in pairs],
        "first operation": ["", *(f"] || OPS {text}" for text in texts)],
        "next operation": ["", *(f" | {text}" for text in texts)],
        "query": [f" || QUERY element {letter} ->" for letter in LETTERS]
        + [f" || QUERY position {place} ->" for place in range(MOST_STATE)],
    }
    starts = itertools.accumulate(map(len, kinds.values()), initial=0)
    return dict(zip(kinds, starts, strict=False)), list(itertools.chain(*kinds.values()))


_AT, _TEXTS = _prompt_fragments()
_FRAGMENTS: Final = fragments(_TEXTS)
