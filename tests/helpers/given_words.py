"""Streams of given words, for kernels that draw and for plain references that draw the same one by one."""

import random
from collections.abc import Iterator

import numpy as np

from synthlm_tasks.rows.streams import RandomBits, Words

_EXTREME = (0, 1, 2**31 - 1, 2**31, 2**32 - 2, 2**32 - 1)


class GivenWords(RandomBits):
    """A stream that has given 32-bit words; no more may be asked for, and `left` are still to come."""

    def __init__(self, words: list[int]) -> None:
        """Begin with the first."""
        self._words = words
        self.left = len(words)

    def words(self, *shape: int) -> Words:
        """The next words, in the order of memory."""
        count = int(np.prod(shape))
        first = len(self._words) - self.left
        self.left -= count
        assert self.left >= 0, "more words drawn than given"
        return np.array(self._words[first : first + count], np.uint32).reshape(shape)


def random_words(seed: int, count: int) -> list[int]:
    """32-bit words of which one in eight is at the end or in the middle of their range."""
    draw = random.Random(seed)
    return [draw.choice(_EXTREME) if draw.random() < 1 / 8 else draw.getrandbits(32) for _ in range(count)]


def both(seed: int, count: int) -> tuple[GivenWords, Iterator[int]]:
    """The same words twice: as a stream for the kernel, and one by one for the reference."""
    words = random_words(seed, count)
    return GivenWords(words), iter(words)
