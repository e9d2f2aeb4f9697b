"""Every option that takes a path, walked through one list: what can be in the way, and names that look odd.

The options are found in the commands' definitions: a new one is walked by itself.
"""

import errno
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from endpoint import Endpoint, endpoint
from path_options import (
    PathOption,
    alias_converter,
    arguments,
    commands,
    converter_of,
    is_path,
    path_options,
    without_locks,
)
from publishing import OLD_UPLOAD, hub_of_this_process
from run_folders import settings, write_run

import synthlm_tasks.paths
from eval_harness.mock import cli as mock_cli
from eval_harness.mock.server import MockServer
from synthlm_tasks.cli import main, paths, terminal
from synthlm_tasks.tokens.tokenizer import bundled_files

pytestmark = OLD_UPLOAD

OPTIONS: Final = list(path_options())
SMALL: Final = {"tasks": ["dyna"], "difficulties": [1], "samples_per_combo": 2}

BASES: Final = {
    "single": ["dyna", "--total-tokens", "20K", "--output-dir", "out"],
    "merged": ["--total-tokens", "20K", "--output-dir", "out"],
    "export": ["dyna-easy", "--num-samples", "40", "--output-dir", "out"],
    "pack": ["dyna-easy", "--num-samples", "40", "--output-dir", "out"],
    "audit": ["dyna-easy", "--samples", "200", "--num-proc", "1", "--output-dir", "out"],
    "push": ["finished", "user/synthlm"],
    "report": ["run", "--no-png", "--output-dir", "out"],
    "compare": ["run", "other-run"],
    "rescore": ["run"],
    "mock-server": ["--port", "0"],
    "eval": ["--model", "m", "--tasks", "dyna", "--difficulties", "1", "--samples-per-combo", "2",
             "--requests-per-minute", "0", "--output-dir", "out"],
}  # fmt: skip
"""A quick invocation of each command that has such an option; paths are in the working folder."""


def make_run(folder: Path) -> None:
    write_run(folder, settings(**SMALL))


def make_finished(folder: Path) -> None:
    shutil.copytree(FINISHED[0], folder)


def make_prompt(file: Path) -> None:
    file.write_text("Think.")


def make_tokenizer(file: Path) -> None:
    file.write_bytes(bundled_files()["tokenizer.json"])


def make_nothing(_: Path) -> None:
    """What is written is not there before."""


MAKERS: Final[dict[paths.PathConverter, Callable[[Path], None]]] = {
    alias_converter(paths.RunFolder): make_run,
    alias_converter(paths.FinishedFolder): make_finished,
    alias_converter(paths.InputFile): make_prompt,
    alias_converter(paths.OutputFile): make_nothing,
    alias_converter(paths.OutputFolder): make_nothing,
    alias_converter(paths.OutputLocation): make_nothing,
    alias_converter(paths.Dataset): make_finished,
    alias_converter(paths.Tokenizer): make_tokenizer,
}
"""Type of path → what makes one that can be used."""

FINISHED: Final[list[Path]] = []


@pytest.fixture(scope="module", autouse=True)
def finished(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A finished folder to be copied."""
    FINISHED[:] = [tmp_path_factory.mktemp("finished") / "synthlm"]
    assert main(["export", "dyna-easy", "--num-samples", "300", "--output-dir", str(FINISHED[0])]) == 0


@pytest.fixture(scope="module")
def served() -> Iterator[Endpoint]:
    with endpoint() as running:
        yield running


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder: what the invocations of `BASES` need lies in it, and the home folder."""
    folder = tmp_path / "here"
    (folder / "home").mkdir(parents=True)
    make_run(folder / "run")
    make_run(folder / "other-run")
    make_finished(folder / "finished")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(folder / "home"))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub-cache"))
    monkeypatch.setattr(mock_cli, "_serve", serve_no_more)
    monkeypatch.setattr(terminal, "_PAUSE", 1e9)  # however slow the machine is
    return folder


async def serve_no_more(server: MockServer) -> None:
    async with server:
        pass


@pytest.fixture
def run(
    served: Endpoint, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Callable[[PathOption, str], int]]:
    """Runs the command of an option, with this value for it."""

    def call(option: PathOption, value: str) -> int:
        base = BASES[option.command]
        if option.command == "eval":
            base = [] if option.name == "--resume" else ["--base-url", served.url, *base]
        return main(option.given(base, value))

    if request.getfixturevalue("option").command == "push":
        with hub_of_this_process(monkeypatch):
            yield call
    else:
        yield call


