"""Logic's tricks and what its learners see: guesses worked out by hand, and rows that a trick answers."""

import json
import random
from typing import Any

import pytest

from synthlm_tasks.audit.logic import heuristics
from synthlm_tasks.audit.logic.prompts import parse
from synthlm_tasks.audit.logic.view import question, uniform_draws
from synthlm_tasks.audit.measures.earlier_answers import score_earlier_answers
from synthlm_tasks.audit.measures.guesses import score_heuristics

Row = dict[str, Any]

CIRCUIT = (
    "INPUTS x0=1 x1=0 x2=1 || GATES g0=NAND(x0,x1) | g1=NOR(g0,x2) | g2=XOR(x1,x0) | g3=NAND(g1,g2)"
    " | g4=AND(g3,x2) || QUERY g4 ->"
)

# First arguments from g4: g3 (AND), g1 (NAND), g0 (NOR), x0 = 1 (NAND): flipped three times. The nearest
# input is x2 = 1, by AND. Means: g0 = 1/2, g1 = 1 - 3/4, g2 = 1/2, g3 = 1 - 3/8, g4 = (5/8 + 1) / 2. With g0
# and g2 as coins: g1 = NOR(coin, 1) = 0, so that g3 and g4 are 1.
GUESSES = {
    "first_chain": "0",
    "shortest_chain": "1",
    "all_paths_averaged": "1",
    "first_layer_as_coins": "1",
}


@pytest.mark.parametrize("name", GUESSES)
def test_tricks_guess_as_worked_out_by_hand(name: str) -> None:
    assert getattr(heuristics, name)(parse(CIRCUIT)) == GUESSES[name]


@pytest.mark.parametrize(
    ("gates", "queries", "guess"),
    [
        ("g0=OR(x0,x1) | g1=AND(g0,x2)", "g1 -> 1 || QUERY g0 ->", "1"),
        ("g0=OR(x0,x1) | g1=NAND(g0,x2)", "g1 -> 0 || QUERY g0 ->", "1"),
        ("g0=AND(x0,x1) | g1=NOT(g0)", "g1 -> 0 || QUERY g0 ->", "1"),
        ("g0=AND(x0,x1) | g1=XOR(g0,x2)", "g1 -> 0 || QUERY g0 ->", "1"),
        ("g0=AND(x0,x1) | g1=NOT(g0) | g2=AND(g1,x2)", "g2 -> 1 || QUERY g0 ->", "0"),
        ("g0=AND(x0,x1) | g1=OR(g0,x2)", "g1 -> 1 || QUERY g0 ->", "0"),  # nothing forces it
    ],
)
def test_earlier_answers_force_what_follows_from_them_downwards(gates: str, queries: str, guess: str) -> None:
    problem = parse(f"INPUTS x0=1 x1=1 x2=1 || GATES {gates} || QUERY {queries}")
    assert heuristics.forced_by_earlier_answers(problem) == guess


def test_tricks_see_the_part_of_the_circuit_that_the_last_query_asks_about() -> None:
    whole = parse("INPUTS x0=1 x1=0 x2=0 || GATES g0=NOT(x2) | g1=OR(x0,g0) | g2=AND(g1,x1) || QUERY g2 ->")
    part = parse(
        "INPUTS x0=1 x1=0 x2=0 || GATES g0=NOT(x2) | g1=OR(x0,g0) | g2=AND(g1,x1)"
        " || QUERY g2 -> 0 || QUERY g0 ->"
    )
    by_name = {trick.name: trick.guess for trick in heuristics.HEURISTICS}
    assert (by_name["first input"](whole), by_name["first input"](part)) == ("1", "0")
    assert (by_name["first chain"](whole), by_name["first chain"](part)) == ("1", "1")
    assert (by_name["last gate type"](whole), by_name["last gate type"](part)) == ("0", "0")
    assert (by_name["xor as or"](whole), by_name["xor as or"](part)) == ("0", "1")


def test_what_does_part_of_the_work_is_told_from_what_leaves_it_undone() -> None:
    partial = {trick.name for trick in heuristics.HEURISTICS if trick.partial}
    undone = {trick.name for trick in heuristics.HEURISTICS if not trick.partial}
    assert {"all paths averaged", "first layer as coins", "xor as or"} <= partial
    assert {"first chain", "shortest chain", "last gate type"} <= undone


def logic_row(gates: str, inputs: list[int], queries: str, target: int) -> Row:
    """A row of these texts."""
    values = " ".join(f"x{place}={value}" for place, value in enumerate(inputs))
    return {
        "input_text": f"INPUTS {values} || GATES {gates} || QUERY {queries} ->",
        "target": str(target),
        "task": "logic",
        "sample_id": "logic_1_train_0",
        "metadata": json.dumps({"num_queries": 1}),
    }


def neutral(draw: random.Random) -> Row:
    """A row whose answer is x0's, twice flipped, the other inputs being such that they decide nothing."""
    x0 = draw.randint(0, 1)
    return logic_row("g0=NAND(x0,x1) | g1=NOR(g0,x2)", [x0, 1, 0], "g1", x0)


def test_circuits_that_one_input_decides_are_found_by_following_a_chain() -> None:
    draw = random.Random(1)
    rows = {split: [neutral(draw) for _ in range(500)] for split in ("train", "test")}
    found = {one.name: one for one in score_heuristics("logic-easy", rows) if one.split == "test"}
    assert found["first chain"].accuracy == 1
    assert found["first chain"].stands_out
    assert not found["last gate type"].stands_out


def complemented(draw: random.Random) -> Row:
    """A row whose second answer is the complement of the first."""
    x0, x1 = draw.randint(0, 1), draw.randint(0, 1)
    return logic_row("g0=XOR(x0,x1) | g1=NOT(g0)", [x0, x1], f"g1 -> {1 - (x0 ^ x1)} || QUERY g0", x0 ^ x1)


def test_answers_that_give_a_later_one_away_are_found_with_and_without_the_circuit() -> None:
    draw = random.Random(2)
    rows = {split: [complemented(draw) for _ in range(600)] for split in ("train", "test")}
    (learned,) = score_earlier_answers(rows)
    assert (learned.name, learned.accuracy) == ("answers before query 2", 1)
    tricks = {one.name: one for one in score_heuristics("logic-ramp-easy", rows) if one.split == "test"}
    assert tricks["forced by earlier answers"].accuracy == 1


def test_learners_see_values_for_inputs_and_answers_with_the_gates_that_they_are_about() -> None:
    row = logic_row("g0=XOR(x0,x1) | g1=NOT(g0) | g2=AND(g1,x1)", [1, 0], "g2 -> 0 || QUERY g0", 1)
    asked = question(row)
    assert asked.tokens == [
        *("n2", "x0", "1", "x1", "0"),
        *("?=XOR", "1", "0"),
        *("NOT", "g0", "-"),
        *("0=AND", "g1", "0"),
    ]
    assert (asked.label, list(asked.legal)) == (1, [0, 1])


def test_the_first_answer_is_the_one_that_a_coin_decides() -> None:
    row = logic_row("g0=XOR(x0,x1) | g1=NOT(g0)", [1, 0], "g1 -> 0 || QUERY g0", 1)
    (drawn,) = uniform_draws(row)
    assert (drawn.name, drawn.value) == ("the answer", "0")
