"""Generation against the Parquet writer, for every task and level, in one run.

    python benchmarks/generation.py [--rows 32768] [--repeats 15] [--configs NAME ...] > FILE

For each level: CPU time to generate a table of fresh rows, CPU time of `write_table(compression="zstd")` on
that very table, and CPU time of a plain row-at-a-time generator of the same problems (the floor, in
`plain_python_tasks.py`).
The ratio is writer / generator: 1.0 means that rows cost no more to make than to write. All in one process;
generating and writing take turns, so that noise hits both alike, and the best of each counts. A table is one
block by default and is dropped before the next is made, as in streaming: the cost of memory that was never
touched before, which here can exceed that of making the rows, is not counted. Prints a Markdown table.
"""

import argparse
import io
import os
import platform
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar, TypeVarTuple

import numpy as np
import plain_python_tasks as plain
import pyarrow as pa
import pyarrow.parquet as pq

from synthlm_tasks import TASKS
from synthlm_tasks.rows import blocks, tables
from synthlm_tasks.rows.blocks import Recipe
from synthlm_tasks.rows.presets import LEVELS, task_preset
from synthlm_tasks.rows.recipes import level_recipe

PLAIN_HUNDREDS = 4  # its slowest rows take milliseconds each

_Made = TypeVar("_Made")
_Given = TypeVarTuple("_Given")


def recipes() -> Iterator[tuple[str, Recipe]]:
    """Every level of every family that the plain generator makes too, by config name."""
    for name, task in TASKS.items():
        for variant in ("", *task_preset(name).families):
            family = f"{name}-{variant}" if variant else name
            if family not in plain.MAKERS:
                continue
            for level, number in LEVELS.items():
                yield f"{family}-{level}", level_recipe(task.of_variant(variant), family, number, {})


def timed(work: Callable[[*_Given], _Made], *given: *_Given) -> tuple[float, _Made]:
    """CPU seconds of `work`, all threads together, and what it made."""
    start = time.process_time()
    made = work(*given)
    return time.process_time() - start, made


def generate(recipe: Recipe, seed: int, count: int) -> pa.Table:
    """The first training rows of a seed, made afresh."""
    blocks.make_block.cache_clear()
    return tables.make_table(recipe, seed, "train", 0, count)


def write(table: pa.Table) -> None:
    """Write a Parquet file to memory."""
    pq.write_table(table, io.BytesIO(), compression="zstd")


def plain_rows_per_second(config: str) -> float:
    """The speed of the plain generator: the best of the second to the last hundred rows."""
    family, _, level = config.rpartition("-")
    draw = random.Random(0)

    def hundred() -> None:
        for number in range(100):
            plain.row(family, level, number, draw)

    hundred()
    return 100 / min(timed(hundred)[0] for _ in range(PLAIN_HUNDREDS))


def line(config: str, recipe: Recipe, count: int, repeats: int) -> str:
    """One line of the table."""
    write(generate(recipe, 0, blocks.BLOCK_ROWS["train"]))  # builds the task's tables
    made, written, text = [], [], 0
    for seed in range(1, repeats + 1):
        seconds, table = timed(generate, recipe, seed, count)
        made.append(seconds)
        written.append(timed(write, table)[0])
        text = table.nbytes
        del table
    generating, writing = min(made), min(written)
    floor = plain_rows_per_second(config)
    speeds = f"{count / generating:,.0f} | {text / generating / 1e6:,.0f} | {count / writing:,.0f}"
    times = count / generating / floor
    return f"| {config} | {speeds} | {writing / generating:.2f} | {floor:,.0f} | {times:,.0f} |"


def machine() -> str:
    """What was measured on what, in a line."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    models = [text.partition(": ")[2] for text in lines if text.startswith("model name")]
    model = models[0] if models else platform.processor() or platform.machine()
    versions = f"Python {platform.python_version()}, numpy {np.__version__}, pyarrow {pa.__version__}"
    return f"{time.strftime('%Y-%m-%d')}, {model}, {os.cpu_count()} cores; {versions}"


def main() -> None:
    """Measure the configs chosen on the command line."""
    known = dict(recipes())
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rows", type=int, default=32768, help="rows of a table (default: one block)")
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--configs", nargs="+", choices=known, default=list(known), metavar="NAME")
    chosen = parser.parse_args()
    print("| config | rows/s | MB/s | writer, rows/s | writer / generator | plain, rows/s | times faster |")
    print("|---|" + "---:|" * 6)
    for config in chosen.configs:
        print(line(config, known[config], chosen.rows, chosen.repeats), flush=True)
    print(f"\nPer CPU-second, best of {chosen.repeats} runs of {chosen.rows:,} rows. {machine()}.")


if __name__ == "__main__":
    main()
