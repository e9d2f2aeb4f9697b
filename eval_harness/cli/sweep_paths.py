"""Types of the arguments of `synthlm sweep` that take a path."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeAlias

from cyclopts import Parameter, Token

from synthlm_tasks.cli.paths import PathConverter


@dataclass(frozen=True)
class PlanConverter(PathConverter):
    """Converts what was typed for a plan: one of the package's, by name, or a file."""

    def __call__(self, _: object, tokens: Sequence[Token]) -> Path | str:
        """The name as it is, or the path."""
        from eval_harness.architectures.sweep.reading import packaged_plans

        return tokens[0].value if tokens[0].value in packaged_plans() else self.convert(tokens[0])


@dataclass(frozen=True)
class TableConverter(PathConverter):
    """Converts what was typed for a table: its file, or the folder that it is in."""

    inside: str = ""

    def convert(self, token: Token) -> Path:
        """The file."""
        path = self._expand(token)
        if os.path.isdir(path):  # noqa: PTH112  # unlike the method, it raises nothing
            path = PathConverter("folder", self.wanted)._check(token, path) / self.inside
        return self._check(token, path)


PlanSource: TypeAlias = Annotated[
    Path | str,
    Parameter(
        converter=PlanConverter(
            "file", "expected a plan as TOML, or smoke, headline, two-cores, one-gpu or full"
        )
    ),
]
SweepTable: TypeAlias = Annotated[
    Path,
    Parameter(converter=TableConverter("file", "expected a sweep's folder or table", "sweep.parquet")),
]
