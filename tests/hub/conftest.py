"""A finished folder to publish, and a stand-in for the Hub that this process talks to."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hub_api import Hub
from publishing import export, hub_of_this_process


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished folder, not to be changed."""
    return export(tmp_path_factory.mktemp("exported") / "synthlm")


@pytest.fixture
def folder(exported: Path, tmp_path: Path) -> Path:
    """A finished folder of the test's own."""
    return Path(shutil.copytree(exported, tmp_path / "synthlm"))


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with hub_of_this_process(monkeypatch) as hub:
        yield hub
