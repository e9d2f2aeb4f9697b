"""The rule tables against the rules themselves, applied to one sequence at a time."""

import random
from functools import cache

import pytest
from inducto_plain import clean_orders, letter_sets, orders, sequence, usable_entries, wraps

from synthlm_tasks.inducto.space.inputs import MOST_PAIRS, SETS
from synthlm_tasks.inducto.space.rules import LENGTHS, Letters, rules
from synthlm_tasks.inducto.space.tables import rule_tables

INDICES = pytest.mark.parametrize("index", range(len(LENGTHS)))
ALL_ORDERS = 720
SHIFTS = (1, 2, 3)


def bytes_of(word: int) -> list[int]:
    """The eight bytes of a word, the first lowest."""
    return list(int(word).to_bytes(8, "little"))


def some_orders(index: int) -> range:
    """All orders of the shorter lengths, every 20th of the longer."""
    count = len(orders(LENGTHS[index]))
    return range(0, count, 1 if count <= ALL_ORDERS else 20)


@cache
def outputs(index: int) -> dict[int, list[Letters]]:
    """Order → what every rule makes of it: of its ranks as letters, none near Z."""
    return {
        order: [rule(tuple(orders(LENGTHS[index])[order])) for rule in rules()]
        for order in some_orders(index)
    }


@cache
def classes(index: int) -> list[int]:
    """By rule a number that two rules share if they agree on all these orders; 0 for what changes nothing."""
    numbers = {tuple(tuple(orders(LENGTHS[index])[order]) for order in some_orders(index)): 0}
    made = zip(*outputs(index).values(), strict=True)
    return [numbers.setdefault(results, len(numbers)) for results in made]


@cache
def accidents(length: int) -> set[tuple[int, Letters]]:
    """Shifts and outputs that are forbidden: sorted letters of which one, two or three wrapped past Z."""
    found = set()
    for count in (1, 2, 3):
        wrapped = [*range(length - count, length), *range(length - count)]
        for ranks in (wrapped, wrapped[::-1]):
            found |= {(shift, tuple(rank + shift for rank in ranks)) for shift in SHIFTS}
    return found


@INDICES
def test_letter_words_spell_each_set_after_each_shift(index: int) -> None:
    tables, total = rule_tables(), SETS * len(LENGTHS)
    assert len(tables.letters) == total
    assert len(tables.shifted_letters) == 7 * total
    for place, letters in enumerate(letter_sets(LENGTHS[index]), index * SETS):
        blank = [0] * (8 - len(letters))
        assert bytes_of(tables.letters[place]) == [ord("a") + letter for letter in letters] + blank
        for shift in range(7):
            moved = [ord("a") + (letter + shift) % 26 for letter in letters] + blank
            assert bytes_of(tables.shifted_letters[shift * total + place]) == moved


@INDICES
def test_rank_words_of_inputs_are_the_orders(index: int) -> None:
    tables, blank = rule_tables(), [0] * (8 - LENGTHS[index])
    for order, ranks in enumerate(orders(LENGTHS[index]), int(tables.input_base[index])):
        assert bytes_of(tables.ranks[order]) == [64 + 8 * rank for rank in ranks] + blank


@INDICES
def test_a_rule_may_have_every_set_unless_a_letter_wraps_and_a_rule_that_sorts_might_agree(
    index: int,
) -> None:
    plain = [letters[-1] + max(SHIFTS) <= 25 for letters in letter_sets(LENGTHS[index])]
    assert plain == sorted(plain, reverse=True)
    for number, rule in enumerate(rules()):
        may_not_wrap = rule.shift and (rule.sorts or LENGTHS[index] == 3)
        assert plain_only(number, index) == bool(may_not_wrap)


def plain_only(number: int, index: int) -> bool:
    """Whether a rule may only have sets without a letter that wraps."""
    return bool(rule_tables().plain_only[index * len(rules()) + number])


def set_count(number: int, index: int) -> int:
    """How many letter sets of a length, the first ones, a rule may have."""
    if not plain_only(number, index):
        return len(letter_sets(LENGTHS[index]))
    return sum(max(letters) <= 22 for letters in letter_sets(LENGTHS[index]))


