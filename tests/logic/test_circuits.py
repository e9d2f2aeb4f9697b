"""Gates as arrays say what the same circuits say row by row."""

import numpy as np
import pytest
from plain_circuits import G0, NAMES, as_circuits, as_gates, flatten, random_circuits, turn, wiring_hashes

from synthlm_tasks.logic.circuits import KINDS, TURNS, code_count, codes_by_row, gate_spans

SEEDS = pytest.mark.parametrize("seed", range(5))


def test_kinds_have_the_numbers_that_split_keys_and_rows_were_made_with() -> None:
    assert list(KINDS) == NAMES


def test_spans_cut_flat_gates_into_gate_after_gate() -> None:
    flat, batch_sizes = flatten(["abc", "de", "f"])
    assert [(size, "".join(flat[span])) for size, span in gate_spans(batch_sizes)] == [
        (3, "adf"),
        (2, "be"),
        (1, "c"),
    ]


@SEEDS
def test_turning_kinds_moves_every_kind_round_its_circle(seed: int) -> None:
    circuits = random_circuits(seed, 60, 12)
    turns = np.arange(60) % (TURNS + 1)
    gates, batch_sizes = as_gates(circuits)
    assert as_circuits(gates.turn_kinds(turns, batch_sizes), batch_sizes) == [
        [(turn(kind, by), *arguments) for kind, *arguments in circuit]
        for circuit, by in zip(circuits, turns.tolist(), strict=True)
    ]


@SEEDS
def test_the_gates_of_some_rows_are_those_rows_gates(seed: int) -> None:
    circuits = random_circuits(seed, 40, 12)
    gates, batch_sizes = as_gates(circuits)
    kept = np.random.default_rng(seed).random(40) < 0.3
    fewer, sizes = gates.compress(kept, batch_sizes)
    left = [circuit for circuit, stays in zip(circuits, kept.tolist(), strict=True) if stays]
    sizes = [size for size in sizes if size]
    assert as_circuits(fewer, sizes) == left
    assert fewer.hashes.tolist() == flatten([wiring_hashes(circuit) for circuit in left])[0]


@SEEDS
@pytest.mark.parametrize("most", [12, 63])
def test_codes_are_kind_and_arguments_in_one_number_and_stand_row_by_row(seed: int, most: int) -> None:
    circuits = random_circuits(seed, 20, most)
    gates, batch_sizes = as_gates(circuits)
    nodes = G0 + most
    codes = [
        [(NAMES.index(kind) * nodes + first) * nodes + second for kind, first, second in circuit]
        for circuit in circuits
    ]
    flat = gates.codes(nodes)
    assert flat.tolist() == flatten(codes)[0]
    assert max(map(max, codes)) < code_count(nodes)
    rows = codes_by_row(flat, batch_sizes, most).view(np.uint16).reshape(20, most)
    assert rows.tolist() == [row + [0] * (most - len(row)) for row in codes]
