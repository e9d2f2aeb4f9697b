"""Rejection sampling: every row gets the first of its proposals that was accepted."""

from collections import defaultdict

import numpy as np
import pytest

from synthlm_tasks.rows.rejection import (
    MOST_ROUNDS,
    NothingAcceptedError,
    Params,
    Problem,
    draw_accepted,
)
from synthlm_tasks.rows.splits import Accept, Split, in_split
from synthlm_tasks.rows.streams import Ints, RandomBits
from synthlm_tasks.rows.task import Task


class Numbers(Task):
    """Proposes random numbers, each its own hash; rows of code 0 accept nothing at all."""

    proposals: defaultdict[int, list[int]]
    order: list[int]

    @classmethod
    def propose(cls, params: Params, bits: RandomBits, accept: Accept) -> tuple[Ints, Problem]:
        """The accepted ones of one number for each row."""
        numbers = bits.words64(len(params["row"]))
        for row, number in zip(params["row"].tolist(), numbers.tolist(), strict=True):
            cls.proposals[row].append(number)
            cls.order.append(row)
        kept = np.flatnonzero(accept(numbers) & (params["code"] > 0))
        return kept, {"number": numbers[kept], "pair": np.stack([numbers[kept], params["row"][kept]])}


def draw(split: Split, rows: int, pending: list[int], code: int = 1) -> Problem:
    """The problems of so many rows."""
    Numbers.proposals, Numbers.order = defaultdict(list), []
    codes = {"row": np.arange(rows), "code": np.full(rows, code)}
    params = Params(codes, {}, {})
    return draw_accepted(Numbers, params, split, lambda *turn: RandomBits(3, (9, *turn)), np.array(pending))


@pytest.mark.parametrize("split", ["train", "test"])
@pytest.mark.parametrize("rows", [1, 50, 3000])
def test_the_first_accepted_proposal_of_each_row_stays(split: Split, rows: int) -> None:
    pending = sorted(range(rows), key=lambda row: row * 7 % 11)
    problem = draw(split, rows, pending)
    for row in range(rows):
        numbers = np.array(Numbers.proposals[row], np.uint64)
        first = numbers[in_split(numbers, split)][0]
        assert problem["number"][row] == first
        assert problem["pair"][:, row].tolist() == [first, row]
    assert Numbers.order[:rows] == pending


def test_a_row_that_accepts_nothing_is_given_up_by_its_number() -> None:
    with pytest.raises(NothingAcceptedError) as caught:
        draw("train", 3, [2, 0, 1], code=0)
    assert caught.value.row == 2
    assert len(Numbers.proposals[0]) > MOST_ROUNDS