@INDICES
def test_every_rule_reads_its_output_from_the_words_of_order_and_letters(index: int) -> None:
    tables, draw = rule_tables(), random.Random(index)
    for number, rule in enumerate(rules()):
        entry = index * len(rules()) + number
        shifts = [shift for word in tables.output_shifts[:, entry].tolist() for shift in bytes_of(word)]
        for order in draw.sample(range(len(orders(LENGTHS[index]))), 4):
            number_of_set = index * SETS + draw.randrange(set_count(number, index))
            row = int(tables.rank_base[entry]) + order * int(tables.rank_stride[entry])
            ranks = [*bytes_of(tables.ranks[row]), 0]
            letters = letter_sets(LENGTHS[index])[number_of_set % SETS]
            read = [(ranks[shift // 8] - 64) // 8 for shift in shifts if shift < 64]
            given = sequence(number_of_set, order)
            assert tuple((letters[rank] + rule.shift) % 26 for rank in read) == rule(given)
            assert tables.output_size[entry] == len(read) == len(rule(given))
            assert shifts[len(read) :] == [64] * (32 - len(read))


def test_of_three_letters_every_order_is_clean_that_a_rule_changes() -> None:
    for number, rule in enumerate(rules()):
        unchanged = {
            o for o, ranks in enumerate(orders(3)) if not rule.shift and rule(tuple(ranks)) == tuple(ranks)
        }
        assert set(clean_orders(number, 0)) == set(range(6)) - unchanged


@pytest.mark.parametrize("index", range(1, len(LENGTHS)))
def test_an_order_is_clean_if_what_agrees_there_always_agrees(index: int) -> None:
    clean: dict[int, set[int]] = {number: set() for number in range(len(rules()))}
    for order, made in outputs(index).items():
        found: dict[tuple[int, Letters], set[int]] = {}
        forbidden = {*accidents(LENGTHS[index]), (0, tuple(orders(LENGTHS[index])[order]))}
        for rule, output, group in zip(rules(), made, classes(index), strict=True):
            found.setdefault((rule.shift, output), set()).add(group)
        for number, (rule, output) in enumerate(zip(rules(), made, strict=True)):
            if len(found[rule.shift, output]) == 1 and (rule.shift, output) not in forbidden:
                clean[number].add(order)
    looked_at = set(some_orders(index))
    for number, expected in clean.items():
        assert set(clean_orders(number, index)) & looked_at == expected


@INDICES
def test_a_rule_is_used_where_its_output_has_letters_enough_and_is_not_the_input(index: int) -> None:
    usable, length = rule_tables().usable[:, index].tolist(), LENGTHS[index]
    for number, (group, rule) in enumerate(zip(classes(index), rules(), strict=True)):
        enough = len(set(rule(tuple(range(length))))) > MOST_PAIRS[length]
        assert usable[number] == (enough and group != 0 and clean_orders(number, index) != [])


def test_examples_decide_what_all_rules_agree_on_that_agree_on_them() -> None:
    numbers = range(len(rules()))
    alike = [
        [{other for other in numbers if groups[other] == groups[number]} for number in numbers]
        for groups in map(classes, range(len(LENGTHS)))
    ]
    decided = rule_tables().decided.tolist()
    for mask in range(1, 1 << len(LENGTHS)):
        for number in numbers:
            left = set.intersection(*(alike[i][number] for i in range(len(LENGTHS)) if mask >> i & 1))
            assert decided[number][mask] == [left <= alike[i][number] for i in range(len(LENGTHS))]
    assert not any(any(decided[number][0]) for number in numbers)


def test_on_clean_inputs_no_rule_agrees_that_does_not_always_agree() -> None:
    draw = random.Random(0)
    for number, index in draw.sample([entry for entry in usable_entries() if entry[1]], 300):
        rule, groups = rules()[number], classes(index)
        count = set_count(number, index)
        given = sequence(index * SETS + draw.randrange(count), draw.choice(clean_orders(number, index)))
        assert not wraps(rule, given)
        assert rule(given) != given
        for other, rival in enumerate(rules()):
            if rival(given) == rule(given):
                assert groups[other] == groups[number], f"{rule.name} and {rival.name} on {given}"
