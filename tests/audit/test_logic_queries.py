"""Logic's checks on rows of several queries and on the smallest circuits."""

import json
import re
from typing import Any

import pytest
from worked_examples import LOGIC

from synthlm_tasks.audit.logic.checks import answer, violations
from synthlm_tasks.audit.logic.prompts import Query, parse

Row = dict[str, Any]
NOTES = {"depth": 3, "num_inputs": 3, "width": 1, "xor_density": 0.5, "num_gates": 3, "num_xor": 2}
QUERIES = LOGIC.replace("g2 ->", "g2 -> 0 || QUERY g1 -> 1 || QUERY g0 ->")


def row(text: str, target: str, **notes: object) -> Row:
    """A row as the checks want it."""
    return {"input_text": text, "target": target, "metadata": json.dumps(notes), "task": "logic"}


SEVERAL = row(QUERIES, "1", **NOTES, num_queries=3)
TWO = row(QUERIES.partition(" -> 1 ||")[0] + " ->", "1", **NOTES, num_queries=2)
SMALLEST = row(
    "INPUTS x0=1 || GATES g0=NOT(x0) || QUERY g0 ->",
    "0",
    **{**NOTES, "depth": 1, "num_inputs": 1, "num_gates": 1, "num_xor": 0, "xor_density": 0.1},
    num_queries=1,
)
ONE_GATE = row(
    "INPUTS x0=1 x1=0 || GATES g0=NAND(x1,x0) || QUERY g0 ->",
    "1",
    **{**NOTES, "depth": 1, "num_inputs": 2, "num_gates": 1, "num_xor": 0, "xor_density": 0.5},
    num_queries=1,
)
GOOD = (SEVERAL, TWO, SMALLEST, ONE_GATE)


@pytest.mark.parametrize("good", GOOD)
def test_good_rows_pass(good: Row) -> None:
    assert violations(good) == []


@pytest.mark.parametrize("good", GOOD)
def test_wrong_answers_and_wrong_metadata_are_complained_about(good: Row) -> None:
    assert violations({**good, "target": str(1 - int(good["target"]))})
    notes = json.loads(good["metadata"])
    for name in notes:
        assert violations({**good, "metadata": json.dumps({**notes, name: "zebra"})}), name
        missing = {other: value for other, value in notes.items() if other != name}
        assert violations({**good, "metadata": json.dumps(missing)}), name


@pytest.mark.parametrize(
    ("good", "old", "new", "complaint"),
    [
        (SEVERAL, "g1 -> 1", "g1 -> 0", "stands behind a query is wrong"),
        (SEVERAL, "g2 -> 0", "g2 -> 1", "stands behind a query is wrong"),
        (SEVERAL, "QUERY g0 ->", "QUERY g1 ->", "asked twice"),
        (SEVERAL, "g1 -> 1 || QUERY g0 ->", "g0 -> 1 || QUERY g1 ->", "deeper gate is asked after"),
        (SEVERAL, "g2 -> 0 || QUERY g1 -> 1 ||", "g1 -> 1 || QUERY g2 -> 0 ||", "the last gate"),
        (SEVERAL, "g2 -> 0", "g3 -> 0", "asked gate does not exist"),
        (SEVERAL, " || QUERY g1 -> 1", "", "num_queries=3, it is 2"),
        (SMALLEST, "x0=1", "x0=1 x1=0", "num_inputs=1, it is 2"),
        (ONE_GATE, "NAND(x1,x0)", "NAND(x1,x1)", "arguments are the same"),
    ],
)
def test_broken_rows_are_complained_about(good: Row, old: str, new: str, complaint: str) -> None:
    assert old in good["input_text"]
    found = "; ".join(violations({**good, "input_text": good["input_text"].replace(old, new)}))
    assert re.search(complaint, found), found


def test_gates_of_one_depth_may_be_asked_in_any_order() -> None:
    gates = "g0=AND(x0,x1) | g1=XOR(x1,x2) | g2=NOR(g0,g1)"
    for first, second in (("g0 -> 0", "g1"), ("g1 -> 1", "g0")):
        text = (
            f"INPUTS x0=1 x1=0 x2=1 || GATES {gates} || QUERY g2 -> 0 || QUERY {first} || QUERY {second} ->"
        )
        notes = {**NOTES, "depth": 2, "width": 2, "xor_density": 0.3, "num_xor": 1, "num_queries": 3}
        assert violations(row(text, answer(text), **notes)) == []


def test_the_last_query_is_the_one_to_answer() -> None:
    assert parse(QUERIES).queries == [Query("g2", "0"), Query("g1", "1"), Query("g0")]
    assert answer(QUERIES) == "1"
    assert answer(QUERIES.replace("x1=0", "x1=1")) == "0"


@pytest.mark.parametrize(
    "text",
    [
        QUERIES.replace("g1 -> 1", "g1 ->"),
        QUERIES.replace("g1 -> 1", "g1 -> 2"),
        QUERIES.replace("g1 -> 1 || QUERY", "g1 -> 1 | QUERY"),
        QUERIES + " 1",
        QUERIES.partition(" || QUERY")[0],
    ],
)
def test_only_answered_queries_and_then_an_open_one_are_read(text: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        parse(text)
