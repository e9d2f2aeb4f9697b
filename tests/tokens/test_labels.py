"""Labels stand on the answer of every query and on nothing else."""

import re
from typing import Any

import numpy as np
import pytest

from synthlm_tasks import TASKS, packing
from synthlm_tasks.rows.vocabulary import COMPACT, TEXT, Vocabulary
from synthlm_tasks.tokens.contexts import IGNORED
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


# Text, the answers with the joint before each, and without.
ROWS = [
    (DYNA, [" A", " 2", " D"]),
    (FILTRO, [" xi", " mu"]),
    (INDUCTO, [" [S R Q P", " H G F E"]),
    (LOGIC, [" 0", " 1"]),
    (ONE, [" 1"]),
]


def runs(tokens: list[int], vocabulary: Vocabulary) -> list[str]:
    """The tokens that count, those side by side together."""
    mask = answer_mask(np.array(tokens), vocabulary.name)
    ends = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(int), [0]]))).reshape(-1, 2)
    glue = "" if vocabulary is TEXT else " "
    return [glue.join(vocabulary.tokens[token] for token in tokens[first:last]) for first, last in ends]


@pytest.mark.parametrize("vocabulary", [TEXT, COMPACT], ids=lambda vocabulary: vocabulary.name)
@pytest.mark.parametrize(("text", "answers"), ROWS)
def test_every_answer_counts_wherever_its_row_stands(
    text: str, answers: list[str], vocabulary: Vocabulary
) -> None:
    row = [BOS, *vocabulary.encode(text), EOS]
    found = runs([BOS, *vocabulary.encode(ONE), EOS, *row, PAD, PAD, *row], vocabulary)
    expected = [" 1", *answers, *answers]
    if vocabulary is COMPACT:
        expected = [answer.strip(" [") for answer in expected]
    assert found == expected


@pytest.mark.parametrize("vocabulary", [TEXT, COMPACT], ids=lambda vocabulary: vocabulary.name)
@pytest.mark.parametrize(
    ("name", "axes"), [("dyna", {"state_size": (8, 20)}), ("filtro", {"num_nodes": (11, 15), "num_hops": 3})]
)
def test_a_row_of_four_queries_has_four_answers_labelled(
    name: str, axes: dict[str, Any], vocabulary: Vocabulary
) -> None:
    given = {**axes, "num_queries": 4}
    rows = TASKS[name](42).generate_table(2000, "medium", **given).to_pylist()
    texts = [f"{row['input_text']} {row['target']}" for row in rows]
    known = {tuple(vocabulary.encode(text)): text for text in texts}
    stream = packing.stream(f"{name}-medium", tokens=vocabulary.name, context=4096, **given)
    example = next(iter(stream))
    for document in range(1, 1 + int(example["document_ids"].max())):
        own = example["document_ids"] == document
        ids, labels = example["input_ids"][own], example["labels"][own]
        assert np.array_equal(labels[labels != IGNORED], ids[labels != IGNORED])
        answers = re.findall(r"-> (\w+)(?= \|\||$)", known[tuple(ids[1:-1])])
        assert len(answers) == 4
        counted = [vocabulary.tokens[token] for token in labels if token != IGNORED]
        assert [token for token in counted if token != " "] == [*answers, "<eos>"]
        assert counted.count(" ") == (4 if vocabulary is TEXT else 0)
    assert document > 10
