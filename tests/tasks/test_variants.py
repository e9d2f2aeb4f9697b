"""Variants tried where a split does not want a problem: each takes problems one to one to others."""

import numpy as np
import pytest

from synthlm_tasks.dyna.moves import LEAST_STATE, MOST_STATE, PERMUTATIONS, SIZES, followers, images, mirrors
from synthlm_tasks.logic.circuits import KINDS, TURNS, Gates
from synthlm_tasks.logic.split_keys import choose_kind_turns, split_keys

ALL_OPERATIONS = 0b1111


def operations(size: int) -> set[int]:
    """Every operation that may stand in a list of a size: 2 * permutation + spelling."""
    table = followers(ALL_OPERATIONS)
    choices = table.choices.reshape(len(SIZES), PERMUTATIONS, table.slots)[size - LEAST_STATE, 0].tolist()
    return {
        operation
        for choice in choices
        for operation in table.follow[choice >> 8 : (choice >> 8) + (choice & 255)].tolist()
    }


def mirrored(operation: int, size: int) -> int:
    """The operation counted from the other end, spelled the same way."""
    return 2 * int(mirrors()[(size - LEAST_STATE) * PERMUTATIONS + operation // 2]) + operation % 2


@pytest.mark.parametrize("size", SIZES)
def test_a_dyna_operation_turned_round_does_the_same_from_the_other_end(size: int) -> None:
    known = operations(size)
    assert {mirrored(operation, size) for operation in known} == known
    for operation in known:
        assert mirrored(mirrored(operation, size), size) == operation
        image = images().reshape(PERMUTATIONS, MOST_STATE)[operation // 2, :size]
        there = images().reshape(PERMUTATIONS, MOST_STATE)[mirrored(operation, size) // 2, :size]
        assert there.tolist() == (size - 1 - image[::-1]).tolist()


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
