"""Circuits as arrays say what the same circuits say row by row."""

import numpy as np
import pytest
from plain_circuits import G0, NAMES, place, random_circuits

from synthlm_tasks.logic.kinds import KINDS, code_count
from synthlm_tasks.logic.text import as_items

SEEDS = pytest.mark.parametrize("seed", range(5))


def test_kinds_have_the_numbers_that_split_keys_and_rows_were_made_with() -> None:
    assert list(KINDS) == NAMES


@SEEDS
def test_the_last_gates_of_all_rows_stand_in_one_slot(seed: int) -> None:
    circuits = random_circuits(seed, 20, 12)
    made, _ = place(circuits)
    assert made.slots.sizes == [sum(len(circuit) >= 12 - slot for circuit in circuits) for slot in range(12)]
    for row, circuit in enumerate(circuits):
        found = [
            (NAMES[kind], int(first), int(second))
            for kind, (first, second) in zip(made.kinds[:, row], made.arguments[:, :, row], strict=True)
        ]
        assert found[12 - len(circuit) :] == circuit
        assert set(found[: 12 - len(circuit)]) <= {("XOR", 0, 0)}


@SEEDS
@pytest.mark.parametrize("most", [12, 63])
def test_codes_are_kind_and_arguments_in_one_number_and_stand_row_by_row(seed: int, most: int) -> None:
    circuits = random_circuits(seed, 20, most)
    nodes = G0 + most
    codes = [
        [(NAMES.index(kind) * nodes + first) * nodes + second for kind, first, second in circuit]
        for circuit in circuits
    ]
    rows = np.array([1, 4, 7, 19])
    found = place(circuits)[0].codes_of(rows, nodes)
    assert found.T.tolist() == [[0] * (most - len(codes[row])) + codes[row] for row in rows]
    assert max(map(max, codes)) < code_count(nodes)
    items = as_items(found, most + 2).view(np.uint16).reshape(len(rows), most + 2)
    assert items.tolist() == [[0, 0, *row] for row in found.T.tolist()]


@pytest.mark.parametrize(
    ("circuit", "idle"),
    [
        ([("AND", 6, 5), ("OR", 7, 4)], []),
        ([("NOT", 6, 0), ("AND", 7, 5)], []),
        ([("NOT", 6, 0), ("NOT", 7, 0)], [1]),
        ([("AND", 6, 5), ("NOT", 0, 7), ("NOT", 7, 0)], [2]),
        ([("AND", 6, 5), ("NAND", 5, 6)], [1]),
        ([("NOT", 6, 0), ("AND", 6, 7)], [1]),
        ([("NOR", 6, 5), ("AND", 7, 6)], [1]),
        ([("AND", 6, 5), ("OR", 7, 6)], [1]),
        ([("XOR", 6, 5), ("XOR", 7, 6)], [1]),
        ([("NOT", 6, 0), ("XOR", 7, 5), ("XOR", 6, 5)], [2]),
    ],
    ids=str,
)
@pytest.mark.parametrize("inputs", [4, 5, 6])
def test_a_gate_is_idle_that_has_the_function_of_another_node(
    circuit: list[tuple[str, int, int]], idle: list[int], inputs: int
) -> None:
    _, strict = place([circuit, circuit], inputs, strict=True)
    assert [slot for slot, found in enumerate(strict) if found.all()] == idle


@pytest.mark.parametrize(
    ("circuit", "idle"),
    [
        ([("AND", 6, 5), ("NAND", 5, 6)], [1]),
        ([("NOT", 6, 0), ("XOR", 7, 5), ("XOR", 6, 5)], [2]),
        ([("NOT", 6, 0), ("NOT", 5, 0), ("AND", 7, 8), ("OR", 6, 5)], [3]),
        ([("AND", 6, 5), ("OR", 6, 5), ("XOR", 6, 5)], []),
        ([("AND", 6, 5), ("AND", 6, 4), ("AND", 4, 3)], []),
        ([("NOT", 6, 0), ("NOT", 7, 0), ("AND", 8, 7)], []),
    ],
    ids=str,
)
def test_where_gates_need_not_matter_one_is_idle_that_is_another_in_other_words(
    circuit: list[tuple[str, int, int]], idle: list[int]
) -> None:
    _, slots = place([circuit, circuit])
    assert [slot for slot, found in enumerate(slots) if found.any()] == idle
