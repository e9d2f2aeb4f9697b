"""docs/architectures.md says what the code does."""

import re
from pathlib import Path

from support import docs_module

from eval_harness.architectures.comparison.predictions import BANDS, PREDICTIONS
from eval_harness.architectures.sweep.plan import STOCK, Settings
from eval_harness.architectures.sweep.reading import make_plan, packaged_plans, read_plan
from eval_harness.architectures.sweep.table import read_rows

HOME = Path(__file__).parents[2]
PAGE = (HOME / "docs" / "architectures.md").read_text("utf-8")


def _between(words: str) -> str:
    """What stands on the page after this comment, up to the next one."""
    return PAGE.partition(f"<!-- {words} -->")[2].partition("<!--")[0].strip()


def test_the_tables_of_two_cores_are_those_of_its_runs() -> None:
    progress, measured, predictions, higher = docs_module("sweep_tables").tables()
    assert _between("progress") == progress
    assert _between("two-cores: every seed") == measured
    assert _between("predictions: from results.md") == predictions
    assert _between("inducto at 0.02: every seed") == higher


def test_every_prediction_is_in_the_table_and_nothing_else() -> None:
    table = _between("predictions: from results.md")
    found = [tuple(cell.strip(" `") for cell in line.split("|")[1:4]) for line in table.splitlines()[2:]]
    assert found == [(one.task, one.architecture, one.words) for one in PREDICTIONS]
    assert f"at least {BANDS['good'][0]:.0%}" in re.sub(r"\s+", " ", PAGE)
    assert f"less than {BANDS['poor'][1]:.0%}" in re.sub(r"\s+", " ", PAGE)


def test_every_plan_and_every_setting_is_named() -> None:
    assert set(re.findall(r"^\| `([\w-]+)` \| .* \| .* \|$", PAGE, re.MULTILINE)) >= set(packaged_plans())
    for name in Settings.model_fields:
        assert f"`{name}`" in PAGE, name
    assert f"{STOCK.samples}, {STOCK.curve_points} |" in PAGE
    assert f"`10M`, {STOCK.batch_size}, {STOCK.data_seed}, `{STOCK.vocabulary}`, `{STOCK.loss}`" in PAGE


def test_the_mixer_of_the_docs_was_trained_as_the_published_ones() -> None:
    planned = make_plan(read_plan("headline"), {"architectures": ["mine:DecayingMean"]}).runs()
    rows = read_rows(HOME / "docs" / "sweeps" / "mine" / "sweep.parquet")
    assert [row.spec.key for row in rows] == [run.spec.key for run in planned]
    for name, words in (
        ("four swaps", "{:.0f} to {:.0f}% of four swaps"),
        ("eight swaps", "{:.0f} to {:.0f}% of eight"),
    ):
        found = [100 * row.result.scores[name].accuracy for row in rows]
        assert words.format(min(found), max(found)) in PAGE


def test_the_published_sweep_is_that_of_the_plan_and_the_table_has_every_seed_of_it() -> None:
    planned = {run.spec.key for run in make_plan(read_plan("headline"), {}).runs()}
    tables = []
    for name in ("headline", "headline-again"):
        rows = read_rows(HOME / "docs" / "sweeps" / name / "sweep.parquet")
        assert planned == {row.spec.key for row in rows}
        tables.append({(row.spec.architecture, row.spec.seed): row.result for row in rows})
    told = _between("headline: eight swaps, every seed")
    for line in told.splitlines()[2:]:
        name, *shares, carries = (cell.strip(" `") for cell in line.strip("|").split("|"))
        runs = [[table.pop((name, seed)) for table in tables] for seed in range(3)]
        scores = [[f"{100 * run.scores['eight swaps'].accuracy:.1f}" for run in seed] for seed in runs]
        assert shares == [f"{' / '.join(seed)}%" for seed in scores]
        assert {carries} == {f"{run.state_size:,}" for seed in runs for run in seed}
    assert tables == [{}, {}]
