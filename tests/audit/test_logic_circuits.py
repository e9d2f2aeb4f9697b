"""Logic's circuits by hand: gates that could be left out, and circuits that are one, however spelled."""

import itertools
import json
import random
from typing import Any, TypeAlias

import pytest

from synthlm_tasks.audit.logic.checks import PRESETS, violations
from synthlm_tasks.audit.logic.gates_matter import waived
from synthlm_tasks.audit.logic.spellings import (
    key,
    normal_form_merged,
    text_with_inputs_renamed,
    truth_table_with_inputs_permuted,
)
from synthlm_tasks.audit.measures.overlap import measure_overlaps

Row = dict[str, Any]
Circuit: TypeAlias = list[tuple[str, tuple[str, ...]]]  # each gate's kind and arguments


NOTES = ("num_inputs", "depth", "width", "num_queries", "num_gates", "num_xor")  # all wrong, but complete


def circuit_row(gates: str, inputs: int = 3, split: str = "train") -> Row:
    """A row that asks about a circuit's last gate, with all inputs 0."""
    values = " ".join(f"x{place}=0" for place in range(inputs))
    last = gates.rpartition(" | ")[2].partition("=")[0]
    return {
        "input_text": f"INPUTS {values} || GATES {gates} || QUERY {last} ->",
        "target": "0",
        "task": "logic",
        "split": split,
        "metadata": json.dumps(dict.fromkeys(NOTES, 0) | {"xor_density": 0.5}),
    }


NEEDLESS = {
    "a gate inside is constant": [
        "g0=AND(x0,x1) | g1=NOR(x0,x1) | g2=AND(g0,g1) | g3=OR(x2,g2)",
        "g0=NOT(x0) | g1=OR(x0,g0) | g2=AND(x1,x2) | g3=XOR(g1,g2)",
    ],
    "a gate other than its NOT equals an input or its complement": [
        "g0=NOT(x0) | g1=NOT(g0) | g2=AND(x1,x2) | g3=XOR(g1,g2)",
        "g0=OR(x0,x1) | g1=AND(g0,x0) | g2=AND(x1,x2) | g3=XOR(g1,g2)",
        "g0=AND(x0,x1) | g1=NOR(g0,x0) | g2=AND(x1,x2) | g3=XOR(g1,g2)",
        "g0=XOR(x0,x1) | g1=XOR(g0,x1) | g2=AND(x1,x2) | g3=OR(g1,g2)",
    ],
    "two gates have the same text": [
        "g0=AND(x0,x1) | g1=AND(x0,x1) | g2=OR(g0,x2) | g3=XOR(g1,g2)",
        "g0=AND(x0,x1) | g1=AND(x1,x0) | g2=OR(g0,x2) | g3=XOR(g1,g2)",
        "g0=NOT(x0) | g1=NOT(x0) | g2=AND(g0,x1) | g3=OR(g1,x2) | g4=XOR(g2,g3)",
    ],
    "two gates have the same function up to complement": [
        "g0=AND(x0,x1) | g1=NAND(x0,x1) | g2=OR(g0,x2) | g3=XOR(g1,g2)",
        "g0=NOT(x0) | g1=NOR(g0,x1) | g2=OR(g0,x1) | g3=OR(g2,x2) | g4=XOR(g1,g3)",
        "g0=XOR(x0,x1) | g1=XOR(x1,x2) | g2=XOR(g0,g1) | g3=XOR(x0,x2) | g4=AND(g2,x1) | g5=OR(g3,g4)",
        "g0=AND(x0,x1) | g1=NOT(g0) | g2=NOT(g1) | g3=XOR(g2,x2)",
    ],
    "the asked function ignores an input": [
        "g0=XOR(x0,x1) | g1=XOR(x1,x2) | g2=XOR(g0,g1)",
        "g0=AND(x0,x1) | g1=OR(g0,x0) | g2=AND(g1,x2)",
    ],
}


@pytest.mark.parametrize(
    ("complaint", "gates"), [(c, one) for c, several in NEEDLESS.items() for one in several]
)
def test_a_gate_that_could_be_left_out_is_complained_about(complaint: str, gates: str) -> None:
    assert complaint in needless(gates, 3)


@pytest.mark.parametrize(
    "gates",
    [
        "g0=XOR(x0,x1) | g1=AND(g0,x2) | g2=XOR(g1,g0)",
        "g0=AND(x0,x1) | g1=NOT(g0) | g2=OR(g0,x2) | g3=AND(g1,g2)",
        "g0=NOT(x0) | g1=NOR(g0,x1) | g2=XOR(x1,x2) | g3=NAND(g1,g2)",
    ],
)
def test_circuits_in_which_every_gate_matters_are_not_complained_about(gates: str) -> None:
    assert needless(gates, 3) == []


