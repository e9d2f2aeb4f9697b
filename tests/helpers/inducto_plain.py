"""Inducto without arrays: sequences as tuples of letter codes, one at a time, from the same raw words."""

import itertools
from functools import cache

from synthlm_tasks.inducto.space.inputs import SETS, orders_of, sets_of
from synthlm_tasks.inducto.space.rules import LENGTHS, Letters, Rule, rules
from synthlm_tasks.inducto.space.tables import rule_tables


@cache
def letter_sets(length: int) -> list[list[int]]:
    """The letter sets of a length, as lists."""
    return sets_of(length).tolist()


@cache
def orders(length: int) -> list[list[int]]:
    """The orders of a length, as lists."""
    return orders_of(length).tolist()


def sequence(number: int, order: int) -> Letters:
    """The letters of a set (numbered over all lengths) in an order of its length."""
    length = LENGTHS[number // SETS]
    known = letter_sets(length)
    letters = sorted(known[number % SETS % len(known)])  # those beyond the last stand there again
    return tuple(letters[rank] for rank in orders(length)[order])


def below(word: int, bound: int) -> int:
    """A uniform 32-bit word as an integer below `bound`."""
    return word * bound >> 32


def spelled(letters: Letters) -> str:
    """e.g. 0, 3, 1 → A D B."""
    return " ".join(chr(ord("A") + letter) for letter in letters)


def wraps(rule: Rule, letters: Letters) -> bool:
    """Whether a rule that sorts moves one of these letters past Z."""
    return rule.sorts and max(letters) + rule.shift > 25


@cache
def usable_entries() -> list[tuple[int, int]]:
    """Every rule (its number) at every length (index) that it is shown or asked at."""
    usable = rule_tables().usable.tolist()
    return [
        (number, index)
        for number, index in itertools.product(range(len(rules())), range(len(LENGTHS)))
        if usable[number][index]
    ]


def clean_orders(number: int, index: int) -> list[int]:
    """The orders that the tables list as clean for a rule at a length."""
    tables = rule_tables()
    entry = index * len(rules()) + number
    start = int(tables.clean_start[entry])
    return tables.clean_orders[start : start + int(tables.clean_count[entry])].tolist()
