"""Layouts are bit for bit those that plain Python makes, one after the other, from the same random words."""

import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

import numpy as np
import pytest
from recorded_bits import RecordedBits

from synthlm_tasks.logic.shapes.layer_widths import MOST_GATES, count_completions, draw_widths, most_gates
from synthlm_tasks.logic.shapes.layout_table import layout_groups, layout_table, shape_codes
from synthlm_tasks.logic.shapes.layouts import CANDIDATES, FIRST, KIND_CHOICES, LAYOUTS, LOWEST, RANK, layouts
from synthlm_tasks.rows.streams import RandomBits, digest

SHAPES = [(1, 1, 1), (1, 1, 2), (2, 1, 2), (2, 2, 2), (2, 2, 4), (3, 3, 6), (4, 2, 3), (4, 8, 6), (6, 5, 6)]
FIELDS = (FIRST, LOWEST, CANDIDATES, KIND_CHOICES, RANK)


def width_sequences(depth: int, width: int, inputs: int) -> list[tuple[int, ...]]:
    """Every possible sequence of layer widths from the top, in lexicographic order."""
    return [
        (1, *widths)
        for widths in itertools.product(range(1, width + 1), repeat=depth - 1)
        for pairs in [list(itertools.pairwise((1, *widths)))]
        if max((1, *widths)) == width
        and all(below <= 2 * above for above, below in pairs)
        and inputs <= 2 * (1, *widths)[-1] + sum(min(above, 2 * above - below) for above, below in pairs)
    ]


def shuffle(words: list[int], size: int) -> list[int]:
    """The first numbers in the order of their words, of which the low three bits do not count."""
    return sorted(range(size), key=lambda place: (words[place] >> 3, place))


@dataclass(frozen=True)
class LayoutWords:
    """The random words of one layout."""

    widths: int
    inputs: list[int]
    layers: list[tuple[list[int], list[int]]]
    reads: list[int]
    ranks: list[int]


def draw_words(depth: int, width: int, bits: RandomBits) -> list[LayoutWords]:
    """The random words of all layouts of a shape."""
    widths = bits.words(LAYOUTS).tolist()
    input_words = bits.words(8, LAYOUTS).T.tolist()
    layers = [(bits.words(8, LAYOUTS).T.tolist(), bits.words(8, LAYOUTS).T.tolist()) for _ in range(depth)]
    most = most_gates(depth, width)
    reads = np.array([bits.words(LAYOUTS) for _ in range(most)]).T.tolist()
    ranks = bits.words(most, LAYOUTS).T.tolist()
    return [
        LayoutWords(
            widths[i], input_words[i], [(turns[i], nodes[i]) for turns, nodes in layers], reads[i], ranks[i]
        )
        for i in range(LAYOUTS)
    ]


def lay_out(inputs: int, sizes: list[int], words: LayoutWords) -> list[tuple[int, ...]]:
    """The gates of a layout: first argument, lowest candidate, candidates, kind choices, rank."""
    codes = [6 - i for i in shuffle(words.inputs, inputs)]
    gates: list[list[int]] = []  # first argument, second one if forced, number of nodes in lower layers
    known = codes
    for layer, (size, (turn_words, node_words)) in enumerate(zip(sizes, words.layers, strict=True)):
        base = len(gates)
        for turn in shuffle(turn_words, size):
            forced = known[turn + size] if layer and turn + size < len(known) else 0
            gates.append([known[turn % len(known)], forced, inputs + base])
        known = [7 + base + i for i in shuffle(node_words, size)]

    unread = codes[sizes[0] :]
    left = sum(not forced for _, forced, _ in gates)
    for gate, word in zip(gates, words.reads, strict=False):
        if not gate[1]:
            if word * left >> 32 < len(unread):
                gate[1] = unread.pop(0)
            left -= 1
    assert not unread

    free = sum(not forced for _, forced, _ in gates)
    nots = min(max(ceil(4 * len(gates) / max(5 * free - len(gates), 1)), 1), 4)
    order = sorted(range(len(gates)), key=lambda gate: (words.ranks[gate], gate))
    return [
        (first, second - (second > first), 1, 4, order.index(gate))
        if second
        else (first, 7 - inputs, max(lower - 1, 1), 4 + nots, order.index(gate))
        for gate, (first, second, lower) in enumerate(gates)
    ]


