"""Split keys are bit for bit those of plain Python, and the same for whatever spells the same circuit."""

import itertools
import random

import numpy as np
import pytest
from plain_circuits import G0, Circuit, Gate, flip, place, random_circuits, split_key, value

from synthlm_tasks.logic.split_keys import SplitKeys

SEEDS = pytest.mark.parametrize("seed", range(5))


def keys_of(circuits: list[Circuit]) -> SplitKeys:
    """The keys of circuits, the longest first, with the flips of the last three gates."""
    return place(circuits)[0].split_keys(np.arange(len(circuits)), 3)


@SEEDS
@pytest.mark.parametrize("most", [1, 12, 63])
def test_a_key_is_that_of_plain_python(seed: int, most: int) -> None:
    circuits = random_circuits(seed, 30, most)
    assert keys_of(circuits).plain.tolist() == [split_key(circuit) for circuit in circuits]


@SEEDS
def test_flips_add_to_a_key_what_the_flipped_circuit_has_more(seed: int) -> None:
    circuits = random_circuits(seed, 60, 12)
    places, variants = np.array([0, 3, 17, 42]), np.arange(8)
    ways = [{bit for bit in range(3) if variant >> bit & 1} for variant in variants]
    expected = [[split_key(flip(circuits[place], way)) for place in places] for way in ways]
    assert keys_of(circuits).of(places, variants).tolist() == expected


def respell(circuit: Circuit, draw: random.Random) -> Circuit:
    """The circuit in other words: by De Morgan's laws, with other input names, orders and NOT gates."""
    names = draw.sample(range(1, G0), G0 - 1)
    written: Circuit = []
    # Node → the node that stands for it now, and whether as its complement.
    known = {0: (0, False)} | {node: (names[node - 1], False) for node in range(1, G0)}

    def add(*gate: object) -> int:
        written.append(gate)  # type: ignore[arg-type]
        return G0 - 1 + len(written)

    def read(node: int, turned: bool) -> int:
        there, complement = known[node]
        return add("NOT", *draw.sample([there, 0], 2)) if complement != turned else there

    for number, (kind, *wires) in enumerate(circuit, G0):
        draw.shuffle(wires)
        turn = draw.random() < 0.5
        if kind == "NOT":
            there, complement = known[max(wires)]
            known[number] = (there, not complement)
        elif kind == "XOR":
            turns = [draw.random() < 0.5 for _ in wires]
            known[number] = (add("XOR", *map(read, wires, turns)), turns[0] != turns[1])
        else:
            # AND of complements is NOR, and so on; then as the complement of what it was, or not.
            before = draw.random() < 0.5
            inner = (kind in ("AND", "NAND")) != before  # else OR
            complemented = (kind in ("NAND", "NOR")) != before
            spelled = (("AND", "NAND") if inner else ("OR", "NOR"))[complemented != turn]
            known[number] = (add(spelled, *(read(wire, before) for wire in wires)), turn)
    there, _ = known[G0 + len(circuit) - 1]
    if there != G0 - 1 + len(written):
        add("NOT", there, 0)
    return written


@pytest.mark.parametrize("seed", range(20))
def test_a_circuit_in_other_words_has_the_same_key(seed: int) -> None:
    draw = random.Random(seed)
    for circuit in random_circuits(seed, 20, 12):
        assert split_key(respell(circuit, draw)) == split_key(circuit)


def test_other_words_say_the_same_up_to_names_of_inputs_and_a_complement() -> None:
    for seed, circuit in enumerate(random_circuits(3, 10, 8)):
        own = [value(circuit, row) for row in range(64)]
        said = [value(respell(circuit, random.Random(seed)), row) for row in range(64)]
        orders = itertools.permutations(range(6))
        renamed = (
            [own[sum((row >> i & 1) << to for i, to in enumerate(order))] for row in range(64)]
            for order in orders
        )
        assert any(table in (said, [1 - bit for bit in said]) for table in renamed)


TELLING: list[tuple[list[Gate], list[Gate]]] = [
    ([("AND", 6, 5)], [("OR", 6, 5)]),
    ([("AND", 6, 5)], [("XOR", 6, 5)]),
    ([("NOT", 6, 0), ("AND", 7, 5)], [("AND", 6, 5), ("NOT", 7, 0)]),
    ([("AND", 6, 5), ("AND", 7, 4)], [("AND", 6, 5), ("OR", 7, 4)]),
    ([("AND", 6, 5), ("XOR", 7, 4)], [("XOR", 6, 5), ("AND", 7, 4)]),
    ([("AND", 6, 5), ("AND", 4, 3), ("OR", 7, 8)], [("AND", 6, 5), ("OR", 4, 3), ("OR", 7, 8)]),
]


@pytest.mark.parametrize(("first", "second"), TELLING, ids=str)
def test_other_circuits_have_other_keys(first: Circuit, second: Circuit) -> None:
    assert split_key(first) != split_key(second)


@pytest.mark.parametrize(("first", "second"), [("AND", "NAND"), ("OR", "NOR")])
def test_a_complement_at_the_asked_gate_is_not_seen(first: str, second: str) -> None:
    wires = [("XOR", 6, 5), ("AND", 5, 4)]
    assert split_key([*wires, (first, 7, 8)]) == split_key([*wires, (second, 7, 8)])
