"""Trees are drawn, filled, named and hashed bit for bit as in plain Python, from the same random words."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_circuits import falling_sizes
from recorded_bits import RecordedBits

from synthlm_tasks.logic.trees import draw_inputs, grow_trees, name_gates, place_inputs
from synthlm_tasks.rows.splits import Hashes, key_words

ZERO, ONE, MULTIPLIER = (word >> 32 for word in key_words("logic-parity 13", 3).tolist())

# Rows, the most inputs of any.
BLOCKS = pytest.mark.parametrize(("rows", "most"), [(1, 2), (5, 3), (30, 9), (200, 64)])


def input_counts(rows: int, most: int) -> list[int]:
    return falling_sizes(random.Random(rows), rows, most, least=2)


def batch_sizes_of(counts: list[int]) -> list[int]:
    return [sum(count > number for count in counts) for number in range(counts[0] + 1)]


def random_inputs(rows: int) -> Hashes:
    return np.random.default_rng(rows).integers(0, 2**64, rows, np.uint64)


@given(
    st.lists(st.tuples(st.integers(2, 64), st.integers(0, 1)), min_size=1, max_size=20), st.integers(0, 2**32)
)
def test_inputs_are_a_word_whose_lowest_bit_settles_the_parity(
    drawn: list[tuple[int, int]], seed: int
) -> None:
    counts, labels = zip(*drawn, strict=True)
    bits = RecordedBits(seed)
    inputs = draw_inputs(np.array(counts), np.array(labels), bits).tolist()
    [words] = bits.calls
    for word, count, label, found in zip(words, counts, labels, inputs, strict=True):
        others = word % (1 << count) >> 1 << 1
        assert found == others | (others.bit_count() + label) % 2
        assert found.bit_count() % 2 == label


@BLOCKS
def test_each_gate_takes_an_open_place_and_opens_two(rows: int, most: int) -> None:
    counts = input_counts(rows, most)
    bits = RecordedBits(most)
    open_places, gate_places = grow_trees(batch_sizes_of(counts), bits)
    assert open_places.shape == gate_places.shape == (most, rows)
    for row, count in enumerate(counts):
        left, taken = [(1, 0), (1, 1)], [0]  # depth and place
        for gate in range(1, count - 1):
            word = bits.calls[gate - 1][row]
            chosen = (word >> 6) * len(left) >> 26
            depth, place = left[chosen]
            taken.append(place)
            left[chosen] = (depth + 1, 2 * gate)
            left.append((depth + 1, 2 * gate + 1))
        padding = [0] * (most - count)
        assert open_places[:, row].tolist() == [depth << 8 | place for depth, place in left] + padding
        assert gate_places[:, row].tolist() == [*taken, 0, *padding]


@BLOCKS
def test_inputs_stand_in_the_open_places_in_random_order(rows: int, most: int) -> None:
    counts, inputs = input_counts(rows, most), random_inputs(rows)
    bits = RecordedBits(most)
    open_places, _ = grow_trees(batch_sizes_of(counts), bits)
    arguments, hashes = place_inputs(open_places, inputs, batch_sizes_of(counts), bits)
    for row, (count, values) in enumerate(zip(counts, inputs.tolist(), strict=True)):
        words = bits.calls[-1][row]
        keys = sorted((word >> 6, number) for number, word in enumerate(words[:count]))
        for packed, (_, number) in zip(open_places[:count, row].tolist(), keys, strict=True):
            place = packed & 255
            assert arguments[place, row] == number
            assert hashes[place, row] == (ONE if values >> number & 1 else ZERO)


def describe(
    gate: int, gates: dict[int, int], leaves: list[int], values: int, root: int
) -> tuple[list[int], int]:
    """The node codes of a gate's arguments, and its hash; `gates` by place, `root` the queried one's code."""
    nodes, total = [], 0
    for place in (2 * gate, 2 * gate + 1):
        if place in gates:
            nodes.append(root - gates[place])
            total += describe(gates[place], gates, leaves, values, root)[1]
        else:
            nodes.append(leaves[place])
            total += ONE if values >> leaves[place] & 1 else ZERO
    total %= 2**32
    return nodes, (total ^ total >> 16) * (MULTIPLIER | 1) % 2**32


@BLOCKS
@pytest.mark.parametrize("more", [0, 3])
def test_gates_are_named_from_the_lowest_up_and_hashed_whatever_the_order_of_arguments(
    rows: int, most: int, more: int
) -> None:
    counts, inputs = input_counts(rows, most), random_inputs(rows)
    batch_sizes = batch_sizes_of(counts)
    bits = RecordedBits(most)
    open_places, gate_places = grow_trees(batch_sizes, bits)
    arguments, hashes = place_inputs(open_places, inputs, batch_sizes, bits)
    leaves = arguments.copy()
    most_inputs = min(most + more, 64)

    pairs, keys = name_gates(arguments, hashes, gate_places, np.array(counts), batch_sizes, most_inputs)

    assert pairs.shape == (most_inputs - 1, rows)
    for row, (count, values) in enumerate(zip(counts, inputs.tolist(), strict=True)):
        gates = {int(gate_places[gate, row]): gate for gate in range(1, count - 1)}

        described = [
            describe(gate, gates, leaves[:, row].tolist(), values, most_inputs + count - 2)
            for gate in range(count - 1)
        ]
        expected = [first * (2 * most_inputs - 1) + second for (first, second), _ in described]
        assert pairs[:, row].tolist() == expected + [0] * (most_inputs - count)
        assert keys[row] == described[0][1]
