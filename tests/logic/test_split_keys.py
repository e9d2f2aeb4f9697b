"""Hashes of wiring, split keys and chosen turns are bit for bit those of plain Python."""

import numpy as np
import pytest
from plain_circuits import Circuit, as_gates, flatten, random_circuits, split_key, turn, wiring_hashes

from synthlm_tasks.logic.circuits import TURNS
from synthlm_tasks.logic.split_keys import choose_kind_turns, hash_wiring, split_keys
from synthlm_tasks.rows.splits import Hashes

SEEDS = pytest.mark.parametrize("seed", range(5))


def turned(circuit: Circuit, turns: int) -> Circuit:
    return [(turn(kind, turns), *arguments) for kind, *arguments in circuit]


@SEEDS
@pytest.mark.parametrize("most", [1, 12, 63])
def test_a_hash_of_wiring_sums_and_mixes_those_below(seed: int, most: int) -> None:
    circuits = random_circuits(seed, 30, most)
    gates, batch_sizes = as_gates(circuits)
    expected, _ = flatten([wiring_hashes(circuit) for circuit in circuits])
    assert hash_wiring(gates.arguments, batch_sizes).tolist() == expected


@SEEDS
def test_a_split_key_sums_hash_times_kind_over_the_gates_as_turned(seed: int) -> None:
    circuits = random_circuits(seed, 60, 12)
    for turns in ([0], [1, 2, 3], [2, 0]):
        assert split_keys(*as_gates(circuits), np.array(turns)).tolist() == [
            [split_key(turned(circuit, by)) for circuit in circuits] for by in turns
        ]


@SEEDS
@pytest.mark.parametrize("share", [1, 2, 7, 10**9])
def test_kinds_are_turned_as_little_as_the_split_allows_and_not_at_all_in_small_circuits(
    seed: int, share: int
) -> None:
    circuits = random_circuits(seed, 80, 9)

    def accept(hashes: Hashes) -> np.ndarray:
        return hashes % np.uint64(share) == 0

    chosen = [
        next((by for by in tries if split_key(turned(circuit, by)) % share == 0), None)
        for circuit in circuits
        for tries in [range(TURNS if len(circuit) > 3 else 1)]
    ]
    turns, accepted = choose_kind_turns(*as_gates(circuits), accept)
    found = [by if fine else None for by, fine in zip(turns.tolist(), accepted.tolist(), strict=True)]
    assert found == chosen
