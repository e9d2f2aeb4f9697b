"""Batches on their way from a DataLoader's workers to the training process, as small as they can be.

A worker hands a tensor over through shared memory of its own, which is asked for over another connection:
that takes longer than to write half a megabyte into the pipe between them. So a batch travels as one array
of 16 bits, and becomes the 64-bit tensors that models take when it arrives. To send less and make positions
and documents from the tokens there would cost the training process more than it saves.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import torch

Narrow: TypeAlias = NDArray[np.int16]

_NARROW: Final = np.iinfo(np.int16)


class Batch(dict[str, Any]):
    """64-bit tensors by name, which are pickled as one array of 16 bits, and come out as a plain dict."""

    def __reduce__(self) -> "tuple[Any, tuple[tuple[str, ...], Narrow]]":
        narrow = np.stack([tensor.numpy() for tensor in self.values()], dtype=np.int16, casting="same_kind")
        return _widen, (tuple(self), narrow)


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


def _widen(names: tuple[str, ...], narrow: Narrow) -> "dict[str, torch.Tensor]":
    """What a batch was before it was sent."""
    import torch

    return dict(zip(names, torch.from_numpy(narrow).long(), strict=True))
