"""Options that the generating commands share."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Final, Literal, ParamSpec

import pyarrow as pa
from cyclopts import Parameter

from synthlm_tasks.cli.paths import OutputLocation, Tokenizer
from synthlm_tasks.cli.terminal import plain_console, show_waiting
from synthlm_tasks.curriculum.budget import Allocation
from synthlm_tasks.curriculum.executors import Executor, in_process
from synthlm_tasks.curriculum.executors.on_ray import OnRay
from synthlm_tasks.curriculum.executors.processes import Processes, prepare
from synthlm_tasks.curriculum.layout import Format
from synthlm_tasks.errors import ParameterError, suggest
from synthlm_tasks.options import Options, check_options, default_options
from synthlm_tasks.rows.task import check_whole_number
from synthlm_tasks.rows.vocabulary import TokensName
from synthlm_tasks.tokens.tokenizer import BUNDLED

STOCK: Final = default_options()

_Given = ParamSpec("_Given")

Shares = tuple[float, float, float]

Tokens = Annotated[
    TokensName, Parameter(help="The bundled vocabulary: text, or compact, which has no separators.")
]

_PLAIN: Final = Parameter(negative=())  # no --no-x, no --empty-x


@Parameter(name="*")
@dataclass(frozen=True)
class Rows:
    """Which rows are made."""

    curriculum_weights: Annotated[Shares, _PLAIN] = STOCK.curriculum_weights  # type: ignore[assignment]  # three, as checked
    """Shares of the levels easy, medium and hard."""
    split_ratios: Annotated[Shares, _PLAIN] = STOCK.split_ratios  # type: ignore[assignment]  # three, as checked
    """Shares of train, validation and test."""
    max_held_out: int = STOCK.max_held_out
    """Most rows per task and level in validation and in test; what is beyond goes to train."""
    seed: int = STOCK.seed
    """Names the sequence of rows; the same seed gives the same bytes."""

    def checked(self, num_samples: int = STOCK.num_samples) -> Options:
        """The options in canonical form; raises ParameterError naming a wrong one."""
        return check_options({**vars(self), "num_samples": num_samples})


@Parameter(name="*")
@dataclass(frozen=True)
class Target:
    """Where files are written, and by whom."""

    output_dir: OutputLocation | None = None
    """Folder to write to: a path, or any URL that fsspec knows (synthlm, or synthlm- and what it holds)."""
    shard_rows: int = 500_000
    """Most rows in a file of train; held-out splits are one file each."""
    num_proc: int | None = None
    """Processes that write (1; with Ray, all CPUs of the cluster); the bytes are the same for any number."""
    executor: Literal["local", "ray"] = "local"
    """Who writes: processes of this machine, or those of Ray, on a cluster of this machine's own."""
    ray_address: str | None = None
    """The Ray cluster to use instead; output_dir must be a folder or URL that all its machines share."""
    dry_run: Annotated[bool, _PLAIN] = False
    """Print the plan, write nothing."""

    def check(self) -> None:
        """Raise ParameterError for what is out of range or does not go together."""
        check_whole_number("shard_rows", self.shard_rows, 1)
        if self.num_proc is not None:
            check_whole_number("num_proc", self.num_proc, 1)
        if self.executor == "local" and self.ray_address is not None:
            raise ParameterError(f"ray_address={self.ray_address!r}: give --executor ray too")

    def chosen_executor(self) -> Executor:
        """Who writes."""
        if self.executor == "ray":
            return OnRay(self.ray_address, self.num_proc)
        return in_process if self.workers == 1 else Processes(self.workers)

    def planned(
        self, plan: Callable[_Given, Allocation], *given: _Given.args, **named: _Given.kwargs
    ) -> Allocation:
        """The plan that `plan` makes, while those who write are prepared."""
        if self.executor == "local" and self.workers > 1 and not self.dry_run:
            prepare()
        with show_waiting(plain_console(stderr=True), "planning"):
            made = plan(*given, **named)
        pa.default_memory_pool().release_unused()  # for those who write
        return made

    @property
    def workers(self) -> int:
        """How many write at a time, as far as is known before they start."""
        return self.num_proc or 1


@Parameter(name="*")
@dataclass(frozen=True)
class Output(Target):
    """Where and how rows are written."""

    format: Format = "parquet"
    """File format."""
    tokenizer: Tokenizer = BUNDLED
    """Whose tokens are counted: the bundled tokenizer, a tokenizer.json, or a model on the Hub."""
    tokens: Tokens = "text"


ROWS: Final = Rows()
TARGET: Final = Target()
OUTPUT: Final = Output()


def check_known(name: str, value: str, allowed: list[str]) -> str:
    """`value` where it is one of `allowed`; raises ParameterError."""
    if value not in allowed:
        known = f"expected one of {', '.join(allowed)}"
        raise ParameterError(f"{name}={value!r}: {known}{suggest(value, allowed)}")
    return value
