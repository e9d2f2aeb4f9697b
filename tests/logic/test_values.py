"""Truth tables in words are what evaluating row by row gives, and a picked bit is what counting finds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_circuits import place, random_circuits, value

from synthlm_tasks.logic.values import pick_set_bit, sensitive_rows, widen

INPUTS = pytest.mark.parametrize("inputs", range(2, 7))


def word_bits(inputs: int) -> int:
    """Bits of the word that a truth table stands in."""
    return max(16, 1 << inputs)


@INPUTS
@pytest.mark.parametrize("seed", range(3))
def test_a_truth_table_has_the_value_on_every_input_row(inputs: int, seed: int) -> None:
    circuits = random_circuits(seed, 40, 15, inputs)
    tables = place(circuits, inputs)[0].tables[-1]
    assert tables.dtype.itemsize * 8 == word_bits(inputs)
    assert tables.tolist() == [
        sum(value(circuit, row % (1 << inputs)) << row for row in range(word_bits(inputs)))
        for circuit in circuits
    ]


@INPUTS
@given(data=st.data())
def test_a_row_is_sensitive_if_flipping_some_input_flips_the_value(inputs: int, data: st.DataObject) -> None:
    bits = word_bits(inputs)
    tables = data.draw(st.lists(st.integers(0, 2**bits - 1), min_size=1, max_size=8))
    found, matter = sensitive_rows(np.array(tables, f"u{bits // 8}"), inputs)
    assert matter.tolist() == [
        sum(
            any(table >> row & 1 != table >> (row ^ 1 << i) & 1 for row in range(bits)) for i in range(inputs)
        )
        for table in tables
    ]
    assert found.dtype.itemsize * 8 == bits
    assert found.tolist() == [
        sum(
            1 << row
            for row in range(bits)
            if any(table >> row & 1 != table >> (row ^ 1 << i) & 1 for i in range(inputs))
        )
        for table in tables
    ]


@INPUTS
@given(data=st.data())
def test_a_narrow_table_is_repeated_in_64_bits(inputs: int, data: st.DataObject) -> None:
    bits = word_bits(inputs)
    table = data.draw(st.integers(0, 2**bits - 1))
    assert widen(np.array([table], f"u{bits // 8}")).tolist() == [
        sum(table << start for start in range(0, 64, bits))
    ]


WORD = st.one_of(
    st.integers(1, 2**64 - 1),
    st.just(2**64 - 1),
    st.sets(st.integers(0, 63), min_size=1, max_size=4).map(lambda places: sum(1 << i for i in places)),
)
CHANCE = st.one_of(st.integers(0, 2**32 - 1), st.sampled_from([0, 2**31 - 1, 2**31, 2**32 - 1]))


@given(st.lists(st.tuples(WORD, CHANCE), min_size=1, max_size=20))
def test_a_random_set_bit_is_the_one_that_counting_finds(drawn: list[tuple[int, int]]) -> None:
    words, chances = zip(*drawn, strict=True)
    picked = pick_set_bit(np.array(words, np.uint64), np.array(chances, np.uint32))
    assert picked.tolist() == [
        [i for i in range(64) if word >> i & 1][chance * word.bit_count() >> 32] for word, chance in drawn
    ]


def test_every_set_bit_of_a_word_can_be_picked() -> None:
    for word in (2**64 - 1, 0x8000000000000001, 0x00FF00F0000A0100):
        places = [i for i in range(64) if word >> i & 1]
        chances = np.array([(rank << 32) // len(places) + 1 for rank in range(len(places))], np.uint32)
        assert pick_set_bit(np.full(len(places), word, np.uint64), chances).tolist() == places
