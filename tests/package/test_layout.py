"""The house stays in rooms: few files side by side, each room named in the documentation."""

from pathlib import Path

import pytest

import eval_harness
import synthlm_tasks

PACKAGES = [Path(package.__file__).parent for package in (synthlm_tasks, eval_harness)]
FOLDERS = sorted({path.parent for package in PACKAGES for path in package.rglob("*.py")})
ARCHITECTURE = (Path(__file__).parents[2] / "docs" / "architecture.md").read_text("utf-8")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_a_folder_has_few_modules_side_by_side(folder: Path) -> None:
    modules = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
    assert len(modules) <= (18 if folder.name == "rows" else 14)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_no_file_is_long(folder: Path) -> None:
    assert {
        path.name for path in folder.glob("*.py") if len(path.read_text("utf-8").splitlines()) > 250
    } == set()


@pytest.mark.parametrize(
    "room", [path for path in FOLDERS if path.parent in PACKAGES], ids=lambda room: room.name
)
def test_the_architecture_page_names_every_room(room: Path) -> None:
    assert room.name in ARCHITECTURE
