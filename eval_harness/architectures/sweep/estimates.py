"""How long a sweep takes: tokens by the speed of each architecture, measured where a table has it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from eval_harness.architectures.spec import RunSpec
from eval_harness.architectures.sweep.plan import Plan, PlannedRun
from eval_harness.architectures.sweep.table import Row

# Thousand tokens a second of 2 layers of width 64 on one core, somewhat below those of an idle one
# in docs/training.md.
_ONE_CORE: Final = {
    "attention": 44, "attention-nope": 44, "gru": 41, "linear": 41, "rg-lru": 30, "mlstm": 26,
    "gated-deltanet": 25, "gated-deltanet-neg": 25, "mamba2": 29, "kda": 12,
}  # fmt: skip
_UNKNOWN: Final = 20
"""Of an architecture that nothing is known of."""

_STOCK_SIZE: Final = 2 * 64
_MEASURED: Final = "measured"


@dataclass(frozen=True)
class Estimate:
    """Runs of one architecture and size: how many, their tokens, and the seconds that one worker takes."""

    architecture: str
    size: str
    runs: int
    tokens: int
    rate: float
    """Tokens a second of one run,"""
    source: str
    """and where that is from: "measured", "plan" or "assumed"."""

    @property
    def seconds(self) -> float:
        """How long one worker takes, evaluations left out."""
        return self.tokens / self.rate


def estimate(plan: Plan, runs: Sequence[PlannedRun], rows: Iterable[Row] = ()) -> list[Estimate]:
    """What the runs take, an entry for each architecture and size; `rows` are those made before."""
    measured: dict[tuple[str, str], list[float]] = {}
    for row in rows:
        if not row.failed and row.result.tokens_per_second > 0:
            measured.setdefault(_kind(row.spec), []).append(row.result.tokens_per_second)
    groups: dict[tuple[str, str], list[PlannedRun]] = {}
    for run in runs:
        groups.setdefault(_kind(run.spec), []).append(run)
    found = []
    for (architecture, size), some in groups.items():
        rate, source = _rate(plan.tokens_per_second, measured, some[0].spec)
        tokens = sum(run.spec.tokens for run in some)
        found.append(Estimate(architecture, size, len(some), tokens, rate, source))
    return found


def _kind(spec: RunSpec) -> tuple[str, str]:
    return spec.architecture, f"{spec.layers}x{spec.width}"


def _rate(
    stated: Mapping[str, float], measured: Mapping[tuple[str, str], Sequence[float]], spec: RunSpec
) -> tuple[float, str]:
    if speeds := measured.get(_kind(spec)):
        return median(speeds), _MEASURED
    # At these widths a layer's time grows with its width rather than with its square.
    smaller = _STOCK_SIZE / (spec.layers * spec.width)
    if spec.architecture in stated:
        return stated[spec.architecture] * smaller, "plan"
    return 1000 * _ONE_CORE.get(spec.architecture, _UNKNOWN) * smaller, "assumed"
