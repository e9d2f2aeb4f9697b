"""mLSTM, the matrix memory of xLSTM."""

from typing import ClassVar, Final

import torch
from torch import nn
from torch.nn import functional
from transformers import xLSTMConfig
from transformers.models.xlstm.modeling_xlstm import xLSTMLayer

from eval_harness.architectures.mixers.initialization import init_linears
from eval_harness.architectures.mixers.registry import Place

_CHUNK: Final = 16


class MLSTM(nn.Module):  # type: ignore[misc]  # torch is skipped by the type check
    """`xLSTMLayer`."""

    packages: ClassVar = ("mlstm_kernels",)

    def __init__(self, place: Place) -> None:
        """Make it for a place."""
        super().__init__()
        head = place.inner // place.heads
        factor = place.heads * head / place.width
        config = xLSTMConfig(
            hidden_size=place.width,
            num_heads=place.heads,
            num_hidden_layers=place.layers,
            qk_dim_factor=factor,
            v_dim_factor=factor,
            chunk_size=_CHUNK,
            mode="train",
            return_last_states=True,  # the layer unpacks them
            autocast_kernel_dtype="float32",
        )
        self.layer = xLSTMLayer(config)
        self._state = place.heads * (head**2 + head + 1)
        init_linears(self)
        self._init_gates()

    def _init_gates(self) -> None:
        """Gates as xLSTM's own model has them: they remember much, write little, and heads differ."""
        inputs, forgets = self.layer.igate_preact, self.layer.fgate_preact
        with torch.no_grad():
            inputs.weight.zero_()
            forgets.weight.zero_()
            inputs.bias.fill_(-10)
            forgets.bias.copy_(torch.linspace(3, 6, len(forgets.bias)))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Mix (b, n, d)."""
        length = x.shape[1]
        # Whole chunks are wanted; what is padded comes after all that counts.
        mixed = self.layer(functional.pad(x, (0, 0, 0, -length % _CHUNK)))[0]
        kept: torch.Tensor = mixed[:, :length]
        return kept

    def state_size(self, length: int) -> int:  # noqa: ARG002  # the same at any length
        """A matrix, a normaliser and a maximum a head."""
        return self._state
