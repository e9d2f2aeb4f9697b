"""`synthlm train`: from options to a trained model and its scores."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from cyclopts import Parameter
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from eval_harness.architectures.spec import CurvePoint, Evaluation, RunResult, RunSpec
from eval_harness.errors import SettingsError
from eval_harness.statistics import wilson
from synthlm_tasks.catalog import configs
from synthlm_tasks.cli.options import check_known
from synthlm_tasks.cli.paths import OutputFolder
from synthlm_tasks.cli.terminal import plain_console
from synthlm_tasks.curriculum.amounts import format_amount, parse_amount

if TYPE_CHECKING:
    from collections.abc import Callable

# Seconds between plain lines where there is no terminal.
_PAUSE: Final = 10.0

# Values of an axis that are shown; of more the folder's result.json tells.
_MOST_VALUES: Final = 12


@Parameter(name="*", negative="")
@dataclass(frozen=True, kw_only=True)
class Training:
    """How a model is made and trained."""

    architecture: Annotated[str, Parameter(name=["--architecture", "--mixer"])] = "attention"
    """A mixer by name, a whole model of transformers as stock:TYPE, or a mixer of yours as module:factory"""
    size: str = "2x64"
    """Layers x width"""
    tokens: str = "20M"
    """Tokens to train on, without padding: 500K, 20M, 1B…"""
    axes: str = "{}"
    """JSON object of axes in place of the config's, e.g. '{"num_ops": [1, 8]}'"""
    lr: float = 3e-3
    """Learning rate at its highest"""
    seed: int = 0
    """Seed of the weights"""
    data_seed: int = 42
    """Seed of the problems"""
    batch_size: int = 64
    """Problems of a step"""
    optimizer: Literal["adamw", "muon"] = "adamw"
    """AdamW for everything, or Muon for the matrices inside"""
    convolution: Annotated[bool, Parameter(negative="--no-convolution")] = True
    """Whether a short convolution stands before every mixer"""
    ffn: Annotated[bool, Parameter(negative="--no-ffn")] = True
    """Whether an FFN follows every mixer"""
    vocabulary: Literal["compact", "text"] = "compact"
    """Tokens that carry information alone, or all that make up the text"""
    loss: Literal["answers", "all"] = "answers"
    """Tokens that count: the answers', or every one"""
    precision: Literal["float32", "bfloat16"] = "float32"
    """What matrices are multiplied in"""


@Parameter(name="*", negative="")
@dataclass(frozen=True, kw_only=True)
class Scoring:
    """What a model is scored on, and where it goes."""

    eval_configs: Annotated[tuple[str, ...], Parameter(consume_multiple=True)] = ()
    """Configs to score on [default: the one trained on, with its axes]"""
    samples: int = 500
    """Test problems of each"""
    curve_points: int = 20
    """How often accuracy is measured on the way"""
    device: str = "auto"
    """cpu, cuda, cuda:1… [default: the GPU where there is one]"""
    output_dir: OutputFolder | None = None
    """Folder of the run and the model; the same command goes on there [default: synthlm-train-CONFIG]"""


TRAINING: Final = Training()
SCORING: Final = Scoring()


def train_command(
    config: Annotated[str, Parameter(name="CONFIG", help="Named config to train on, e.g. dyna-ramp-easy.")],
    /,
    *,
    training: Training = TRAINING,
    scoring: Scoring = SCORING,
) -> int:
    """Train a small model from random weights on a config's endless problems, and score it.

    The same command goes on where it was stopped. Ends with 1 where training diverged.
    """
    spec = make_spec(config, training, scoring)
    train_run = _import_training()
    folder = scoring.output_dir or Path(f"synthlm-train-{config}")
    console = plain_console(stderr=True, soft_wrap=True)
    with _shown_progress(console, spec) as hear:
        result = train_run(spec, folder, device=scoring.device, progress=hear)
    out = plain_console(soft_wrap=True)
    for line in describe_result(result):
        out.print(line)
    out.print(f"saved in {folder}")
    return 1 if result.error else 0


def _import_training() -> "Callable[..., RunResult]":
    try:
        from eval_harness.architectures.training import train_run
    except ModuleNotFoundError as error:
        if error.name not in ("torch", "transformers", "safetensors"):
            raise
        raise SettingsError(f"synthlm train needs {error.name}: pip install 'synthlm[train]'") from None
    return train_run