def seeded_bits(seed: int, key: tuple[int, ...]) -> RandomBits:
    """Words as random as those of any layouts, with ties and limits among them."""
    return RecordedBits(hash((seed, key)))


@pytest.mark.parametrize("source", [RandomBits, seeded_bits])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_layouts_are_those_of_plain_python(
    shape: tuple[int, int, int],
    source: Callable[[int, tuple[int, ...]], RandomBits],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sequences = width_sequences(*shape)
    made = []
    for words in draw_words(*shape[:2], source(0, digest("logic layouts", *shape))):
        sizes = sequences[words.widths * len(sequences) >> 32][::-1]
        made.append(lay_out(shape[2], list(sizes), words))
    made.sort(key=len)

    monkeypatch.setattr("synthlm_tasks.logic.shapes.layouts.RandomBits", source)
    gates, counts = layouts.__wrapped__(*shape)  # not what is kept from other draws
    assert counts.tolist() == [len(layout) for layout in made]
    assert gates.shape == (most_gates(*shape[:2]), LAYOUTS)
    fields = np.array([field.unpack(gates) for field in FIELDS]).transpose(2, 1, 0).tolist()
    assert fields == [
        [*map(list, layout), *[[0] * len(FIELDS)] * (len(gates) - len(layout))] for layout in made
    ]
    assert int(gates.max()) < 1 << 31  # the highest bit is left to XOR


def test_fields_stand_side_by_side_and_the_worked_example_packs_and_unpacks() -> None:
    assert [field.shift for field in FIELDS] == [0, *itertools.accumulate(field.bits for field in FIELDS)][:5]
    values = [7, 5, 2, 5, 1]
    word = sum(field.pack(np.array(value)) for field, value in zip(FIELDS, values, strict=True))
    assert word == 44073607
    full = word + (1 << 31)
    assert [int(field.unpack(np.array(full, np.uint32))) for field in FIELDS] == values


def test_no_circuit_overflows_a_field() -> None:
    gates, _ = layouts(10, 8, 6)
    assert most_gates(10, 8) == MOST_GATES == len(gates)
    for field, most in zip(FIELDS, (69, 69, 67, 8, 62), strict=True):
        assert int(field.unpack(gates).max()) <= most < 1 << field.bits


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_completions_are_as_many_as_can_be_listed(width: int) -> None:
    table = count_completions(width)
    for depth, inputs in itertools.product(range(2, 6), range(1, 7)):
        count = table[depth - 1, 1, int(width == 1), inputs]
        assert count == len(width_sequences(depth, width, inputs)), (depth, inputs)


@pytest.mark.parametrize("shape", [(2, 2, 3), (4, 3, 2), (5, 4, 6), (6, 8, 6)], ids=str)
def test_widths_are_the_sequence_whose_rank_was_drawn(shape: tuple[int, int, int]) -> None:
    sequences = width_sequences(*shape)
    bits = RecordedBits(0)
    widths = np.array(draw_widths(*shape, 400, bits)).T.tolist()
    [words] = bits.calls
    assert widths == [list(sequences[word * len(sequences) >> 32][::-1]) for word in words]


def test_a_table_of_several_shapes_draws_the_layouts_of_each() -> None:
    draw = random.Random(0)
    shapes = [draw.choice(SHAPES) for _ in range(300)]
    codes = shape_codes(*np.array(shapes).T)
    table = layout_table(codes)

    bits = RecordedBits(1)
    counts = table.draw_counts(codes, bits)
    columns = table.draw(layout_groups(codes, counts), bits)

    count_words, column_words = bits.calls
    for shape, count, column, count_word, column_word in zip(
        shapes, counts.tolist(), columns.tolist(), count_words, column_words, strict=True
    ):
        gates, known = layouts(*shape)
        assert count == known[count_word * LAYOUTS >> 32]
        matching = np.flatnonzero(known == count).tolist()
        expected = gates[:, matching[column_word * len(matching) >> 32]].tolist()
        expected = expected[:count]
        assert table.gates[:, column].tolist() == [0] * (len(table.gates) - count) + expected
        assert table.counts[column] == count
