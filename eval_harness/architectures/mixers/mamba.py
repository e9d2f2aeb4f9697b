"""Mamba-2."""

from typing import ClassVar, Final

import torch
from torch import nn
from torch.nn import functional
from transformers import Mamba2Config
from transformers.models.mamba2.modeling_mamba2 import Mamba2Mixer

from eval_harness.architectures.mixers.convolution import add_convolved
from eval_harness.architectures.mixers.initialization import init_linears
from eval_harness.architectures.mixers.registry import WIDENED, Place

# Tokens computed together: short rows would be padded to more.
_CHUNK: Final = 16

# Up to so many tokens a row is one chunk on a CPU: the chunks of transformers take twice as long.
_MOST_AT_ONCE: Final = 96

_WIDER: Final = WIDENED["mamba2"]

_STATES: Final = 32
"""States of a channel: with 32 a head's state is as large as a head's of the other mixers."""


class Mamba2(nn.Module):  # type: ignore[misc]  # torch is skipped by the type check
    """`Mamba2Mixer`, twice as wide inside as the model."""

    packages: ClassVar = ("mamba_ssm", "causal_conv1d")

    def __init__(self, place: Place) -> None:
        """Make it for a place."""
        super().__init__()
        heads = _WIDER * place.heads
        head = place.inner // heads
        config = Mamba2Config(
            hidden_size=place.width,
            num_heads=heads,
            head_dim=place.width // place.heads,
            state_size=_STATES,
            n_groups=1,
            chunk_size=_CHUNK,
            num_hidden_layers=place.layers,
        )
        inner = heads * head
        # The config admits whole multiples only; the mixer takes any, and rounds the product down.
        vars(config).update(head_dim=head, expand=(inner + 0.5) / place.width)
        self.mixer = Mamba2Mixer(config, place.layer)
        self._state = inner * _STATES
        init_linears(self)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Mix (b, n, d)."""
        one_chunk = x.device.type == "cpu" and x.shape[1] <= _MOST_AT_ONCE
        mixed: torch.Tensor = self._mix_at_once(x) if one_chunk else self.mixer(x)
        return mixed

    def _mix_at_once(self, x: torch.Tensor) -> torch.Tensor:
        """The same for short rows, as attention to all tokens before: see Mamba-2's paper, section 3.2."""
        layer = self.mixer
        inner, states = layer.intermediate_size, layer.ssm_state_size
        gate, mixed, step = layer.in_proj(x).split([inner, layer.conv_dim, layer.num_heads], dim=-1)
        mixed = functional.silu(add_convolved(layer.conv1d.bias, mixed, layer.conv1d.weight.squeeze(1).T))
        value, key, query = mixed.split([inner, states, states], dim=-1)
        value = value.unflatten(-1, (layer.num_heads, -1)).transpose(1, 2)
        step = functional.softplus(step + layer.dt_bias).transpose(1, 2)  # (b, heads, n)
        decay = (step * -layer.A_log.exp()[:, None]).cumsum(-1)
        later = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).triu(1)
        weights = (decay[..., None] - decay[..., None, :]).masked_fill(later, -torch.inf).exp()
        weights = weights * (query @ key.transpose(1, 2))[:, None] * step[..., None, :]
        read = weights @ value + layer.D[:, None, None] * value
        out: torch.Tensor = layer.out_proj(layer.norm(read.transpose(1, 2).flatten(2), gate))
        return out

    def state_size(self, length: int) -> int:  # noqa: ARG002  # the same at any length
        """A few states for every channel."""
        return self._state
