"""`examples/scaling_law.py`: a model in the table is not trained again, and a table means one thing."""

import csv
import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

pytest.importorskip("torch", reason="needs the extra train")
pytest.importorskip("transformers", reason="needs the extra train")

EXAMPLES = Path(__file__).parents[2] / "examples"
PUBLISHED = Path(__file__).parents[2] / "docs" / "scaling"
SMALL = ("1x16", "1x32")


@pytest.fixture
def law(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(str(EXAMPLES))
    matplotlib = importlib.import_module("matplotlib")
    with matplotlib.rc_context({"backend": "agg"}):
        yield importlib.import_module("scaling_law")


def made(law: ModuleType, size: str, **settings: int) -> list[dict[str, str]]:
    """Rows of a model as if it had been trained."""
    rows: list[dict[str, str]] = law.cells(law.Grid(), law.Alike(**settings), size)
    found = {
        "parameters": "1000",
        "correct": "250",
        "accuracy": "0.5",
        "low": "0.1",
        "high": "0.9",
    }
    return [row | found | {"chance": "0.1", "seconds": "3"} for row in rows]


def wanted(law: ModuleType) -> dict[str, list[dict[str, str]]]:
    return {size: law.cells(law.Grid(), law.Alike(), size) for size in SMALL}


def test_models_in_the_table_are_found_again(law: ModuleType, tmp_path: Path) -> None:
    table = tmp_path / "results.csv"
    assert law.read(table, wanted(law)) == {}
    law.write(table, {"1x32": made(law, "1x32")}, SMALL)
    assert law.read(table, wanted(law)) == {"1x32": made(law, "1x32")}
    law.write(table, {size: made(law, size) for size in SMALL}, SMALL)
    assert list(law.read(table, wanted(law))) == list(SMALL)
    assert [path.name for path in tmp_path.iterdir()] == ["results.csv"]


def test_a_table_of_other_settings_is_refused(law: ModuleType, tmp_path: Path) -> None:
    table = tmp_path / "results.csv"
    law.write(table, {"1x32": made(law, "1x32", tokens=5)}, SMALL)
    before = table.read_bytes()
    with pytest.raises(SystemExit, match=r"results.csv holds results of other settings.*--output-dir"):
        law.main(grid=law.Grid(sizes=SMALL), output_dir=tmp_path)
    assert table.read_bytes() == before


def test_nothing_is_trained_when_the_table_is_full(law: ModuleType, tmp_path: Path) -> None:
    law.write(tmp_path / "results.csv", {size: made(law, size) for size in SMALL}, SMALL)
    law.main(grid=law.Grid(sizes=SMALL), output_dir=tmp_path)
    assert (tmp_path / "accuracy.png").read_bytes().startswith(b"\x89PNG")


def test_a_model_is_trained_on_all_values_and_scored_at_each(
    law: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[tuple[object, ...]] = []
    train = law.train

    def watched(*given: object) -> Iterator[float]:
        for loss in train(*given):
            steps.append((*given[2:], loss))
            yield loss

    monkeypatch.setattr(law, "train", watched)
    grid = law.Grid(
        config="inducto-easy", axis="num_examples", values=(1, 2), samples=3, fixed='{"rule": "REVERSE"}'
    )
    rows = law.trained(grid, law.Alike(tokens=4096), "1x16")
    assert [step[:2] for step in steps] == 4 * [("inducto-easy", {"rule": "REVERSE", "num_examples": (1, 2)})]
    assert [(row["value"], row["total"]) for row in rows] == [("1", "3"), ("2", "3")]
    assert all(float(row["low"]) <= float(row["accuracy"]) <= float(row["high"]) for row in rows)
    assert {row["heads"] for row in rows} == {"1"}


def test_more_samples_than_there_are_is_said_before_training(
    law: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(law, "train")
    grid = law.Grid(samples=5001)
    with pytest.raises(SystemExit, match="--samples 5001: the test split has only 5000 rows"):
        law.trained(grid, law.Alike(), "1x16")


@pytest.mark.parametrize(
    ("folder", "grid", "tokens"),
    [
        (PUBLISHED, {}, 10_000_000),
        (
            PUBLISHED / "num_examples",
            {"config": "inducto-easy", "axis": "num_examples", "values": (1, 2, 3, 4), "fixed": "{}"},
            8_000_000,
        ),
    ],
)
def test_the_published_tables_are_what_the_script_writes(
    law: ModuleType, folder: Path, grid: dict[str, object], tokens: int
) -> None:
    made, training = law.Grid(**grid), law.Alike(tokens=tokens)
    cells = [row for size in made.sizes for row in law.cells(made, training, size)]
    with (folder / "results.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    for row, cell in zip(table, cells, strict=True):
        cell["dataset_version"] = row["dataset_version"]  # of the day on which it was made
        assert {name: row[name] for name in cell} == cell
        assert float(row["accuracy"]) == pytest.approx(int(row["correct"]) / int(row["total"]), abs=1e-6)
        assert float(row["low"]) <= float(row["accuracy"]) <= float(row["high"])
