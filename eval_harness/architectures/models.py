"""From a spec to a model with random weights."""

from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any, Final

import torch
from torch import nn

from eval_harness.architectures.backbone import Backbone, Shape
from eval_harness.architectures.matching import matched_shape
from eval_harness.architectures.mixers.registry import find_mixer
from eval_harness.architectures.processor import processor_name
from eval_harness.architectures.spec import RunSpec
from eval_harness.architectures.stock import PREFIX, StockModel, make_stock
from eval_harness.architectures.words import Words
from eval_harness.errors import SettingsError
from synthlm_tasks.rows.vocabulary import SPECIAL

_CHECKED: Final = 96
"""Tokens of a row that causality is checked on."""


def make_model(spec: RunSpec, words: Words) -> Backbone | StockModel:
    """The model that a spec describes; raises SettingsError for an architecture that is not there."""
    if spec.architecture.startswith(PREFIX):
        return make_stock(spec.architecture, words, spec.layers, spec.width, spec.seed)
    return Backbone(shape_of(spec, words), find_mixer(spec.architecture), spec.seed)


def check_causal(model: nn.Module, architecture: str, words: Words, device: torch.device) -> None:
    """Raise SettingsError for a model whose logits depend on later tokens, or are not logits at all.

    Such a model would read the answers that it is trained and scored on.
    """
    was = model.training
    model.eval()
    # Any tokens will do; those after the specials, in a row that is longer than the chunks of the mixers.
    row = torch.arange(_CHECKED, device=device).remainder(words.size - len(SPECIAL)) + len(SPECIAL)
    other = row.clone()
    other[_CHECKED // 2 :] = row[: _CHECKED // 2]
    mask = torch.ones(2, _CHECKED, dtype=torch.long, device=device)
    try:
        with torch.no_grad():
            logits = model(torch.stack([row, other]), mask)
    except Exception as error:  # code of others, which may raise anything
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:300]
        raise SettingsError(
            f"architecture={architecture!r}: fails on 2 x {_CHECKED} tokens ({reason})"
        ) from error
    model.train(was)
    if tuple(logits.shape) != (2, _CHECKED, words.size):
        raise SettingsError(
            f"architecture={architecture!r}: gives {tuple(logits.shape)} for 2 x {_CHECKED} tokens"
        )
    before = logits[:, : _CHECKED // 2].float()
    if not torch.allclose(before[0], before[1], rtol=1e-3, atol=1e-3):
        raise SettingsError(
            f"architecture={architecture!r}: is not causal: what it says of a token depends on later ones"
        )


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
    """What computes, and on what, e.g. "fla 0.4.1, torch 2.13.0, NVIDIA H200": fast kernels come first."""
    names: list[Any] = [name for part in model.modules() for name in getattr(part, "packages", ())]
    fast = [f"{name} {_version(name)}" for name in dict.fromkeys(names) if find_spec(name)]
    device = next(model.parameters()).device
    return ", ".join([*fast, f"torch {torch.__version__}", _device_name(device)])


def _device_name(device: torch.device) -> str:
    """Its name: another processor rounds otherwise, and equal seeds end elsewhere."""
    if device.type == "cuda":
        return str(torch.cuda.get_device_name(device))
    return processor_name() if device.type == "cpu" else str(device.type)


def _version(package: str) -> str:
    for name in (package, {"fla": "flash-linear-attention"}.get(package, package)):
        try:
            return version(name)
        except PackageNotFoundError:
            continue
    return "of an unknown version"
