"""Linear attention with a fixed decay: MiniMax's lightning attention."""

from typing import ClassVar, Final

import torch
from torch import nn
from transformers import MiniMaxConfig
from transformers.models.minimax.modeling_minimax import MiniMaxLightningAttention

from eval_harness.architectures.mixers.initialization import init_linears
from eval_harness.architectures.mixers.registry import Place

_BLOCK: Final = 64


class LightningAttention(nn.Module):  # type: ignore[misc]  # torch is skipped by the type check
    """`MiniMaxLightningAttention`."""

    packages: ClassVar = ()

    def __init__(self, place: Place) -> None:
        """Make it for a place."""
        super().__init__()
        # One layer more than there are: the decay falls from layer to layer and vanishes in the last.
        config = MiniMaxConfig(
            hidden_size=place.width,
            num_attention_heads=place.heads,
            head_dim=place.inner // place.heads // 2 * 2,  # its config wants pairs, which nothing rotates
            num_hidden_layers=place.layers + 1,
            layer_types=["linear_attention"] * (place.layers + 1),
            block_size=_BLOCK,
        )
        self.attention = MiniMaxLightningAttention(config, place.layer)
        self._state: int = place.heads * config.head_dim**2
        init_linears(self)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Mix (b, n, d)."""
        mixed: torch.Tensor = self.attention(x, None, None)[0]
        return mixed

    def state_size(self, length: int) -> int:  # noqa: ARG002  # the same at any length
        """A matrix a head."""
        return self._state
