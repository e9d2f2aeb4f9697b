"""Text at the speed of memory: rows are integer matrices into a table of text fragments.

One Arrow `take` lays a block's fragments down contiguously; since row r's T fragments are neighbours,
the row boundaries are every T-th fragment boundary, and no byte is copied twice.
"""

from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Strings: TypeAlias = pa.StringArray
Index: TypeAlias = NDArray[np.integer[Any]]
Bytes: TypeAlias = NDArray[np.uint8]


def fragments(texts: Iterable[str]) -> Strings:
    """A fragment table: the strings that `lay` and `lay_ragged` refer to by position."""
    data = [text.encode() for text in texts]
    ends = np.cumsum([0, *map(len, data)], dtype=np.int32)
    return pa.StringArray.from_buffers(len(data), pa.py_buffer(ends), pa.py_buffer(b"".join(data)))


def arrow(values: NDArray[Any]) -> pa.Array:
    """An Arrow array over the memory of a numpy array (`pa.array` would import pandas)."""
    kind = pa.from_numpy_dtype(values.dtype)
    return pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(np.ascontiguousarray(values))])


def lay(table: Strings, index: Index) -> Strings:
    """Concatenate fragments row by row: index (T, r) into `table` → r strings.

    e.g. table ["a", "b", "-"], index [[0, 1], [2, 2], [1, 0]] → ["a-b", "b-a"].
    """
    places, rows = index.shape
    # Turning the matrix reads columns: a width that is no power of two keeps them apart in the cache.
    apart = np.empty((places, rows + 32), _index_type(len(table)))[:, :rows]
    apart[...] = index
    return _join(table, apart.T.ravel(), slice(0, places * rows + 1, places))


def lay_ragged(table: Strings, index: Index, bounds: Index) -> Strings:
    """Concatenate fragments: row r is index[bounds[r]:bounds[r + 1]] → len(bounds) - 1 strings."""
    return _join(table, index.astype(_index_type(len(table)), copy=False), bounds)


def _index_type(size: int) -> type[np.uint16] | type[np.uint32]:
    """The narrowest type for places in a table: less memory to move."""
    return np.uint16 if size <= 1 << 16 else np.uint32


def _join(table: Strings, flat: Index, bounds: Index | slice) -> Strings:
    laid = pc.take(table, arrow(flat))
    _, offsets, data = laid.buffers()
    ends = np.frombuffer(offsets, np.int32, count=len(laid) + 1)[bounds].copy()
    return pa.StringArray.from_buffers(len(ends) - 1, pa.py_buffer(ends), data)


def cut(text: Bytes, ends: Index) -> Strings:
    """Strings out of one buffer of ASCII text: string r ends before byte ends[r], where r + 1 begins."""
    offsets = np.concatenate([[0], ends]).astype(np.int32)
    return pa.StringArray.from_buffers(len(ends), pa.py_buffer(offsets), pa.py_buffer(text))


_TAILS = fragments([str(i) for i in range(1000)] + [f"{i:03}" for i in range(1000)])


def numbered(prefixes: list[str], kind: Index, numbers: Index) -> Strings:
    """Strings `prefixes[kind] + str(number)`; numbers are non-negative and nearly consecutive.

    e.g. prefixes ["a_"], kind [0, 0], numbers [7, 1042] → ["a_7", "a_1042"].
    """
    high, low = np.divmod(numbers, 1000)
    first, last = (int(high.min()), int(high.max())) if len(high) else (0, 0)
    heads = [f"{prefix}{h or ''}" for prefix in prefixes for h in range(first, last + 1)]
    head = kind * (last - first + 1) + high - first
    tail = low + np.where(high > 0, 1000, 0)
    return lay(pa.concat_arrays([fragments(heads), _TAILS]), np.stack([head, tail + len(heads)]))
