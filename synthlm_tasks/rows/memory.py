"""Memory: freed pages are cheaper to use again than to ask the system for."""

from functools import cache
from typing import Final

import numpy as np

# Just below the most that the limits of glibc can rise to.
_MOST_KEPT: Final = (32 << 20) - (1 << 16)


@cache
def keep_freed_memory() -> None:
    """Free one large array, so that glibc keeps the memory of a block for the next one.

    Its limits for that follow the largest piece that was ever freed (M_MMAP_THRESHOLD in mallopt(3)). Before,
    it gives back to the system what every block frees, and the system clears each page anew: up to a sixth of
    the time. With other allocators nothing changes.
    """
    np.empty(_MOST_KEPT, np.uint8)
