"""One run: a spec becomes a trained model and its scores."""

import logging
import math
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import torch
from torch.nn import functional

from eval_harness.architectures.batches import Batches, has_one_query
from eval_harness.architectures.checkpoints import RunFolder
from eval_harness.architectures.models import check_causal, count_parameters, make_model, name_kernels
from eval_harness.architectures.optimization import CLIP, lr_share, make_optimizers, set_lr
from eval_harness.architectures.rows import load_rows
from eval_harness.architectures.saving import save_model
from eval_harness.architectures.scoring import match_rows, score_rows
from eval_harness.architectures.spec import CurvePoint, RunResult, RunSpec, Score
from eval_harness.architectures.words import load_words
from eval_harness.errors import SettingsError

Progress = Callable[[CurvePoint], None]
"""Hears several times a second where a run stands: its tokens, its loss since the last point of the curve,
and the accuracies at that point."""

_CURVE_ROWS: Final = 250
"""Rows of each evaluation that a point of the curve is measured on; the last one has all."""

_CHECKPOINT_SECONDS: Final = 30.0
_PROGRESS_SECONDS: Final = 0.2


def train_run(
    spec: RunSpec,
    folder: Path | None,
    *,
    device: str = "auto",
    progress: Progress | None = None,
    resume: bool = True,
) -> RunResult:
    """Train the model of a spec and score it.

    With a `folder` the run can be killed at any moment: the same call goes on from its last checkpoint with
    the very next batch, to the same numbers; a finished run is read, not trained again; the model is saved
    there (see `saving`). Raises SettingsError or ParameterError for what cannot be trained, and for a folder
    that holds a run of another spec.
    """
    chosen = find_device(device)
    with _alone_on_a_core(chosen), _quiet_transformers():
        run = _Run(spec, chosen)  # before anything is written: what cannot be made leaves nothing behind
        if folder is None:
            run.train(None, progress)
            return run.result()
        with closing(RunFolder(folder, spec, resume=resume)) as files:
            done = files.load_result(spec)
            if done is not None:
                return done
            state = files.load_state(chosen)
            if state is not None:
                run.load_state_dict(state)
            run.train(files, progress)
            result = run.result()
            save_model(run.model, spec, run.words, folder)
            files.save_result(result)
            return result


def find_device(name: str) -> torch.device:
    """A device by name; "auto" is the GPU where there is one. Raises SettingsError."""
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        return torch.empty(0, device=name).device
    except (RuntimeError, AssertionError) as error:
        reason = " ".join(str(error).split())[:200]
        raise SettingsError(f"device={name!r}: not on this machine ({reason})") from None


