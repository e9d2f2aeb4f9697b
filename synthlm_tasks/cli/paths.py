"""Types of the options and arguments that take a path: each is expanded and checked as it is read.

What is checked here, before any work, is what the path is; what else goes wrong is told when it is used.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, TypeAlias

from cyclopts import Parameter, Token

from synthlm_tasks.errors import PathError
from synthlm_tasks.paths import Kind, expand_path, find_fault, is_url
from synthlm_tasks.repo_names import find_name_fault
from synthlm_tasks.tokens.tokenizer import BUNDLED

# What only a path begins with; "org/name" may be either, and is a path where something of that name is.
_SURELY_PATHS: Final = ("/", "./", "../", "~")


@dataclass(frozen=True)
class PathConverter:
    """Converts what was typed to a path of the kind that is wanted; raises PathError naming the option."""

    kind: Kind
    wanted: str
    """What is expected there, for the message."""

    def __call__(self, _: object, tokens: Sequence[Token]) -> Path | str:
        """The path of the one token."""
        return self.convert(tokens[0])

    def convert(self, token: Token) -> Path:
        """The path, expanded and found fit."""
        return self._check(token, self._expand(token))

    def _expand(self, token: Token) -> Path:
        try:
            return expand_path(token.value)
        except PathError as error:
            raise PathError(f"{_typed_name(token)}{error}; {self.wanted}") from None

    def _check(self, token: Token, path: Path) -> Path:
        fault = find_fault(path, self.kind)
        if fault:
            raise _refusal(token, str(path), fault, self.wanted)
        return path


@dataclass(frozen=True)
class RunConverter(PathConverter):
    """Converts what was typed for a finished run: a folder, or a file that another harness wrote."""

    files: tuple[str, ...] = ()
    """How the names of such files end."""

    def _check(self, token: Token, path: Path) -> Path:
        if path.suffix in self.files and find_fault(path, "folder") is not None:
            fault = find_fault(path, "file")
            if fault:
                raise _refusal(token, str(path), fault, self.wanted)
            return path
        return super()._check(token, path)


@dataclass(frozen=True)
class LocationConverter(PathConverter):
    """Converts what was typed for an output folder, which may be a URL instead."""

    def __call__(self, _: object, tokens: Sequence[Token]) -> str:
        """The path as text, or the URL as it is."""
        url = tokens[0].value
        if not is_url(url):
            return str(self.convert(tokens[0]))
        from synthlm_tasks.curriculum.storage import find_url_fault  # heavy, and few need it

        fault = find_url_fault(url)
        if fault:
            raise _refusal(tokens[0], url, fault, self.wanted)
        return url


@dataclass(frozen=True)
class SourceConverter(PathConverter):
    """Converts what was typed for something here or on the Hub."""

    names: tuple[str, ...] = ()
    """Those that mean neither."""
    inside: str | None = None
    """The file that is meant where a folder is given."""

    def __call__(self, _: object, tokens: Sequence[Token]) -> str:
        """The path as text where it is one, the name as it is where it may be one."""
        value = tokens[0].value
        if value in self.names:
            return value
        if value.startswith(_SURELY_PATHS) or (value and "\0" not in value and os.path.lexists(value)):
            return str(self._convert_here(tokens[0]))
        fault = find_name_fault(value, with_owner=False)
        if fault:
            unfit = f"nothing of that name is here, and the Hub can have none: {fault}"
            raise _refusal(tokens[0], value, unfit, self.wanted)
        return value

    def _convert_here(self, token: Token) -> Path:
        path = self._expand(token)
        if self.inside is not None and find_fault(path, "folder") is None:
            path /= self.inside
        return self._check(token, path)


def _refusal(token: Token, value: str, fault: str, wanted: str) -> PathError:
    return PathError(f"{_typed_name(token)}{value!r}: {fault}; {wanted}")


def _typed_name(token: Token) -> str:
    """The option before its value; an argument is named by its value alone."""
    return f"{token.keyword} " if token.keyword else ""


def _path(kind: Kind, wanted: str) -> Parameter:
    return Parameter(converter=PathConverter(kind, f"expected {wanted}"))


RunFolder: TypeAlias = Annotated[Path, _path("folder", "a run directory, which holds run.json")]
FinishedRun: TypeAlias = Annotated[
    Path,
    Parameter(
        converter=RunConverter(
            "folder",
            "expected a run directory, which holds run.json, or a log of inspect_ai (.eval, .json)",
            (".eval", ".json"),
        )
    ),
]
FinishedFolder: TypeAlias = Annotated[
    Path, _path("folder", "a folder that synthlm single, merged, export or pack has finished")
]
InputFile: TypeAlias = Annotated[Path, _path("file", "a file to read")]
OutputFile: TypeAlias = Annotated[Path, _path("new file", "a file to write")]
OutputFolder: TypeAlias = Annotated[Path, _path("new folder", "a folder to write to")]
OutputLocation: TypeAlias = Annotated[
    str,
    Parameter(converter=LocationConverter("new folder", "expected a folder to write to, or a URL of one")),
]
Dataset: TypeAlias = Annotated[
    str,
    Parameter(converter=SourceConverter("folder", "expected a folder, or a dataset on the Hub (user/name)")),
]
Tokenizer: TypeAlias = Annotated[
    str,
    Parameter(
        converter=SourceConverter(
            "file",
            f"expected {BUNDLED!r}, a tokenizer.json, its folder, or a model on the Hub",
            (BUNDLED,),
            "tokenizer.json",
        )
    ),
]
