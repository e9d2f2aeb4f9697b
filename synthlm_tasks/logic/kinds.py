"""The kinds of gates by number, and what they have in common."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

# XOR and OR depend on a XOR b, all but XOR on a AND b; NOR, NAND and NOT flip the value of OR, AND and OR.
KINDS: Final = ("XOR", "OR", "AND", "NOR", "NAND", "NOT")
XOR, OR, AND, NOR, NAND, NOT = range(len(KINDS))


def code_count(nodes: int) -> int:
    """How many gate codes there are: (kind * nodes + one argument) * nodes + the other."""
    return len(KINDS) * nodes * nodes


def is_and_node(kinds: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Whether gates (r,) are AND nodes but for complements, neither XOR nor NOT."""
    found: NDArray[np.bool_] = kinds - np.uint8(OR) < np.uint8(NOT - OR)  # XOR, less 1, is 255
    return found


def is_complement(kinds: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Whether gates (r,) are the complement of their node, or of the argument of NOT: OR, NAND and NOT."""
    found: NDArray[np.bool_] = (kinds == np.uint8(OR)) | (kinds >= np.uint8(NAND))
    return found


def fill_words(flags: NDArray[np.bool_], word: np.dtype[Any]) -> NDArray[Any]:
    """Unsigned words of this type (r,), all ones where a flag is set, else 0."""
    return (-flags.view(np.int8)).astype(_SIGNED[word]).view(word)


# A signed byte of -1 becomes one of these, all ones.
_SIGNED: Final = {np.dtype(f"u{size}"): np.dtype(f"i{size}") for size in (2, 4, 8)}
