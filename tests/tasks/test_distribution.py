"""Statistics over many rows: what is uniform, what is independent, and guesses that must stay guesses.

Rows are fixed by the seed, so nothing here fails by chance; the bounds are five standard errors.
"""

import json
from collections import Counter
from collections.abc import Callable, Hashable, Iterable

import pytest
from support import STOCK, level_configs, listed

from synthlm_tasks.audit.dyna import checks as dyna
from synthlm_tasks.audit.filtro import checks as filtro
from synthlm_tasks.audit.inducto import checks as inducto
from synthlm_tasks.audit.logic import checks as logic

ROWS = 4000
SPLIT = {"easy": "train", "medium": "validation", "hard": "test"}  # a split each: all follow one path
TESTS = {"dyna": dyna, "filtro": filtro, "inducto": inducto, "logic": logic}


def of(task: str) -> pytest.MarkDecorator:
    """All level configs of a task's own family, as a parameter; none before the task is there."""
    names = [name for name in level_configs() if name.rpartition("-")[0] == task]
    return pytest.mark.parametrize("name", names)


def drawn(name: str) -> list[dict[str, str]]:
    """The rows of a level config that its statistics are made on."""
    return listed(name, SPLIT[name.rpartition("-")[2]], ROWS)


def uniform(values: Iterable[Hashable], choices: int) -> bool:
    """Whether all `choices` occur, each about equally often."""
    counts = Counter(values)
    rows, share = counts.total(), 1 / choices
    error = (rows * share * (1 - share)) ** 0.5
    return len(counts) == choices and max(abs(n - rows * share) for n in counts.values()) <= 5 * error


def hits(rows: list[dict[str, str]], guess: Callable[[str], str]) -> float:
    """Share of rows that a guess made from the prompt gets right."""
    return sum(guess(row["input_text"]) == row["target"] for row in rows) / len(rows)


def noted(rows: list[dict[str, str]], name: str) -> list[Hashable]:
    """One metadata entry of every row."""
    return [json.loads(row["metadata"])[name] for row in rows]


@of("dyna")
def test_dyna_asks_both_ways_equally_often_and_everywhere(name: str) -> None:
    rows = drawn(name)
    assert uniform(noted(rows, "query"), 2)
    problems = [dyna.parse(row["input_text"]) for row in rows]
    for size in set(noted(rows, "state_size")):
        some = [problem for problem in problems if len(problem.state) == size]
        assert uniform([p.position for p in some if p.position is not None], size)
        assert uniform([p.state.index(p.element) for p in some if p.element], size)
    assert uniform([problem.state[0] for problem in problems], 26)


@of("dyna")
def test_dyna_draws_kinds_of_operations_and_sizes_evenly(name: str) -> None:
    rows = drawn(name)
    first = [dyna.parse(row["input_text"]).operations[0][0] for row in rows]
    assert uniform(first, 4)
    for axis in ("state_size", "num_ops"):
        low, high = dyna.SIZES[axis][rows[0]["difficulty"] - 1]
        assert uniform(noted(rows, axis), int(high - low) + 1)


@of("dyna")
def test_dyna_is_not_answered_by_the_initial_list(name: str) -> None:
    rows = [row for row in drawn(name) if "QUERY position" in row["input_text"]]
    chance = sum(1 / size for size in noted(rows, "state_size")) / len(rows)  # type: ignore[operator]

    def copied(text: str) -> str:
        problem = dyna.parse(text)
        return dyna.read_answer(problem, problem.state)

    assert hits(rows, copied) < chance + 0.03


@of("filtro")
def test_filtro_places_question_and_answer_evenly(name: str) -> None:
    rows = drawn(name)
    assert uniform(noted(rows, "pattern"), 3)
    assert uniform([row["target"] for row in rows], 24)
    assert uniform([filtro.parse(row["input_text"]).node for row in rows], 24)
    problems = [filtro.parse(row["input_text"]) for row in rows]
    for pattern in ("alternating", "blocked"):
        some = [p for p, kind in zip(problems, noted(rows, "pattern"), strict=True) if kind == pattern]
        assert uniform([p.edges[0][0] for p in some], 2)
    for nodes in set(noted(rows, "num_nodes")):
        asked = [list(p.of("A")) for p in problems if len(p.of("A")) == nodes]
        starts = [p.node for p in problems if len(p.of("A")) == nodes]
        assert uniform([names.index(node) for names, node in zip(asked, starts, strict=True)], nodes)  # type: ignore[arg-type]


