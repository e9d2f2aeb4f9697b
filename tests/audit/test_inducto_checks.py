"""What the audit says of Inducto's rows of several queries, and what the tricks on lengths and ends guess."""

import json
from typing import Any

import pytest

from synthlm_tasks.audit.inducto import AUDIT
from synthlm_tasks.audit.inducto.checks import parse

EXAMPLES = "Ex1: [A B C D] -> [D C B A] | Ex2: [X Y Z W V] -> [V W Z Y X] | Query: [P Q R S T] ->"
QUERIES = EXAMPLES + " [T S R Q P] | Query: [K B D] ->"
STATED = {
    "rule_level": 1,
    "num_examples": 2,
    "num_queries": 2,
    "rule": "REVERSE",
    "length_unseen": False,
    "query_length": 5,
}


def complaints(text: str = QUERIES, target: str = "D B K", **stated: object) -> list[str]:
    """What the checks find in a sample without an id."""
    row: dict[str, Any] = {"input_text": text, "target": target, "metadata": json.dumps(STATED | stated)}
    return AUDIT.checks.violations({**row, "split": "train"})


def test_a_sound_row_of_two_queries_has_no_fault() -> None:
    assert complaints() == []
    assert AUDIT.checks.answer(QUERIES) == "D B K"
    assert AUDIT.checks.key({"input_text": QUERIES, "metadata": json.dumps(STATED)}) == frozenset("PQRST")


@pytest.mark.parametrize(
    ("old", "new", "target", "complaint"),
    [
        ("[T S R Q P]", "[T S R P Q]", "D B K", "the examples allow the answers ['TSRQP']"),
        ("[K B D]", "[P Q R S T]", "T S R Q P", "two inputs are equal"),
        ("[K B D]", "[P Q R S T]", "T S R Q P", "two answers are equal"),
        ("[K B D]", "[A B C D]", "D C B A", "an answer is an example's output"),
        ("[K B D]", "[K B]", "B K", "KB is not 3 to 8 distinct letters"),
        ("", "", "K B D", "the examples allow the answers ['DBK']"),
    ],
)
def test_a_fault_of_any_query_is_found(old: str, new: str, target: str, complaint: str) -> None:
    assert complaint in complaints(QUERIES.replace(old, new) if old else QUERIES, target)


def test_metadata_is_of_the_first_query_and_counts_them() -> None:
    assert complaints(query_length=3) == ["metadata says query_length=3, it is 5"]
    assert complaints(num_queries=1) == ["metadata says num_queries=1, it is 2"]
    assert complaints(length_unseen=True) == ["metadata says length_unseen=True, it is False"]


@pytest.mark.parametrize("text", [QUERIES.replace("-> [T S R Q P] |", "-> |"), QUERIES + " [D B K]", ""])
def test_an_earlier_query_without_an_answer_is_no_problem(text: str) -> None:
    with pytest.raises(ValueError, match="not an Inducto prompt"):
        parse(text)


@pytest.mark.parametrize(
    ("trick", "shown", "guess"),
    [
        ("commonest of level 1 given lengths", "Ex1: [A B C D] -> [B A D C]", "S R Q P"),
        ("commonest of level 1 given lengths", "Ex1: [A B C D] -> [A A B B C C D D]", "P P Q Q R R S S"),
        ("commonest of levels 2 3 given lengths", "Ex1: [A B C D] -> [B A D C]", "R Q P S"),
        ("commonest of level 1 given ends", "Ex1: [A B C D] -> [B C D A]", "Q R S P"),
        ("commonest of levels 1 2 given ends", "Ex1: [C A B D] -> [A B C D]", "P Q R S"),
        ("commonest of level 1 given ends", "Ex1: [A B C D] -> [X Y]", None),
    ],
)
def test_the_commonest_rule_is_guessed_that_makes_such_outputs(
    trick: str, shown: str, guess: str | None
) -> None:
    (tried,) = [one for one in AUDIT.heuristics["inducto"] if one.name == trick]
    assert tried.partial
    assert tried.guess(parse(f"{shown} | Query: [P Q R S] ->")) == guess
