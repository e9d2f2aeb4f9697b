"""What the walk through the options that take a path needs: quick invocations, and what lies at a path."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from finished_sweeps import row, write_sweep
from path_options import alias_converter
from run_folders import settings, write_run

from eval_harness.cli import sweep_paths
from eval_harness.mock.server import MockServer
from synthlm_tasks.cli import paths
from synthlm_tasks.tokens.tokenizer import bundled_files

SMALL: Final = {"tasks": ["dyna"], "difficulties": [1], "samples_per_combo": 2}

BASES: Final = {
    "single": ["dyna", "--total-tokens", "20K", "--output-dir", "out"],
    "merged": ["--total-tokens", "20K", "--curriculum-weights", "1", "0", "0", "--output-dir", "out"],
    "export": ["dyna-easy", "--num-samples", "40", "--output-dir", "out"],
    "pack": ["dyna-easy", "--num-samples", "40", "--output-dir", "out"],
    "audit": ["filtro-hard", "--samples", "200", "--num-proc", "1", "--output-dir", "out"],
    "push": ["finished", "user/synthlm"],
    "report": ["run", "--no-png", "--output-dir", "out"],
    "compare": ["run", "other-run"],
    "rescore": ["run"],
    "eval-results": ["run", "--model", "user/model", "--dataset", "user/synthlm", "--output-dir", "out"],
    "mock-server": ["--port", "0"],
    "sweep": ["--report", "sweep", "--no-png", "--output-dir", "out"],
    "eval": ["--model", "m", "--tasks", "dyna", "--difficulties", "1", "--samples-per-combo", "2",
             "--requests-per-minute", "0", "--output-dir", "out"],
    "train": ["logic-easy", "--size", "1x8", "--tokens", "1K", "--samples", "5", "--output-dir", "out"],
}  # fmt: skip
"""A quick invocation of each command that has such an option; paths are in the working folder."""


def make_run(folder: Path) -> None:
    write_run(folder, settings(**SMALL))


def make_finished(folder: Path) -> None:
    shutil.copytree(FINISHED[0], folder)


def make_plan(file: Path) -> None:
    file.write_text('tokens = "1M"\n[[training]]\nconfig = "dyna-easy"\n')


def make_sweep(folder: Path) -> None:
    folder.mkdir()
    write_sweep(folder / "sweep.parquet", [row("gru", seed, 1e-3, 0.5, 0.5) for seed in (0, 1)])


def make_prompt(file: Path) -> None:
    file.write_text("# Think.")  # a prompt, and a file of no options


def make_tokenizer(file: Path) -> None:
    file.write_bytes(bundled_files()["tokenizer.json"])


def make_nothing(_: Path) -> None:
    """What is written is not there before."""


MAKERS: Final[dict[paths.PathConverter, Callable[[Path], None]]] = {
    alias_converter(paths.RunFolder): make_run,
    alias_converter(paths.FinishedRun): make_run,
    alias_converter(paths.FinishedFolder): make_finished,
    alias_converter(paths.InputFile): make_prompt,
    alias_converter(sweep_paths.PlanSource): make_plan,
    alias_converter(sweep_paths.SweepTable): make_sweep,
    alias_converter(paths.OutputFile): make_nothing,
    alias_converter(paths.OutputFolder): make_nothing,
    alias_converter(paths.OutputLocation): make_nothing,
    alias_converter(paths.Dataset): make_finished,
    alias_converter(paths.Tokenizer): make_tokenizer,
}
"""Type of path → what makes one that can be used."""

FINISHED: Final[list[Path]] = []


async def serve_no_more(server: MockServer) -> None:
    async with server:
        pass


def entries(folder: Path) -> dict[str, bytes | None]:
    """Everything in a folder, with the bytes of files."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }
