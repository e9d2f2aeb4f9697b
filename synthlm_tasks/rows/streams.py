"""Keyed streams of raw random bits: the only source of chance in SynthLM.

Streams are keyed by what they are for (never by adding numbers to a seed), and every draw is made
from raw bits, because numpy guarantees the raw output of a bit generator across its versions but not
the methods of `Generator` (NEP 19).
"""

import hashlib
import json
import math
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.signedinteger[Any]]
Words: TypeAlias = NDArray[np.uint32]

# Raw words and their halves, the lower first on every machine.
_RAW: Final = np.dtype("<u8")
_HALF: Final = np.dtype("<u4")


def digest(*parts: object) -> tuple[int, ...]:
    """Four 32-bit words naming JSON-able `parts`; equal parts give equal words on every platform."""
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"))
    raw = hashlib.blake2b(text.encode(), digest_size=16).digest()
    return tuple(int.from_bytes(raw[i : i + 4], "little") for i in range(0, 16, 4))


class RandomBits:
    """Raw bits of one bit generator (SFC64), consumed in order."""

    def __init__(self, seed: int, key: tuple[int, ...]) -> None:
        """Start the stream named by a non-negative `seed` and the words of `key`."""
        self._raw = np.random.SFC64(np.random.SeedSequence(seed, spawn_key=key))

    def words64(self, count: int) -> NDArray[np.uint64]:
        """`count` uniform 64-bit words."""
        return self._raw.random_raw(count)

    def words(self, *shape: int) -> Words:
        """Uniform 32-bit words of the given shape: the lower half of each 64-bit word, then the upper."""
        # Half a word left over is thrown away: the next draw begins with a whole one.
        count = math.prod(shape)
        raw = self._raw.random_raw((count + 1) // 2).astype(_RAW, copy=False)
        return raw.view(_HALF)[:count].reshape(shape)

    def below(self, bound: int | Ints, *shape: int) -> Ints:
        """Uniform integers in [0, bound) of the given shape; `bound` broadcasts against it."""
        return scale_words(self.words(*shape), bound)


def scale_words(words: Words, bound: int | Ints) -> Ints:
    """Map uniform 32-bit `words` to integers in [0, bound), `bound` at most 2**32 or an array of them.

    Multiply and shift, e.g. word 2**31, bound 6 → 3. Each value's probability is off by less than
    2**-32, which no sample anyone can draw will show.
    """
    # word * bound >> 32: the product of 32 bits and 32 bits fits 64. Views change signs without a copy, since
    # neither bounds nor results reach bit 63.
    wide = words.astype(np.uint64)
    if isinstance(bound, int):
        wide *= np.uint64(bound)
    else:
        wide = wide * bound.view(np.uint64)
    wide >>= np.uint64(32)
    return wide.view(np.int64)
