"""A curriculum of all tasks beside the pure Parquet write of the same rows, at several budgets.

    python benchmarks/curriculum.py [--budgets 10M 100M 1B] [--processes 1 2] [--ray 1 2] > FILE

Each run is the command itself (`synthlm merged`) in a process of its own: wall time, CPU time of all its
processes, and the peak of their memory together (proportional set size, so that shared pages count once).
Beside each budget stands the pure write: one process that reads the very tables of the finished shards into
memory, one shard at a time, and writes them again with the same options; only writing is timed. Start-up (a
run of the smallest budget that the command takes) is left out of the time per row. Prints a Markdown table.
"""

import argparse
import itertools
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from eval_harness.architectures.processor import processor_name
from synthlm_tasks.curriculum.formats import GROUP_ROWS, PARQUET_OPTIONS

COMMAND: Final = [sys.executable, "-c", "from synthlm_tasks.cli import run; run()", "merged"]
SMALLEST: Final = "20K"


@dataclass(frozen=True)
class Run:
    """What one run took."""

    wall: float
    cpu: float
    peak: float


def run(budget: str, folder: Path, *options: str) -> Run:
    """Run the command in an empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    begun = time.monotonic()
    process = subprocess.Popen(
        [*COMMAND, "--total-tokens", budget, "--output-dir", str(folder), *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    memory = Watch(process.pid)
    memory.start()
    code = process.wait()
    wall = time.monotonic() - begun
    memory.join()
    if code:
        raise SystemExit(f"the command ended with {code} at {budget} {' '.join(options)}")
    return Run(wall, sum(memory.cpu.values()), memory.peak)


class Watch(threading.Thread):
    """Samples the memory and CPU seconds of a process and all its descendants until it ends.

    What a process does after it was last looked at, at most a quarter of a second, is not counted.
    """

    def __init__(self, pid: int) -> None:
        """Watch `pid`."""
        super().__init__(daemon=True)
        self._pid = pid
        self.peak = 0.0
        self.cpu: dict[int, float] = {}

    def run(self) -> None:
        """Sample the time four times a second, and once the memory, which goes through all pages."""
        for turn in itertools.count():
            family = list(_family(self._pid))
            if turn % 4 == 0:
                self.peak = max(self.peak, sum(map(_memory, family)))
            for pid in family:
                self.cpu[pid] = max(_cpu(pid), self.cpu.get(pid, 0.0))
            time.sleep(0.25)
            if not Path(f"/proc/{self._pid}/stat").exists():
                return


def _family(pid: int) -> Iterator[int]:
    yield pid
    for children in Path("/proc").glob(f"{pid}/task/*/children"):
        try:
            for child in children.read_text().split():
                yield from _family(int(child))
        except OSError:
            continue  # it has ended


def _memory(pid: int) -> float:
    """MiB of a process: its own pages, and its share of those it shares."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def _cpu(pid: int) -> float:
    """CPU seconds of a process so far."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def pure_write(folder: Path) -> tuple[float, float, int, float]:
    """Wall and CPU seconds of writing a folder's tables again, their rows, and the MB written."""
    wall = cpu = size = 0.0
    rows = 0
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        for path in sorted(folder.glob("*.parquet")):
            table = pq.read_table(path, use_threads=False).combine_chunks()
            groups = [table.slice(at, GROUP_ROWS) for at in range(0, len(table), GROUP_ROWS)]
            copy = Path(scratch) / path.name
            begun, begun_cpu = time.monotonic(), time.process_time()
            with pq.ParquetWriter(copy, table.schema, **PARQUET_OPTIONS) as writer:
                for group in groups:
                    writer.write_table(group)
            wall, cpu = wall + time.monotonic() - begun, cpu + time.process_time() - begun_cpu
            rows, size = rows + len(table), size + copy.stat().st_size / 1e6
            copy.unlink()
    return wall, cpu, rows, size


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--budgets", nargs="*", default=["10M", "100M", "1B"])
    parser.add_argument("--processes", nargs="*", type=int, default=[1, 2])
    parser.add_argument("--ray", nargs="*", type=int, default=[])
    parser.add_argument("--folder", type=Path, default=None, help="where to write (a temporary folder)")
    given = parser.parse_args()
    kinds = {f"{n} process{'es' * (n > 1)}": ["--num-proc", str(n)] for n in given.processes}
    kinds |= {f"Ray, {n}": ["--executor", "ray", "--num-proc", str(n)] for n in given.ray}
    columns = ("tokens", "writers", "rows", "MB", "wall, s", "CPU, s", "peak, MiB", "µs/row", "pure write, s")
    print(f"| {' | '.join(columns)} | wall / pure |\n|---|---|{'---:|' * (len(columns) - 1)}")
    with tempfile.TemporaryDirectory(dir=given.folder) as scratch:
        folder = Path(scratch) / "made"
        start_up = {kind: run(SMALLEST, folder, *options).wall for kind, options in kinds.items()}
        for budget in given.budgets:
            made = {kind: run(budget, folder, *options) for kind, options in kinds.items()}
            wall, _, rows, size = pure_write(folder)
            for kind, took in made.items():
                each = (took.wall - start_up[kind]) / rows * 1e6
                print(
                    f"| {budget} | {kind} | {rows:,} | {size:,.0f} | {took.wall:.1f} | {took.cpu:.1f} | "
                    f"{took.peak:,.0f} | {each:.2f} | {wall:.1f} | {took.wall / wall:.2f} |",
                    flush=True,
                )
    libraries = f"Python {platform.python_version()}, pyarrow {pa.__version__}"
    print(f"\n{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores, {processor_name()}; {libraries}.")


if __name__ == "__main__":
    main()