@pytest.mark.parametrize(
    ("inputs", "depth", "width", "density", "is_waived"),
    [
        (1, 1, 1, 0.1, False),
        (1, 2, 1, 0.1, True),
        (2, 3, 2, 0.5, False),
        (2, 4, 2, 0.5, True),
        (3, 3, 2, 0.1, False),
        (4, 8, 2, 0.1, False),  # the grid
        (4, 9, 2, 0.1, True),
        (4, 9, 2, 0.29, True),
        (4, 9, 2, 0.3, False),
        (5, 10, 4, 0.5, False),  # logic-ood
        (5, 10, 4, 0.49, True),
    ],
)
def test_too_many_gates_for_the_inputs_are_waived(
    inputs: int, depth: int, width: int, density: float, is_waived: bool
) -> None:
    assert waived(inputs, depth, width, density) == is_waived


def test_every_preset_has_inputs_enough() -> None:
    for family in ("logic", "logic-ood"):
        ranges = PRESETS[family]
        for level in range(3):
            least = {name: ends[level][0] for name, ends in ranges.items()}
            most = {name: ends[level][1] for name, ends in ranges.items()}
            assert not waived(
                int(least["num_inputs"]), int(most["depth"]), int(most["width"]), least["xor_density"]
            )


@pytest.mark.parametrize(("last", "inputs", "complained"), [("OR(g4,x1)", 2, False), ("OR(g4,x2)", 3, True)])
def test_what_is_waived_is_not_complained_about(last: str, inputs: int, complained: bool) -> None:
    gates = f"g0=NOR(x0,x1) | g1=AND(x0,g0) | g2=XOR(x1,g1) | g3=NOT(g2) | g4=NAND(g3,x0) | g5={last}"
    assert bool(needless(gates, inputs)) == complained


def needless(gates: str, inputs: int) -> list[str]:
    """The complaints about gates that could be left out."""
    return [complaint for complaint in violations(circuit_row(gates, inputs)) if complaint in NEEDLESS]


BASE = "g0=OR(x0,x1) | g1=NAND(x2,g0) | g2=XOR(g1,x3)"
RESPELLED = [
    "g0=OR(x1,x0) | g1=NAND(g0,x2) | g2=XOR(x3,g1)",
    "g0=OR(x3,x2) | g1=NAND(x0,g0) | g2=XOR(g1,x1)",
    "g0=NOR(x0,x1) | g1=NOT(g0) | g2=AND(x2,g1) | g3=XOR(g2,x3)",
    "g0=NOT(x1) | g1=NOT(x0) | g2=NAND(g0,g1) | g3=AND(x2,g2) | g4=XOR(g3,x3)",
    "g0=NOR(x0,x1) | g1=NOT(x2) | g2=OR(g0,g1) | g3=NOT(x3) | g4=XOR(g2,g3)",
    "g0=OR(x0,x1) | g1=NAND(x2,g0) | g2=XOR(g1,x3) | g3=NOT(g2)",
]
OTHERS = [
    "g0=OR(x0,x1) | g1=NOR(x2,g0) | g2=XOR(g1,x3)",
    "g0=AND(x0,x1) | g1=NAND(x2,g0) | g2=XOR(g1,x3)",
    "g0=OR(x0,x1) | g1=NAND(x2,g0) | g2=OR(g1,x3)",
    "g0=XOR(x0,x1) | g1=NAND(x2,g0) | g2=XOR(g1,x3)",
]


@pytest.mark.parametrize("gates", RESPELLED)
def test_a_circuit_has_one_key_however_it_is_spelled(gates: str) -> None:
    assert key(circuit_row(gates, 4)) == key(circuit_row(BASE, 4))


def test_a_gate_that_is_there_twice_makes_another_circuit_unless_equal_gates_are_merged() -> None:
    once = circuit_row("g0=NOR(x0,x1) | g1=NOT(g0) | g2=XOR(g1,x0) | g3=AND(g0,g2)", 2)
    twice = circuit_row("g0=NOR(x0,x1) | g1=OR(x0,x1) | g2=XOR(g1,x0) | g3=AND(g0,g2)", 2)
    assert key(once) != key(twice)
    assert normal_form_merged(once) == normal_form_merged(twice)


def test_other_circuits_have_other_keys() -> None:
    assert len({key(circuit_row(gates, 4)) for gates in (BASE, *OTHERS)}) == 1 + len(OTHERS)


