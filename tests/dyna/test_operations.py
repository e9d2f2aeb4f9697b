"""Dyna's tables of operations, against lists that are rearranged one operation after another."""

import pytest
from plain_dyna import apply, exists, runs_after, spelled

from synthlm_tasks.dyna.moves import (
    KINDS,
    LEAST_STATE,
    MOST_STATE,
    PERMUTATIONS,
    SIZES,
    followers,
    images,
    spellings,
)

MASKS = (0b1111, 0b0001, 0b0110, 0b1001, 0b1011)


@pytest.mark.parametrize("size", SIZES)
def test_images_say_where_each_operation_takes_each_position(size: int) -> None:
    image = images().reshape(PERMUTATIONS, MOST_STATE)
    for permutation, texts in enumerate(spellings()):
        if permutation and not exists(2 * permutation, size):
            continue
        for text in filter(None, texts):
            after = apply(text, tuple(range(size)))
            assert [after.index(item) for item in range(size)] == image[permutation, :size].tolist()
    assert image[0].tolist() == list(range(MOST_STATE))


def test_images_leave_what_an_operation_does_not_reach() -> None:
    image = images().reshape(PERMUTATIONS, MOST_STATE)
    for permutation in range(PERMUTATIONS):
        sizes = [size for size in SIZES if exists(2 * permutation, size)]
        reached = min(sizes, default=0)
        assert image[permutation, reached:].tolist() == list(range(reached, MOST_STATE))


def turned_round(text: str, size: int) -> str:
    """What does the same counted from the other end, e.g. SWAP(0,1) in a list of 5: SWAP(3,4)."""
    kind, _, rest = text.partition("(")
    numbers = [int(number) for number in rest.removesuffix(")").split(",")]
    if kind.startswith("ROTATE"):
        return f"ROTATE_{'RIGHT' if kind == 'ROTATE_LEFT' else 'LEFT'}({numbers[0]})"
    return f"{kind}({','.join(str(size - 1 - number) for number in reversed(numbers))})"


@pytest.mark.parametrize("size", SIZES)
def test_an_operation_turned_round_is_one_too_and_does_the_same_from_the_other_end(size: int) -> None:
    image = images().reshape(PERMUTATIONS, MOST_STATE)[:, :size]
    known = {
        text: image[permutation].tolist()
        for permutation, texts in enumerate(spellings())
        for text in texts
        if text and exists(2 * permutation, size)
    }
    assert len(known) > size
    for text, goes in known.items():
        there = known[turned_round(text, size)]
        assert there == [size - 1 - place for place in reversed(goes)]


@pytest.mark.parametrize("size", [5, 6, 13, 20])
@pytest.mark.parametrize("mask", MASKS)
def test_followers_are_the_operations_that_do_not_commute_kind_by_kind(mask: int, size: int) -> None:
    kinds = tuple(kind for bit, kind in enumerate(KINDS) if mask >> bit & 1)
    table = followers(mask)
    rows = table.choices.reshape(len(SIZES), PERMUTATIONS, table.slots)[size - LEAST_STATE].tolist()
    for permutation, packed in enumerate(rows):
        text = next(
            (text for text in spellings()[permutation] if text and text.partition("(")[0] in kinds), None
        )
        if permutation and (text is None or not exists(2 * permutation, size)):
            continue
        found = [table.follow[word >> 8 : (word >> 8) + (word & 255)].tolist() for word in packed]
        wanted = runs_after(text or "", size, kinds)
        # Every kind that has any has equally many slots, one after another.
        assert [tuple(map(spelled, run)) for run in found] == [
            wanted[slot % len(wanted)] for slot in range(table.slots)
        ]


def test_slots_are_the_least_number_that_all_numbers_of_kinds_divide() -> None:
    assert [followers(mask).slots for mask in range(1, 16)] == [1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 6, 2, 6, 3, 4]
