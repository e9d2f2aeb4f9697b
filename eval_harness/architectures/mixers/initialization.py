"""First weights, alike for all mixers, and the chance they are drawn with."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn


@contextmanager
def seeded(*names: object) -> Iterator[None]:
    """What torch draws inside depends on `names` alone, e.g. a seed, "mixer" and a layer.

    Parts with the same names get the same weights, whatever is made before them.
    """
    number = int.from_bytes(hashlib.blake2b(repr(names).encode(), digest_size=8).digest(), "little")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(number >> 1)  # seeds are signed 64-bit numbers
        yield


def init_linears(module: nn.Module) -> None:
    """Draw the matrices of all linear layers with variance 1 / inputs, and clear their biases.

    The usual 0.02 is for widths of thousands: at 64 it would take long to tell tokens apart.
    """
    for part in module.modules():
        if isinstance(part, nn.Linear):
            nn.init.normal_(part.weight, std=part.in_features**-0.5)
            if part.bias is not None:
                nn.init.zeros_(part.bias)
