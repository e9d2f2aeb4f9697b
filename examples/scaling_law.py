"""A mini scaling law: models of several sizes, trained alike, scored along one axis of difficulty.

    python examples/scaling_law.py                        # under 20 minutes on two cores
    python examples/scaling_law.py --config dyna-easy --axis num_ops --values 5 10 15 --tokens 1_000_000_000

Every model is trained once on problems from the lowest to the highest value, and scored at each of them.
`results.csv` is written anew when a model is done, so that the same command goes on where it was stopped;
`accuracy.png` is drawn from it. Needs the extra `train`; docs/training.md has more.
"""

import csv
import json
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from time import monotonic
from typing import Annotated, Final, TypeAlias

import cyclopts
import matplotlib.pyplot as plt
import torch
from matplotlib.ticker import PercentFormatter
from rich.console import Console
from train_tiny import Shape, Training, bundled_tokenizer, new_model, score, test_rows, train

from synthlm_tasks import DATASET_VERSION

Row: TypeAlias = dict[str, str]

_FOUND: Final = ("parameters", "correct", "accuracy", "low", "high", "chance", "seconds")
_COLOURS: Final = ("#56b4e9", "#0072b2", "#d55e00", "#00805e", "#a8538a")  # Okabe and Ito's
_MARKERS: Final = "os^Dv"


@cyclopts.Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Grid:
    """What is crossed: values of one axis of a config, and model sizes."""

    config: str = "inducto-hard"
    axis: str = "rule_level"
    """Parameter of the config's task that makes it harder or easier"""
    values: Annotated[tuple[int, ...], cyclopts.Parameter(consume_multiple=True)] = (1, 2, 3)
    sizes: Annotated[tuple[str, ...], cyclopts.Parameter(consume_multiple=True)] = ("2x32", "2x64", "2x128")
    """Layers x width of each model"""
    samples: int = 500
    """Problems of the test split for each value"""
    fixed: str = '{"num_examples": [1, 2]}'
    """Further parameters in place of the config's, as JSON"""


@cyclopts.Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Alike(Training):
    """How every model is trained."""

    context: int = 256
    batch: int = 4
    tokens: int = 10_000_000


