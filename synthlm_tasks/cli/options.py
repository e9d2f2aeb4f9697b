"""Options that the generating commands share."""

from dataclasses import dataclass
from typing import Annotated, Final

from cyclopts import Parameter

from synthlm_tasks.catalog import Options, checked_options, default_options
from synthlm_tasks.curriculum.executors import Executor, Processes, in_process
from synthlm_tasks.curriculum.layout import Format
from synthlm_tasks.errors import ParameterError
from synthlm_tasks.task import whole_number
from synthlm_tasks.tokenizer import BUNDLED

STOCK: Final = default_options()

Shares = tuple[float, float, float]

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
        return checked_options({**vars(self), "num_samples": num_samples})


@Parameter(name="*")
@dataclass(frozen=True)
class Output:
    """Where and how files are written."""

    output_dir: str | None = None
    """Folder to write to: a path, or any URL that fsspec knows (synthlm, synthlm-merged or synthlm-TASK)."""
    format: Format = "parquet"
    """File format."""
    shard_rows: int = 500_000
    """Most rows in a file of train; held-out splits are one file each."""
    num_proc: int = 1
    """Processes that write; the bytes are the same for any number."""
    tokenizer: str = BUNDLED
    """Whose tokens are counted: the bundled tokenizer, a tokenizer.json, or a model on the Hub."""
    dry_run: Annotated[bool, _PLAIN] = False
    """Print the plan, write nothing."""

    def executor(self) -> Executor:
        """Who writes; raises ParameterError."""
        count = whole_number("num_proc", self.num_proc, 1)
        return in_process if count == 1 else Processes(count)

    def checked_shard_rows(self) -> int:
        """Rows in a shard; raises ParameterError."""
        return whole_number("shard_rows", self.shard_rows, 1)


ROWS: Final = Rows()
OUTPUT: Final = Output()


def known(name: str, value: str, allowed: list[str]) -> str:
    """`value` where it is one of `allowed`; raises ParameterError."""
    if value not in allowed:
        raise ParameterError(f"{name}={value!r}: expected one of {', '.join(allowed)}")
    return value
