"""Whole models of transformers by their type, at a small size: "stock:llama", "stock:mamba2" and others.

They are what their authors made them, in all but size: no short convolution is put before their mixers, and
their parameters are not matched.
"""

from collections.abc import Callable
from typing import Any, Final

import torch
from torch import nn
from transformers import AutoConfig, AutoModelForCausalLM

from eval_harness.architectures.mixers.initialization import seeded
from eval_harness.architectures.words import Words
from eval_harness.errors import SettingsError

PREFIX: Final = "stock:"

_HEAD: Final = 32


def _delta_fields(width: int, layers: int) -> dict[str, Any]:
    """Hybrids of gated delta nets and attention: every other layer of each kind."""
    kinds = ["linear_attention", "full_attention"]
    return {
        "layer_types": [kinds[layer % 2] for layer in range(layers)],
        "linear_num_key_heads": max(width // _HEAD, 1),
        "linear_num_value_heads": max(width // _HEAD, 1),
        "linear_key_head_dim": min(width, _HEAD),
        "linear_value_head_dim": min(width, _HEAD),
    }


def _mamba2_fields(width: int, layers: int) -> dict[str, Any]:  # noqa: ARG001  # as the others
    return {
        "num_heads": max(2 * width // _HEAD, 1),
        "head_dim": _HEAD,
        "state_size": 32,
        "n_groups": 1,
        "chunk_size": 16,
    }


_FIELDS: Final[dict[str, Callable[[int, int], dict[str, Any]]]] = {
    "mamba2": _mamba2_fields,
    "olmo_hybrid": _delta_fields,
    "qwen3_5_text": _delta_fields,
    "qwen3_next": lambda width, layers: {
        **_delta_fields(width, layers),
        "mlp_only_layers": list(range(layers)),
    },
}
"""What some types want beside the size."""


class StockModel(nn.Module):  # type: ignore[misc]  # torch is skipped by the type check
    """A causal model of transformers, called like a `Backbone`."""

    def __init__(self, model: Any) -> None:  # noqa: ANN401  # any of them
        """Wrap a model."""
        super().__init__()
        self.model = model

    def forward(
        self,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor | None = None,
        places: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """Logits of the token after each of `input_ids` (b, n); see `Backbone.forward`."""
        logits: torch.Tensor = self.model(
            input_ids=input_ids, attention_mask=attention_mask, use_cache=False
        ).logits
        return logits if places is None else logits[places]

    def state_size(self, length: int) -> int:
        """Numbers in the cache after `length` tokens; 0 where the model makes none at this size."""
        device = next(self.parameters()).device
        was = self.training
        self.eval()
        ids = torch.zeros(1, length, dtype=torch.long, device=device)
        try:
            with torch.no_grad():
                out = self.model(input_ids=ids, use_cache=True)
        except (RuntimeError, ValueError, TypeError, AttributeError):  # some caches want larger models
            return 0
        finally:
            self.train(was)
        cache = getattr(out, "past_key_values", None)
        return _count_numbers(getattr(out, "cache", None) if cache is None else cache, set())


def _count_numbers(found: object, seen: set[int]) -> int:
    """Numbers of all tensors in an object and in what it holds."""
    if id(found) in seen:
        return 0
    seen.add(id(found))
    if isinstance(found, torch.Tensor):
        return found.numel() if found.is_floating_point() else 0
    if isinstance(found, dict):
        return sum(_count_numbers(part, seen) for part in found.values())
    if isinstance(found, list | tuple):
        return sum(_count_numbers(part, seen) for part in found)
    return _count_numbers(vars(found), seen) if type(found).__module__.startswith("transformers") else 0


def make_stock(architecture: str, words: Words, layers: int, width: int, seed: int) -> StockModel:
    """A model of a type that transformers knows, with random weights; raises SettingsError."""
    kind = architecture.removeprefix(PREFIX)
    heads = max(width // _HEAD, 1)
    fields = {
        "vocab_size": words.size,
        "hidden_size": width,
        "intermediate_size": width * 8 // 3,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "num_key_value_heads": heads,
        "head_dim": width // heads,
        "tie_word_embeddings": True,
        "initializer_range": width**-0.5,  # the usual 0.02 is for widths of thousands
        "bos_token_id": words.number("bos_token"),
        "eos_token_id": words.number("eos_token"),
        "pad_token_id": words.number("pad_token"),
    }
    if kind in _FIELDS:
        fields |= _FIELDS[kind](width, layers)
    try:
        config = AutoConfig.for_model(kind, **fields)
        with seeded(seed, architecture):
            return StockModel(AutoModelForCausalLM.from_config(config))
    except (ValueError, TypeError, KeyError, AttributeError, RuntimeError) as error:
        reason = " ".join(str(error).split())[:300]
        raise SettingsError(
            f"architecture={architecture!r}: transformers makes no causal model of it at this size ({reason})"
        ) from None
