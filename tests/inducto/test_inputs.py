"""Letter sets and orders, drawn one by one from the same raw words."""

import itertools

import pytest

from synthlm_tasks.inducto.space.inputs import LAST_PLAIN, MOST_PAIRS, SETS, orders_of, sets_of
from synthlm_tasks.inducto.space.rules import LENGTHS
from synthlm_tasks.rows.streams import RandomBits, digest

DRAWN_AT_ONCE = 8192
MOST_ORDERS = 2048


def pairs(letters: list[int], distance: int) -> int:
    """How many letters of a set have another so far on in the alphabet, A after Z."""
    return sum((letter + distance) % 26 in letters for letter in letters)


@pytest.mark.parametrize("length", LENGTHS)
def test_a_set_is_the_letters_of_the_smallest_random_numbers_unless_it_has_too_many_pairs(
    length: int,
) -> None:
    bits = RandomBits(0, digest("inducto sets", length))
    chosen: list[list[int]] = []
    if length == 3:  # all there are, fewer than SETS
        every = map(list, itertools.combinations(range(26), 3))
        chosen = [one for one in every if all(pairs(one, distance) <= 1 for distance in range(1, 7))]
        assert 2000 < len(chosen) < SETS
    while length > 3 and len(chosen) < SETS:
        for words in bits.words(DRAWN_AT_ONCE, 26).tolist():
            by_number = sorted(range(26), key=lambda letter, words=words: (words[letter] >> 5, letter))
            letters = sorted(by_number[:length])
            few = all(pairs(letters, distance) <= MOST_PAIRS[length] for distance in range(1, 7))
            if few and letters not in chosen[-SETS:]:
                chosen.append(letters)
            if len(chosen) == SETS:
                break
    plain = [letters for letters in chosen if letters[-1] <= LAST_PLAIN]
    others = [letters for letters in chosen if letters[-1] > LAST_PLAIN]
    assert sets_of(length).tolist() == plain + others


@pytest.mark.parametrize("length", LENGTHS)
def test_orders_are_all_or_those_of_the_smallest_random_numbers(length: int) -> None:
    first, *others = itertools.permutations(range(length))
    if len(others) >= MOST_ORDERS:
        words = RandomBits(0, digest("inducto orders", length)).words64(len(others)).tolist()
        drawn = sorted(range(len(others)), key=lambda place: (words[place], place))[: MOST_ORDERS - 1]
        others = [others[place] for place in sorted(drawn)]
    assert [tuple(order) for order in orders_of(length).tolist()] == [first, *others]
