"""Several queries about one circuit: right, different, of falling depth, none told by those before it."""

import json
import re
from collections import Counter

import pytest
from plain_normal_form import gates_of, tables_of
from support import listed

from synthlm_tasks import LogicTask, ParameterError

LEVELS = ("easy", "medium", "hard")
QUERY = re.compile(r"QUERY (g\d+) ->(?: ([01]))?")


def asked(row: dict[str, str]) -> list[tuple[str, int]]:
    """Gate and answer of every query, in order."""
    found = QUERY.findall(row["input_text"])
    assert found[-1][1] == ""
    return [(gate, int(answer or row["target"])) for gate, answer in found]


def depths(text: str) -> dict[str, int]:
    """How deep every gate is."""
    inputs, gates = gates_of(text)
    found = {f"x{i}": 0 for i in range(inputs)}
    for name, _, wires in gates:
        found[name] = 1 + max(found[wire] for wire in wires)
    return found


@pytest.mark.parametrize("split", ["train", "test"])
@pytest.mark.parametrize("fewer", [1, 2, 4])
def test_a_row_of_fewer_queries_begins_the_same_row_with_more(split: str, fewer: int) -> None:
    sizes = {"depth": (5, 6), "num_inputs": (4, 5), "width": (1, 3)}
    some, more = (
        LogicTask(3).generate_table(200, 2, split, num_queries=number, **sizes).to_pylist()
        for number in (fewer, 5)
    )
    for first, row in zip(some, more, strict=True):
        assert row["input_text"].startswith(f"{first['input_text']} {first['target']} || QUERY ")
        assert len(asked(row)) == json.loads(row["metadata"])["num_queries"] == 5


@pytest.mark.parametrize("level", LEVELS)
def test_gates_asked_differ_are_answered_right_and_never_deeper_than_the_one_before(level: str) -> None:
    numbers = Counter()
    for row in listed(f"logic-ramp-{level}", "train", 1500):
        told, stated = asked(row), json.loads(row["metadata"])
        numbers[len(told)] += 1
        assert len(told) == stated["num_queries"] <= stated["depth"]
        assert len({gate for gate, _ in told}) == len(told)
        inputs = tuple(map(int, re.findall(r"x\d+=([01])", row["input_text"])))
        place = int("".join(map(str, inputs)), 2)
        tables, depth = tables_of(row["input_text"]), depths(row["input_text"])
        assert all(tables[gate][place] == answer for gate, answer in told)
        assert told[0][0] == gates_of(row["input_text"])[1][-1][0]
        deep = [depth[gate] for gate, _ in told]
        assert deep == sorted(deep, reverse=True)
        assert deep[1:].count(deep[0]) == 0
    assert max(numbers) == {"easy": 3, "medium": 5, "hard": 8}[level]


def given_away(text: str, told: list[tuple[str, int]], gate: str) -> bool:
    """Whether some answer alone settles the gate's value."""
    tables = tables_of(text)
    return any(
        len({own for own, seen in zip(tables[gate], tables[other], strict=True) if seen == answer}) == 1
        for other, answer in told
    )


def test_an_answer_settles_a_later_one_only_where_each_gate_that_may_be_asked_is_settled() -> None:
    sizes = {"depth": 5, "num_inputs": 5, "width": 3, "num_queries": 3}
    settled = 0
    for row in LogicTask(5).generate_table(400, 2, "train", **sizes).to_pylist():
        told, text = asked(row), row["input_text"]
        names = [name for name, _, _ in gates_of(text)[1]]
        for number in (1, 2):
            if given_away(text, told[:number], told[number][0]):
                settled += 1
                before = names.index(told[number - 1][0])
                allowed = names[5 - number - 1 : before]  # as many are left as queries there might be
                assert all(given_away(text, told[:number], name) for name in allowed)
    assert settled < 0.12 * 800


def test_further_answers_are_coins() -> None:
    sizes = {"depth": 6, "num_inputs": 5, "width": 3, "num_queries": 4}
    rows = [asked(row) for row in LogicTask(6).generate_table(3000, 2, "train", **sizes).to_pylist()]
    for number in range(4):
        assert abs(sum(row[number][1] for row in rows) - 1500) < 5 * 27.4


def test_more_queries_than_a_circuit_is_deep_are_refused_or_left_out() -> None:
    with pytest.raises(ParameterError, match=r"num_queries=4.*do not fit together"):
        LogicTask().generate_table(1, 1, "train", num_queries=4, depth=3)
    rows = LogicTask().generate_table(300, 1, "train", num_queries=(1, 10), depth=(1, 4), num_inputs=(1, 4))
    assert all(
        json.loads(text)["num_queries"] <= json.loads(text)["depth"] for text in rows["metadata"].to_pylist()
    )
