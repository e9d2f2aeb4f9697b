"""Gates are placed and drawn bit for bit as in plain Python, from the same random words."""

import random

import numpy as np
import pytest
from plain_circuits import G0, NAMES, Gate, split_key, value
from recorded_bits import RecordedBits

from synthlm_tasks.logic.circuits import Circuits
from synthlm_tasks.logic.drawing import draw_circuits, draw_gates, flip_kinds, place_gates
from synthlm_tasks.logic.kinds import KINDS
from synthlm_tasks.logic.shapes.layout_table import layout_groups, layout_table, shape_codes
from synthlm_tasks.logic.shapes.layouts import layouts
from synthlm_tasks.rows.splits import Hashes, in_split
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
    sizes = [sum(count >= counts[0] - slot for count in counts) for slot in range(counts[0])]

    bits = RecordedBits(0)
    groups = layout_groups(np.array([code for _, _, code, _ in rows]), np.array(counts))
    placed = place_gates(layout_table(codes), groups, np.array(xors), sizes, bits)
    assert [len(gates) for gates in placed] == sizes

    [words] = bits.calls
    for number, (word, (count, shape, _, xor)) in enumerate(zip(words, rows, strict=True)):
        gates, gate_counts = layouts(*shape)
        matching = [column for column, known in enumerate(gate_counts.tolist()) if known == count]
        column = matching[word * len(matching) >> 32]
        expected = gates[:count, column].tolist()
        row = [int(gates[number]) for gates in placed[len(placed) - count :]]
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


def drawn(packed: list[int], words: list[int]) -> list[Gate]:
    """What these gates become by these words."""
    arguments, kinds = draw_gates(np.array(packed, np.uint32), ChosenBits(words))
    return [
        (NAMES[kind], first, second)
        for kind, first, second in zip(kinds.tolist(), *arguments.tolist(), strict=True)
    ]


@pytest.mark.parametrize("seed", range(3))
def test_one_word_draws_second_argument_kind_and_order(seed: int) -> None:
    draw = random.Random(seed)
    packed = [random_packed(draw, draw.randrange(63)) for _ in range(500)]
    words = [draw.getrandbits(32) for _ in packed]
    assert drawn(packed, words) == list(map(draw_plainly, packed, words))


def test_the_last_bit_of_a_word_counts_where_one_choice_ends_and_the_next_begins() -> None:
    draw = random.Random(0)
    packed = [random_packed(draw, draw.randrange(40)) for _ in range(4000)]
    words = []
    for gate in packed:
        candidates, outcomes = gate >> 14 & 127, 2 * (gate >> 21 & 15)  # an outcome is a kind and an order
        step = draw.randrange(candidates * outcomes)
        begin = -(-(step << 25) // (candidates * outcomes))  # the least 25-bit word of this outcome
        words.append((begin - draw.randint(0, 1)) % 2**25 << 7 | draw.getrandbits(7))
    assert drawn(packed, words) == list(map(draw_plainly, packed, words))


def test_a_word_is_divided_as_the_worked_example_says() -> None:
    packed = 12 | 3 << 7 | 3 << 14 | 5 << 21  # reads g5 and one of codes 3 to 5, of 5 kinds
    assert draw_plainly(packed, 0x1234567 << 7) == ("NAND", 4, 12)


def test_flipped_kinds_read_the_complements_of_their_arguments() -> None:
    flipped = [KINDS[kind] for kind in flip_kinds(np.arange(len(KINDS), dtype=np.uint8)).tolist()]
    for kind, other in zip(KINDS, flipped, strict=True):
        if kind in ("XOR", "NOT"):
            assert other == kind
        else:
            # Of x1 and x0 (codes 5, 6) and the NOT of each.
            assert [value([(other, 6, 5)], row) for row in range(4)] == [
                value([("NOT", 6, 0), ("NOT", 5, 0), (kind, 7, 8)], row) for row in range(4)
            ]


@pytest.mark.parametrize("split", ["train", "test"])
def test_circuits_drawn_lie_in_the_split_and_have_the_tables_of_their_gates(split: str) -> None:
    shape, rows, nodes = (5, 3, 5), 2000, G0 + 20
    code = int(shape_codes(*(np.array([axis]) for axis in shape))[0])
    table = layout_table(np.array([code]))
    count = -np.sort(-table.draw_counts(np.full(rows, code), RandomBits(0, (1,))))
    circuits = Circuits.start(count, np.full(rows, 5), np.ones(rows, bool))
    groups = layout_groups(np.full(rows, code), count)
    packed = place_gates(table, groups, count // 3, circuits.slots.sizes, RandomBits(0, (2,)))

    def accept(hashes: Hashes) -> np.ndarray:
        return in_split(hashes, split)  # type: ignore[arg-type]

    made = draw_circuits(circuits, packed, accept, RandomBits(0, (3,)), nodes)
    assert len(made.places) > {"train": 1000, "test": 200}[split]
    assert (np.diff(np.sort(made.places)) > 0).all()
    for place, codes, table_, sensitive in zip(
        made.places.tolist(),
        made.codes.T.tolist(),
        made.tables.tolist(),
        made.sensitive.tolist(),
        strict=True,
    ):
        gates = [(NAMES[code // nodes**2], code // nodes % nodes, code % nodes) for code in codes if code]
        assert len(gates) == count[place]
        assert [kind for kind, *_ in gates].count("XOR") == count[place] // 3
        assert in_split(np.array([split_key(gates)], np.uint64), split)[0]  # type: ignore[arg-type]
        values = [value(gates, row) for row in range(32)]
        assert table_ == sum(bit << row for row, bit in enumerate(values))
        assert sensitive == sum(
            1 << row for row in range(32) if any(values[row] != values[row ^ 1 << i] for i in range(5))
        )
