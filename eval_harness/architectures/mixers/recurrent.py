"""Recurrent layers with a vector for a state: a GRU as control, and Griffin's RG-LRU."""

from typing import Any, ClassVar

import torch
from torch import nn
from transformers import RecurrentGemmaConfig
from transformers.models.recurrent_gemma.modeling_recurrent_gemma import RecurrentGemmaRecurrentBlock

from eval_harness.architectures.mixers.initialization import init_linears
from eval_harness.architectures.mixers.registry import Place


class GRU(nn.Module):  # type: ignore[misc]  # torch is skipped by the type check
    """`torch.nn.GRU` and a matrix back to the model's width: not linear in its state, so not parallel."""

    packages: ClassVar = ()

    def __init__(self, place: Place) -> None:
        """Make it for a place."""
        super().__init__()
        self.gru = nn.GRU(place.width, place.inner, batch_first=True)
        self.out = nn.Linear(place.inner, place.width, bias=False)
        self._state = place.inner
        init_linears(self)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Mix (b, n, d)."""
        mixed: torch.Tensor = self.out(self.gru(x)[0])
        return mixed

    def state_size(self, length: int) -> int:  # noqa: ARG002  # the same at any length
        """A vector."""
        return self._state


class RGLRU(nn.Module):  # type: ignore[misc]  # torch is skipped by the type check
    """`RecurrentGemmaRecurrentBlock`."""

    packages: ClassVar = ()

    def __init__(self, place: Place) -> None:
        """Make it for a place."""
        super().__init__()
        inner = place.inner // place.heads * place.heads
        config = RecurrentGemmaConfig(
            hidden_size=place.width,
            lru_width=inner,
            num_attention_heads=place.heads,
            num_hidden_layers=place.layers,
        )
        self.block = RecurrentGemmaRecurrentBlock(config, place.layer)
        self._state = inner
        init_linears(self)
        _init_unit(self.block.rg_lru)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Mix (b, n, d)."""
        positions = torch.arange(x.shape[1], device=x.device).expand(x.shape[:2])
        mixed: torch.Tensor = self.block(x, positions, None, use_cache=False)[0]
        # The layer keeps its last state, with all that led to it, though nothing asks for it.
        self.block.rg_lru.recurrent_states = None
        return mixed

    def state_size(self, length: int) -> int:  # noqa: ARG002  # the same at any length
        """A vector."""
        return self._state


def _init_unit(unit: Any) -> None:  # noqa: ANN401  # a module of transformers
    """What the model's own `_init_weights` sets, without which the parameters are whatever memory held."""
    for weight in (unit.input_gate_weight, unit.recurrent_gate_weight):
        nn.init.normal_(weight, std=unit.block_width**-0.5)
    for bias in (unit.input_gate_bias, unit.recurrent_gate_bias):
        nn.init.zeros_(bias)
    with torch.no_grad():
        # Decays a = exp(-softplus(p)) from 0.9 to 0.999 at an open gate, uniform in their squares.
        squares = unit.recurrent_param.uniform_(0.9**2 + 1e-8, 0.999**2 + 1e-8)
        unit.recurrent_param.copy_(torch.log(torch.expm1(-0.5 * torch.log(squares))))
