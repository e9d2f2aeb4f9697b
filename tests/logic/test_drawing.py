"""Gates are placed and drawn bit for bit as in plain Python, from the same random words."""

import random

import numpy as np
import pytest
from plain_circuits import G0, Circuit, Gate, as_circuits, falling_sizes, flatten, unflatten, wiring_hashes
from recorded_bits import RecordedBits

from synthlm_tasks.logic.drawing import draw_gates, place_gates
from synthlm_tasks.logic.layout_table import layout_groups, layout_table, shape_codes
from synthlm_tasks.logic.layouts import layouts
from synthlm_tasks.rows.streams import RandomBits, Words


def test_gates_are_xor_where_their_rank_is_below_the_number_of_xor_gates() -> None:
    shapes = [(2, 2, 2), (4, 3, 4), (7, 8, 6)]
    codes = shape_codes(*np.array(shapes).T)
    draw = random.Random(0)
    rows = sorted(
        (
            (count, shape, code, draw.randint(0, count))  # none, some or all of them XOR
            for shape, code in zip(shapes, codes.tolist(), strict=True)
            for count in layouts(*shape)[1][::64].tolist()
        ),
        reverse=True,
    )
    counts = [count for count, *_ in rows]
    xors = [xor for *_, xor in rows]
    batch_sizes = [sum(count > gate for count in counts) for gate in range(counts[0])]

    bits = RecordedBits(0)
    groups = layout_groups(np.array([code for _, _, code, _ in rows]), np.array(counts))
    placed = place_gates(layout_table(codes), groups, np.array(xors), batch_sizes, bits)

    [words] = bits.calls
    for word, (count, shape, _, xor), row in zip(
        words, rows, unflatten(placed.tolist(), batch_sizes), strict=True
    ):
        gates, gate_counts = layouts(*shape)
        matching = [column for column, known in enumerate(gate_counts.tolist()) if known == count]
        column = matching[word * len(matching) >> 32]
        expected = gates[:count, column].tolist()
        assert row == [(gate - (xor << 25)) % 2**32 for gate in expected]
        assert [gate >> 31 for gate in row] == [gate >> 25 < xor for gate in expected]
        assert sum(gate >> 31 for gate in row) == xor


def random_packed(draw: random.Random, gate: int) -> int:
    """A packed gate that may read any node below gate number `gate`, of any number of kinds, XOR or not."""
    nodes = G0 + gate
    lowest = draw.randint(1, nodes - 2)
    candidates = draw.randint(1, nodes - 1 - lowest)
    first = draw.randint(1, nodes - 1)
    high = draw.choice([0, 0, 1]) << 6 | draw.getrandbits(6)
    return first | lowest << 7 | candidates << 14 | draw.randint(1, 15) << 21 | high << 25


def draw_plainly(packed: int, word: int) -> Gate:
    """The gate drawn by one random word."""
    first, lowest, candidates = (packed >> shift & 127 for shift in (0, 7, 14))
    candidate, rest = divmod((word >> 7) * candidates, 1 << 25)
    second = lowest + candidate
    if second >= first:
        second += 1
    kind_number, rest = divmod(rest * (packed >> 21 & 15), 1 << 25)
    kind = ["OR", "AND", "NOR", "NAND"][kind_number] if kind_number < 4 else "NOT"
    if packed >> 31:
        kind = "XOR"
    if kind == "NOT":
        second = 0
    return (kind, second, first) if rest >> 24 else (kind, first, second)


class ChosenBits(RandomBits):
    """Words that a test has chosen."""

    def __init__(self, words: list[int]) -> None:
        self._words = np.array(words, np.uint32)

    def words(self, *shape: int) -> Words:
        words, self._words = np.split(self._words, [int(np.prod(shape))])
        return words.reshape(shape)


def assert_drawn(packed: list[list[int]], words: list[int], bits: RandomBits) -> None:
    """Draw these rows of gates by `bits`, which are these flat words, and by the words in plain Python."""
    flat, batch_sizes = flatten(packed)
    gates = draw_gates(np.array(flat, np.uint32), batch_sizes, bits)
    circuits: list[Circuit] = [
        list(map(draw_plainly, row, row_words))
        for row, row_words in zip(packed, unflatten(words, batch_sizes), strict=True)
    ]
    assert as_circuits(gates, batch_sizes) == circuits
    assert gates.hashes.tolist() == flatten([wiring_hashes(circuit) for circuit in circuits])[0]


def random_rows(draw: random.Random, rows: int, most: int) -> list[list[int]]:
    return [[random_packed(draw, gate) for gate in range(size)] for size in falling_sizes(draw, rows, most)]


@pytest.mark.parametrize(("rows", "most"), [(1, 1), (7, 12), (50, 63)])
def test_one_word_draws_second_argument_kind_and_order(rows: int, most: int) -> None:
    draw = random.Random(rows)
    packed = random_rows(draw, rows, most)
    words = [draw.getrandbits(32) for row in packed for _ in row]
    assert_drawn(packed, words, ChosenBits(words))


def test_the_last_bit_of_a_word_counts_where_one_choice_ends_and_the_next_begins() -> None:
    draw = random.Random(0)
    packed = random_rows(draw, 200, 40)
    words = []
    for gate in flatten(packed)[0]:
        candidates, outcomes = gate >> 14 & 127, 2 * (gate >> 21 & 15)  # an outcome is a kind and an order
        step = draw.randrange(candidates * outcomes)
        begin = -(-(step << 25) // (candidates * outcomes))  # the least 25-bit word of this outcome
        words.append((begin - draw.randint(0, 1)) % 2**25 << 7 | draw.getrandbits(7))
    assert_drawn(packed, words, ChosenBits(words))


def test_random_words_are_one_stream_however_many_gates_are_drawn_at_a_time() -> None:
    packed = random_rows(random.Random(0), 1500, 30)
    count = sum(map(len, packed))
    assert count > 1 << 14
    assert_drawn(packed, RandomBits(0, (1,)).words(count).tolist(), RandomBits(0, (1,)))


def test_a_word_is_divided_as_the_worked_example_says() -> None:
    packed = 12 | 3 << 7 | 3 << 14 | 5 << 21  # reads g5 and one of codes 3 to 5, of 5 kinds
    assert draw_plainly(packed, 0x1234567 << 7) == ("NAND", 4, 12)
