"""The audit on rows: sound ones pass, broken ones are found by the check meant for them."""

import functools
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from synthlm_tasks.audit.examination import examine_sample
from synthlm_tasks.audit.explained import load_explained
from synthlm_tasks.audit.filtro import checks as filtro
from synthlm_tasks.audit.registry import task_audit
from synthlm_tasks.audit.results import ConfigAudit
from synthlm_tasks.audit.sample import draw_sample
from synthlm_tasks.audit.verdict import find_failures

Row = dict[str, Any]
SAMPLES = 600


@functools.cache
def audited(config: str) -> ConfigAudit:
    """An audit of sound rows."""
    return examine_sample(draw_sample(config, SAMPLES, 1))


def broken(config: str, change: Callable[[int, Row], Row | None]) -> ConfigAudit:
    """An audit of rows as a broken generator would make them; rows that `change` refuses are left out."""
    sample = draw_sample(config, SAMPLES, 1)
    rows = {
        split: [new for number, row in enumerate(rows) if (new := change(number, row))]
        for split, rows in sample.rows.items()
    }
    return examine_sample(replace(sample, rows=rows))


def told(found: ConfigAudit, beginning: str) -> list[str]:
    """The complaints of the verdict that begin so."""
    return [
        complaint for complaint in find_failures(found, load_explained()) if complaint.startswith(beginning)
    ]


@pytest.mark.parametrize("config", ["dyna-easy", "filtro-medium", "inducto-hard", "logic-medium"])
def test_sound_rows_pass(config: str) -> None:
    found = audited(config)
    assert found.rows == {"train": 480, "validation": 120, "test": 120}
    assert found.checked == 720
    assert found.broken() == []
    # Shortcuts are left out: a few hundred rows are too few to judge them all by.
    assert [
        complaint for complaint in find_failures(found, load_explained()) if "shortcut" not in complaint
    ] == []


def walked(following: dict[str, str], node: str) -> Iterator[str]:
    """A cycle's edges in order, from a node on: "alpha->beta", …"""
    for _ in following:
        yield f"{node}->{following[node]}"
        node = following[node]


def in_path_order(_: int, row: Row) -> Row:
    """Each stream's edges in the order of its cycle, the asked one from the asked node on."""
    problem = filtro.parse(row["input_text"])
    starts = {problem.stream: problem.node}
    walks = {
        tag: walked(problem.of(tag), starts.get(tag) or next(iter(problem.of(tag))))
        for tag in {tag for tag, _, _ in problem.edges}
    }
    edges = " | ".join(f"{tag}:{next(walks[tag])}" for tag, _, _ in problem.edges)
    return {**row, "input_text": f"EDGES {edges} || {row['input_text'].partition(' || ')[2]}"}


def test_edges_left_in_path_order_are_found_by_the_guess_that_reads_ahead() -> None:
    found = broken("filtro-medium", in_path_order)
    assert found.violations == ()
    assert told(found, "shortcut 'edge hops later' answers 100.0% of test")
    assert not told(audited("filtro-medium"), "shortcut 'edge hops later'")


def test_unbalanced_labels_are_found_by_the_balance_test() -> None:
    found = broken("logic-medium", lambda n, row: row if row["target"] == "1" or n % 2 else None)
    assert found.violations == ()
    assert told(found, "the answer in train is")
    assert not told(audited("logic-medium"), "the answer in train is")


def ambiguous(number: int, row: Row) -> Row:
    """Every third row has one example that fits three rules, which make different things of the query."""
    if number % 3:
        return row
    query = [chr(ord("A") + (number + step) % 26) for step in range(5)]
    stated = {"rule_level": 1, "num_examples": 1, "rule": "ROTATE_LEFT(2)", "length_unseen": True}
    return {
        **row,
        "input_text": f"Ex1: [A B C D] -> [C D A B] | Query: [{' '.join(query)}] ->",
        "target": " ".join(query[2:] + query[:2]),
        "metadata": json.dumps({**stated, "query_length": 5}),
    }


def test_ambiguous_examples_are_found_by_the_brute_force_check() -> None:
    found = broken("inducto-hard", ambiguous)
    assert any(
        re.match(r"the examples allow the answers \['.*', '.*'\]", v.complaint) for v in found.violations
    )
    assert any(
        "the examples allow the answers" in complaint for complaint in find_failures(found, load_explained())
    )


@pytest.mark.parametrize(
    ("config", "depth", "kept"),
    [("logic-hard", 6, 2), ("logic-medium", 3, 3)],  # of medium 18 points are explained
)
def test_parameters_that_are_drawn_unevenly_are_found_by_the_test_of_shares(
    config: str, depth: int, kept: int
) -> None:
    shallow = broken(
        config, lambda n, row: row if f'"depth":{depth}' in row["metadata"] or n % kept == 0 else None
    )
    assert shallow.violations == ()
    assert told(shallow, "depth in train is")


