"""From a spec to a model with random weights."""

from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any

import torch
from torch import nn

from eval_harness.architectures.backbone import Backbone, Shape
from eval_harness.architectures.matching import matched_shape
from eval_harness.architectures.mixers.registry import find_mixer
from eval_harness.architectures.spec import RunSpec
from eval_harness.architectures.stock import PREFIX, StockModel, make_stock
from eval_harness.architectures.words import Words


def make_model(spec: RunSpec, words: Words) -> Backbone | StockModel:
    """The model that a spec describes; raises SettingsError for an architecture that is not there."""
    if spec.architecture.startswith(PREFIX):
        return make_stock(spec.architecture, words, spec.layers, spec.width, spec.seed)
    return Backbone(shape_of(spec, words), find_mixer(spec.architecture), spec.seed)


def shape_of(spec: RunSpec, words: Words) -> Shape:
    """The shape of a spec's backbone, its parameters matched."""
    return matched_shape(
        spec.architecture,
        words=words.size,
        layers=spec.layers,
        width=spec.width,
        convolution=spec.convolution,
        ffn=spec.ffn,
    )


def count_parameters(model: nn.Module) -> int:
    """Parameters of a model, tied ones once."""
    return sum(weight.numel() for weight in model.parameters())


def name_kernels(model: nn.Module) -> str:
    """What computes the mixers, e.g. "fla 0.4.1, torch 2.13.0": packages of fast kernels come first."""
    names: list[Any] = [name for part in model.modules() for name in getattr(part, "packages", ())]
    fast = [f"{name} {_version(name)}" for name in dict.fromkeys(names) if find_spec(name)]
    return ", ".join([*fast, f"torch {torch.__version__}"])


def _version(package: str) -> str:
    for name in (package, {"fla": "flash-linear-attention"}.get(package, package)):
        try:
            return version(name)
        except PackageNotFoundError:
            continue
    return "of an unknown version"
