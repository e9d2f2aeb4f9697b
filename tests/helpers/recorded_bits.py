"""Random words that a test can read again: what an array program drew, for a plain reference to draw too."""

import random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.rows.streams import RandomBits, Words


class RecordedBits(RandomBits):
    """Random words, many of them where a bit counts; `calls` are those given out, call by call.

    One in eight differs from 0 in the low bits alone, one from all ones; one stands near a fraction a / b of
    the range, where multiplying by b and shifting goes from one choice to the next.
    """

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.calls: list[Any] = []

    def _draw(self, bits: int) -> int:
        draw = self._random
        kind = draw.getrandbits(3)
        if kind == 0:
            return draw.getrandbits(8)
        if kind == 1:
            return 2**bits - 1 - draw.getrandbits(8)
        if kind == 2:
            parts = draw.randint(2, 63)
            near = (2**bits * draw.randrange(parts)) // parts + draw.choice([-1, 0, 1, 64])
            return near % 2**bits
        return draw.getrandbits(bits)

    def words(self, *shape: int) -> Words:
        words = np.array([self._draw(32) for _ in range(int(np.prod(shape)))], np.uint32).reshape(shape)
        self.calls.append(words.tolist())
        return words

    def words64(self, count: int) -> NDArray[np.uint64]:
        words = np.array([self._draw(64) for _ in range(count)], np.uint64)
        self.calls.append(words.tolist())
        return words
