"""How fast `load_dataset("synthlm", CONFIG)` prepares rows, beside a builder that only writes them.

    python benchmarks/builder.py [--rows 1_000_000] [--repeats 3] [--num-proc N] [CONFIG ...]

Two other builders yield ready-made tables of the very same rows: one (an `ArrowBasedBuilder`) has them in
memory, one (`load_dataset("parquet", …)`, the library's own) reads them from zstd Parquet files, which is
where ready rows lie. "generate" is making the rows alone, with no builder around: load_dataset cannot be
faster than generating and writing together, and "of the possible" says how close it comes. All run in turn
in one process with fresh caches; the best of the repeats counts. Prints a Markdown table.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

import datasets
import pyarrow as pa
import pyarrow.parquet as pq

import synthlm_dataset
from eval_harness.architectures.processor import processor_name
from synthlm_tasks.rows import blocks
from synthlm_tasks.rows.tables import count_distinct


class Ready(datasets.ArrowBasedBuilder):  # type: ignore[misc]  # datasets is untyped
    """Writes tables that lie in memory."""

    tables: ClassVar[dict[str, list[pa.Table]]] = {}

    def _info(self) -> datasets.DatasetInfo:
        return datasets.DatasetInfo(features=synthlm_dataset.SynthLM(config_name="all").info.features)

    def _split_generators(self, dl_manager: object) -> list[datasets.SplitGenerator]:  # noqa: ARG002
        return [datasets.SplitGenerator(split, {"split": split}) for split in self.tables]

    def _generate_tables(self, split: str) -> Iterator[tuple[int, pa.Table]]:
        yield from enumerate(self.tables[split])


def _seconds(work: Callable[[str], object]) -> tuple[float, float]:
    """Wall and CPU seconds of `work`, which is given a fresh cache folder."""
    blocks.make_block.cache_clear()
    count_distinct.cache_clear()  # the plan asks it anew, as in a new process
    with tempfile.TemporaryDirectory() as cache:
        wall, cpu = time.perf_counter(), _cpu()
        made = work(cache)
        spent = time.perf_counter() - wall, _cpu() - cpu
        if isinstance(made, datasets.DatasetDict):
            for split, tables in Ready.tables.items():
                if made[split][-1] != tables[-1].slice(len(tables[-1]) - 1).to_pylist()[0]:
                    raise SystemExit(f"{split}: not the same rows")
        return spent


def _cpu() -> float:
    """CPU seconds of this process and of its finished children."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _write_ready(cache: str) -> datasets.DatasetDict:
    builder = Ready(cache_dir=cache)
    builder.download_and_prepare()
    return builder.as_dataset()


def _compare(config: str, rows: int, repeats: int, num_proc: int | None) -> str:
    """One line of the table."""
    plan = synthlm_dataset.SynthLM(config_name=config, num_samples=rows).config.plan()
    Ready.tables = {split: list(mixture.tables()) for split, mixture in plan.items()}
    megabytes = sum(table.nbytes for tables in Ready.tables.values() for table in tables) / 1e6

    def load(cache: str) -> datasets.DatasetDict:
        chosen = {"num_samples": rows, "cache_dir": cache, "num_proc": num_proc}
        return datasets.load_dataset("synthlm", config, **chosen)

    def generate(_: str) -> None:
        for mixture in plan.values():
            for _table in mixture.tables():
                pass

    with tempfile.TemporaryDirectory() as folder:
        files = {split: str(Path(folder, f"{split}.parquet")) for split in plan}
        for split, tables in Ready.tables.items():
            pq.write_table(pa.concat_tables(tables), files[split], compression="zstd", row_group_size=1 << 16)

        def read(cache: str) -> datasets.DatasetDict:
            return datasets.load_dataset("parquet", data_files=files, cache_dir=cache)

        works = (load, generate, _write_ready, read)
        runs = [[_seconds(work) for work in works] for _ in range(repeats)]
    loaded, made, written, parsed = (
        tuple(min(run[work][clock] for run in runs) for clock in (0, 1)) for work in range(len(works))
    )
    seconds = " | ".join(f"{value:.2f}" for value in (*loaded, made[1], *written, *parsed))
    wall, cpu = (f"{written[i] / loaded[i]:.2f} | {parsed[i] / loaded[i]:.2f}" for i in (0, 1))
    possible = (made[1] + written[1]) / loaded[1]
    return f"| {config} | {rows:,} | {megabytes:,.0f} | {seconds} | {wall} | {cpu} | {possible:.2f} |"


def main() -> None:
    """Measure the configs named on the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("configs", nargs="*", default=["dyna-hard"], metavar="CONFIG")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--num-proc", type=int, help="processes of load_dataset")
    chosen = parser.parse_args()
    datasets.disable_progress_bars()
    print(f"datasets {datasets.__version__}, pyarrow {pa.__version__}, {os.cpu_count()} cores, ", end="")
    print(f"{processor_name()}, {time.strftime('%Y-%m-%d')}\n")
    print("| config | rows | MB | load_dataset, s | CPU s | generate, CPU s | memory, s | CPU s ", end="")
    print("| Parquet, s | CPU s | memory / load, wall | Parquet / load, wall | memory / load, CPU ", end="")
    print("| Parquet / load, CPU | of the possible, CPU |")
    print("|---|" + "---:|" * 14)
    for config in chosen.configs:
        print(_compare(config, chosen.rows, chosen.repeats, chosen.num_proc), flush=True)


if __name__ == "__main__":
    main()
