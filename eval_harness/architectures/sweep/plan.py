"""A plan: which architectures are trained on what, crossed; every run of it is one `RunSpec`."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Final, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from eval_harness.architectures.spec import (
    Axes,
    Count,
    Evaluation,
    Loss,
    Optimizer,
    Precision,
    RunSpec,
    Vocabulary,
)
from synthlm_tasks.curriculum.amounts import parse_amount
from synthlm_tasks.errors import ParameterError

VALIDATION: Final = "validation"
"""The evaluation that every training has by itself, and that chooses its learning rate."""


def _amount(value: object) -> object:
    """Text such as "20M" as a number; whatever else is there is judged by the type."""
    if not isinstance(value, str):
        return value
    try:
        return parse_amount("tokens", value)
    except ParameterError as error:
        raise ValueError(str(error).partition(": ")[2]) from None


def _list(value: object) -> object:
    """One value for a list of one."""
    return [value] if isinstance(value, str | int | float) else value


def parse_size(text: str) -> tuple[int, int]:
    """Layers and width, e.g. "2x64" → (2, 64); raises ValueError."""
    found = re.fullmatch(r"([1-9]\d*)x([1-9]\d*)", text)
    if found is None:
        raise ValueError("expected LAYERSxWIDTH, e.g. 2x64")
    return int(found[1]), int(found[2])


def _size(text: object) -> object:
    if isinstance(text, str):
        parse_size(text)
    return text


Tokens: TypeAlias = Annotated[int, BeforeValidator(_amount), Field(ge=1)]
Size: TypeAlias = Annotated[str, BeforeValidator(_size)]
Lr: TypeAlias = Annotated[float, Field(gt=0)]
Seed: TypeAlias = Annotated[int, Field(ge=0)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Settings(_Table):
    """What is crossed, and how every run is trained; a training may replace any of it."""

    architectures: Annotated[tuple[str, ...], BeforeValidator(_list), Field(min_length=1)] | None = None
    sizes: Annotated[tuple[Size, ...], BeforeValidator(_list), Field(min_length=1)] | None = None
    lrs: Annotated[tuple[Lr, ...], BeforeValidator(_list), Field(min_length=1)] | None = None
    seeds: Annotated[tuple[Seed, ...], BeforeValidator(_list), Field(min_length=1)] | None = None
    optimizers: Annotated[tuple[Optimizer, ...], BeforeValidator(_list), Field(min_length=1)] | None = None
    convolution: Annotated[tuple[bool, ...], BeforeValidator(_list), Field(min_length=1)] | None = None
    ffn: Annotated[tuple[bool, ...], BeforeValidator(_list), Field(min_length=1)] | None = None
    tokens: Tokens | None = None
    batch_size: Count | None = None
    data_seed: Seed | None = None
    vocabulary: Vocabulary | None = None
    loss: Loss | None = None
    precision: Precision | None = None
    curve_points: Count | None = None
    samples: Count | None = None
    """Rows of each evaluation that does not say how many."""

    def over(self, other: "Settings") -> dict[str, Any]:
        """These settings where they are given, else those of `other`."""
        names = Settings.model_fields
        mine = {name: getattr(self, name) for name in names}
        return {name: getattr(other, name) if mine[name] is None else mine[name] for name in names}


STOCK: Final = Settings(
    architectures=("attention", "gated-deltanet", "gated-deltanet-neg", "mamba2", "linear", "gru"),
    sizes=("2x64",),
    lrs=(3e-3,),
    seeds=(0,),
    optimizers=("adamw",),
    convolution=(True,),
    ffn=(True,),
    tokens=10_000_000,
    batch_size=64,
    data_seed=42,
    vocabulary="compact",
    loss="answers",
    precision="float32",
    curve_points=20,
    samples=500,
)
"""What a plan means that leaves settings out."""


class EvaluationPlan(_Table):
    """Rows to score on: of the training's own config, its axes replaced by `axes`, or of another."""

    name: str | None = None
    config: str | None = None
    axes: Axes = {}
    samples: Count | None = None

    def of(self, training: "Training", samples: int) -> Evaluation:
        """The evaluation as a run knows it."""
        axes = training.axes | self.axes if self.config in (None, training.config) else self.axes
        words = ", ".join(f"{name} {_words(value)}" for name, value in self.axes.items())
        name = self.name or (f"{self.config or ''} {words}".strip() or "test")
        return Evaluation(
            name=name,
            config=self.config or training.config,
            axes=axes,
            split="test",
            samples=self.samples or samples,
        )


