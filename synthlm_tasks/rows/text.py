"""Text at the speed of memory: rows are integer matrices into a table of text fragments.

One Arrow `take` lays a block's fragments down contiguously; since row r's T fragments are neighbours,
the row boundaries are every T-th fragment boundary, and no byte is copied twice.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Strings: TypeAlias = pa.StringArray
Index: TypeAlias = NDArray[np.integer[Any]]
Bytes: TypeAlias = NDArray[np.uint8]


def string_array(texts: Iterable[str]) -> Strings:
    """A fragment table: the strings that `gather` and `gather_ragged` refer to by position."""
    # `pa.array(texts)` would import pandas.
    data = [text.encode() for text in texts]
    ends = np.cumsum([0, *map(len, data)], dtype=np.int32)
    return pa.StringArray.from_buffers(len(data), pa.py_buffer(ends), pa.py_buffer(b"".join(data)))


def to_arrow(values: NDArray[Any]) -> pa.Array:
    """An Arrow array over the memory of a numpy array (`pa.array` would import pandas)."""
    kind = pa.from_numpy_dtype(values.dtype)
    return pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(np.ascontiguousarray(values))])


def gather(table: Strings, index: Index) -> Strings:
    """Concatenate fragments row by row: index (T, r) into `table` → r strings (or byte strings).

    e.g. table ["a", "b", "-"], index [[0, 1], [2, 2], [1, 0]] → ["a-b", "b-a"]. An index whose columns lie
    side by side in memory (the transpose of one made row by row) is laid without being turned.
    """
    places, rows = index.shape
    kind = _index_type(len(table))
    if index.flags.c_contiguous and places > 1:
        # Transposing reads columns, places `rows` apart in memory: where that is a power of two (and a block
        # has 2**15 rows), they all fall into the same few sets of the cache and push each other out.
        apart = np.empty((places, rows + 32), kind)[:, :rows]
        apart[...] = index
        index = apart
    flat: Index = np.ascontiguousarray(index.T, kind).reshape(-1)
    return _join(table, flat, slice(0, places * rows + 1, places))


def gather_ragged(table: Strings, index: Index, bounds: Index) -> Strings:
    """Concatenate fragments: row r is index[bounds[r]:bounds[r + 1]] → len(bounds) - 1 strings."""
    return _join(table, index.astype(_index_type(len(table)), copy=False), bounds)


def _index_type(size: int) -> "np.dtype[np.integer[Any]]":
    """The narrowest type for places in a table: less memory to move."""
    return np.dtype(np.uint16 if size <= 1 << 16 else np.uint32)


def _join(table: Strings, flat: Index, bounds: Index | slice) -> Strings:
    """Fragments `flat` (n,) of the table, joined from bound to bound."""
    fragments = table.take(to_arrow(flat))
    _, offsets, data = fragments.buffers()
    # Fragment i is data[offsets[i] : offsets[i + 1]], neighbours touch, and so text r is
    # data[offsets[bounds[r]] : offsets[bounds[r + 1]]]. A copy, which lets the other offsets go.
    ends = np.frombuffer(offsets, np.int32, count=len(fragments) + 1)[bounds].copy()
    return pa.Array.from_buffers(table.type, len(ends) - 1, [None, pa.py_buffer(ends), data])


def strings_from_buffer(text: Bytes, ends: Index) -> Strings:
    """Strings out of one buffer of text: string r ends before byte ends[r], where r + 1 begins; ends (r,)."""
    offsets = np.concatenate([[0], ends]).astype(np.int32)
    return pa.StringArray.from_buffers(len(ends), pa.py_buffer(offsets), pa.py_buffer(text))


@cache
def _numerals(width: int) -> NDArray[np.void]:
    """All numbers of `width` digits as text, with leading zeros: (10**width,) items of so many bytes."""
    return np.frombuffer("".join(f"{i:0{width}}" for i in range(10**width)).encode(), f"V{width}")


def number_ids(prefixes: list[str], kind: Index, first: int) -> Strings:
    """Strings `prefixes[kind] + str(number)`, numbered from `first` on: kind (r,) → r strings.

    All prefixes have one length, so that runs of strings that are equally long are matrices of bytes.
    e.g. prefixes ["a_", "b_"], kind [0, 1], first 999 → ["a_999", "b_1000"].
    """
    texts, widths = [], []
    number, last = first, first + len(kind)
    while number < last:
        # The numbers that differ only in the last four digits come out of a table, and those below 10,000,
        # which have no zeros in front, as far as they have equally many digits.
        high, low = divmod(number, 10_000)
        digits = 4 if high else len(str(low))
        count = min(last - number, 10**digits - low)
        heads = [f"{prefix}{high or ''}".encode() for prefix in prefixes]
        text = np.empty(count, [("head", f"V{len(heads[0])}"), ("tail", f"V{digits}")])
        table = np.frombuffer(b"".join(heads), text.dtype["head"])
        text["head"] = table.take(kind[number - first :][:count]) if len(heads) > 1 else table[0]
        text["tail"] = _numerals(digits)[low : low + count]
        texts.append(text.view(np.uint8))
        widths.append(np.full(count, text.itemsize))
        number += count
    none = np.empty(0, np.uint8)  # for no strings at all
    return strings_from_buffer(
        np.concatenate([none, *texts]), np.cumsum(np.concatenate([none, *widths], dtype=np.int64))
    )
