"""Two streams over the same names: what the other one says of the answer is nothing."""

import random
from collections import Counter
from math import factorial

import pytest
from support import listed

from synthlm_tasks import FiltroTask
from synthlm_tasks.audit.filtro import checks

LEVELS = ("easy", "medium", "hard")
ROWS = 20_000


def other_stream(problem: checks.Problem) -> dict[str, str]:
    """The edges of the stream that is not asked."""
    return problem.of("AB".replace(problem.stream, ""))


@pytest.mark.parametrize("level", LEVELS)
def test_the_other_stream_leads_to_the_answer_by_chance_and_elsewhere_by_chance(level: str) -> None:
    """Until dataset version 2.0.0 it never did, so that any other node was right in 23 of 100 easy rows."""
    draw = random.Random(1)
    walked = excluded = 0
    chance = 0.0
    for row in listed(f"filtro-shared-{level}", "train", ROWS):
        problem = checks.parse(row["input_text"])
        other = other_stream(problem)
        end = checks.walk(other, problem.node, problem.hops)
        walked += end == row["target"]
        rest = [node for node in other if node not in (problem.node, end)]
        excluded += draw.choice(rest) == row["target"]
        chance += 1 / (len(other) - 1) / ROWS
    error = (chance / ROWS) ** 0.5
    assert abs(walked / ROWS - chance) < 5 * error
    assert abs(excluded / ROWS - chance) < 5 * error


@pytest.mark.parametrize("nodes", [3, 4, 5])
def test_every_cycle_of_the_names_is_as_likely_beside_the_asked_one(nodes: int) -> None:
    rows = FiltroTask(4).generate_table(12_000, 1, "train", num_nodes=nodes, vocabulary="shared")
    found: Counter[tuple[int, ...]] = Counter()
    for text in rows["input_text"].to_pylist():
        problem = checks.parse(text)
        asked, other = problem.of(problem.stream), other_stream(problem)
        places = {checks.walk(asked, problem.node, step): step for step in range(nodes)}
        found[tuple(places[checks.walk(other, problem.node, step)] for step in range(1, nodes))] += 1
    share = 12_000 / factorial(nodes - 1)
    assert len(found) == factorial(nodes - 1)
    assert max(abs(count - share) for count in found.values()) < 5 * share**0.5