def make_spec(config: str, training: Training, scoring: Scoring) -> RunSpec:
    """The spec that the options describe; raises SettingsError or ParameterError."""
    given: dict[str, Any] = {"config": config, **vars(training)}
    given["layers"], given["width"] = parse_size(given.pop("size"))
    given["tokens"] = parse_amount("tokens", training.tokens)
    given["axes"] = parse_axes(training.axes)
    names = [check_known("eval_configs", name, list(configs())) for name in scoring.eval_configs] or [config]
    axes = {} if scoring.eval_configs else given["axes"]
    try:
        evaluations = [
            Evaluation(name=name, config=name, axes=axes, samples=scoring.samples)
            for name in dict.fromkeys(names)
        ]
        return RunSpec(**given, evaluations=tuple(evaluations), curve_points=scoring.curve_points)
    except ValidationError as error:
        first = error.errors()[0]
        name, reason = ".".join(map(str, first["loc"])), first["msg"].lower()
        if name in ("layers", "width"):
            raise SettingsError(f"size={training.size!r}: {name}: {reason}") from None
        raise SettingsError(f"{name}={first['input']!r}: {reason}") from None


def parse_size(text: str) -> tuple[int, int]:
    """Layers and width, e.g. "2x64" → (2, 64); raises SettingsError."""
    found = re.fullmatch(r"(\d{1,4})x(\d{1,6})", text)
    if not found:
        raise SettingsError(f"size={text!r}: expected LAYERSxWIDTH, e.g. 2x64")
    return int(found[1]), int(found[2])


def parse_axes(text: str) -> dict[str, Any]:
    """Axes from a JSON object; raises SettingsError."""
    try:
        axes = json.loads(text)
    except ValueError:
        axes = None
    if not isinstance(axes, dict):
        raise SettingsError(f"axes={text!r}: expected a JSON object, e.g. '{{\"num_ops\": [1, 8]}}'")
    return axes


def describe_result(result: RunResult) -> list[str]:
    """What a run came to, in lines."""
    spec, found = result.spec, []
    about = f"{spec.layers}x{spec.width}, {result.parameters:,} parameters, state of {result.state_size:,}"
    speed = f"{format_amount(result.tokens_per_second)} tokens/s, {result.seconds:.0f} s, {result.kernels}"
    found.append(f"{spec.architecture} {about}; {speed}")
    for name, score in result.scores.items():
        right = round(score.accuracy * score.n)
        low, high = wilson(right, score.n) or (0.0, 1.0)
        interval = f"95% interval {low:.1%}-{high:.1%}; guessing gives {score.chance:.1%}"
        found.append(f"{name}: {score.accuracy:.1%} correct ({right:,}/{score.n:,}), {interval}")
        found += [_describe_axis(*each) for each in score.by_axis.items() if 1 < len(each[1]) <= _MOST_VALUES]
    return [*found, f"diverged: {result.error}"] if result.error else found


def _describe_axis(axis: str, counts: Mapping[str, tuple[int, int]]) -> str:
    """The accuracy at each value of an axis, e.g. "  num_ops: 2 97% of 30, 3 95% of 170"."""
    ordered = sorted(counts.items(), key=lambda each: (len(each[0]), each[0]))  # JSON: 2 before 10
    return f"  {axis}: " + ", ".join(f"{value} {hits / n:.0%} of {n}" for value, (hits, n) in ordered)


@contextmanager
def _shown_progress(console: Console, spec: RunSpec) -> "Iterator[Callable[[CurvePoint], None]]":
    """A bar on a terminal, a line now and then elsewhere."""
    import time

    columns = (BarColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task, last = bar.add_task("", total=spec.tokens), time.monotonic()

        def hear(point: CurvePoint) -> None:
            nonlocal last
            accuracy = "".join(f", {name} {share:.0%}" for name, share in point.accuracy.items())
            line = f"{format_amount(point.tokens)} tokens, loss {point.loss:.3f}{accuracy}"
            bar.update(task, completed=min(point.tokens, spec.tokens), description=line)
            if not console.is_terminal and time.monotonic() - last > _PAUSE:
                last = time.monotonic()
                console.print(line)

        yield hear