@of("filtro")
def test_filtro_is_not_answered_by_an_edge_at_a_fixed_distance(name: str) -> None:
    rows = [row for row in drawn(name) if " hops=1 " not in row["input_text"]]
    chance = sum(1 / (nodes - 1) for nodes in noted(rows, "num_nodes")) / len(rows)  # type: ignore[operator]

    def later(text: str, places: int) -> str:
        problem = filtro.parse(text)
        edges = list(problem.of(problem.stream).items())
        at = [source for source, _ in edges].index(problem.node)
        return edges[(at + places) % len(edges)][1]

    for places in range(1, 8):
        assert hits(rows, lambda text, places=places: later(text, places)) < chance + 0.03
    assert hits(rows, lambda text: later(text, filtro.parse(text).hops - 1)) < chance + 0.03


@of("logic")
def test_logic_labels_are_coins_whatever_the_last_gate(name: str) -> None:
    rows = drawn(name)
    assert uniform([row["target"] for row in rows], 2)
    by_gate: dict[str, list[str]] = {}
    for row in rows:
        by_gate.setdefault(logic.parse(row["input_text"]).gates[-1][1], []).append(row["target"])
    assert len(by_gate) >= 5
    for labels in by_gate.values():
        assert abs(labels.count("1") / len(labels) - 0.5) < 2.5 / len(labels) ** 0.5
    for bit in ("0", "1"):
        first = [row["target"] for row in rows if f"x0={bit}" in row["input_text"]]
        assert abs(first.count("1") / len(first) - 0.5) < 0.06


@pytest.mark.parametrize("split", ["validation", "test"])
def test_logic_labels_are_coins_where_circuits_are_few(split: str) -> None:
    rows = listed("logic-easy", split, ROWS)
    circuits: dict[tuple[str, str], list[str]] = {}
    by_gate: dict[str, list[str]] = {}
    for row in rows:
        gate = logic.parse(row["input_text"]).gates[-1][1]
        by_gate.setdefault(gate, []).append(row["target"])
        circuits.setdefault((gate, row["input_text"].partition("||")[2]), []).append(row["target"])
    assert all(len(set(labels)) == len(labels) for labels in circuits.values())
    for labels in by_gate.values():
        assert abs(labels.count("1") / len(labels) - 0.5) < 2.5 / len(labels) ** 0.5


@of("logic")
def test_logic_rounds_the_number_of_xor_gates_without_bias(name: str) -> None:
    rows = drawn(name)
    wanted = sum(d * n for d, n in zip(noted(rows, "xor_density"), noted(rows, "num_gates"), strict=True))  # type: ignore[operator]
    assert abs(sum(noted(rows, "num_xor")) - wanted) < 2.5 * ROWS**0.5  # type: ignore[arg-type]


@of("inducto")
def test_inducto_draws_levels_kinds_and_lengths_as_stated(name: str) -> None:
    rows = drawn(name)
    level = rows[0]["difficulty"]
    low, high = inducto.PRESETS["inducto"]["rule_level"][level - 1]
    assert uniform(noted(rows, "rule_level"), int(high - low) + 1)
    kinds = [str(rule).partition("(")[0] for rule in noted(rows, "rule")]
    for number, count in ((1, 6), (2, 11)):
        some = [kind for kind, n in zip(kinds, noted(rows, "rule_level"), strict=True) if n == number]
        assert not some or uniform(some, count)
    unseen = noted(rows, "length_unseen").count(True) / ROWS
    assert 0.3 < unseen < 0.53


def test_every_task_has_statistics() -> None:
    assert {name.partition("-")[0] for name in STOCK} <= set(TESTS)