def test_a_problem_under_other_names_in_two_splits_is_found() -> None:
    first = {split: rows[0] for split, rows in draw_sample("dyna-easy", SAMPLES, 1).rows.items()}
    letters = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "BCDEFGHIJKLMNOPQRSTUVWXYZA")
    state, program, query = first["train"]["input_text"].split(" || ")
    renamed = f"{state[:7]}{state[7:].translate(letters)} || {program} || {query[:-4]}"
    renamed += query[-4:].translate(letters) if "element" in query else query[-4:]

    def leak(number: int, row: Row) -> Row:
        if row["split"] != "test" or number:
            return row
        return {**row, "input_text": renamed, "target": task_audit("dyna").checks.answer(renamed)}

    found = broken("dyna-easy", leak)
    assert (found.shared_prompts, found.shared_keys) == (0, 1)
    assert told(found, "1 problems (0 prompts) are in two splits")


def test_wrong_answers_and_unreadable_prompts_are_found_by_the_slow_checks() -> None:
    def flipped(number: int, row: Row) -> Row:
        return row if number else {**row, "target": str(1 - int(row["target"]))}

    def cut(number: int, row: Row) -> Row:
        return row if number != 1 else {**row, "input_text": row["input_text"][:-3]}

    found = broken("logic-hard", lambda n, row: flipped(n, cut(n, row)))
    complaints = {v.complaint: v.rows for v in found.violations}
    assert complaints.pop("not a Logic prompt") == 3
    assert sum(complaints.values()) == 3
    assert all(complaint.startswith("the answer is not") for complaint in complaints)


def swapped_arguments_and_other_names(text: str) -> str:
    """A circuit with its inputs named the other way round, and every gate's arguments too."""
    inputs, gates, query = text.split(" || ")
    last = inputs.count("=") - 1
    values = dict(re.findall(r"(x\d)=(\d)", inputs))
    opening = " ".join(f"x{place}={values[f'x{last - place}']}" for place in range(last + 1))
    renamed = re.sub(r"x(\d)", lambda match: f"x{last - int(match[1])}", gates)
    turned = re.sub(r"[(](\w+),(\w+)[)]", r"(\2,\1)", renamed)
    return f"INPUTS {opening} || {turned} || {query}"


def by_de_morgan(text: str) -> str:
    """A circuit with ANDs as NORs, ORs as NANDs and so on, arguments complemented by gates of their own."""
    inputs, gates, _ = text.split(" || ")
    opposite = {"AND": "NOR", "OR": "NAND", "NAND": "OR", "NOR": "AND"}
    made: list[str] = []
    names: dict[str, str] = {}

    def add(kind: str, *wires: str) -> str:
        made.append(f"g{len(made)}={kind}({','.join(wires)})")
        return f"g{len(made) - 1}"

    for gate in gates.removeprefix("GATES ").split(" | "):
        name, kind, *wires = re.findall(r"\w+", gate)
        known = [names.get(wire, wire) for wire in wires]
        if kind in opposite:
            names[name] = add(opposite[kind], *(add("NOT", wire) for wire in known))
        else:
            names[name] = add(kind, *known)
    return f"{inputs} || GATES {' | '.join(made)} || QUERY g{len(made) - 1} ->"


@pytest.mark.parametrize("respelled", [swapped_arguments_and_other_names, by_de_morgan])
def test_a_circuit_under_another_spelling_in_two_splits_is_found(respelled: Callable[[str], str]) -> None:
    first = draw_sample("logic-hard", SAMPLES, 1).rows["train"][0]

    def leak(number: int, row: Row) -> Row:
        if row["split"] != "test" or number:
            return row
        return {**row, "input_text": respelled(first["input_text"]), "target": first["target"]}

    found = broken("logic-hard", leak)
    assert (found.shared_prompts, found.shared_keys) == (0, 1)
    assert told(found, "1 problems (0 prompts) are in two splits")
    assert told(found, "1 of 120 rows of test are known from train by normal form")


def constant_inside(_: int, row: Row) -> Row:
    """The row's circuit with AND(x0, NOR(x0, x1)), which is 0, XORed to its end."""
    inputs, gates, _ = row["input_text"].split(" || ")
    count = gates.count("=")
    more = (
        f"g{count}=NOR(x0,x1) | g{count + 1}=AND(x0,g{count}) | g{count + 2}=XOR(g{count + 1},g{count - 1})"
    )
    return {**row, "input_text": f"{inputs} || {gates} | {more} || QUERY g{count + 2} ->"}


def test_gates_that_change_nothing_are_found_by_truth_tables() -> None:
    found = {v.complaint: v.rows for v in broken("logic-medium", constant_inside).violations}
    assert found["a gate inside is constant"] == 720


@pytest.mark.parametrize(
    ("config", "notion"),
    [("dyna-medium", "program"), ("filtro-medium", "cycle"), ("inducto-easy", "input of the query")],
)
def test_test_rows_that_have_stood_in_train_are_found_under_the_promised_notion(
    config: str, notion: str
) -> None:
    first = draw_sample(config, SAMPLES, 1).rows["train"][0]

    def leak(number: int, row: Row) -> Row:
        return row if number or row["split"] != "test" else {**first, "split": "test"}

    assert told(broken(config, leak), f"1 of 120 rows of test are known from train by {notion}")
    assert not told(audited(config), "1 of 120 rows of test are known")
