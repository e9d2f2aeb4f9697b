"""A new task is its file, its preset table and one registry entry: all else joins by itself."""

import json
import os
import subprocess
import sys
from pathlib import Path

import synthlm_tasks

TESTS = Path(__file__).parent
PACKAGE = Path(synthlm_tasks.__file__).parent


def python(folder: Path, *arguments: str) -> str:
    """The output of a fresh process in `folder` that can import the test helpers and the package tested here.

    The folder is a neutral one: Python looks for modules in the folder it runs in before all others.
    """
    paths = [str(TESTS), str(PACKAGE.parent)]
    run = subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def test_a_new_task_meets_the_contract_of_every_task(tmp_path: Path) -> None:
    files = ["contract", "task_api"]
    paths = [str(TESTS / f"test_{name}.py") for name in files]
    output = python(
        tmp_path, "-m", "pytest", "-q", "-p", "toys", "-p", "no:cacheprovider", "-k", "toy", *paths
    )
    passed = int(output.rstrip().splitlines()[-1].split(" passed")[0].split()[-1])
    assert passed > 130


def test_a_new_task_is_in_the_catalog_and_the_builder(tmp_path: Path) -> None:
    output = python(
        tmp_path,
        "-c",
        "import toys, json; toys.register()\n"
        "from synthlm_tasks import catalog; import synthlm_dataset\n"
        "builder = [config.name for config in synthlm_dataset.SynthLM.BUILDER_CONFIGS]\n"
        "print(json.dumps([list(catalog.configs()), builder, catalog.__file__]))",
    )
    *listed, file = json.loads(output)
    assert Path(file).parent == PACKAGE
    names = {"toy-easy", "toy-medium", "toy-hard", "toy", "toy-grid", "toy-twin", "all-hard", "all"}
    for known in listed:
        assert names <= set(known)
        assert "toy-twin-easy" not in known
