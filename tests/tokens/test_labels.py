"""Labels stand on the answer of every query and on nothing else."""

import numpy as np
import pytest

from synthlm_tasks.rows.vocabulary import TOKENS, encode
from synthlm_tasks.tokens.framing import BOS, EOS, PAD
from synthlm_tasks.tokens.labels import answer_mask

DYNA = (
    "STATE [B, D, A] || OPS SWAP(0,2) || QUERY position 0 -> A || QUERY element B -> 2 "
    "|| QUERY position 1 -> D"
)
FILTRO = "EDGES A:mu->xi | A:xi->mu || QUERY A:mu hops=1 -> xi || QUERY A:xi hops=1 -> mu"
INDUCTO = "Ex1: [A B C D] -> [D C B A] | Query: [P Q R S] -> [S R Q P] | Query: [E F G H] -> H G F E"
LOGIC = "INPUTS x0=1 x1=0 || GATES g0=XOR(x0,x1) | g1=NOT(g0) || QUERY g1 -> 0 || QUERY g0 -> 1"
ONE = "INPUTS x0=1 x1=0 || GATES g0=XOR(x0,x1) || QUERY g0 -> 1"


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        (DYNA, [" A", " 2", " D"]),
        (FILTRO, [" xi", " mu"]),
        (INDUCTO, [" [S R Q P", " H G F E"]),
        (LOGIC, [" 0", " 1"]),
        (ONE, [" 1"]),
    ],
)
def test_every_answer_counts_wherever_its_row_stands(text: str, answers: list[str]) -> None:
    row = [BOS, *encode(text), EOS]
    tokens = np.array([BOS, *encode(ONE), EOS, *row, PAD, PAD, *row])
    mask = answer_mask(tokens)
    runs = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(int), [0]]))).reshape(-1, 2)
    found = ["".join(TOKENS[token] for token in tokens[first:last]) for first, last in runs]
    assert found == [" 1", *answers, *answers]
