"""Every option that takes a path, walked through one list: what can be in the way, and names that look odd.

The options are found in the commands' definitions: a new one is walked by itself.
"""

import errno
import os
import re
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import pytest
from path_options import (
    PathOption,
    arguments,
    commands,
    converter_of,
    is_path,
    path_options,
    without_locks,
)
from path_walk import BASES, MAKERS, entries
from publishing import OLD_UPLOAD

import synthlm_tasks.paths

pytestmark = OLD_UPLOAD

OPTIONS: Final = list(path_options())


def only_error(capsys: pytest.CaptureFixture[str]) -> str:
    """The one line that is printed."""
    output, message = capsys.readouterr()
    assert output == ""
    assert re.fullmatch(r"error: [^\n]+\n", message)
    return message


every_option = pytest.mark.parametrize(
    "option", OPTIONS, ids=lambda option: f"{option.command} {option.name}"
)

NEEDS_TORCH: Final = pytest.mark.skipif(find_spec("torch") is None, reason="needs the extra train")
every_option_at_work = pytest.mark.parametrize(
    "option",
    [pytest.param(option, marks=NEEDS_TORCH if option.command == "train" else ()) for option in OPTIONS],
    ids=lambda option: f"{option.command} {option.name}",
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
AS_IT_IS_MADE: Final = (no_such_file_system, where_nobody_can_write)
"""What only making the folder shows, which a command does when it begins its work."""


@pytest.mark.parametrize(
    ("option", "fault"),
    [
        pytest.param(
            *both, marks=NEEDS_TORCH if both[0].command == "train" and both[1] in AS_IT_IS_MADE else ()
        )
        for both in WALK
    ],
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
@every_option_at_work
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


@every_option_at_work
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
    if option.command not in ("push", "eval-results"):  # the Hub's library loads them whatever the URL
        assert code == 0
    elif code:
        assert code == 2
        assert "SSL_CERT_FILE='/nowhere/cert.pem'" in only_error(capsys)


@every_option_at_work
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
    assert len(told) == (option.command in ("single", "merged", "export", "pack", "eval", "rescore", "train"))
