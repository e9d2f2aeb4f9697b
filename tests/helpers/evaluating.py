"""What the tests of evaluations share: running `synthlm eval`, and reading what it leaves behind."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from endpoint import Endpoint

from synthlm_tasks import cli

IN_BETWEEN: Final = ("latency_ms", "timestamp", "attempts")
"""What equal runs may differ in."""

_QUICK: Final = {
    "--requests-per-minute": ["0"],
    "--tasks": ["dyna", "logic"],
    "--samples-per-combo": ["5"],
}


def command(served: Endpoint, directory: Path, *options: str) -> list[str]:
    """A new run of 30 quick samples, unless `options` say otherwise."""
    chosen = ["eval", "--base-url", served.url, "--model", "m", "--output-dir", str(directory), *options]
    for name, values in _QUICK.items():
        if name not in options and not ("--configs" in options and name == "--tasks"):
            chosen += [name, *values]
    return chosen


def evaluate(served: Endpoint, directory: Path, *options: str) -> int:
    """Run it in this process; returns the exit code."""
    return cli.main(command(served, directory, *options))


def started(arguments: Iterable[str], folder: Path | None = None) -> "subprocess.Popen[str]":
    """The command in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-P", "-c", "from synthlm_tasks.cli import run; run()", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=folder,
        env={**os.environ, "COLUMNS": "200"},
    )


def read(directory: Path, name: str) -> dict[str, Any]:
    """One of the run's JSON files."""
    return json.loads((directory / f"{name}.json").read_text())


def lines(directory: Path) -> list[dict[str, Any]]:
    """The journal's lines."""
    return [json.loads(line) for line in (directory / "results.jsonl").read_bytes().splitlines()]


def winning(directory: Path) -> dict[tuple[str, int], dict[str, Any]]:
    """The first line of each sample and epoch that is no error, without what equal runs may differ in."""
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for line in lines(directory):
        kept = {name: value for name, value in line.items() if name not in IN_BETWEEN}
        if line["outcome"] != "error":
            found.setdefault((line["sample_id"], line["epoch"]), kept)
    return found


def without_timing(summary: dict[str, Any]) -> dict[str, Any]:
    """A summary without what equal runs may differ in."""
    return {name: value for name, value in summary.items() if name not in ("run_id", "timing")}
