"""The published results are those that the package holds, and the dataset card shows them."""

from pathlib import Path

from support import docs_module

from synthlm_tasks.audit.published import load_summary, overlaps_table, shortcuts_table
from synthlm_tasks.audit.sample import choose_configs

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "validity.md").read_text("utf-8")


def tables() -> list[str]:
    """What `docs/validity_tables.py` prints."""
    return list(docs_module("validity_tables").tables())


def test_the_page_has_the_committed_results() -> None:
    for table in tables():
        assert table in PAGE
    assert f"dataset version {load_summary().dataset_version}" in PAGE


def test_the_committed_results_are_of_the_whole_catalog_and_of_sound_rows() -> None:
    found = load_summary()
    assert set(found.best) == set(found.chance) == set(choose_configs([]))
    assert (found.samples, found.violations) == (25_000, 0)
    assert all(best["learned"].accuracy <= 1 for best in found.best.values())
    assert all(most.size <= most.bound for entry in found.inherent for most in entry.most.values())


def test_a_table_has_a_line_for_each_config_that_was_measured() -> None:
    head, rule, line = shortcuts_table(load_summary(), ["logic-parity", "no-such-config"]).splitlines()
    assert head.startswith("| config | chance | best guess |")
    assert rule.count("|") == line.count("|") == head.count("|")
    assert line.startswith("| `logic-parity` | 50.0 |")


def test_what_of_test_stands_in_train_is_in_the_table_in_percent() -> None:
    found = load_summary().model_copy(update={"overlaps": {"dyna-easy": {"program": 0.0, "effect": 0.125}}})
    assert overlaps_table(found).splitlines()[2:] == ["| `dyna-easy` | program 0.0, effect 12.5 |"]
