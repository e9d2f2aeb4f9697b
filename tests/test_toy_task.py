"""A new task is its file, its preset table and one registry entry: all else joins by itself."""

import json
import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parent


def python(*arguments: str) -> str:
    """The output of a fresh process that can import the test helpers."""
    paths = [str(TESTS), *(path for path in sys.path if path)]
    run = subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=False,
        cwd=TESTS.parent,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def test_a_new_task_meets_the_contract_of_every_task() -> None:
    files = ["contract", "task_api"]
    paths = [str(TESTS / f"test_{name}.py") for name in files]
    output = python("-m", "pytest", "-q", "-p", "toys", "-p", "no:cacheprovider", "-k", "toy", *paths)
    passed = int(output.rstrip().splitlines()[-1].split(" passed")[0].split()[-1])
    assert passed > 130


def test_a_new_task_is_in_the_catalog_and_the_builder() -> None:
    output = python(
        "-c",
        "import toys, json; toys.register()\n"
        "from synthlm_tasks import catalog; import synthlm_dataset\n"
        "builder = [config.name for config in synthlm_dataset.SynthLM.BUILDER_CONFIGS]\n"
        "print(json.dumps([list(catalog.configs()), builder]))",
    )
    names = {"toy-easy", "toy-medium", "toy-hard", "toy", "toy-grid", "toy-twin", "all-hard", "all"}
    for known in json.loads(output):
        assert names <= set(known)
        assert "toy-twin-easy" not in known
