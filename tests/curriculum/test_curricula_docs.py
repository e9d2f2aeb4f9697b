"""docs/curricula.md and docs/packing.md name every option with its default; numbers are the code's."""

import io
import re
from pathlib import Path

import pytest
from rich.console import Console

from synthlm_tasks import cli
from synthlm_tasks.curriculum.formats import GROUP_ROWS
from synthlm_tasks.curriculum.tally import region_bits
from synthlm_tasks.rows.vocabulary import COMPACT, TEXT

PAGE = (Path(__file__).parents[2] / "docs" / "curricula.md").read_text("utf-8")
PACKING = (Path(__file__).parents[2] / "docs" / "packing.md").read_text("utf-8")
README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("command", "page"), [("single", PAGE), ("merged", PAGE), ("export", PAGE), ("pack", PACKING)]
)
def test_every_option_is_documented_with_its_default(command: str, page: str) -> None:
    console = Console(width=200, file=io.StringIO())
    cli.app([command, "--help"], console=console, exit_on_error=False)
    help_text = console.file.getvalue()
    options = set(re.findall(r"--[a-z][a-z-]+", help_text)) - {"--help", "--version"}
    documented = {
        option: line
        for line in page.splitlines()
        if line.startswith("| `--")
        for option in re.findall(r"`(--[a-z-]+)`", line.split("|")[1])
    }
    assert len(options) > 10
    assert options <= set(documented)
    for option, default in re.findall(r"(--[a-z-]+) [A-Z]{2,}.*?\[default: ([^\]]+)\]", help_text):
        written = default.strip("()").replace(", ", " ")
        assert documented[option].split("|")[2].strip() == written


def test_numbers_are_those_of_the_code() -> None:
    assert f"row groups of {GROUP_ROWS:,} rows" in PAGE
    for text in (PAGE, PACKING, README):
        assert str(len(TEXT.tokens)) in text
    for text in (PAGE, PACKING):
        assert str(len(COMPACT.tokens)) in text
    assert region_bits(32_767) == 0 < region_bits(32_768)
