"""Problems of three letters, where only several orders tell rules apart: by brute force over the space."""

import json
from typing import Any

import pytest

from synthlm_tasks import InductoTask
from synthlm_tasks.audit.inducto import checks, space
from synthlm_tasks.rows.recipes import level_recipe
from synthlm_tasks.rows.tables import make_table

SIZES = [
    {"sequence_length": 3, "num_examples": (1, 4), "num_queries": (1, 3), "rule_level": (1, 3)},
    {"sequence_length": (3, 4), "num_examples": (1, 3), "num_queries": (1, 3), "rule_level": (1, 3)},
    {"sequence_length": (3, 8), "num_examples": (1, 10), "num_queries": (1, 3), "rule_level": (1, 3)},
]


def rows_of(variant: str, split: str, rows: int, **axes: object) -> list[dict[str, Any]]:
    """Rows of a family's hard level, with these axes."""
    family = f"inducto-{variant}" if variant else "inducto"
    recipe = level_recipe(InductoTask.of_variant(variant), family, 3, axes)
    return make_table(recipe, 2, split, 0, rows).to_pylist()  # type: ignore[arg-type]


@pytest.mark.parametrize("split", ["train", "test"])
@pytest.mark.parametrize("axes", SIZES)
def test_all_functions_that_fit_the_examples_agree_on_every_query(
    axes: dict[str, object], split: str
) -> None:
    rows = rows_of("", split, 300, **axes)
    for row in rows:
        problem = checks.parse(row["input_text"])
        queries = [*problem.earlier, (problem.query, row["target"].replace(" ", ""))]
        for allowed, (_, made) in zip(checks.outputs(row["input_text"]), queries, strict=True):
            assert allowed == {made}
    assert any(len(checks.parse(row["input_text"]).first) == 3 for row in rows)


def test_of_three_letters_every_kind_of_rule_is_asked() -> None:
    rows = rows_of("", "train", 3000, sequence_length=3, num_examples=(2, 6), rule_level=(1, 3))
    names = {json.loads(row["metadata"])["rule"].partition("(")[0] for row in rows}
    assert {
        "REVERSE",
        "ROTATE_LEFT",
        "DROP_LAST",
        "DUPLICATE_EACH",
        "SORT",
        "SORT_DESC",
        "SWAP_PAIRS",
    } <= names
    assert {"CAESAR_SHIFT", "MIRROR", "REVERSE_SEGMENTS", "INTERLEAVE_HALVES"} <= names


def test_no_trained_function_fits_a_held_out_composition_shown_on_three_letters() -> None:
    rows = [row for row in rows_of("heldout", "test", 600, sequence_length=(3, 4)) if is_held_out(row)]
    everything = rows + [row for row in rows_of("heldout", "test", 3000) if is_held_out(row)]
    held = {space.signature(json.loads(row["metadata"])["rule"]) for row in everything}
    assert len(rows) > 200
    assert len(held) > 90
    for row in rows:
        fitting = checks.consistent(checks.parse(row["input_text"]))
        assert {tuple(map(f, space.PROBES)) for f in fitting} <= held


def is_held_out(row: dict[str, Any]) -> bool:
    """Whether the row says that its composition is held out."""
    return bool(json.loads(row["metadata"])["held_out"])
