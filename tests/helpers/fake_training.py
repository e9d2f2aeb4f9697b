"""Training that is none: results that follow from the spec at once, and runs that fail or die as told.

The architecture says what happens: "attention" is good, "gru" is worse, "module:fails" raises, "module:dies"
ends its process the first times (as often as its seed says), "module:diverges" comes to nothing.
"""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from eval_harness.architectures.spec import CurvePoint, RunResult, RunSpec, Score

SKILL = {"attention": 0.9, "gru": 0.5, "mamba2": 0.7}
BEST_LR = {"attention": 3e-3, "gru": 1e-3}
CHANCE = 0.2


def accuracy(spec: RunSpec, share: float) -> float:
    """What a model has learned after a share of its tokens."""
    skill = SKILL.get(spec.architecture, 0.6) * share
    skill *= 1.0 if spec.lr == BEST_LR.get(spec.architecture, spec.lr) else 0.5
    return round(CHANCE + (1 - CHANCE) * max(skill - 0.01 * spec.seed, 0), 6)


def train(
    spec: RunSpec,
    folder: Path | None,
    *,
    device: str = "auto",
    progress: Callable[[CurvePoint], None] | None = None,
    resume: bool = True,
) -> RunResult:
    """Take as long as SYNTHLM_FAKE_SECONDS says."""
    assert device == "cpu"
    assert resume
    time.sleep(float(os.environ.get("SYNTHLM_FAKE_SECONDS", "0")))
    if spec.architecture == "module:fails":
        raise RuntimeError("no such\nkernel")
    if spec.architecture == "module:dies":
        die(spec, folder)
    curve = []
    for place in range(1, spec.curve_points + 1):
        share = place / spec.curve_points
        found = {evaluation.name: accuracy(spec, share) for evaluation in spec.evaluations}
        curve.append(CurvePoint(round(spec.tokens * share), 2 - share, found))
        if progress:
            progress(curve[-1])
    error = "the loss is no number" if spec.architecture == "module:diverges" else None
    scores = (
        {} if error else {evaluation.name: score(spec, evaluation.samples) for evaluation in spec.evaluations}
    )
    return RunResult(spec, 100_000, 256, "torch", curve, scores, 10.0 + spec.seed, spec.tokens / 10, error)


def score(spec: RunSpec, samples: int) -> Score:
    right = round(accuracy(spec, 1) * samples)
    half = samples // 2
    groups = {"num_ops": {"1": (min(right, half), half), "2": (max(right - half, 0), samples - half)}}
    return Score(right / samples, samples, CHANCE, groups)


def die(spec: RunSpec, folder: Path | None) -> None:
    """End this process as often as the seed says."""
    assert folder is not None
    folder.mkdir(parents=True, exist_ok=True)
    deaths = len(list(folder.iterdir()))
    if deaths < spec.seed:
        (folder / str(deaths)).touch()
        os.kill(os.getpid(), signal.SIGKILL)
