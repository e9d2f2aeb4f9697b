"""The delta rule: gated DeltaNet with eigenvalues from 0 or from -1 on, and Kimi's with a decay a channel.

The layers of transformers pass no chunk size on, and chunks of 64 pad short rows away: these go through the
same parameters and functions with chunks of their own.
"""

import math
from collections.abc import Callable
from typing import Any, ClassVar, Final

import torch
from torch import nn
from torch.nn import functional
from transformers import KimiLinearConfig
from transformers.models.kimi_linear import modeling_kimi_linear as kimi
from transformers.models.qwen3_5 import modeling_qwen3_5 as qwen
from transformers.models.qwen3_5.configuration_qwen3_5 import Qwen3_5TextConfig

from eval_harness.architectures.mixers.convolution import add_convolved
from eval_harness.architectures.mixers.initialization import init_linears
from eval_harness.architectures.mixers.registry import Place

_MOST: Final = 24
_MOST_OF_KDA: Final = 16  # a decay a channel costs more the longer a chunk is


def choose_chunk(length: int, most: int) -> int:
    """Tokens computed together in rows of `length`: in parts as equal as can be, so that padding is short.

    E.g. of at most 24: 20 → 20, 46 → 23.
    """
    return -(-length // -(-length // most))


class GatedDeltaNet(nn.Module):  # type: ignore[misc]  # torch is skipped by the type check
    """`Qwen3_5GatedDeltaNet`."""

    packages: ClassVar = ("fla", "causal_conv1d")
    reach: ClassVar[float] = 1.0
    """Most that a step writes: beyond 1 a state's eigenvalue along a key is negative, down to 1 - reach."""

    def __init__(self, place: Place) -> None:
        """Make it for a place."""
        super().__init__()
        head = place.inner // place.heads
        config = Qwen3_5TextConfig(
            hidden_size=place.width,
            linear_num_key_heads=place.heads,
            linear_num_value_heads=place.heads,
            linear_key_head_dim=head,
            linear_value_head_dim=head,
            num_hidden_layers=place.layers,
            layer_types=["linear_attention"] * place.layers,
        )
        self.layer = qwen.Qwen3_5GatedDeltaNet(config, place.layer)
        self._state = place.heads * head**2
        init_linears(self)
        # The model's own first steps, of 1.3, forget nearly all in a token: it is meant to load weights.
        _init_steps(self.layer.dt_bias)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Mix (b, n, d)."""
        layer = self.layer
        mixed = _convolve(layer.in_proj_qkv(x), layer, qwen.causal_conv1d_fn)
        query, key, value = mixed.unflatten(-1, (-1, layer.head_v_dim)).chunk(3, dim=2)
        decay = -layer.A_log.float().exp() * functional.softplus(layer.in_proj_a(x).float() + layer.dt_bias)
        read, _ = qwen.torch_chunk_gated_delta_rule(
            query,
            key,
            value,
            g=decay,
            beta=self.reach * layer.in_proj_b(x).sigmoid(),
            chunk_size=choose_chunk(x.shape[1], _MOST),
            use_qk_l2norm_in_kernel=True,
        )
        gate = layer.in_proj_z(x).unflatten(-1, (-1, layer.head_v_dim))
        out: torch.Tensor = layer.out_proj(layer.norm(read, gate).flatten(-2))
        return out

    def state_size(self, length: int) -> int:  # noqa: ARG002  # the same at any length
        """A matrix a head."""
        return self._state


class GatedDeltaNetNegative(GatedDeltaNet):
    """The same with eigenvalues from -1 on, which a swap needs.

    Source: Grazzi et al., "Unlocking State-Tracking in Linear RNNs Through Negative Eigenvalues", ICLR 2025.
    """

    reach = 2.0


class KimiDelta(nn.Module):  # type: ignore[misc]  # torch is skipped by the type check
    """`KimiLinearDeltaAttention`."""

    packages: ClassVar = ("fla", "causal_conv1d")

    def __init__(self, place: Place) -> None:
        """Make it for a place."""
        super().__init__()
        head = place.inner // place.heads
        config = KimiLinearConfig(
            hidden_size=place.width,
            linear_num_heads=place.heads,
            linear_head_dim=head,
            num_hidden_layers=place.layers,
            layer_types=["linear_attention"] * place.layers,
        )
        self.layer = kimi.KimiLinearDeltaAttention(config, place.layer)
        self._state = place.heads * head**2
        init_linears(self)
        _init_forget_gate(self.layer.forget_gate)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Mix (b, n, d)."""
        layer = self.layer
        joined = torch.cat([layer.q_proj(x), layer.k_proj(x), layer.v_proj(x)], dim=-1)
        mixed = _convolve(joined, layer, kimi.causal_conv1d_fn)
        query, key, value = mixed.unflatten(-1, (-1, layer.head_dim)).chunk(3, dim=2)
        read, _ = kimi.chunk_kimi_delta_attention(
            query,
            key,
            value,
            g=layer.forget_gate(x),
            beta=layer.b_proj(x).sigmoid(),
            chunk_size=choose_chunk(x.shape[1], _MOST_OF_KDA),
            use_qk_l2norm_in_kernel=True,
        )
        gate = layer.g_b_proj(layer.g_a_proj(x)).unflatten(-1, (-1, layer.head_dim))
        out: torch.Tensor = layer.o_proj(layer.o_norm(read, gate).flatten(-2))
        return out

    def state_size(self, length: int) -> int:  # noqa: ARG002  # the same at any length
        """A matrix a head."""
        return self._state


def _convolve(x: torch.Tensor, layer: Any, kernel: Callable[..., Any]) -> torch.Tensor:  # noqa: ANN401  # a module
    """The layer's own convolution and SiLU, (b, n, d) → (b, n, d); on GPUs by `kernel`, of transformers."""
    weight = layer.conv1d.weight.squeeze(1)
    if x.device.type == "cpu":
        return functional.silu(add_convolved(torch.zeros((), dtype=x.dtype), x, weight.T))
    mixed: torch.Tensor = kernel(x.transpose(1, 2), weight, None, activation=layer.activation).transpose(1, 2)
    return mixed


def _init_forget_gate(gate: Any) -> None:  # noqa: ANN401  # a module of transformers
    """What the model's own `_init_weights` sets, without which the parameters are whatever memory held."""
    with torch.no_grad():
        gate.A_log.uniform_(1, 16).log_()
    _init_steps(gate.dt_bias)


def _init_steps(bias: torch.Tensor) -> None:
    """Steps from 0.001 to 0.1 through a softplus, as Mamba-2 and FLA draw them."""
    with torch.no_grad():
        step = bias.uniform_(math.log(1e-3), math.log(1e-1)).exp().clamp_min(1e-4)
        bias.copy_(step + torch.log(-torch.expm1(-step)))  # the inverse of softplus
