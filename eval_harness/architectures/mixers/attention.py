"""Softmax attention: Llama's, with rotary positions or with none."""

from typing import ClassVar

import torch
from torch import nn
from transformers import LlamaConfig
from transformers.models.llama.modeling_llama import LlamaAttention, LlamaRotaryEmbedding

from eval_harness.architectures.mixers.initialization import init_linears
from eval_harness.architectures.mixers.registry import Place


class Attention(nn.Module):  # type: ignore[misc]  # torch is skipped by the type check
    """`LlamaAttention` with rotary positions."""

    packages: ClassVar = ()

    def __init__(self, place: Place) -> None:
        """Make it for a place."""
        super().__init__()
        config = LlamaConfig(
            hidden_size=place.width,
            num_attention_heads=place.heads,
            head_dim=place.inner // place.heads // 2 * 2,  # rotated in pairs
            num_hidden_layers=place.layers,
            attn_implementation="sdpa",  # causal without a mask
        )
        self.attention = LlamaAttention(config, place.layer)
        self.positions = LlamaRotaryEmbedding(config)
        self._inner: int = place.heads * config.head_dim
        init_linears(self)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Mix (b, n, d)."""
        mixed: torch.Tensor = self.attention(x, self.angles(x))[0]
        return mixed

    def angles(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Cosines and sines by which keys and queries are rotated, (1, n, head) each."""
        cos, sin = self.positions(x, torch.arange(x.shape[1], device=x.device)[None])
        return cos, sin

    def state_size(self, length: int) -> int:
        """A key and a value for every token."""
        return 2 * self._inner * length


class AttentionWithoutPositions(Attention):
    """The same, with order known from the causal mask alone."""

    def angles(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """No rotation."""
        cos, sin = super().angles(x)
        return torch.ones_like(cos), torch.zeros_like(sin)
