"""What Logic promises of held-out rows: new circuits in whatever words, many of them, and no idle gate."""

import json

import pytest
from plain_normal_form import Forms, what_does_not_matter
from support import STOCK, listed

from synthlm_tasks.rows.tables import iter_tables

NAMES = [name for name in STOCK if name.startswith("logic") and "parity" not in name]
PRESETS = [name for name in NAMES if "ramp" not in name]
LEVELS = [f"logic-{level}" for level in ("easy", "medium", "hard")]
HELD_OUT = ("validation", "test")

# As documented: the most gates of a shape, by inputs, of which all matter, from so many percent of XOR on.
STRICT = {
    10: {1: 1, 2: 5, 3: 12, 4: 15, 5: 21, 6: 24},
    30: {1: 1, 2: 5, 3: 15, 4: 21, 5: 27, 6: 31},
    50: {1: 1, 2: 5, 3: 19, 4: 27, 5: 35, 6: 42},
}


def strict(stated: dict[str, float]) -> bool:
    """Whether every gate has to matter in a circuit of these parameters."""
    most = sum(min(stated["width"], 2**layer) for layer in range(int(stated["depth"])))
    percent = round(100 * stated["xor_density"])
    return most <= STRICT[max(least for least in STRICT if least <= percent)][int(stated["num_inputs"])]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("split", ["train", "test"])
def test_every_gate_and_input_matters(name: str, split: str) -> None:
    for row in listed(name, split, 1000):
        if strict(json.loads(row["metadata"])):
            assert what_does_not_matter(row["input_text"]) == []
        else:
            assert name not in PRESETS


@pytest.mark.parametrize("name", LEVELS)
@pytest.mark.parametrize("split", HELD_OUT)
def test_a_held_out_split_of_a_level_has_a_hundred_circuits(name: str, split: str) -> None:
    forms = Forms()
    assert len({forms.key(row["input_text"]) for row in listed(name, split, 4000)}) >= 100


def test_no_circuit_is_in_two_splits_however_it_is_spelled() -> None:
    forms, seen = Forms(), {}
    for name in NAMES:
        for split in ("train", *HELD_OUT):
            for row in listed(name, split, 1000):
                assert seen.setdefault(forms.key(row["input_text"]), split) == split


def circuits(name: str, seed: int, split: str, rows: int) -> set[str]:
    """The circuits of a split as they are spelled, in prompts with every input 0."""
    found = set()
    for table in iter_tables(STOCK[name], seed, split, 0, rows):
        for text in table["input_text"].to_pylist():
            inputs, gates, *_ = text.split(" || ")
            found.add(f"{inputs.replace('=1', '=0')} || {gates} || ")
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", LEVELS)
def test_no_circuit_of_a_million_train_rows_of_a_level_is_held_out(name: str) -> None:
    forms = Forms()
    held = {
        forms.key(circuit)
        for seed in (42, 7)
        for split in HELD_OUT
        for circuit in circuits(name, seed, split, 5000)
    }
    assert not any(forms.key(circuit) in held for circuit in circuits(name, 42, "train", 1_000_000))


@pytest.mark.slow
def test_no_circuit_of_train_is_held_out_whatever_config_and_seed() -> None:
    forms, held = Forms(), set()
    for name in NAMES:
        for split in HELD_OUT:
            held |= {forms.key(circuit) for circuit in circuits(name, 7, split, 2000)}
    for name in NAMES:
        for seed in (42, 1):
            assert not any(forms.key(circuit) in held for circuit in circuits(name, seed, "train", 40_000))
