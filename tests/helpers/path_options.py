"""Every option and argument of every command that takes a path, found in the commands' own definitions."""

import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args

from cyclopts import Parameter
from cyclopts.argument import Argument

from synthlm_tasks.cli import app
from synthlm_tasks.cli.paths import PathConverter


@dataclass(frozen=True)
class PathOption:
    """One option, or the argument at a place (among the command's arguments) where it has no name."""

    command: str
    name: str
    place: int | None
    converter: PathConverter

    def given(self, base: list[str], value: str) -> list[str]:
        """The arguments `base` of a command with `value` for this option."""
        if self.place is not None:
            return [self.command, *base[: self.place], value, *base[self.place + 1 :]]
        if self.name in base:
            start = base.index(self.name)
            base = base[:start] + base[start + 2 :]
        return [self.command, *base, f"{self.name}={value}"]


def commands() -> Iterator[str]:
    """The names of all commands."""
    return (name for name in app if not name.startswith("-"))


def arguments(command: str) -> Iterator[Argument]:
    """What a command takes, groups of options by their members."""
    found = app[command].assemble_argument_collection(parse_docstring=True)
    return (argument for argument in found if argument.names[0] != "*")


def path_options() -> Iterator[PathOption]:
    """What takes a path, in any command."""
    for command in commands():
        places = iter(range(9))
        for argument in arguments(command):
            named = argument.names[0].startswith("-")
            place = None if named else next(places)
            converter = converter_of(argument)
            if converter:
                yield PathOption(command, argument.names[0], place, converter)


def converter_of(argument: Argument) -> PathConverter | None:
    """The converter for paths of an argument, or of the elements of one that takes several."""
    inner = (part.converter for part in _parts(argument.hint) if isinstance(part, Parameter))
    for converter in (argument.parameter.converter, *inner):
        if isinstance(converter, PathConverter):
            return converter
    return None


def is_path(argument: Argument) -> bool:
    """Whether the type of an argument, or of its elements, is a path."""
    return any(part is Path for part in _parts(argument.hint))


def _parts(hint: Any) -> Iterator[Any]:  # noqa: ANN401  # whatever a type hint may be
    yield hint
    for part in get_args(hint):
        yield from _parts(part)


def alias_converter(alias: Any) -> PathConverter:  # noqa: ANN401  # an annotated type
    """The converter of one of the types in `cli.paths`."""
    converter: PathConverter = alias.__metadata__[0].converter
    return converter


def without_locks(number: int) -> SimpleNamespace:
    """The module `fcntl` on a file system that answers a lock with this errno."""

    def flock(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    return SimpleNamespace(flock=flock, LOCK_EX=fcntl.LOCK_EX, LOCK_NB=fcntl.LOCK_NB)
