"""The one backbone: all but the mixer is the same for every architecture, down to the first weights."""

from dataclasses import dataclass
from typing import Any, Final

import torch
from torch import nn
from torch.nn import functional

from eval_harness.architectures.mixers.convolution import add_convolved
from eval_harness.architectures.mixers.initialization import init_linears, seeded
from eval_harness.architectures.mixers.registry import Factory, Place

_KERNEL: Final = 4
"""Tokens that the short convolution sees, as in Canon layers, Mamba and the delta nets."""


@dataclass(frozen=True)
class Shape:
    """The size of a backbone, and what stands in its blocks beside the mixer."""

    words: int
    """Tokens of the vocabulary."""
    layers: int
    width: int
    inner: int
    """Width inside the mixers."""
    hidden: int
    """Width inside the FFN; 0 for none."""
    convolution: bool


class ShortConvolution(nn.Module):  # type: ignore[misc]  # torch is skipped by the type check
    """Each channel of a token gets a weighted sum of its own last four values added, (b, n, d) → (b, n, d).

    Source: Canon layers of Allen-Zhu, "Physics of Language Models, Part 4.1" (2025, arXiv 2512.17351).
    """

    def __init__(self, width: int) -> None:
        """Make it for tokens of `width` numbers."""
        super().__init__()
        bound = _KERNEL**-0.5  # the default of torch's convolutions
        self.weight = nn.Parameter(torch.empty(_KERNEL, width).uniform_(-bound, bound))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Mix neighbours; the last row of the kernel is the token's own."""
        return add_convolved(x, x, self.weight)


class SwiGLU(nn.Module):  # type: ignore[misc]  # torch is skipped by the type check
    """The gated FFN, (b, n, d) → (b, n, d)."""

    def __init__(self, width: int, hidden: int) -> None:
        """Make it with `hidden` numbers inside."""
        super().__init__()
        self.gate = nn.Linear(width, hidden, bias=False)
        self.up = nn.Linear(width, hidden, bias=False)
        self.down = nn.Linear(hidden, width, bias=False)
        init_linears(self)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Each token by itself."""
        changed: torch.Tensor = self.down(functional.silu(self.gate(x)) * self.up(x))
        return changed


class Block(nn.Module):  # type: ignore[misc]  # torch is skipped by the type check
    """Convolution and mixer, then the FFN, each behind a norm and added to what came in."""

    def __init__(self, shape: Shape, layer: int, mixer: Factory, seed: int) -> None:
        """Make the block of a layer."""
        super().__init__()
        self.norm = nn.RMSNorm(shape.width)
        with seeded(seed, "convolution", layer):
            self.convolution = ShortConvolution(shape.width) if shape.convolution else nn.Identity()
        with seeded(seed, "mixer", layer):
            self.mixer = mixer(Place(shape.width, shape.inner, layer, shape.layers))
        with seeded(seed, "ffn", layer):
            self.ffn = _ffn(shape)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(b, n, d) → (b, n, d)."""
        x = x + self.mixer(self.convolution(self.norm(x)))
        return x if self.ffn is None else x + self.ffn(x)


def _ffn(shape: Shape) -> nn.Module | None:
    if not shape.hidden:
        return None
    return nn.Sequential(nn.RMSNorm(shape.width), SwiGLU(shape.width, shape.hidden))


class Backbone(nn.Module):  # type: ignore[misc]  # torch is skipped by the type check
    """Embedding, blocks, norm, and the embedding again as the head."""

    def __init__(self, shape: Shape, mixer: Factory, seed: int) -> None:
        """Make it with weights that depend on the seed alone, and on the shape of each part."""
        super().__init__()
        self.shape = shape
        with seeded(seed, "embedding"):
            self.embedding = nn.Embedding(shape.words, shape.width)
            nn.init.normal_(self.embedding.weight, std=shape.width**-0.5)  # logits of variance 1
        self.blocks = nn.ModuleList(Block(shape, layer, mixer, seed) for layer in range(shape.layers))
        self.norm = nn.RMSNorm(shape.width)

    def forward(
        self,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor | None = None,  # noqa: ARG002  # rows are padded behind
        places: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """Logits of the token after each of `input_ids` (b, n): (b, n, words).

        With `places`, a mask (b, n), only of those tokens: (places, words). Rows are padded at their end,
        where no token that counts looks.
        """
        x = self.embedding(input_ids)
        for block in self.blocks:
            x = block(x)
        if places is not None:
            x = x[places]
        logits: torch.Tensor = functional.linear(self.norm(x), self.embedding.weight)
        return logits

    def state_size(self, length: int) -> int:
        """Numbers carried from token to token by all layers after `length` tokens; 0 where none tells."""
        sizes: list[Any] = [getattr(block.mixer, "state_size", None) for block in self.blocks]
        return sum(size(length) for size in sizes if size is not None)
