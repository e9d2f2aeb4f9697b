"""Variants tried where a split does not want a problem: others that are drawn just as often."""

import numpy as np
import pytest

from synthlm_tasks.dyna.moves import followers
from synthlm_tasks.dyna.programs import _key_hashes, count_live, draw_programs, settle_programs
from synthlm_tasks.logic.circuits import KINDS, TURNS, Gates
from synthlm_tasks.logic.split_keys import choose_kind_turns, split_keys
from synthlm_tasks.rows.splits import Accept, Hashes, in_split
from synthlm_tasks.rows.streams import RandomBits

ALL_OPERATIONS = 0b1111
ROTATIONS = 0b0110


def settled(mask: int, accept: Accept) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Programs as they were drawn and as they were settled, (t, c) both, their lengths, what is accepted."""
    lengths = np.array([9] * 500 + [5] * 500 + [2] * 500 + [1] * 500)
    sizes, table = np.array([5, 20] * 1000), followers(mask)
    operations = draw_programs(table, sizes, count_live(lengths, 9), RandomBits(1, (2,)))
    drawn = operations.copy()
    programs, found = settle_programs(operations, sizes, lengths, table, accept, RandomBits(1, (3,)))
    assert np.array_equal(programs.T, operations)
    return drawn, operations, lengths, found


@pytest.mark.parametrize("mask", [ALL_OPERATIONS, ROTATIONS])
def test_a_dyna_program_that_is_accepted_stays_and_others_become_some_that_are(mask: int) -> None:
    wanted: list[np.ndarray] = []

    def accept(hashes: Hashes) -> np.ndarray:
        wanted.append(in_split(hashes, "test"))
        return wanted[-1].copy()

    drawn, operations, _, found = settled(mask, accept)
    assert found.sum() > 1000 > wanted[0].sum() > 0
    assert np.array_equal(drawn[:, wanted[0]], operations[:, wanted[0]])
    keys = _key_hashes(np.ascontiguousarray(operations.T), np.array([5, 20] * 1000), mask == ROTATIONS)
    assert np.array_equal(in_split(keys, "test"), found)


def test_a_dyna_program_keeps_all_but_its_last_two_operations_and_its_length() -> None:
    drawn, operations, lengths, _ = settled(ALL_OPERATIONS, lambda hashes: in_split(hashes, "test"))
    steps = np.arange(len(drawn))[:, None]
    assert np.array_equal(operations != 0, steps < lengths)
    assert np.array_equal(*(np.where(steps < lengths - 2, programs, 0) for programs in (drawn, operations)))
    assert (operations != drawn).any()


def test_turning_the_kinds_of_gates_keeps_xor_and_not_and_turns_the_others_in_a_circle() -> None:
    lives = [TURNS + 1] * len(KINDS)  # one circuit for each number of turns, with a gate of every kind
    kinds = np.repeat(np.arange(len(KINDS), dtype=np.uint8), TURNS + 1)
    gates = Gates(np.zeros((2, len(kinds)), np.uint8), kinds, np.zeros(len(kinds), np.uint32))
    turned = gates.turn_kinds(np.arange(TURNS + 1), lives).kinds.reshape(len(KINDS), -1).T
    named = [[KINDS[kind] for kind in circuit] for circuit in turned.tolist()]
    assert named[0] == named[TURNS] == ["XOR", "OR", "AND", "NOR", "NAND", "NOT"]
    assert named[1] == ["XOR", "AND", "NOR", "NAND", "OR", "NOT"]
    assert named[3] == ["XOR", "NAND", "OR", "AND", "NOR", "NOT"]


def circuits(kinds: list[list[str]]) -> tuple[Gates, list[int]]:
    """Circuits of equally many gates of these kinds, each reading the gate before and the first input."""
    count = len(kinds[0])
    flat = np.array([KINDS.index(kind) for place in zip(*kinds, strict=True) for kind in place], np.uint8)
    wired = np.repeat(np.arange(1, count + 1, dtype=np.uint32), len(kinds))
    return Gates(np.zeros((2, len(flat)), np.uint8), flat, wired), [len(kinds)] * count


def test_the_split_key_of_a_circuit_does_not_see_whether_the_asked_gate_is_complemented() -> None:
    gates, lives = circuits(
        [["OR", "AND"], ["OR", "NAND"], ["NOR", "AND"], ["AND", "OR"], ["AND", "NOR"], ["AND", "XOR"]]
    )
    for keys in split_keys(gates, lives, np.arange(TURNS)).tolist():
        assert keys[0] == keys[1]
        assert keys[3] == keys[4]
        assert len({keys[0], keys[2], keys[3], keys[5]}) == 4


@pytest.mark.parametrize(("count", "turned"), [(2, False), (3, False), (4, True), (8, True)])
def test_only_circuits_of_more_than_three_gates_are_turned(count: int, turned: bool) -> None:
    gates, lives = circuits([["AND"] * count, ["OR"] * count])
    wanted = split_keys(gates, lives, np.array([0]))[0, :1]
    turns, found = choose_kind_turns(gates, lives, lambda hashes: np.isin(hashes, wanted))
    assert found.tolist() == [True, turned]
    assert turns[found].tolist() == [0, 1][: 1 + turned]
