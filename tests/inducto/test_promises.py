"""What a held-out row of Inducto promises, read from the text alone."""

import itertools
import re

import pytest
from support import STOCK, listed

from synthlm_tasks.audit.inducto import space
from synthlm_tasks.audit.inducto.checks import parse

CONFIGS = [name for name in STOCK if name.startswith("inducto")]
HELD_OUT = ("validation", "test")


def shown(text: str) -> set[str]:
    """Every input sequence that a problem shows or asks."""
    problem = parse(text)
    return {problem.query, *(source for source, _ in problem.shown)}


@pytest.fixture(scope="module")
def trained() -> tuple[set[str], set[frozenset[str]]]:
    """All inputs of some train rows of every config, under two seeds, and the letters of each."""
    inputs = {
        sequence
        for name, seed in itertools.product(CONFIGS, (42, 7))
        for row in listed(name, "train", 3000, seed=seed)
        for sequence in shown(row["input_text"])
    }
    return inputs, set(map(frozenset, inputs))


@pytest.mark.parametrize("split", HELD_OUT)
@pytest.mark.parametrize("name", CONFIGS)
def test_the_input_of_a_held_out_query_is_in_no_train_problem_in_any_order(
    name: str, split: str, trained: tuple[set[str], set[frozenset[str]]]
) -> None:
    inputs, letters = trained
    for row in listed(name, split, 500, seed=3):
        problem = parse(row["input_text"])
        for query in (problem.query, *(given for given, _ in problem.earlier)):
            assert query not in inputs
            assert frozenset(query) not in letters


@pytest.mark.parametrize("split", ["train", *HELD_OUT])
@pytest.mark.parametrize("name", CONFIGS)
def test_examples_of_every_split_have_letters_of_train(name: str, split: str) -> None:
    queried = {
        frozenset(query)
        for other in HELD_OUT
        for config in CONFIGS
        for row in listed(config, other, 200)
        for problem in [parse(row["input_text"])]
        for query in (problem.query, *(given for given, _ in problem.earlier))
    }
    for row in listed(name, split, 300, seed=5):
        assert not queried & {frozenset(source) for source, _ in parse(row["input_text"]).examples}


@pytest.mark.parametrize("seed", [42, 11])
def test_no_trained_function_fits_the_examples_of_a_composition_that_is_held_out(seed: int) -> None:
    rows = listed("inducto-heldout-hard", "test", 1500, seed=seed)
    held = {name for row in rows if (name := held_out_rule(row))}
    signatures = {space.signature(name) for name in held}  # a function may have several names
    trained = {s: name for name in every_name() if (s := space.signature(name)) not in signatures}
    assert len(held) > 90
    for row in rows:
        if held_out_rule(row):
            examples = parse(row["input_text"]).examples
            fitting = [
                name for name in trained.values() if all(space.rule(name)(a) == b for a, b in examples)
            ]
            assert fitting == []


def every_name() -> list[str]:
    """Every atom and ordered pair of atoms."""
    return [*space.ATOMS, *(f"{one} then {two}" for one in space.ATOMS for two in space.ATOMS)]


def held_out_rule(row: dict[str, str]) -> str | None:
    """The composition of a row that says it is held out."""
    found = re.search(r'"rule":"([^"]*)","held_out":true', row["metadata"])
    return found[1] if found else None
