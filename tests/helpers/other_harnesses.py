"""Runs of `synthlm eval` that runs of other harnesses are held against, sample by sample."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from evaluating import lines
from mock_servers import mock_server

from synthlm_tasks import cli

FAULTS: Final = (
    "no-answer:0.06,truncated:0.06,refused:0.06,filtered:0.06,think:0.06,think-unclosed:0.06,reasoning:0.06"
)
"""Replies of every outcome, and reasoning in every place."""

WAYS: Final = [(endpoint, mode) for endpoint in ("chat", "completions") for mode in ("reasoning", "direct")]


@dataclass(frozen=True)
class Held:
    """A mock server, and what `synthlm eval` made of it."""

    url: str
    run: Path
    log: Path
    """What the server was asked, a line each."""
    asked: int
    """How much of it was asked by `synthlm eval`."""

    @property
    def verdicts(self) -> dict[str, tuple[str, str | None, bool]]:
        """Outcome, answer and whether it is right, by sample id."""
        return {
            line["sample_id"]: (line["outcome"], line["extracted_answer"], line["is_correct"])
            for line in lines(self.run)
        }

    def prompts(self) -> tuple[set[str], set[str]]:
        """Digests of the prompts that `synthlm eval` sent, and of those that came after."""
        sent = [json.loads(line)["prompt"] for line in self.log.read_text("utf-8").splitlines()]
        return set(sent[: self.asked]), set(sent[self.asked :])


@contextmanager
def held_run(folder: Path, endpoint: str, mode: str, samples: int, faults: str = FAULTS) -> Iterator[Held]:
    """A server that has answered `synthlm eval` on all tasks and levels, and answers on."""
    log = folder / "requests.jsonl"
    with mock_server("--faults", faults, "--log", str(log)) as url:
        asked = ["eval", "--base-url", url, "--model", "m", "--endpoint", endpoint, "--mode", mode]
        scale = ["--samples-per-combo", str(samples), "--requests-per-minute", "0", "--quiet"]
        if cli.main([*asked, *scale, "--output-dir", str(folder / "run")]):
            raise RuntimeError("synthlm eval left something unscored")
        yield Held(url, folder / "run", log, len(log.read_bytes().splitlines()))


def run_beside(program: str, *arguments: str, folder: Path, **environment: str) -> str:
    """Run a program installed beside this Python; returns what it printed, on both streams."""
    return run_in(folder, [str(Path(sys.executable).with_name(program)), *arguments], **environment)


def run_in(folder: Path, command: list[str], **environment: str) -> str:
    """Run a command in a folder; returns what it printed, on both streams."""
    plain = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(folder / "home"), "NO_COLOR": "1", "COLUMNS": "200"}
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **plain, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=550,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stdout[-5000:])
    return done.stdout


def run_python(script: str, *arguments: str, folder: Path, **environment: str) -> Any:  # noqa: ANN401  # any JSON
    """Run a script that prints FOUND and some JSON; returns that."""
    helpers = str(Path(__file__).parent)
    path = os.pathsep.join(filter(None, [helpers, os.environ.get("PYTHONPATH")]))
    printed = run_beside(
        Path(sys.executable).name, "-c", script, *arguments, folder=folder, PYTHONPATH=path, **environment
    )
    return json.loads(printed.rpartition("FOUND")[2].splitlines()[0])
