"""The plain normal form, which promises are measured by, worked out by hand."""

import pytest
from plain_normal_form import Forms, what_does_not_matter


def text(gates: str, inputs: int = 3) -> str:
    """A prompt of these gates."""
    named = " | ".join(f"g{number}={gate}" for number, gate in enumerate(gates.split(" ")))
    return f"INPUTS {' '.join(f'x{i}=0' for i in range(inputs))} || GATES {named} || QUERY g0 ->"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("AND(x0,x1)", "AND(x2,x0)"),
        ("AND(x0,x1) NOT(g0)", "NAND(x0,x1)"),
        ("OR(x0,x1)", "NOT(x0) NOT(x1) NAND(g0,g1)"),
        ("OR(x0,x1) AND(g0,x2)", "NOR(x2,x1) NOT(g0) NAND(x0,g1)"),
        ("NOT(x0) XOR(g0,x1)", "XOR(x1,x2)"),
        ("NAND(x0,x1) XOR(g0,x2)", "AND(x2,x1) XOR(x0,g0)"),
    ],
)
def test_spellings_of_one_circuit_have_one_key(first: str, second: str) -> None:
    forms = Forms()
    assert forms.key(text(first)) == forms.key(text(second))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("AND(x0,x1)", "OR(x0,x1)"),
        ("AND(x0,x1)", "XOR(x0,x1)"),
        ("AND(x0,x1) AND(g0,x0)", "AND(x0,x1) AND(g0,x2)"),
        ("AND(x0,x1) AND(g0,x2)", "OR(x0,x1) AND(g0,x2)"),
    ],
)
def test_other_circuits_have_other_keys(first: str, second: str) -> None:
    forms = Forms()
    assert forms.key(text(first)) != forms.key(text(second))


@pytest.mark.parametrize(
    ("gates", "found"),
    [
        ("AND(x0,x1) OR(g0,x2)", []),
        ("NOT(x0) AND(g0,x1) XOR(g1,x2)", []),
        ("NOT(x0) NOT(g0) AND(x1,x2) OR(g1,g2)", ["g1 has the function of x0"]),
        ("NOT(x0) NOT(x0) AND(g0,x1) OR(g2,x2)", ["g1 has the function of g0"]),
        ("NOT(x0) AND(x0,g0) OR(x1,x2)", ["g1 is constant", "x0 does not matter"]),
        ("OR(x0,x1) AND(g0,x0) AND(g1,x2)", ["g1 has the function of x0", "x1 does not matter"]),
        ("XOR(x0,x1) NOT(x0) XOR(g1,x1) AND(g2,x2)", ["g2 has the function of g0"]),
        ("AND(x0,x1) NAND(x1,x0) OR(g1,x2)", ["g1 has the function of g0"]),
    ],
)
def test_gates_that_do_not_matter_are_found(gates: str, found: list[str]) -> None:
    assert what_does_not_matter(text(gates)) == found
