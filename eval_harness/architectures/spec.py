"""One training run as data: all that decides its numbers, and what comes out of it. Needs no torch."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Any, Literal, NamedTuple, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from synthlm_tasks.rows.streams import digest
from synthlm_tasks.version import DATASET_VERSION

Optimizer: TypeAlias = Literal["adamw", "muon"]
Vocabulary: TypeAlias = Literal["compact", "text"]
Precision: TypeAlias = Literal["float32", "bfloat16"]
Loss: TypeAlias = Literal["answers", "all"]


def _plain(value: object) -> object:
    """A value as JSON gives it back, so that a tuple and a list of the same numbers are one spec."""
    return json.loads(json.dumps(value))


Axes: TypeAlias = Annotated[dict[str, Any], BeforeValidator(_plain)]
"""Axes of a config replaced, as JSON values, e.g. {"num_ops": [1, 8], "operations": ["SWAP"]}."""

Count: TypeAlias = Annotated[int, Field(ge=1)]


class Evaluation(BaseModel):
    """Named rows to score on: the first `samples` of a config's held-out split, of the stock seed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    config: str
    axes: Axes = {}
    split: Literal["validation", "test"] = "test"
    samples: Count = 500


class RunSpec(BaseModel):
    """One training run: all that decides its numbers, on one kind of machine."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    config: str
    """Training config, e.g. "dyna-ramp-easy"."""
    axes: Axes = {}
    architecture: str
    """A mixer by name, "stock:" and a model type of transformers, or the user's own as "module:factory"."""
    layers: Count = 2
    width: Annotated[int, Field(ge=8, multiple_of=2)] = 64
    tokens: Count
    """Tokens to train on, padding left out."""
    lr: Annotated[float, Field(gt=0)] = 3e-3
    seed: Annotated[int, Field(ge=0)] = 0
    """Of the weights."""
    data_seed: Annotated[int, Field(ge=0)] = 42
    """Of the training problems."""
    batch_size: Count = 64
    """Problems of a step."""
    optimizer: Optimizer = "adamw"
    convolution: bool = True
    """Whether a short causal convolution stands before every mixer."""
    ffn: bool = True
    vocabulary: Vocabulary = "compact"
    loss: Loss = "answers"
    """Tokens that count: the answers', or every one, which teaches faster where prompts can be foretold."""
    precision: Precision = "float32"
    evaluations: tuple[Evaluation, ...] = ()
    curve_points: Count = 20
    """How often accuracy is measured on the way, the end included."""

    @cached_property
    def key(self) -> str:
        """A digest of everything above and of the dataset version: 32 hex digits."""
        return "".join(f"{word:08x}" for word in digest("run", DATASET_VERSION, self.canonical))

    @property
    def canonical(self) -> str:
        """The spec as JSON with sorted keys."""
        return json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))

    def differences(self, other: "RunSpec") -> list[str]:
        """The fields that differ, each with both values, e.g. "lr=0.003, not 0.001"."""
        mine, others = self.model_dump(mode="json"), other.model_dump(mode="json")
        return [f"{name}={mine[name]!r}, not {others[name]!r}" for name in mine if mine[name] != others[name]]


class CurvePoint(NamedTuple):
    """Where a run stood after some tokens."""

    tokens: int
    loss: float
    """Mean loss of the labelled tokens since the point before."""
    accuracy: dict[str, float]
    """Of the first query, by the name of the evaluation."""


@dataclass(frozen=True)
class Score:
    """The exact matches of first queries among `n` rows; `chance` is the accuracy of guessing."""

    accuracy: float
    n: int
    chance: float
    by_axis: Mapping[str, Mapping[str, tuple[int, int]]] = field(default_factory=dict)
    """Axis → its value as JSON → (right, rows)."""


@dataclass(frozen=True)
class RunResult:
    """What a run came to."""

    spec: RunSpec
    parameters: int
    state_size: int
    """Numbers that the model carries from one token to the next, all layers together, at the longest row
    scored."""
    kernels: str
    """What computed, and on what, e.g. "fla 0.4.1, torch 2.13.0, NVIDIA H200"."""
    curve: list[CurvePoint]
    scores: dict[str, Score]
    seconds: float
    """Time of training steps alone."""
    tokens_per_second: float
    error: str | None = None
    """Why the run failed; None where it did not."""
