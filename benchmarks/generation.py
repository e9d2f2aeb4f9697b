"""Generation against the Parquet writer, for every config, in one run.

    python benchmarks/generation.py [--rows 131072] [--repeats 4] [--configs NAME ...] > FILE

For each config: CPU time to generate a table of fresh training rows (of so many for each part that the config
is mixed from), of `write_table(compression="zstd")` on that very table and of a plain row-at-a-time generator
of the same problems where there is one (the floor, in `plain_python_tasks.py`; its best hundred rows).

"writer / generator" is 1.0 where rows cost no more to make than to write. All in one process; generating and
writing take turns, so that noise hits both alike, and the mean of each counts. A table is dropped before the
next is made, so that memory asked for anew is paid for. "at best" is the same ratio of the best of each.
"test / train" is what a row of the test split costs beside one of train, for one part: 5,000 rows,
or as many as there are, those that repeat others made too. Prints a Markdown table.
"""

import argparse
import io
import os
import platform
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar, TypeVarTuple

import numpy as np
import plain_python_tasks as plain
import pyarrow as pa
import pyarrow.parquet as pq

from eval_harness.architectures.processor import processor_name
from synthlm_tasks import catalog
from synthlm_tasks.options import default_options
from synthlm_tasks.rows import blocks, tables
from synthlm_tasks.rows.mixing import Mixture
from synthlm_tasks.rows.presets import LEVELS

PLAIN_HUNDREDS = 4  # its slowest rows take milliseconds each
TEST_ROWS = 5000

_Made = TypeVar("_Made")
_Given = TypeVarTuple("_Given")


def timed(work: Callable[[*_Given], _Made], *given: *_Given) -> tuple[float, _Made]:
    """CPU seconds of `work`, all threads together, and what it made."""
    blocks.make_block.cache_clear()
    start = time.process_time()
    made = work(*given)
    return time.process_time() - start, made


def training_rows(config: str, count: int) -> Mixture:
    """The first training rows of a config, to be made: `count` for each of its parts."""
    count *= len(catalog.configs()[config].parts)
    options = replace(default_options(), num_samples=count, split_ratios=(1.0, 0.0, 0.0))
    return catalog.plan(config, options, {})["train"]


def generate(mixture: Mixture) -> pa.Table:
    """All rows of a mixture."""
    return pa.concat_tables(mixture.tables())


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


def held_out_seconds(mixture: Mixture, repeats: int) -> float:
    """CPU seconds of a row of the test split of a mixture of one part."""
    recipe = mixture.recipes[0]
    spent = []
    for seed in range(1, repeats + 1):
        count = tables.count_distinct(recipe, seed, "test", TEST_ROWS)  # outside: a plan counts once
        spent.append(timed(tables.make_table, recipe, seed, "test", 0, count)[0] / count)
    return statistics.mean(spent)


def line(config: str, count: int, repeats: int) -> str:
    """One line of the table."""
    mixture = training_rows(config, count)
    write(generate(mixture))  # builds the tables of task and recipe, once for any number of rows
    made, written, text = [], [], 0
    for seed in range(1, repeats + 1):
        seconds, table = timed(generate, replace(mixture, seed=seed))
        made.append(seconds)
        written.append(timed(write, table)[0])
        text = table.nbytes
        del table
    generating, writing = statistics.mean(made), statistics.mean(written)
    rows = mixture.rows
    speeds = f"{rows / generating:,.0f} | {text / generating / 1e6:,.0f} | {rows / writing:,.0f}"
    ratios = f"{writing / generating:.2f} | {min(written) / min(made):.2f}"
    one_part = len(mixture.recipes) == 1
    test = f"{held_out_seconds(mixture, repeats) * rows / generating:.1f}" if one_part else ""
    known = config.rpartition("-")[0] in plain.MAKERS and config.rpartition("-")[2] in LEVELS
    floor = plain_rows_per_second(config) if known else 0
    beside = f"{floor:,.0f} | {rows / generating / floor:,.0f}" if floor else " | "
    return f"| {config} | {speeds} | {ratios} | {test} | {beside} |"


def machine() -> str:
    """What was measured on what, in a line."""
    versions = f"Python {platform.python_version()}, numpy {np.__version__}, pyarrow {pa.__version__}"
    return f"{time.strftime('%Y-%m-%d')}, {processor_name()}, {os.cpu_count()} cores; {versions}"


def main() -> None:
    """Measure the configs chosen on the command line."""
    known = list(catalog.configs())
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rows", type=int, default=131_072, help="rows of a table (default: four blocks)")
    parser.add_argument("--repeats", type=int, default=4)
    parser.add_argument("--configs", nargs="+", choices=known, default=known, metavar="NAME")
    chosen = parser.parse_args()
    print("| config | rows/s | MB/s | writer, rows/s | writer / generator | at best ", end="")
    print("| test / train | plain, rows/s | times faster |")
    print("|---|" + "---:|" * 8)
    for config in chosen.configs:
        print(line(config, chosen.rows, chosen.repeats), flush=True)
    print(f"\nPer CPU-second, mean of {chosen.repeats} tables of {chosen.rows:,} rows a part. {machine()}.")


if __name__ == "__main__":
    main()
