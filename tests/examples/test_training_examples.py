"""The examples of training run, and print what they say."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="needs the extra train")
pytest.importorskip("transformers", reason="needs the extra train")

EXAMPLES = Path(__file__).parents[2] / "examples"


def printed(name: str, *options: str) -> str:
    command = [sys.executable, str(EXAMPLES / name), *options]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=300).stdout


def test_a_mixer_of_ones_own_is_trained_beside_attention() -> None:
    lines = printed("train_tiny.py", "--tokens", "8000").splitlines()
    assert [line.partition(",")[0] for line in lines] == ["attention", "train_tiny:make"]
    for line in lines:
        assert re.search(r"[\d,]+ parameters: \d+% of 2 swaps, \d+% of 3 swaps, \d+% of 4 swaps$", line)


def test_sizes_are_scored_along_an_axis() -> None:
    table = printed("scaling_law.py", "--tokens", "8000", "--widths", "16", "--samples", "30")
    assert re.search(r"rule_level 1 .* rule_level 3", table)
    assert len(re.findall(r"\d+/\d+", table)) == 3
