"""Several queries about one pair of cycles: right, different, and none told by those before it."""

import itertools
import json
import math
import re
from collections import Counter, defaultdict

import pytest
from support import listed

from synthlm_tasks import FiltroTask, ParameterError
from synthlm_tasks.audit.filtro import checks

LEVELS = ("easy", "medium", "hard")


def most_queries(nodes: int, hops: int) -> int:
    """As documented: half of the nodes, and fewer than lead round."""
    return min(nodes // 2, nodes // math.gcd(nodes, hops) - 1)


def facts(text: str, target: str) -> list[tuple[str, str]]:
    """Asked node and answer of every query, in order."""
    queries = text.split(" || ")[1:]
    found = [re.fullmatch(r"QUERY [AB]:([a-z]+) hops=\d+ ->( [a-z]+)?", query) for query in queries]
    assert all(found)
    ends = [(match[2] or "").strip() for match in found if match]
    assert ends[-1] == ""
    return list(zip([match[1] for match in found if match], [*ends[:-1], target], strict=True))


@pytest.mark.parametrize("split", ["train", "test"])
def test_a_row_of_one_query_begins_the_same_row_with_more(split: str) -> None:
    sizes = {"num_nodes": (10, 15), "num_hops": (1, 2)}
    one, more = (
        FiltroTask(3).generate_table(300, 2, split, num_queries=number, **sizes).to_pylist()
        for number in (1, 4)
    )
    for first, row in zip(one, more, strict=True):
        assert row["input_text"].startswith(f"{first['input_text']} {first['target']} || QUERY ")
        assert row["input_text"].count("QUERY") == 4


@pytest.mark.parametrize("level", LEVELS)
def test_the_answers_differ_are_right_and_lead_nowhere_round(level: str) -> None:
    numbers = Counter()
    for row in listed(f"filtro-ramp-{level}", "train", 3000):
        stated = json.loads(row["metadata"])
        problem, told = checks.parse(row["input_text"]), facts(row["input_text"], row["target"])
        following = problem.of(problem.stream)
        numbers[len(told)] += 1
        assert len(told) == stated["num_queries"]
        assert all(checks.walk(following, node, stated["num_hops"]) == end for node, end in told)
        assert len({node for node, _ in told}) == len({end for _, end in told}) == len(told)
        for node, end in told:
            reached = end
            while reached in dict(told):
                reached = dict(told)[reached]
                assert reached != node
        assert len(told) <= most_queries(stated["num_nodes"], stated["num_hops"])
    assert max(numbers) == {"easy": 4, "medium": 6, "hard": 7}[level]


def test_further_queries_begin_anywhere_else_evenly() -> None:
    steps: Counter[tuple[int, int]] = Counter()
    rows = FiltroTask(5).generate_table(6000, 2, "train", num_nodes=11, num_hops=2, num_queries=5)
    for text in rows["input_text"].to_pylist():
        problem = checks.parse(text)
        following = problem.of("A")
        first, *others = [fact.node for fact in problem.earlier] + [problem.node]
        places = {checks.walk(following, first, step): step for step in range(11)}
        steps.update((turn, places[node]) for turn, node in enumerate(others))
    assert set(steps) == set(itertools.product(range(4), range(1, 11)))
    assert max(abs(count - 600) for count in steps.values()) < 5 * 600**0.5


@pytest.mark.parametrize("nodes", range(3, 16))
@pytest.mark.parametrize("hops", [1, 2, 4, 5, 6, 7])
def test_more_queries_than_the_cycle_allows_are_refused(nodes: int, hops: int) -> None:
    if hops >= nodes:
        return
    most = most_queries(nodes, hops)
    given = {"num_nodes": nodes, "num_hops": hops}
    (text,) = FiltroTask().generate_table(1, 2, "train", num_queries=most, **given)["input_text"].to_pylist()
    assert text.count("QUERY") == most
    if most < 7:
        with pytest.raises(ParameterError, match=f"num_queries={most + 1}.*do not fit together"):
            FiltroTask().generate_table(1, 2, "train", num_queries=most + 1, **given)


@pytest.mark.parametrize("nodes", range(3, 8))
def test_the_answers_so_far_rule_one_node_out_each_and_no_more(nodes: int) -> None:
    """By enumeration: every cycle of n names, every choice of asked nodes."""
    for hops in range(1, nodes):
        for number in range(2, most_queries(nodes, hops) + 1):
            open_: defaultdict[object, Counter[int]] = defaultdict(Counter)
            for others in itertools.permutations(range(1, nodes)):
                cycle = (0, *others)
                end = {name: cycle[(place + hops) % nodes] for place, name in enumerate(cycle)}
                for *before, last in itertools.permutations(range(nodes), number):
                    if before == sorted(before):  # their order says nothing
                        open_[last, *((node, end[node]) for node in before)][end[last]] += 1
            for ends in open_.values():
                assert len(ends) == nodes - number >= nodes / 2
                assert len(set(ends.values())) == 1


def test_chance_counts_what_earlier_answers_rule_out() -> None:
    assert FiltroTask.chance({"num_nodes": 11, "num_queries": 1}) == 1 / 10
    rows = FiltroTask(2).generate_table(6000, 2, "train", num_nodes=11, num_hops=3, num_queries=5).to_pylist()
    right = 0
    for row in rows:
        problem = checks.parse(row["input_text"])
        told = {fact.end: fact.node for fact in problem.earlier}
        first = problem.node
        while first in told:
            first = told[first]
        right += next(n for n in problem.of("A") if n not in told and n != first) == row["target"]
    chance = FiltroTask.chance({"num_nodes": 11, "num_queries": 5})
    assert chance == 1 / 6
    assert abs(right / 6000 - chance) < 5 * (chance / 6000) ** 0.5
