"""The docs as a site: its strict build refuses what is dead, and the reference has every public name."""

import importlib
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REFERENCE = "\n".join(page.read_text("utf-8") for page in (ROOT / "docs" / "api").glob("*.md"))

IMPORT = re.compile(r"^(?:from (synthlm_tasks|eval_harness)(\S*) )?import ([\w, ]+)", re.MULTILINE)


def shown_imports() -> set[str]:
    """What the documentation and the examples import, e.g. "eval_harness.plugins.reward.training_rows"."""
    pages = [ROOT / "README.md", *ROOT.glob("docs/*.md"), *ROOT.glob("examples/*.py")]
    found = [each for page in pages for each in IMPORT.finditer(page.read_text("utf-8")) if each[1]]
    return {f"{each[1]}{each[2]}.{name.strip()}" for each in found for name in each[3].split(",")}


def public_names() -> set[str]:
    """What the packages export, and what the documentation shows."""
    exported = {
        f"{module}.{name}"
        for module in ("synthlm_tasks", "synthlm_tasks.packing")
        for name in importlib.import_module(module).__all__
    }
    # Modules are shown by what is in them.
    return {name for name in exported | shown_imports() if find_module(name) is None}


def find_module(name: str) -> object:
    """A module's spec; None where there is no such module."""
    try:
        return find_spec(name)
    except ModuleNotFoundError:
        return None


def test_the_reference_has_every_public_name() -> None:
    names = public_names()
    assert {"synthlm_tasks.DynaTask", "eval_harness.plugins.reward.training_rows"} <= names
    assert {
        name for name in names if not re.search(rf"[ .]{re.escape(name)}$", REFERENCE, re.MULTILINE)
    } == set()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """All that the site is made from."""
    for name in ("docs", "synthlm_tasks", "eval_harness"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("mkdocs.yml", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "synthlm_dataset.py"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def change(path: Path, before: str, after: str) -> None:
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")


@pytest.mark.skipif(not find_spec("mkdocs"), reason="needs the extra docs")
def test_a_strict_build_refuses_dead_links_dead_anchors_and_names_without_a_docstring(copy: Path) -> None:
    change(copy / "docs" / "ray.md", "# Past", "[page](nowhere.md) [anchor](tasks.md#nowhere)\n\n# Past")
    change(copy / "README.md", "](docs/publishing.md)", "](docs/published.md)")
    reward = copy / "eval_harness" / "plugins" / "reward.py"
    change(reward, '"""The verdict of `synthlm eval` on one completion; raises', '_ = """The verdict; raises')
    (copy / "docs" / "forgotten.md").write_text("# In no menu\n", "utf-8")
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict"],
        cwd=copy,
        capture_output=True,
        text=True,
        timeout=120,
    )
    told = [line for line in built.stderr.splitlines() if line.startswith("WARNING")]
    assert built.returncode == 1
    for fault in (
        "'docs/ray.md' contains a link 'nowhere.md', but the target 'docs/nowhere.md' is not found",
        "'docs/ray.md' contains a link 'tasks.md#nowhere', but the doc 'docs/tasks.md' does not contain",
        "'README.md' contains a link 'docs/published.md', but the target is not found",
        "no docstring: eval_harness.plugins.reward.judge_completion",
    ):
        assert any(fault in line for line in told), built.stderr
    assert "docs/forgotten.md" in built.stderr
    assert len(told) == 5
