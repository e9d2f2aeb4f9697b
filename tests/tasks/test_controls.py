"""Controls and held-out generalisation: each differs from its preset in what it says, and in nothing else."""

import itertools
import json
from collections import Counter

import pytest
from support import STOCK, listed

from synthlm_tasks import ParameterError, catalog
from synthlm_tasks.audit.dyna import checks as dyna
from synthlm_tasks.audit.filtro import checks as filtro
from synthlm_tasks.audit.inducto import checks as inducto
from synthlm_tasks.audit.inducto import space as inducto_space
from synthlm_tasks.inducto.heldout import HeldOutInducto
from synthlm_tasks.inducto.open import OpenInducto
from synthlm_tasks.rows.presets import LEVELS

BY_LEVEL = pytest.mark.parametrize("level", LEVELS)
HELD_OUT = ("dyna-ood", "filtro-ood", "logic-ood", "inducto-heldout")


def noted(rows: list[dict[str, str]], name: str) -> list[object]:
    """One metadata entry of every row."""
    return [json.loads(row["metadata"])[name] for row in rows]


@pytest.mark.parametrize(
    "control", ["dyna-commuting", "dyna-swaps", "filtro-clean", "filtro-recall", "inducto-open"]
)
def test_controls_exist_at_every_level_and_mixed(control: str) -> None:
    assert {control, *(f"{control}-{level}" for level in LEVELS)} <= set(catalog.configs())


@BY_LEVEL
def test_no_exchange_of_commuting_operations_changes_an_answer(level: str) -> None:
    for row in listed(f"dyna-commuting-{level}", "test", 100):
        problem = dyna.parse(row["input_text"])
        assert dyna.order_matters(problem) == 0
        assert {kind for kind, _ in problem.operations} <= {"ROTATE_LEFT", "ROTATE_RIGHT"}


@BY_LEVEL
def test_swaps_are_swaps_whose_neighbours_share_one_place(level: str) -> None:
    for row in listed(f"dyna-swaps-{level}", "test", 100):
        operations = dyna.parse(row["input_text"]).operations
        assert {kind for kind, _ in operations} == {"SWAP"}
        for (_, first), (_, second) in itertools.pairwise(operations):
            assert len({*first, *second}) == 3


@BY_LEVEL
@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_clean_rows_are_the_noisy_ones_without_the_noise(level: str, split: str) -> None:
    pairs = zip(
        listed(f"filtro-{level}", split, 200), listed(f"filtro-clean-{level}", split, 200), strict=True
    )
    for noisy, clean in pairs:
        edges, question = noisy["input_text"].removeprefix("EDGES ").split(" || ")
        kept = " | ".join(edge for edge in edges.split(" | ") if edge.startswith("A:"))
        assert clean["input_text"] == f"EDGES {kept} || {question}"
        assert clean["target"] == noisy["target"]
        assert clean["sample_id"] == noisy["sample_id"].replace("filtro_", "filtro-clean_")


@BY_LEVEL
def test_recall_asks_for_one_edge_of_the_text(level: str) -> None:
    for row in listed(f"filtro-recall-{level}", "test", 100):
        problem = filtro.parse(row["input_text"])
        assert ("A", problem.node, row["target"]) in problem.edges


@BY_LEVEL
def test_open_test_rearrangements_occur_in_no_other_split(level: str) -> None:
    seen = {
        split: {inducto.places(inducto.parse(row["input_text"])) for row in listed(name, split, 1000)}
        for name in [f"inducto-open-{level}"]
        for split in ("train", "validation", "test")
    }
    assert all(a.isdisjoint(b) for a, b in itertools.combinations(seen.values(), 2))
    assert None not in seen["test"]


def test_open_rearrangements_have_no_name_and_are_drawn_from_all_that_have_none() -> None:
    rows = listed("inducto-open-hard", "train", 12_000)
    drawn = Counter(inducto.places(inducto.parse(row["input_text"])) for row in rows)
    short = {sources: count for sources, count in drawn.items() if sources and len(sources) == 6}
    every = set(itertools.permutations(range(6)))
    unnamed = {
        sources
        for sources in every
        if "".join("ABCDEF"[source] for source in sources) not in inducto_space.named_moves(6)
    } - {tuple(range(6))}
    assert set(short) <= unnamed
    assert 0.85 * len(unnamed) < len(short) < 0.95 * len(unnamed)  # the train split's nine tenths
    assert OpenInducto.chance({"sequence_length": 6}) == 1 / len(unnamed)


def test_a_fifth_of_the_compositions_occur_in_test_only_in_half_of_its_rows() -> None:
    splits = {split: listed("inducto-heldout-hard", split, 6000) for split in ("train", "validation", "test")}
    held = {split: set() for split in splits}
    seen = {split: set() for split in splits}
    for split, rows in splits.items():
        for rule, flag in zip(noted(rows, "rule"), noted(rows, "held_out"), strict=True):
            (held if flag else seen)[split].add(rule)
    assert held["train"] == held["validation"] == set()
    assert held["test"].isdisjoint(seen["train"] | seen["validation"] | seen["test"])
    compositions = held["test"] | seen["train"]
    assert abs(len(held["test"]) / len(compositions) - 0.2) < 0.01
    assert abs(noted(splits["test"], "held_out").count(True) / 6000 - 0.5) < 0.03


def test_training_compositions_show_every_rule_in_both_places() -> None:
    trained = [
        str(rule).split(" then ") for rule in noted(listed("inducto-heldout-hard", "train", 6000), "rule")
    ]
    held_out = [
        str(json.loads(row["metadata"])["rule"]).split(" then ")
        for row in listed("inducto-heldout-hard", "test", 6000)
        if json.loads(row["metadata"])["held_out"]
    ]
    for place in (0, 1):
        assert {rule[place] for rule in held_out} <= {rule[place] for rule in trained}


@pytest.mark.parametrize("family", HELD_OUT)
def test_held_out_families_are_the_hard_level_alone(family: str) -> None:
    assert [part.level for part in catalog.configs()[family].parts] == [3]
    assert f"{family}-hard" not in catalog.configs()
    assert set(STOCK[f"{family}-hard"].difficulties) == {3}


def test_a_level_that_a_family_does_not_have_is_refused_with_those_it_has() -> None:
    with pytest.raises(ParameterError, match=r"difficulty_level=1: .*\[3\]"):
        HeldOutInducto().generate_table(3, "easy")
