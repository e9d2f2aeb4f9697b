"""A new task is a folder, its preset table and one registry entry: all else joins by itself."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import synthlm_tasks

TESTS = Path(__file__).parents[1]
TOY = TESTS / "helpers" / "toy"
INSTALLED = Path(synthlm_tasks.__file__).parent.parent


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The installed distribution with a fifth task, as one who adds it would leave it."""
    root = tmp_path_factory.mktemp("extended")
    for package in ("synthlm_tasks", "eval_harness", "configs"):
        shutil.copytree(INSTALLED / package, root / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(INSTALLED / "synthlm_dataset.py", root)
    room, judges = root / "synthlm_tasks" / "toy", root / "synthlm_tasks" / "audit" / "toy"
    for folder, file in ((room, "task.py"), (judges, "__init__.py")):
        folder.mkdir()
        shutil.copy(TOY / ("audit.py" if folder is judges else file), folder / file)
    (room / "__init__.py").touch()
    shutil.copy(TOY / "toy.toml", root / "configs")
    registry = root / "synthlm_tasks" / "registry.py"
    before = registry.read_text("utf-8")
    after = before.replace("TASKS: Final", "from synthlm_tasks.toy.task import ToyTask\n\nTASKS: Final", 1)
    registry.write_text(after.replace('    "logic":', '    "toy": ToyTask,\n    "logic":', 1), "utf-8")
    return root


def python(extended: Path, folder: Path, *arguments: str) -> str:
    """The output of a fresh process in `folder` that imports the extended distribution and the helpers."""
    run = subprocess.run(
        [sys.executable, *arguments],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(extended), str(TESTS / "helpers")]),
            "HF_HUB_OFFLINE": "1",
        },
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def test_a_new_task_meets_the_contract_of_every_task(extended: Path, tmp_path: Path) -> None:
    files = ["contract", "task_api", "oracles", "reading"]
    paths = [str(TESTS / "tasks" / f"test_{name}.py") for name in files]
    output = python(extended, tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "toy", *paths)
    passed = int(output.rstrip().splitlines()[-1].split(" passed")[0].split()[-1])
    assert passed > 130


def test_a_new_task_is_in_the_catalog_and_the_builder(extended: Path, tmp_path: Path) -> None:
    output = python(
        extended,
        tmp_path,
        "-c",
        "import json\n"
        "from synthlm_tasks import catalog; import synthlm_dataset\n"
        "builder = [config.name for config in synthlm_dataset.SynthLM.BUILDER_CONFIGS]\n"
        "print(json.dumps([list(catalog.configs()), builder, catalog.__file__]))",
    )
    *listed, file = json.loads(output)
    assert Path(file).parent == extended / "synthlm_tasks"
    names = {"toy-easy", "toy-medium", "toy-hard", "toy", "toy-grid", "toy-twin", "all-hard", "all"}
    for known in listed:
        assert names <= set(known)
        assert "toy-twin-easy" not in known


def test_a_new_task_is_audited(extended: Path, tmp_path: Path) -> None:
    output = python(
        extended,
        tmp_path,
        "-c",
        "import json\n"
        "from synthlm_tasks.audit.examination import examine_config\n"
        "from synthlm_tasks.audit.sample import covering_configs\n"
        "found = examine_config('toy-medium', 2000, 1)\n"
        "tricks = {trick.name: trick.accuracy for trick in found.shortcuts if trick.split == 'test'}\n"
        "print(json.dumps([covering_configs(), found.broken(), found.checked, tricks]))",
    )
    covered, broken, checked, tricks = json.loads(output)
    assert {"toy-easy", "toy-grid", "toy-twin"} <= set(covered)
    assert (broken, checked) == ([], 2400)
    assert 0.4 < tricks["the number itself"] < 0.6
    assert "bag of tokens" in tricks


def test_a_new_task_has_commands(extended: Path, tmp_path: Path) -> None:
    command = ("-c", "import sys; from synthlm_tasks.cli import main; sys.exit(main(sys.argv[1:]))")
    assert "DOUBLE for twice the number" in python(extended, tmp_path, *command, "info", "toy")
    assert "SAY " in python(extended, tmp_path, *command, "demo")
