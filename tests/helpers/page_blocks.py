"""The blocks of a page of the documentation that a reader may copy and run."""

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement

_ROOT: Final = Path(__file__).parents[2]
_PART: Final = re.compile(
    r"^## (?P<title>.+?)$|^```(?P<language>bash|python)\n(?P<code>.*?)^```$", re.S | re.M
)
_INSTALL: Final = re.compile(r"^pip install '(?:synthlm|\.)\[(?P<extras>[\w,-]+)\]'.*\n?", re.M)


@dataclass(frozen=True)
class Block:
    """One block, under the second-level heading that it stands under."""

    title: str
    number: int
    """Of its section, from 1 on."""
    language: str
    code: str
    extras: frozenset[str] = frozenset()
    """What its section has installed up to here."""

    @property
    def name(self) -> str:
        return f"{self.title}-{self.number}"

    @property
    def missing(self) -> str:
        """What it needs that is not installed here: extras that it installs, packages that it imports."""
        names = imported(self.code) if self.language == "python" else ()
        packages = {name for name in names if not find_spec(name)}
        return ", ".join(sorted({f"extra {name}" for name in self.extras if not installed(name)} | packages))

    @property
    def commands(self) -> str:
        """Its code without what installs us and our extras: both are here, or it is not run."""
        return _INSTALL.sub("", self.code)


def read_blocks(page: Path) -> Iterator[Block]:
    """Every bash and Python block of a page, in order."""
    title, number, extras = page.stem, 0, frozenset[str]()
    for part in _PART.finditer(page.read_text("utf-8")):
        if part["title"]:
            title, number, extras = part["title"], 0, frozenset()
        else:
            number += 1
            extras = extras.union(*(found["extras"].split(",") for found in _INSTALL.finditer(part["code"])))
            yield Block(title, number, part["language"], part["code"], extras)


def imported(code: str) -> set[str]:
    """The packages that a script imports."""
    found = list(ast.walk(ast.parse(code)))
    names = [alias.name for node in found if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in found if isinstance(node, ast.ImportFrom) and node.module]
    return {name.partition(".")[0] for name in names}


def installed(extra: str) -> bool:
    """Whether everything that one of our extras asks for is here."""
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return all(map(_is_here, map(Requirement, project["optional-dependencies"][extra])))


def _is_here(asked: Requirement) -> bool:
    try:
        return asked.specifier.contains(version(asked.name), prereleases=True)
    except PackageNotFoundError:
        return False
