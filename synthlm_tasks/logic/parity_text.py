"""The text fragments of parity prompts."""

from functools import cache
from typing import Final

import numpy as np

from synthlm_tasks.rows.lazy_text import Concatenated, FragmentTable, Gathered, LazyText

GROUP: Final = 8
"""Inputs written by one text fragment."""


def pair_count(most: int) -> int:
    """How many codes of two arguments there are: first * nodes + second, inputs before gates."""
    return (2 * most - 1) ** 2


@cache
def prompt_fragments(most: int) -> tuple[LazyText, int, int]:
    """The prompt's text fragments for up to `most` inputs.

    All pairs of arguments of gate 0 and an empty text, then those of gate 1 and so on; then, from the two
    numbers returned, the groups of inputs (by 2 ** size + values) and the queries by number of inputs.
    """
    names = [*(f"x{i}" for i in range(most)), *(f"g{g}" for g in range(most - 1))]
    heads = [f"{') | ' if g else ' || GATES '}g{g}=XOR(" for g in range(most - 1)]
    pairs = [f"{a},{b}" for a in names for b in names]
    index = np.full((2, most - 1, len(pairs) + 1), len(heads) + len(pairs))
    index[0, :, :-1] = np.arange(len(heads))[:, None]
    index[1, :, :-1] = np.arange(len(pairs)) + len(heads)
    gates = Gathered(FragmentTable.of([*heads, *pairs, ""]), index.reshape(2, -1))
    groups = [
        "".join(f" x{first + i}={row >> i & 1}" for i in range(row.bit_length() - 1))
        for first in range(0, most, GROUP)
        for row in range(2 << GROUP)
    ]
    groups[: 2 << GROUP] = [f"INPUTS{text}" for text in groups[: 2 << GROUP]]
    queries = [f") || QUERY g{count - 2} ->" for count in range(2, most + 1)]
    laid = Concatenated((gates, FragmentTable.of([*groups, *queries])))
    count = len(heads) * (len(pairs) + 1)
    return laid, count, count + len(groups) - 2
