"""A working folder in which any command with a path can be run, and what runs it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from endpoint import Endpoint, endpoint
from path_options import PathOption
from path_walk import BASES, FINISHED, make_finished, make_run, make_sweep, serve_no_more
from publishing import hub_of_this_process

from eval_harness.mock import cli as mock_cli
from synthlm_tasks.cli import main, terminal


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished folder to be copied."""
    folder = tmp_path_factory.mktemp("finished") / "synthlm"
    assert main(["export", "dyna-easy", "--num-samples", "300", "--output-dir", str(folder)]) == 0
    return folder


@pytest.fixture(scope="module")
def served() -> Iterator[Endpoint]:
    with endpoint() as running:
        yield running


@pytest.fixture
def here(finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder: what the invocations of `BASES` need lies in it, and the home folder."""
    FINISHED[:] = [finished]
    folder = tmp_path / "here"
    (folder / "home").mkdir(parents=True)
    make_run(folder / "run")
    make_run(folder / "other-run")
    make_finished(folder / "finished")
    make_sweep(folder / "sweep")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(folder / "home"))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub-cache"))
    monkeypatch.setattr(mock_cli, "_serve", serve_no_more)
    monkeypatch.setattr(terminal, "_PAUSE", 1e9)  # however slow the machine is
    return folder


@pytest.fixture
def run(
    served: Endpoint, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Callable[[PathOption, str], int]]:
    """Runs the command of an option, with this value for it."""

    def call(option: PathOption, value: str) -> int:
        base = BASES[option.command]
        if option.command == "eval":
            base = [] if option.name == "--resume" else ["--base-url", served.url, *base]
        if option.command == "sweep" and option.place is not None:
            base = ["plan.toml", "--dry-run"]
        return main(option.given(base, value))

    command = request.getfixturevalue("option").command
    if command in ("push", "eval-results"):
        with hub_of_this_process(monkeypatch):
            if command == "eval-results":
                assert main(["push", str(FINISHED[0]), "user/synthlm"]) == 0
            yield call
    else:
        yield call
