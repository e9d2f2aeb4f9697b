"""What held-out rows of Inducto promise, against a million train rows: by text alone, in plain Python."""

import itertools
import re
from collections.abc import Iterable, Iterator

import pytest
from support import STOCK

from synthlm_tasks.audit.inducto import space
from synthlm_tasks.rows.splits import Split
from synthlm_tasks.rows.tables import make_table

pytestmark = pytest.mark.slow

TRAIN_ROWS = 1_000_000
AT_ONCE = 131_072
SEEDS = (42, 7, 2026)
CONFIGS = [name for name in STOCK if name.startswith("inducto")]
TRAINED = ("inducto-easy", "inducto-medium", "inducto-hard", "inducto-ramp-hard", "inducto-heldout-hard")

INPUT = re.compile(r"(?:Ex\d+|Query): \[([A-Z ]+)\]")
QUERY = re.compile(r"Query: \[([A-Z ]+)\]")
PAIR = re.compile(r"Ex\d+: \[([A-Z ]+)\] -> \[([A-Z ]+)\]")
RULE = re.compile(r'"rule":"([^"]*)","held_out":true')


def column(config: str, split: Split, rows: int, seed: int, name: str) -> Iterator[list[str]]:
    """One column of a config's first rows, portion by portion."""
    for start in range(0, rows, AT_ONCE):
        yield make_table(STOCK[config], seed, split, start, min(AT_ONCE, rows - start))[name].to_pylist()


@pytest.fixture(scope="module")
def queries() -> set[str]:
    """The letters of every query in whole validation and test splits of all configs, under every seed."""
    splits: tuple[Split, ...] = ("validation", "test")
    return {
        "".join(sorted(query.replace(" ", "")))
        for config, seed, split in itertools.product(CONFIGS, SEEDS, splits)
        for texts in column(config, split, 5000, seed, "input_text")
        for query in QUERY.findall("\n".join(texts))
    }


@pytest.mark.parametrize("config", TRAINED)
def test_no_held_out_query_stands_in_a_million_train_problems_in_any_order(
    config: str, queries: set[str]
) -> None:
    assert len(queries) > 500
    trained: set[str] = set()
    for texts in column(config, "train", TRAIN_ROWS, SEEDS[0], "input_text"):
        trained.update(INPUT.findall("\n".join(texts)))
    assert len(trained) > 100_000
    assert queries.isdisjoint("".join(sorted(sequence.replace(" ", ""))) for sequence in trained)


def fits(names: Iterable[str], examples: list[tuple[str, str]]) -> bool:
    """Whether any of these functions makes each output of its input."""
    return any(all(space.rule(name)(given) == made for given, made in examples) for name in names)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_trained_function_fits_any_row_whose_composition_is_held_out(seed: int) -> None:
    texts, stated = (
        column("inducto-heldout-hard", "test", 5000, seed, name) for name in ("input_text", "metadata")
    )
    rows = [
        ([(given.replace(" ", ""), made.replace(" ", "")) for given, made in PAIR.findall(text)], rule[1])
        for text, metadata in zip(itertools.chain(*texts), itertools.chain(*stated), strict=True)
        if (rule := RULE.search(metadata))
    ]
    held = {space.signature(rule) for _, rule in rows}
    assert len(rows) > 2000
    assert len(held) > 90
    names = [*space.ATOMS, *(f"{one} then {two}" for one in space.ATOMS for two in space.ATOMS)]
    trained = list({s: name for name in names if (s := space.signature(name)) not in held}.values())
    assert [rule for examples, rule in rows if fits(trained, examples)] == []


def test_a_million_train_rows_have_no_composition_that_is_held_out() -> None:
    held: set[str] = set()
    for metadata in column("inducto-heldout-hard", "test", 5000, SEEDS[0], "metadata"):
        held.update(RULE.findall("\n".join(metadata)))
    trained: set[str] = set()
    for metadata in column("inducto-heldout-hard", "train", TRAIN_ROWS, SEEDS[0], "metadata"):
        trained.update(re.findall(r'"rule":"([^"]*)"', "\n".join(metadata)))
    assert len(held) > 90
    assert len(trained) > 300
    assert {space.signature(name) for name in held}.isdisjoint(map(space.signature, trained))