def shape_of(size: str) -> Shape:
    """A model's size, e.g. 2x64: 2 layers, width 64, heads of 16."""
    layers, width = map(int, size.split("x"))
    return Shape(layers=layers, width=width, heads=width // 16)


def cells(grid: Grid, training: Training, size: str) -> list[Row]:
    """What identifies the rows of one model, in the table's own terms."""
    about = {
        "dataset_version": DATASET_VERSION,
        "config": grid.config,
        "axis": grid.axis,
        "fixed": grid.fixed,
        "total": grid.samples,
    }
    columns = about | asdict(training) | asdict(shape_of(size))
    return [{name: str(entry) for name, entry in (columns | {"value": at}).items()} for at in grid.values]


def trained(grid: Grid, training: Training, size: str) -> list[Row]:
    """Train one model and score it at every value."""
    torch.set_num_threads(1)  # models are trained side by side instead
    begun, words, fixed = monotonic(), bundled_tokenizer(), json.loads(grid.fixed)
    asked = [test_rows(grid.config, grid.samples, fixed | {grid.axis: value}) for value in grid.values]
    if (least := min(map(len, asked))) < grid.samples:
        raise SystemExit(f"--samples {grid.samples}: the test split has only {least} rows")
    model = new_model(shape_of(size), training, words)
    reach = {grid.axis: (min(grid.values), max(grid.values))}
    for _ in train(model, training, grid.config, fixed | reach):
        pass
    rows = cells(grid, training, size)
    for row, problems in zip(rows, asked, strict=True):
        found = score(model, words, problems)
        low, high = found["ci95"]
        about = {"parameters": model.num_parameters(), "seconds": round(monotonic() - begun)}
        found |= {"low": low, "high": high, **about}
        row |= {name: f"{found[name]:.7g}" for name in _FOUND}
    return rows


def read(path: Path, wanted: Mapping[str, Sequence[Row]]) -> dict[str, list[Row]]:
    """The models that the table holds, by size; refuses a table with other rows than the `wanted` ones."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        known = list(csv.DictReader(file))
    found = {}
    for size, rows in wanted.items():
        names = rows[0].keys()
        held = [row for row in known if {name: row.get(name) for name in names} in rows]
        if len(held) == len(rows):
            found[size] = held
    if sum(map(len, found.values())) < len(known):
        raise SystemExit(f"{path} holds results of other settings: choose another --output-dir")
    return found


def write(path: Path, done: Mapping[str, Sequence[Row]], sizes: Sequence[str]) -> None:
    """Replace the table by one of the models that are done, in one move."""
    rows = [row for size in sizes for row in done.get(size, ())]
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0])
        table.writeheader()
        table.writerows(rows)
    part.replace(path)


def draw(rows: Sequence[Row], path: Path) -> None:
    """Accuracy against difficulty: a line and an interval for every model, and the chance level."""
    figure, axes = plt.subplots(figsize=(6.4, 4), layout="constrained")
    curves: dict[str, list[Row]] = {}
    for row in rows:
        curves.setdefault(f"{int(row['parameters']):,} parameters", []).append(row)
    for number, (label, curve) in enumerate(curves.items()):
        x = [int(row["value"]) for row in curve]
        y, low, high = ([float(row[name]) for row in curve] for name in ("accuracy", "low", "high"))
        colour, marker = _COLOURS[number % 5], _MARKERS[number % 5]
        axes.fill_between(x, low, high, color=colour, alpha=0.18, linewidth=0)
        axes.plot(x, y, color=colour, marker=marker, label=label)
    first = next(iter(curves.values()))
    x, chance = [int(row["value"]) for row in first], [float(row["chance"]) for row in first]
    axes.plot(x, chance, color="#5b6470", linestyle="--", linewidth=1, label="guessing")
    axes.set(xlabel=first[0]["axis"], ylabel="accuracy, 95% interval", xticks=x)
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.grid(axis="y", color="#e3e6ea")
    axes.spines[["top", "right"]].set_visible(False)
    fixed = "".join(f", {name} {value}" for name, value in json.loads(first[0]["fixed"]).items())
    title = f"{first[0]['config']}{fixed}: {int(first[0]['tokens']):,} tokens each"
    axes.set_title(title, loc="left", fontsize="medium")
    axes.legend(frameon=False)
    figure.savefig(path, dpi=150, metadata={"Software": None})


def main(
    *,
    grid: Grid | None = None,
    training: Alike | None = None,
    output_dir: Path = Path("scaling"),
    workers: int = os.cpu_count() or 1,
) -> None:
    """Train the models that the table lacks, score them, and draw the figure.

    :param output_dir: Folder of results.csv and accuracy.png.
    :param workers: Models trained at a time, each on one core.
    """
    grid, training, out = grid or Grid(), training or Alike(), Console(highlight=False)
    path = output_dir / "results.csv"
    done = read(path, {size: cells(grid, training, size) for size in grid.sizes})
    output_dir.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        # The largest first: the others fill the time it takes.
        owed = {
            pool.submit(trained, grid, training, size): size
            for size in reversed(grid.sizes)
            if size not in done
        }
        for future in as_completed(owed):
            size, rows = owed[future], future.result()
            done[size] = rows
            write(path, done, grid.sizes)
            reached = " ".join(f"{row['value']}: {float(row['accuracy']):.1%}" for row in rows)
            out.print(f"{size} in {rows[-1]['seconds']} s, {grid.axis} {reached}")
    draw([row for size in grid.sizes for row in done[size]], output_dir / "accuracy.png")


if __name__ == "__main__":
    cyclopts.run(main)
