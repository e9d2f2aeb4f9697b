"""What is tested is what is installed, and it works wherever it is used from."""

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

import synthlm_dataset
import synthlm_tasks
from synthlm_tasks.rows.presets import task_preset

HOME = Path(synthlm_tasks.__file__).parent.parent
HEAVY = ("datasets", "torch", "pandas", "huggingface_hub")


def python(code: str, folder: Path) -> str:
    """What `python -c code` prints in `folder`, which Python searches for modules before all others."""
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(HOME)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


@pytest.mark.skipif(
    os.environ.get("SYNTHLM_TEST_CHECKOUT") == "1",
    reason="SYNTHLM_TEST_CHECKOUT=1: a developer runs the tests from the tree",
)
def test_the_package_under_test_is_the_installed_one() -> None:
    installed = Path(sysconfig.get_path("purelib"))
    checkout = Path(__file__).parents[2]
    assert installed == HOME, "run pytest with the package installed, or set SYNTHLM_TEST_CHECKOUT=1"
    assert Path(synthlm_dataset.__file__).parent == installed
    presets = {path.name: path.read_bytes() for path in (installed / "configs").glob("*.toml")}
    assert presets == {path.name: path.read_bytes() for path in (checkout / "configs").glob("*.toml")}


@pytest.fixture
def folder_of_its_own(tmp_path: Path) -> Path:
    """A working folder with packages that bear the names of ours."""
    for name in ("configs", "eval_harness"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise RuntimeError('somebody else')\n")
    for name in ("dyna", "curriculum"):
        (tmp_path / "configs" / f"{name}.toml").write_text("][ garbage")
    return tmp_path


def test_presets_are_found_whatever_lies_in_the_working_folder(folder_of_its_own: Path) -> None:
    output = python(
        "import json\n"
        "from synthlm_tasks import DynaTask\nfrom synthlm_tasks.rows import presets\n"
        "print(json.dumps([DynaTask().generate_sample(), presets.task_preset('dyna').model_dump()]))",
        folder_of_its_own,
    )
    sample, preset = json.loads(output)
    assert sample == synthlm_tasks.DynaTask().generate_sample()
    assert preset == json.loads(task_preset("dyna").model_dump_json())


def test_the_builder_works_whatever_lies_in_the_working_folder(folder_of_its_own: Path) -> None:
    output = python(
        "import synthlm_dataset\n"
        "builder = synthlm_dataset.SynthLM(config_name='dyna-hard', cache_dir='cache', num_samples=100)\n"
        "print(builder.config.num_samples, len(builder.builder_configs))",
        folder_of_its_own,
    )
    assert output.split() == ["100", str(len(synthlm_dataset.SynthLM.BUILDER_CONFIGS))]


@pytest.mark.parametrize("name", HEAVY)
def test_the_tasks_import_nothing_heavy(name: str, imported: set[str]) -> None:
    assert name not in imported


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The packages that the tasks import."""
    output = python(
        "import sys; from synthlm_tasks import TASKS; print(*sys.modules)", tmp_path_factory.mktemp("empty")
    )
    return {name.partition(".")[0] for name in output.split()}


def test_the_tasks_work_with_nothing_heavy_installed(tmp_path: Path) -> None:
    output = python(
        "import sys\n"
        "class Absent:\n"
        "    @staticmethod\n"
        "    def find_spec(name, *_):\n"
        f"        if name.partition('.')[0] in {HEAVY}:\n"
        "            raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Absent)\n"
        "from synthlm_tasks import TASKS\n"
        "for task in TASKS.values():\n"
        "    print(task().generate_sample()['target'], task().generate_table(3, 'hard').num_rows, sep='|')",
        tmp_path,
    )
    assert [line.split("|")[1] for line in output.splitlines()] == ["3"] * len(synthlm_tasks.TASKS)