def _words(value: object) -> str:
    return "-".join(map(str, value)) if isinstance(value, list) else str(value)


class Training(Settings):
    """One config to train on, and what is scored then; settings given here replace the plan's."""

    config: str
    name: str = ""
    """What it is called in tables and figures; the config's name where none is given."""
    axes: Axes = {}
    control: bool = False
    """Whether it pins a difference to its cause, rather than speaking for its task."""
    evaluations: tuple[EvaluationPlan, ...] = (EvaluationPlan(),)

    @property
    def title(self) -> str:
        """The name."""
        return self.name or self.config


@dataclass(frozen=True)
class PlannedRun:
    """A run, and what it is for."""

    training: str
    control: bool
    spec: RunSpec

    @property
    def words(self) -> str:
        """The run in a line, e.g. "swaps: gru, 2x64, lr 0.003, seed 0"."""
        spec = self.spec
        parts = [spec.architecture, f"{spec.layers}x{spec.width}", f"lr {spec.lr:g}", f"seed {spec.seed}"]
        parts += [] if spec.optimizer == "adamw" else [spec.optimizer]
        parts += [] if spec.convolution else ["no convolution"]
        parts += [] if spec.ffn else ["no FFN"]
        return f"{self.training}: {', '.join(parts)}"


class Plan(Settings):
    """A whole plan, as its TOML file says it."""

    description: str = ""
    tokens_per_second: dict[str, Annotated[float, Field(gt=0)]] = {}
    """Architecture → speed of one run of size 2x64, for estimates; they decide nothing."""
    training: Annotated[tuple[Training, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _names_are_different(self) -> "Plan":
        titles = [training.title for training in self.training]
        if repeated := [title for title in dict.fromkeys(titles) if titles.count(title) > 1]:
            raise ValueError(f"two trainings are named {repeated[0]!r}: give one of them another `name`")
        for training in self.training:
            names = [VALIDATION, *(found.name for found in self._evaluations(training)[1:])]
            if again := [name for name in dict.fromkeys(names) if names.count(name) > 1]:
                raise ValueError(f"training {training.title!r}: two evaluations are named {again[0]!r}")
        return self

    def settings(self, training: Training) -> dict[str, Any]:
        """Every setting of a training, by name."""
        mine = Settings(**training.over(self))
        return mine.over(STOCK)

    def _evaluations(self, training: Training) -> tuple[Evaluation, ...]:
        samples = self.settings(training)["samples"]
        chosen_by = Evaluation(
            name=VALIDATION, config=training.config, axes=training.axes, split="validation", samples=samples
        )
        return (chosen_by, *(planned.of(training, samples) for planned in training.evaluations))

    def runs(self) -> list[PlannedRun]:
        """Every run, in an order in which a sweep that is stopped early has answered the most.

        One seed after another, of each the first learning rate before the next, and tasks before controls.
        """
        placed = []
        for training in self.training:
            lrs = self.settings(training)["lrs"]
            placed += [((run.spec.seed, lrs.index(run.spec.lr)), run) for run in self._runs(training)]
        return [run for _, run in sorted(placed, key=lambda pair: (*pair[0], pair[1].control))]

    def _runs(self, training: Training) -> Iterator[PlannedRun]:
        settings, evaluations = self.settings(training), self._evaluations(training)
        kept = ("tokens", "batch_size", "data_seed", "vocabulary", "loss", "precision", "curve_points")
        common = {name: settings[name] for name in kept}
        crossed = ("seeds", "architectures", "sizes", "optimizers", "convolution", "ffn", "lrs")
        for seed, architecture, size, optimizer, convolution, ffn, lr in itertools.product(
            *(settings[name] for name in crossed)
        ):
            layers, width = parse_size(size)
            spec = RunSpec(
                config=training.config,
                axes=training.axes,
                architecture=architecture,
                layers=layers,
                width=width,
                lr=lr,
                seed=seed,
                optimizer=optimizer,
                convolution=convolution,
                ffn=ffn,
                evaluations=evaluations,
                **common,
            )
            yield PlannedRun(training.title, training.control, spec)
