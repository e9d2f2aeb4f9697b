"""One run: a spec becomes a trained model and its scores."""

from collections.abc import Callable
from pathlib import Path

from eval_harness.architectures.spec import CurvePoint, RunResult, RunSpec


def train_run(
    spec: RunSpec,
    folder: Path | None,
    *,
    device: str = "auto",
    progress: Callable[[CurvePoint], None] | None = None,
    resume: bool = True,
) -> RunResult:
    """Train and score one model."""
    raise NotImplementedError
