"""What imports cost, beside those of the libraries that they cannot do without.

    python benchmarks/imports.py [--repeats 9]

CPU seconds (user and system) of a fresh process, the least of the repeats; contenders take turns.
"""

import argparse
import os
import subprocess
import sys
from typing import Final

BASELINE: Final = "import numpy, pyarrow, pydantic"
CONTENDERS: Final = {
    BASELINE: ["-c", BASELINE],
    "import synthlm_tasks": ["-c", "import synthlm_tasks"],
    "from synthlm_tasks import TASKS": ["-c", "from synthlm_tasks import TASKS"],
    "import synthlm_tasks.packing": ["-c", "import synthlm_tasks.packing"],
    "import datasets": ["-c", "import datasets"],
    "synthlm --version": ["-c", "from synthlm_tasks.cli import run; run()", "--version"],
}


def cpu_seconds(arguments: list[str]) -> float:
    """CPU time of a fresh interpreter with these arguments."""
    process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{arguments}: exit status {status}")
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Print a Markdown table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeats", type=int, default=9)
    repeats = parser.parse_args().repeats
    best = dict.fromkeys(CONTENDERS, float("inf"))
    for _ in range(repeats):
        for name, arguments in CONTENDERS.items():
            best[name] = min(best[name], cpu_seconds(arguments))
    print("| | CPU seconds | × baseline |\n|---|---:|---:|")
    for name, seconds in best.items():
        print(f"| `{name}` | {seconds:.3f} | {seconds / best[BASELINE]:.2f} |")


if __name__ == "__main__":
    main()