class _Run:
    """A run between its steps."""

    def __init__(self, spec: RunSpec, device: torch.device) -> None:
        self.spec, self.device, self.words = spec, device, load_words(spec.vocabulary)
        self.model = make_model(spec, self.words).to(device).train()
        check_causal(self.model, spec.architecture, self.words, device)
        self.optimizers = make_optimizers(self.model, spec.optimizer, spec.lr)
        self.batches = Batches(spec, device)
        self.rows = {each.name: load_rows(each, self.words) for each in spec.evaluations}
        self.ended = has_one_query(spec)
        self.tokens, self.seconds = 0, 0.0
        self.curve: list[CurvePoint] = []
        # Sums of the labelled tokens' loss since the last point; on the device, which nothing waits for.
        self.loss = torch.zeros(2, dtype=torch.float64, device=device)

    def train(self, files: RunFolder | None, progress: Progress | None) -> None:
        """Take steps until all tokens are seen."""
        saved = told = begun = time.monotonic()
        while self.tokens < self.spec.tokens:
            self.step()
            now = time.monotonic()
            self.seconds += now - begun
            if progress is not None and now - told > _PROGRESS_SECONDS:
                progress(CurvePoint(self.tokens, self.mean_loss(), self.latest))
                told = now
            if self.tokens >= self._next_point():
                self.add_point()
                if not math.isfinite(self.curve[-1].loss):
                    return
            if files is not None and now - saved > _CHECKPOINT_SECONDS:
                files.save_state(self.state_dict())
                saved = time.monotonic()
            begun = time.monotonic()

    def step(self) -> None:
        """Learn from one batch."""
        batch = next(self.batches)
        set_lr(self.optimizers, self.spec.lr * lr_share(self.tokens / self.spec.tokens))
        labels = functional.pad(batch["labels"][:, 1:], (0, 1), value=-100)
        places = labels != -100
        with self.precision():
            logits = self.model(batch["input_ids"], batch["attention_mask"], places)
            loss = functional.cross_entropy(logits.float(), labels[places])
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), CLIP)
        for optimizer in self.optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        count = places.sum()
        self.loss += torch.stack([loss.detach() * count, count])
        self.tokens += int(batch["attention_mask"].sum())

    def precision(self) -> Any:  # noqa: ANN401  # a context of torch
        """Where matrices are multiplied in the spec's precision."""
        low = self.spec.precision == "bfloat16"
        return torch.autocast(self.device.type, torch.bfloat16, enabled=low)

    def mean_loss(self) -> float:
        """Of the labelled tokens since the last point of the curve."""
        total, count = self.loss.tolist()
        return float(total / count) if count else float("nan")

    @property
    def latest(self) -> dict[str, float]:
        """The accuracies at the last point of the curve."""
        return self.curve[-1].accuracy if self.curve else {}

    def _next_point(self) -> float:
        """Tokens at which the next point of the curve is due."""
        return self.spec.tokens * (len(self.curve) + 1) / self.spec.curve_points

    def add_point(self) -> None:
        """Measure where the run stands."""
        accuracy = {
            name: float(self.match(rows.first(_CURVE_ROWS)).mean()) for name, rows in self.rows.items()
        }
        # A batch may be longer than the way from point to point: those that it passed are this one.
        while self.tokens >= self._next_point() and len(self.curve) < self.spec.curve_points:
            self.curve.append(CurvePoint(self.tokens, self.mean_loss(), accuracy))
        self.loss.zero_()

    def match(self, rows: Any) -> Any:  # noqa: ANN401  # as in `scoring`
        """Which rows are answered right."""
        with self.precision():
            return match_rows(self.model, rows, ended=self.ended, device=self.device)

    def result(self) -> RunResult:
        """What the run came to."""
        scores: dict[str, Score] = {
            name: score_rows(rows, self.match(rows)) for name, rows in self.rows.items()
        }
        curve = list(self.curve)
        if curve:
            curve[-1] = curve[-1]._replace(accuracy={name: score.accuracy for name, score in scores.items()})
        lost = next((point.loss for point in curve if not math.isfinite(point.loss)), None)
        longest = max((rows.tokens.shape[1] for rows in self.rows.values()), default=128)
        return RunResult(
            spec=self.spec,
            parameters=count_parameters(self.model),
            state_size=self.model.state_size(longest),
            kernels=name_kernels(self.model),
            curve=curve,
            scores=scores,
            seconds=self.seconds,
            tokens_per_second=self.tokens / self.seconds,
            error=f"the loss was {lost} after {self.tokens:,} tokens" if lost is not None else None,
        )

    def state_dict(self) -> dict[str, Any]:
        """All that the next steps depend on."""
        return {
            "model": self.model.state_dict(),
            "optimizers": [optimizer.state_dict() for optimizer in self.optimizers],
            "batches": self.batches.state_dict(),
            "tokens": self.tokens,
            "seconds": self.seconds,
            "loss": self.loss,
            "curve": [tuple(point) for point in self.curve],
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where a state was taken."""
        self.model.load_state_dict(state["model"])
        for optimizer, part in zip(self.optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(part)
        self.batches.load_state_dict(state["batches"])
        self.tokens, self.seconds = state["tokens"], state["seconds"]
        self.loss = state["loss"]
        self.curve = [CurvePoint(*point) for point in state["curve"]]


@contextmanager
def _alone_on_a_core(device: torch.device) -> Iterator[None]:
    """One thread for a run on CPUs: small matrices gain nothing by more, and runs go side by side."""
    threads = torch.get_num_threads()
    if device.type == "cpu":
        torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


@contextmanager
def _quiet_transformers() -> Iterator[None]:
    """Without its bars, and its lines about kernels that are not there: the result names those that are."""
    from transformers.utils import logging as bars

    logger = logging.getLogger("transformers")
    level, shown = logger.level, bars.is_progress_bar_enabled()
    logger.setLevel(logging.ERROR)
    bars.disable_progress_bar()
    try:
        yield
    finally:
        logger.setLevel(level)
        if shown:
            bars.enable_progress_bar()
