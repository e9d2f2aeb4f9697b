"""The docs as a site: its strict build refuses what is dead, and the reference has every public name."""

import importlib
import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NEEDED = pytest.mark.skipif(not find_spec("mkdocs"), reason="needs the extra docs")

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


@dataclass(frozen=True)
class Site:
    """What a strict build made, and said."""

    folder: Path
    exit_code: int
    said: str


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The site of a copy of this repository with every fault that a strict build has to refuse."""
    copy = tmp_path_factory.mktemp("copy")
    for name in ("docs", "configs", "synthlm_tasks", "eval_harness"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("mkdocs.yml", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "synthlm_dataset.py"):
        shutil.copy(ROOT / name, copy)
    links = "[page](nowhere.md) [anchor](tasks.md#nowhere) [file](../configs/dyna.toml)"
    change(copy / "docs" / "ray.md", "# Past", f"{links}\n\n# Past")
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
    return Site(copy / "site", built.returncode, built.stderr)


def change(path: Path, before: str, after: str) -> None:
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")


@NEEDED
def test_a_strict_build_refuses_what_is_dead_and_names_without_a_docstring(faulty: Site) -> None:
    warnings = [line for line in faulty.said.splitlines() if line.startswith("WARNING")]
    assert faulty.exit_code == 1
    for fault in (
        "'docs/ray.md' contains a link 'nowhere.md', but the target 'docs/nowhere.md' is not found",
        "'docs/ray.md' contains a link 'tasks.md#nowhere', but the doc 'docs/tasks.md' does not contain",
        "'README.md' contains a link 'docs/published.md', but the target is not found",
        "no docstring: eval_harness.plugins.reward.judge_completion",
        "pages exist in the docs directory, but are not included",
    ):
        assert any(fault in line for line in warnings), faulty.said
    assert len(warnings) == 5


@NEEDED
def test_pages_stand_where_the_repository_has_them_and_the_readme_is_the_home(faulty: Site) -> None:
    for page in (ROOT / "docs").rglob("*.md"):
        assert (faulty.folder / page.relative_to(ROOT).with_suffix("") / "index.html").is_file()
    home = (faulty.folder / "index.html").read_text("utf-8")
    assert 'id="evaluate-a-model"' in home
    assert 'href="docs/tasks/#controls"' in home


@NEEDED
def test_what_pages_link_to_of_the_sources_comes_along(faulty: Site) -> None:
    linked = (faulty.folder / "configs" / "dyna.toml").read_bytes()
    assert linked == (ROOT / "configs" / "dyna.toml").read_bytes()
    assert list((faulty.folder / "configs").iterdir()) == [faulty.folder / "configs" / "dyna.toml"]


@NEEDED
def test_bars_in_tables_are_those_of_code_hosts(faulty: Site) -> None:
    home = (faulty.folder / "index.html").read_text("utf-8")
    assert "<code>Ex1: [A B C D] -&gt; [D C B A] | … | Query: [P Q R S T] -&gt;</code>" in home


@NEEDED
def test_the_search_finds_pages_and_names(faulty: Site) -> None:
    index = json.loads((faulty.folder / "search" / "search_index.json").read_text("utf-8"))
    places = {entry["location"] for entry in index["docs"]}
    assert {"docs/validity/#what-is-inherent", "docs/api/tokens/#synthlm_tasks.packing.stream"} <= places
