"""Variants tried where a split does not want a problem: others that are drawn just as often."""

import numpy as np
import pytest

from synthlm_tasks.dyna.moves import followers
from synthlm_tasks.dyna.programs import _key_hashes, count_live, draw_programs, settle_programs
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
    assert found.sum() > 4 * wanted[0].sum() > 0
    assert np.array_equal(drawn[:, wanted[0]], operations[:, wanted[0]])
    keys = _key_hashes(np.ascontiguousarray(operations.T), np.array([5, 20] * 1000), mask == ROTATIONS)
    assert np.array_equal(in_split(keys, "test"), found)


def test_a_dyna_program_keeps_all_but_its_last_two_operations_and_its_length() -> None:
    drawn, operations, lengths, _ = settled(ALL_OPERATIONS, lambda hashes: in_split(hashes, "test"))
    steps = np.arange(len(drawn))[:, None]
    assert np.array_equal(operations != 0, steps < lengths)
    assert np.array_equal(*(np.where(steps < lengths - 2, programs, 0) for programs in (drawn, operations)))
    assert (operations != drawn).any()
