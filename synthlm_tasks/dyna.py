"""Dyna: track a list while operations that do not commute rearrange it."""

import itertools
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.answers import AnswerKind, number
from synthlm_tasks.axes import IntAxis, SubsetAxis
from synthlm_tasks.dyna_moves import (
    CODES,
    IMAGES,
    KINDS,
    LEAST_STATE,
    MAPS,
    MOST_STATE,
    SPELLED,
    WRITTEN,
    Followers,
    followers,
)
from synthlm_tasks.reading.dyna import READING
from synthlm_tasks.splits import key_words
from synthlm_tasks.streams import Bits, Ints
from synthlm_tasks.task import Belongs, Params, Problem, Task, Text
from synthlm_tasks.text import Bytes, fragments, lay

LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class DynaTask(Task):
    """Apply operations to a list, then answer what stands at a position, or where an element went.

    Worked example: `STATE [B, D, A, C, E] || OPS SWAP(0,2) | ROTATE_LEFT(1) ||
    QUERY position 0 ->`: swapping gives A D B C E, rotating gives D B C E A, the answer is D.

    Problem arrays (c problems, t operations, n letters):
    `operations` (t, c) as in `Followers`, `letters` (n, c) letter codes with 26 for none,
    `asked` (c,) 0 for a position, 1 for an element; `slot`, `place` (c,) the asked element's index in the
    initial and in the final list.
    """

    name = family = "dyna"
    rule = (
        "STATE is a list of letters; positions count from 0. Apply the operations after OPS to it, from left "
        "to right, each to the result of the one before. SWAP(i,j) exchanges the letters at positions i and "
        "j. ROTATE_LEFT(k) moves the first k letters to the end, in their order, so that the letter at "
        "position k comes to position 0. ROTATE_RIGHT(k) moves the last k letters to the front, in their "
        "order. REVERSE(i,j) reverses the segment from position i to position j, both included. The query is "
        "about the final list: `QUERY position p` asks which letter stands at position p, `QUERY element X` "
        "asks at which position the letter X stands."
    )
    axes = (
        IntAxis("state_size", LEAST_STATE, MOST_STATE),
        IntAxis("num_ops", 5, 100),
        SubsetAxis("operations", KINDS),
    )
    answers = (
        AnswerKind("letter", "a single letter", "[A-Z]", str.upper),
        AnswerKind(
            "index", "an index, counted from 0", f"(?:{'|'.join(map(str, range(MOST_STATE)))})", number
        ),
    )
    reading = READING
    note_fragments = fragments([',"query":"position"}', ',"query":"element"}'])

    @classmethod
    def chance(cls, metadata: Mapping[str, Any]) -> float:
        """One of the state's letters, or of its positions."""
        return float(1 / metadata["state_size"])

    @classmethod
    def describe(cls, cell: Mapping[str, object]) -> dict[str, object]:
        """State and program size; the operations where they are not all four."""
        return {name: value for name, value in cell.items() if value != list(KINDS)}

    @classmethod
    def pose(cls, params: Params, bits: Bits, belongs: Belongs) -> tuple[Ints, Problem]:
        """Draw programs, then for each an element to ask about whose problem the split wants."""
        mask = int(params["operations"][0])
        order = np.argsort(-params["num_ops"].astype(np.int8), kind="stable")  # long programs first
        size, ops = params["state_size"][order], params["num_ops"][order]
        live = np.searchsorted(-ops, -np.arange(params.most["num_ops"] + 1)).tolist()
        operations, hashes = _draw_programs(followers(mask), size, live, bits)
        slot, valid = _draw_slots(size, hashes * _KEY, belongs, bits)
        place, changed = _trace(operations, slot, live)
        if mask == (1 << len(KINDS)) - 1:
            valid &= changed >= (ops + 1) // 3  # = ceil((ops - 1) / 3): "verified non-commutative"
        kept = np.flatnonzero(valid)
        problem: Problem = {
            "operations": operations.take(kept, 1),
            "letters": _draw_letters(size[kept], params.most["state_size"], bits),
            "asked": bits.below(2, len(kept)),
            "slot": slot[kept],
            "place": place[kept],
        }
        return order[kept], problem

    @classmethod
    def render(cls, problem: Problem) -> Text:
        """State, program and query; the answer is a letter or an index."""
        letters = problem["letters"].astype(np.uint16)
        asked, place = problem["asked"], problem["place"]
        letter = letters[problem["slot"], np.arange(len(asked))]
        if len(letters) % 2:
            letters = np.concatenate([letters, np.full_like(letters[:1], 26)])
        state = letters[::2] * 27 + letters[1::2] + _AT["next pair"]
        state[0] -= _AT["next pair"]
        program = WRITTEN.take(problem["operations"]) + np.uint16(_AT["next operation"])
        program[0] -= np.uint16(CODES)
        answers = np.where(asked, place + 26, letter)
        queries = np.where(asked, letter, place + 26) + _AT["query"]
        return Text(
            input_text=lay(_FRAGMENTS, np.concatenate([state, program, queries[None]])),
            target=lay(_ANSWERS, answers[None]),
            notes=asked[None],
        )


