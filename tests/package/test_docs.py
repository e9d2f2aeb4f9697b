"""The documentation says what the code does: rule tables, presets, samples, limits."""

import json
import re
from pathlib import Path

import pytest
from support import docs_module

from synthlm_tasks.audit.registry import task_audit
from synthlm_tasks.inducto.space.inputs import SETS
from synthlm_tasks.logic.shapes.layouts import LAYOUTS
from synthlm_tasks.registry import TASKS
from synthlm_tasks.rows.axes import IntAxis
from synthlm_tasks.rows.blocks import BLOCK_ROWS
from synthlm_tasks.rows.presets import curriculum_preset, family_preset, task_preset

DOCS = Path(__file__).parents[2] / "docs"
TASKS_PAGE = (DOCS / "tasks.md").read_text("utf-8")
INDUCTO_PAGE = (DOCS / "inducto.md").read_text("utf-8")

SAMPLE = re.compile(r"```text\ninput_text  (.*)\ntarget      (.*)\nmetadata    (.*)\n```")
FAMILIES = [
    f"{name}-{variant}" if variant else name
    for name in TASKS
    for variant in ("", *task_preset(name).families)
]


def inducto_sections() -> list[str]:
    """What `docs/inducto_table.py` prints."""
    return ["\n".join(section()) for section in docs_module("inducto_table").SECTIONS]


def test_the_published_rule_space_is_the_real_one() -> None:
    page = f"\n\n{INDUCTO_PAGE}\n\n"
    for section in inducto_sections():
        assert f"\n\n{section}\n\n" in page, "run docs/inducto_table.py"


def test_the_published_rules_do_what_the_oracle_does() -> None:
    from synthlm_tasks.audit.inducto import space as inducto_space

    rows = [line.split(" | ") for line in INDUCTO_PAGE.splitlines() if re.search(r"(`[A-Z]+` \| ){6}", line)]
    header, *atoms = [[cell.strip("`| ") for cell in row] for row in rows]
    inputs = header[2:8]
    assert [len(text) for text in inputs] == [3, 4, 5, 6, 7, 8]
    assert {atom[0] for atom in atoms} == set(inducto_space.ATOMS)
    for name, level, *outputs in atoms:
        assert outputs[:6] == [inducto_space.ATOMS[name](text) for text in inputs]
        assert int(level) == inducto_space.level(name)


def written(value: object) -> str:
    """A preset's value as the tables write it."""
    if isinstance(value, list):
        return (", " if isinstance(value[0], str) else "–").join(map(str, value))
    return str(value)


@pytest.mark.parametrize("family", FAMILIES)
def test_preset_tables_agree_with_the_configs(family: str) -> None:
    task, _, variant = family.partition("-")
    axes = {axis.name: axis for axis in TASKS[task].of_variant(variant).axes}
    levels = list(family_preset(family).levels.values())
    own = [task_preset(task).level(number) for number in family_preset(family).levels]
    assert len({tuple(level) for level in levels}) == 1
    flat = re.sub(r"\s+", " ", TASKS_PAGE)
    for name in levels[0]:
        if variant and all(level[name] == plain.get(name) for level, plain in zip(levels, own, strict=True)):
            continue  # what is as in the task's own preset is not named again
        axis = axes[name]
        values = [written(level[name]) for level in levels]
        if isinstance(axis, IntAxis):
            limits = f"{axis.value(axis.low)}–{axis.value(axis.high)}"
            listed = f"\n| `{name}` | {limits} | {' | '.join(values)} |\n"
        else:
            listed = f'`{name} = "{values[0]}"`'
        changed = f"`{name}` {', '.join(dict.fromkeys(values))}"
        row = re.search(rf"\n\| `{family}` \| (.*)\n", TASKS_PAGE)
        assert listed in TASKS_PAGE or listed in flat or (row and changed in row[1]), name


@pytest.mark.parametrize("name", TASKS)
def test_the_grid_table_agrees_with_the_configs(name: str) -> None:
    grid = task_preset(name).grid
    values = " · ".join(f"`{axis}` {', '.join(map(str, codes))}" for axis, codes in grid.items())
    assert f"\n| `{name}-grid` | {values} |\n" in TASKS_PAGE


def samples() -> list[dict[str, str]]:
    """Every row quoted on the page."""
    tasks = {"STATE": "dyna", "Ex1:": "inducto", "EDGES": "filtro", "INPUTS": "logic"}
    return [
        {"task": tasks[prompt.split()[0]], "input_text": prompt, "target": target, "metadata": metadata}
        for prompt, target, metadata in SAMPLE.findall(TASKS_PAGE)
    ]


def test_every_family_is_quoted() -> None:
    assert [row["task"] for row in samples()] == ["dyna", "inducto", "filtro", "filtro", "logic", "logic"]
    assert TASKS_PAGE.count("```text") == 6
    assert (
        len({tuple(json.loads(row["metadata"])) for row in samples()}) == 5
    )  # both Filtro rows have the same


@pytest.mark.parametrize("row", samples(), ids=lambda row: row["task"])
def test_quoted_rows_are_valid_and_rightly_answered(row: dict[str, str]) -> None:
    oracle = task_audit(row["task"]).checks
    assert oracle.answer(row["input_text"]) == row["target"]
    assert oracle.violations(row) == []


def test_numbers_in_the_text_are_the_codes() -> None:
    page = re.sub(r"\s+", " ", TASKS_PAGE)
    assert f"blocks** of {BLOCK_ROWS['train']} in train ({BLOCK_ROWS['test']} in validation and test)" in page
    assert f"{curriculum_preset().max_held_out:,} rows per task and level" in page
    assert f"{curriculum_preset().seed} by default" in page
    assert f"{LAYOUTS} fixed layouts" in page
    for text in (page, re.sub(r"\s+", " ", INDUCTO_PAGE)):
        assert f"{SETS} letter sets per length" in text
        assert "2048 at lengths 7 and 8" in text


def test_the_figures_that_pages_show_exist() -> None:
    shown = {
        page: [page.parent / path for path in re.findall(r"!\[.+?\]\((.+?)\)", page.read_text("utf-8"))]
        for page in (DOCS.parent / "README.md", *DOCS.glob("*.md"))
    }
    for path in (path for paths in shown.values() for path in paths):
        assert path.is_file(), path
