"""The evaluation's pages and help say what the code does."""

import dataclasses
import inspect
import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from eval_harness.analysis.counts import JournalCounts
from eval_harness.analysis.summary import summarize
from eval_harness.cli import evaluate as cli
from eval_harness.records import Record
from eval_harness.runs.manifest import new_manifest
from eval_harness.runs.samples import generate_cells
from eval_harness.runs.settings import default_settings, new_settings

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "evaluation.md").read_text("utf-8")
HELP = dict(
    re.findall(
        r'^    (\w+): .*(?:\n {4,8}[^"\n]*)*\n    """(.*)"""$', inspect.getsource(cli.Options), re.MULTILINE
    )
)


def test_every_option_is_on_the_page() -> None:
    for field in dataclasses.fields(cli.Options):
        assert f"`--{field.name.replace('_', '-')}" in PAGE


def test_stated_defaults_are_the_real_ones() -> None:
    stock = dict(default_settings())
    shots = stock.pop("shots")
    assert f"[default: {shots['chat']}; completions {shots['completions']}]" in HELP["shots"]
    assert f"| `--shots` | {shots['chat']}; completions {shots['completions']} |" in PAGE
    assert stock.pop("extra_body") == {}
    for name, value in stock.items():
        shown = " ".join(map(str, value)) if isinstance(value, list) else str(value)
        assert f"[default: {shown}]" in HELP[name]
        row = next(line for line in PAGE.splitlines() if f"`--{name.replace('_', '-')}`" in line)
        assert shown in row.replace("`", "").split("|")[2]


def test_every_field_of_a_line_is_on_the_page() -> None:
    listed = re.search(r"A journal line has `(.*?)`", PAGE, re.DOTALL)
    assert listed
    assert re.split(r",\s", listed[1]) == [field.name for field in dataclasses.fields(Record)]


def test_every_figure_of_a_summary_is_on_the_page() -> None:
    choices = new_settings({"base_url": "http://h", "model": "m", "configs": ("logic-easy",), "epochs": 2})
    manifest = new_manifest("run", choices, generate_cells(choices))
    summary = summarize(manifest, JournalCounts(manifest))
    for name in (*summary, *summary["overall"], *summary["by_task"]["logic"]):
        assert f"`{name}`" in PAGE, name


@pytest.mark.slow
def test_the_readme_example_runs_as_it_stands(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    words = re.search(r"```bash\n(synthlm mock-server .*?)```", readme, re.DOTALL)
    assert words
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    script = words[1].replace(" &", f" --port {port} &").replace(":8000/", f":{port}/")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    places = os.pathsep.join(str(Path(place).resolve()) for place in sys.path if place)
    ended = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PATH": path, "PYTHONPATH": places, "COLUMNS": "80"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    shown = re.search(r"```text\n(╭─ SynthLM evaluation.*?) …\n```", readme, re.DOTALL)
    assert shown
    printed = [line.rstrip() for line in ended.stdout.splitlines()]
    assert [line for line in shown[1].splitlines() if line not in printed] == []
    overall = json.loads((tmp_path / "mock-run" / "summary.json").read_text())["overall"]
    assert overall["ci95"][0] < 0.8 < overall["ci95"][1]