def test_names_of_inputs_do_not_count_in_the_text_but_the_order_of_arguments_does() -> None:
    renamed = "g0=OR(x3,x2) | g1=NAND(x0,g0) | g2=XOR(g1,x1)"
    assert text_with_inputs_renamed(circuit_row(renamed, 4)) == text_with_inputs_renamed(circuit_row(BASE, 4))
    turned = BASE.replace("x2,g0", "g0,x2")
    assert text_with_inputs_renamed(circuit_row(turned, 4)) != text_with_inputs_renamed(circuit_row(BASE, 4))


def random_circuit(draw: random.Random, inputs: int, gates: int) -> Circuit:
    """Any circuit, whether all of it is used or not."""
    wires = [f"x{place}" for place in range(inputs)]
    circuit: Circuit = []
    for number in range(gates):
        kind = draw.choice(["AND", "OR", "XOR", "NAND", "NOR", "NOT"])
        circuit.append((kind, tuple(draw.sample(wires, 1 if kind == "NOT" else 2))))
        wires.append(f"g{number}")
    return circuit


def spelled(circuit: Circuit) -> str:
    """The gates as they stand in a prompt."""
    return " | ".join(f"g{n}={kind}({','.join(wires)})" for n, (kind, wires) in enumerate(circuit))


def nested(circuit: Circuit, order: tuple[int, ...]) -> object:
    """The last gate's normal form as one nested tuple, inputs named by an order."""
    found: dict[str, tuple[object, bool]] = {f"x{n}": (f"{place}", False) for n, place in enumerate(order)}
    for number, (kind, wires) in enumerate(circuit):
        parts = [found[wire] for wire in wires]
        if kind == "NOT":
            node, inverted = parts[0][0], not parts[0][1]
        elif kind == "XOR":
            node, inverted = ("XOR", *sorted((p[0] for p in parts), key=repr)), parts[0][1] ^ parts[1][1]
        else:
            turned = [(p[0], p[1] ^ (kind in ("OR", "NOR"))) for p in parts]
            node, inverted = ("AND", *sorted(turned, key=repr)), kind in ("OR", "NAND")
        found[f"g{number}"] = node, inverted
    return found[f"g{len(circuit) - 1}"][0]


def table(circuit: Circuit, order: tuple[int, ...]) -> tuple[int, ...]:
    """What the last gate gives on every row of inputs, in an order of the inputs."""
    what = {
        "AND": lambda a, b: a & b,
        "OR": lambda a, b: a | b,
        "XOR": lambda a, b: a ^ b,
        "NAND": lambda a, b: 1 - (a & b),
        "NOR": lambda a, b: 1 - (a | b),
        "NOT": lambda a: 1 - a,
    }
    results = []
    for row in itertools.product((0, 1), repeat=len(order)):
        values = {f"x{n}": row[place] for n, place in enumerate(order)}
        for number, (kind, wires) in enumerate(circuit):
            values[f"g{number}"] = what[kind](*(values[wire] for wire in wires))
        results.append(values[f"g{len(circuit) - 1}"])
    return tuple(results)


@pytest.mark.parametrize(("inputs", "gates"), [(2, 3), (3, 3), (4, 4), (5, 6)])
def test_normal_forms_and_functions_are_told_apart_as_all_orders_of_the_inputs_tell_them(
    inputs: int, gates: int
) -> None:
    draw = random.Random(inputs)
    circuits = [random_circuit(draw, inputs, gates) for _ in range(250)]
    orders = list(itertools.permutations(range(inputs)))
    forms, functions = {}, {}
    for circuit in circuits:
        row = circuit_row(spelled(circuit), inputs)
        form = min(repr(nested(circuit, order)) for order in orders)
        tables = [table(circuit, order) for order in orders]
        function = min(min(one, tuple(1 - value for value in one)) for one in tables)
        assert forms.setdefault(form, normal_form_merged(row)) == normal_form_merged(row)
        same = truth_table_with_inputs_permuted(row)
        assert functions.setdefault(function, same) == same
    assert len(set(forms.values())) == len(forms)
    assert len(set(functions.values())) == len(functions)


def test_what_of_test_has_stood_in_train_is_counted_under_each_notion() -> None:
    train = [circuit_row(BASE, 4)]
    test = [
        circuit_row("g0=OR(x3,x2) | g1=NAND(x0,g0) | g2=XOR(g1,x1)", 4),  # other names
        circuit_row(RESPELLED[3], 4),  # by De Morgan
        circuit_row("g0=AND(x2,x0) | g1=AND(x2,x1) | g2=NOR(g0,g1) | g3=XOR(g2,x3)", 4),  # x2 multiplied out
        circuit_row(OTHERS[0], 4),
    ]
    found = measure_overlaps({"train": train, "validation": [], "test": test})
    assert [(one.known, one.rows, one.promised_new) for one in found] == [
        (1, 4, False),
        (2, 4, True),
        (2, 4, False),
        (3, 4, False),
    ]