def _draw_programs(
    table: Followers, size: Ints, live: list[int], bits: Bits
) -> tuple[NDArray[np.uint16], NDArray[np.uint64]]:
    """Programs in which neighbours never commute; `live[t]` rows, the first ones, have an operation t.

    Returns the operations (t, c), 0 beyond the end, and the hash of each program's index maps (c,).
    """
    steps, rows = len(live) - 1, len(size)
    words = bits.words(steps, rows)
    operations = np.zeros((steps, rows), np.uint16)
    hashes = _KEY_SIZES.take(size)
    move = (size - LEAST_STATE) * MAPS  # map 0, the padding: any operation may follow it
    for step, count in enumerate(live[:-1]):
        wide = words[step, :count].astype(np.uint64)
        wide *= np.uint64(table.slots)
        slots = move[:count] * table.slots
        slots += (wide >> np.uint64(32)).view(np.int64)
        choice = table.choices.take(slots)
        picked = wide.view(np.int64)
        picked &= 0xFFFFFFFF
        picked *= choice & 0xFFFF
        picked >>= 32
        picked += choice >> 16
        operation = table.follow.take(picked)
        operations[step, :count] = operation
        move = (operation >> np.uint16(1)).astype(np.int64)
        hashes[:count] *= _KEY
        hashes[:count] += move.view(np.uint64)
    return operations, hashes


def _draw_slots(
    size: Ints, hashes: NDArray[np.uint64], belongs: Belongs, bits: Bits
) -> tuple[Ints, NDArray[np.bool_]]:
    """For each program an initial index to ask about whose problem belongs, and whether one was found."""
    slot = bits.below(size, len(size))
    found = belongs(hashes + _KEY_SLOTS.take(slot))
    for _ in range(_SLOT_TRIES):
        pending = np.flatnonzero(~found)
        if not len(pending):
            break
        slot[pending] = bits.below(size[pending], len(pending))
        found[pending] = belongs(hashes[pending] + _KEY_SLOTS.take(slot[pending]))
    return slot, found


def _trace(operations: NDArray[np.uint16], slot: Ints, live: list[int]) -> tuple[Ints, Bytes]:
    """Follow the element at `slot`: its final index, and how many adjacent transpositions change it.

    Swapping operations t and t+1 moves the traced element elsewhere or not; what follows is a bijection,
    so the answer changes exactly if it moves elsewhere. The same holds for both kinds of query.
    """
    place, changed = slot.copy(), np.zeros(len(slot), np.uint8)
    here = before = slot
    last = here
    for step, (count, staying) in enumerate(itertools.pairwise(live)):
        base = (operations[step, :count] >> np.uint16(1)).astype(np.int64)
        base *= MOST_STATE
        there = IMAGES.take(base + here[:count])
        if step:
            changed[:count] += IMAGES.take(last[:count] + IMAGES.take(base + before[:count])) != there
        last, before, here = base, here, there
        place[staying:count] = there[staying:]
    return place, changed


def _draw_letters(size: Ints, most: int, bits: Bits) -> NDArray[np.uint8]:
    """A random subset of the letters in random order for each row: (most, c), 26 for none.

    The k-th draw picks among the letters still unused (a Lehmer code), e.g. draws 0, 0, 1 → A, B, D.
    """
    bounds = np.arange(26, 26 - most, -1)
    letters = bits.below(bounds[:, None], most, len(size)).astype(np.uint8)
    for k in range(most - 2, -1, -1):
        letters[k + 1 :] += letters[k + 1 :] >= letters[k]
    letters[np.arange(most, dtype=np.uint8)[:, None] >= size.astype(np.uint8)] = 26
    return letters


_SLOT_TRIES: Final = 12
_KEY_SIZES: Final = key_words("dyna", MOST_STATE + 1)
_KEY_SLOTS: Final = key_words("dyna slots", MOST_STATE)
_KEY: Final = key_words("dyna step", 1)[0] | np.uint64(1)

_ANSWERS: Final = fragments([*LETTERS, *map(str, range(MOST_STATE))])


def _prompt_fragments() -> tuple[dict[str, int], list[str]]:
    """The prompt's text fragments, and where each kind begins."""
    names = [*LETTERS, ""]
    pairs = [f"{a}, {b}" if b else a for a in names for b in names]
    kinds = {
        "first pair": [f"STATE [{pair}" for pair in pairs],
        "next pair": [f", {pair}" if pair else "" for pair in pairs],
        "first operation": ["", *(f"] || OPS {text}" for text in SPELLED)],
        "next operation": ["", *(f" | {text}" for text in SPELLED)],
        "query": [f" || QUERY element {letter} ->" for letter in LETTERS]
        + [f" || QUERY position {place} ->" for place in range(MOST_STATE)],
    }
    starts = itertools.accumulate(map(len, kinds.values()), initial=0)
    return dict(zip(kinds, starts, strict=False)), list(itertools.chain(*kinds.values()))


_AT, _TEXTS = _prompt_fragments()
_FRAGMENTS: Final = fragments(_TEXTS)
