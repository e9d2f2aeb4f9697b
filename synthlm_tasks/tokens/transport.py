"""Batches on their way from a DataLoader's workers to the training process, as small as they can be.

A worker hands every tensor over through shared memory of its own, which costs the more the larger it is, and
some tenths of a millisecond whatever its size. So a batch travels as one tensor of 16 bits, and becomes the
64-bit tensors that models take when it arrives. To send less and make positions and documents from the tokens
there would cost the training process more than it saves.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    import torch

_NARROW: Final = np.iinfo(np.int16)


class Batch(dict[str, Any]):
    """64-bit tensors by name, which are pickled as one of 16 bits, and come out as a plain dict."""

    def __reduce__(self) -> "tuple[Any, tuple[tuple[str, ...], torch.Tensor]]":
        import torch

        return _widen, (tuple(self), torch.stack([tensor.to(torch.int16) for tensor in self.values()]))


def collate(examples: Sequence[Mapping[str, Any]] | Mapping[str, Any]) -> dict[str, Any]:
    """The `collate_fn` of a DataLoader: examples, or a padded batch as it is, as 64-bit tensors.

    What torch's own does, but that a worker sends a quarter of the bytes, in one piece. Columns of several
    shapes, or not of 64 bits, are sent as they are.
    """
    import torch

    if isinstance(examples, Mapping):
        arrays = {name: np.asarray(values) for name, values in examples.items()}
    else:
        arrays = {name: np.stack([np.asarray(example[name]) for example in examples]) for name in examples[0]}
    tensors = {name: torch.from_numpy(array) for name, array in arrays.items()}
    shapes = {array.shape for array in arrays.values()}
    narrow = len(shapes) == 1 and all(
        array.dtype == np.int64 and _NARROW.min <= array.min(initial=0) <= array.max(initial=0) <= _NARROW.max
        for array in arrays.values()
    )
    return Batch(tensors) if narrow else tensors


def _widen(names: tuple[str, ...], narrow: "torch.Tensor") -> "dict[str, torch.Tensor]":
    """What a batch was before it was sent."""
    return dict(zip(names, narrow.long(), strict=True))
