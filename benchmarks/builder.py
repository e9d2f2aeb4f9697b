"""How fast `load_dataset("synthlm", CONFIG)` prepares rows, beside a builder that only writes them.

    python benchmarks/builder.py [--rows 1_000_000] [--repeats 3] [--num-proc N] [CONFIG ...]

The other builder is an `ArrowBasedBuilder` that yields ready-made tables of the very same rows from
memory. "generate" is making the rows alone, with no builder around: load_dataset cannot be faster than
generating and writing together, and "of the possible" says how close it comes. All run in turn in one
process with fresh caches; the median of the repeats counts. Prints a Markdown table.
"""

import argparse
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import ClassVar

import datasets
import pyarrow as pa

import synthlm_dataset


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

    runs = [[_seconds(work) for work in (load, generate, _write_ready)] for _ in range(repeats)]
    loaded, made, written = (
        tuple(statistics.median(run[work][clock] for run in runs) for clock in (0, 1)) for work in range(3)
    )
    seconds = " | ".join(f"{value:.2f}" for value in (*loaded, made[1], *written))
    possible = (made[1] + written[1]) / loaded[1]
    ratios = f"{written[0] / loaded[0]:.2f} | {written[1] / loaded[1]:.2f} | {possible:.2f}"
    return f"| {config} | {rows:,} | {megabytes:,.0f} | {seconds} | {ratios} |"


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
    print(f"{platform.machine()}, {time.strftime('%Y-%m-%d')}\n")
    print("| config | rows | MB | load_dataset, s | CPU s | generate, CPU s | Arrow-only, s | CPU s ", end="")
    print("| Arrow-only / load, wall | CPU | of the possible, CPU |")
    print("|---|" + "---:|" * 10)
    for config in chosen.configs:
        print(_compare(config, chosen.rows, chosen.repeats, chosen.num_proc), flush=True)


if __name__ == "__main__":
    main()
