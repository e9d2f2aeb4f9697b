"""Optimizers and the course of the learning rate."""

import math
from collections.abc import Iterable
from typing import Final

import torch
from torch import nn

from eval_harness.architectures.spec import Optimizer
from eval_harness.errors import SettingsError

_BETAS: Final = (0.9, 0.95)
_DECAY: Final = 0.1
"""Weight decay of matrices; vectors and the embedding have none."""

WARM_UP: Final = 0.05
"""Share of the tokens over which the learning rate rises."""
FLOOR: Final = 0.1
"""Share of the learning rate that is left at the end."""

CLIP: Final = 1.0
"""Largest norm of all gradients together."""


def make_optimizers(model: nn.Module, kind: Optimizer, lr: float) -> list[torch.optim.Optimizer]:
    """AdamW for everything, or Muon for the matrices between embedding and head and AdamW for the rest."""
    embeddings = {id(part.weight) for part in model.modules() if isinstance(part, nn.Embedding)}
    head = getattr(getattr(model, "model", None), "lm_head", None)
    if head is not None:
        embeddings.add(id(head.weight))
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    inside = [weight for weight in weights if weight.ndim == 2 and id(weight) not in embeddings]
    chosen = {id(weight) for weight in inside}
    others = [weight for weight in weights if id(weight) not in chosen]
    if kind == "adamw":
        groups = [{"params": inside, "weight_decay": _DECAY}, {"params": others, "weight_decay": 0.0}]
        return [torch.optim.AdamW(_filled(groups), lr=lr, betas=_BETAS, fused=True)]
    if not hasattr(torch.optim, "Muon"):
        raise SettingsError(f"optimizer='muon': torch {torch.__version__} has no Muon; expected 2.9 or later")
    rest = torch.optim.AdamW(others, lr=lr, betas=_BETAS, weight_decay=0.0, fused=True)
    if not inside:
        return [rest]
    # Scaled so that its steps are as large as AdamW's at the same learning rate.
    return [torch.optim.Muon(inside, lr=lr, weight_decay=_DECAY, adjust_lr_fn="match_rms_adamw"), rest]


def _filled(groups: list[dict[str, object]]) -> list[dict[str, object]]:
    return [group for group in groups if group["params"]]


def lr_share(done: float) -> float:
    """The share of the learning rate when a share `done` of the tokens is done: up, then down by a cosine."""
    if done < WARM_UP:
        return max(done, 1e-3) / WARM_UP
    fallen = 0.5 * (1 + math.cos(math.pi * (done - WARM_UP) / (1 - WARM_UP)))
    return FLOOR + (1 - FLOOR) * fallen


def set_lr(optimizers: Iterable[torch.optim.Optimizer], lr: float) -> None:
    """Give all parameters this learning rate."""
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["lr"] = lr