def entries(folder: Path) -> dict[str, bytes | None]:
    """Everything in a folder, with the bytes of files."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


def only_error(capsys: pytest.CaptureFixture[str]) -> str:
    """The one line that is printed."""
    output, message = capsys.readouterr()
    assert output == ""
    assert re.fullmatch(r"error: [^\n]+\n", message)
    return message


every_option = pytest.mark.parametrize(
    "option", OPTIONS, ids=lambda option: f"{option.command} {option.name}"
)


# What is walked


def test_every_command_with_a_path_is_walked() -> None:
    assert {option.command for option in OPTIONS} == BASES.keys()
    assert {option.converter for option in OPTIONS} == MAKERS.keys()


SPEAKS_OF_PATHS: Final = {
    ("--shard-rows", "most rows in a file"),
    ("--ray-address", "where output_dir must be"),
    ("--format", "how files are written"),
    ("--push-to-hub", "whether the folder goes to the Hub"),
    ("--png", "whether files are written"),
    ("--export", "which file is written"),
    ("--quiet", "whether more is printed than where the run is"),
}
"""Options whose help has one of the words, and what they take instead."""


@pytest.mark.parametrize("command", list(commands()))
def test_no_option_takes_a_path_of_its_own_way(command: str) -> None:
    for argument in arguments(command):
        if converter_of(argument) is None:
            assert not is_path(argument), argument.names
            words = re.search(
                r"\b(file|folder|directory|path)\b", str(argument.parameter.help), re.IGNORECASE
            )
            assert not words or argument.names[0] in dict(SPEAKS_OF_PATHS), argument.names


# What can be in the way


def a_file(here: Path) -> str:
    (here / "a file").write_text("x")
    return "./a file"


def a_folder(here: Path) -> str:
    (here / "a folder").mkdir()
    return "./a folder"


def below_a_file(here: Path) -> str:
    return a_file(here) + "/x"


def a_dangling_link(here: Path) -> str:
    (here / "link").symlink_to(here / "nowhere" / "x")
    return "./link"


def below_a_dangling_link(here: Path) -> str:
    return a_dangling_link(here) + "/x"


def a_link_to_itself(here: Path) -> str:
    (here / "loop").symlink_to(here / "loop")
    return "./loop"


def no_such_file_system(_: Path) -> str:
    return "/proc/no-such-process/x"


def where_nobody_can_write(_: Path) -> str:
    return "/proc/self/net"


def a_name_too_long(_: Path) -> str:
    return "./" + 300 * "x"


def an_unknown_protocol(_: Path) -> str:
    return "nosuch://a/b"


def no_text(_: Path) -> str:
    return ""


def no_utf8(_: Path) -> str:
    return "./\udcff"


def nothing_there(_: Path) -> str:
    return "./nothing [red]here"


ALWAYS: Final = (
    below_a_file, a_dangling_link, below_a_dangling_link, a_link_to_itself, a_name_too_long,
    an_unknown_protocol, no_text, no_utf8, no_such_file_system,
)  # fmt: skip
BY_KIND: Final = {
    "folder": (a_file, nothing_there),
    "file": (a_folder, nothing_there),
    "new folder": (a_file, where_nobody_can_write),
    "new file": (a_folder, where_nobody_can_write),
}
WALK: Final = [(option, fault) for option in OPTIONS for fault in (*ALWAYS, *BY_KIND[option.converter.kind])]


@pytest.mark.parametrize(
    ("option", "fault"),
    WALK,
    ids=[f"{option.command} {option.name} {fault.__name__}" for option, fault in WALK],
)
def test_what_is_in_the_way_is_one_message(
    option: PathOption,
    fault: Callable[[Path], str],
    here: Path,
    run: Callable[[PathOption, str], int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    value = fault(here)
    before = entries(here)
    capsys.readouterr()
    assert run(option, value) == 2
    message = only_error(capsys)
    assert repr(value.removeprefix("./"))[1:-1] in message
    if option.place is None:
        assert message.startswith(f"error: {option.name} ")
    assert entries(here) == before


@every_option
def test_what_may_not_be_read_or_written_is_said_before_anything_is_done(
    option: PathOption,
    here: Path,
    run: Callable[[PathOption, str], int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    MAKERS[option.converter](here / "it")
    before = entries(here)
    monkeypatch.setattr(os, "access", lambda _, mode: not mode & (os.R_OK | os.W_OK))
    capsys.readouterr()
    assert run(option, "./it") == 2
    assert re.search("cannot be (read|written to): no permission, or read-only", only_error(capsys))
    assert entries(here) == before


# Names that only look odd, and what a path does not need


@pytest.mark.parametrize("name", ["~/x", "a[b]::c [red]#d :key:", "local:ü文 {} 100%41"])
@every_option
def test_any_name_is_a_name(
    option: PathOption,
    name: str,
    here: Path,
    run: Callable[[PathOption, str], int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    place = here / name.replace("~/", "home/")
    MAKERS[option.converter](place)
    before = set(entries(here))
    capsys.readouterr()
    assert run(option, name) == 0
    assert place.exists()
    shown = capsys.readouterr()
    written = {entry for entry in set(entries(here)) - before if not re.match(r"(out|run|finished)\b", entry)}
    assert all((here / entry).is_relative_to(place) for entry in written)
    if option.name == "--output-dir" and option.command != "eval":  # where it is in a table, folded
        assert str(place.relative_to(here) if "~/" not in name else place) in shown.out


@every_option
def test_certificates_that_are_not_there_are_not_needed(
    option: PathOption,
    here: Path,
    run: Callable[[PathOption, str], int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    MAKERS[option.converter](here / "it")
    capsys.readouterr()
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/cert.pem")
    code = run(option, "./it")
    if option.command != "push":  # the Hub's library loads them whatever the URL
        assert code == 0
    elif code:
        assert code == 2
        assert "SSL_CERT_FILE='/nowhere/cert.pem'" in only_error(capsys)


@every_option
def test_a_file_system_without_locks_is_told_and_worked_on(
    option: PathOption,
    here: Path,
    run: Callable[[PathOption, str], int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    MAKERS[option.converter](here / "it")
    monkeypatch.setattr(synthlm_tasks.paths, "fcntl", without_locks(errno.ENOLCK))
    capsys.readouterr()
    assert run(option, "./it") == 0
    told = re.findall("^warning: .*its file system has no locks", capsys.readouterr().err, re.MULTILINE)
    assert len(told) == (option.command in ("single", "merged", "export", "pack", "eval", "rescore"))
