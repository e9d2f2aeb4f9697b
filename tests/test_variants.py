"""Variants tried where a split does not want a problem: each takes problems one to one to others."""

import numpy as np
import pytest

from synthlm_tasks.dyna_moves import IMAGES, LEAST_STATE, MAPS, MIRRORED, MOST_STATE, SIZES, followers
from synthlm_tasks.logic_circuits import KINDS, TURNS, Gates

ALL_OPERATIONS = 0b1111


def operations(size: int) -> set[int]:
    """Every operation that may stand in a list of a size: 2 * map + spelling."""
    table = followers(ALL_OPERATIONS)
    choices = table.choices.reshape(len(SIZES), MAPS, table.slots)[size - LEAST_STATE, 0].tolist()
    return {
        operation
        for choice in choices
        for operation in table.follow[choice >> 8 : (choice >> 8) + (choice & 255)].tolist()
    }


def mirrored(operation: int, size: int) -> int:
    """The operation counted from the other end, spelled the same way."""
    return 2 * int(MIRRORED[(size - LEAST_STATE) * MAPS + operation // 2]) + operation % 2


@pytest.mark.parametrize("size", SIZES)
def test_a_dyna_operation_turned_round_does_the_same_from_the_other_end(size: int) -> None:
    known = operations(size)
    assert {mirrored(operation, size) for operation in known} == known
    for operation in known:
        assert mirrored(mirrored(operation, size), size) == operation
        image = IMAGES.reshape(MAPS, MOST_STATE)[operation // 2, :size]
        there = IMAGES.reshape(MAPS, MOST_STATE)[mirrored(operation, size) // 2, :size]
        assert there.tolist() == (size - 1 - image[::-1]).tolist()


def test_turning_the_kinds_of_gates_keeps_xor_and_not_and_turns_the_others_in_a_circle() -> None:
    lives = [TURNS + 1] * len(KINDS)  # one circuit for each number of turns, with a gate of every kind
    kinds = np.repeat(np.arange(len(KINDS), dtype=np.uint8), TURNS + 1)
    gates = Gates(np.zeros((2, len(kinds)), np.uint8), kinds, np.zeros(len(kinds), np.uint32))
    turned = gates.turned(np.arange(TURNS + 1), lives).kinds.reshape(len(KINDS), -1).T
    named = [[KINDS[kind] for kind in circuit] for circuit in turned.tolist()]
    assert named[0] == named[TURNS] == ["XOR", "OR", "AND", "NAND", "NOR", "NOT"]
    assert named[1] == ["XOR", "AND", "NAND", "NOR", "OR", "NOT"]
    assert named[3] == ["XOR", "NOR", "OR", "AND", "NAND", "NOT"]
