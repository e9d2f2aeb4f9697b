"""Mamba-2."""

from typing import ClassVar, Final

import torch
from torch import nn
from transformers import Mamba2Config
from transformers.models.mamba2.modeling_mamba2 import Mamba2Mixer

from eval_harness.architectures.mixers.initialization import init_linears
from eval_harness.architectures.mixers.registry import WIDENED, Place

# Tokens computed together: short rows would be padded to more.
_CHUNK: Final = 16

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
        mixed: torch.Tensor = self.mixer(x)
        return mixed

    def state_size(self, length: int) -> int:  # noqa: ARG002  # the same at any length
        """A few states for every channel."""
        return self._state
