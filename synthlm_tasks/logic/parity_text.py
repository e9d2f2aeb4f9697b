"""The text fragments of parity prompts."""

from functools import cache
from typing import Final

import numpy as np

from synthlm_tasks.rows.lazy_text import Concatenated, FragmentTable, Gathered, LazyText

GROUP: Final = 8
"""Inputs written by one text fragment."""


def pair_count(most: int) -> int:
    """How many codes of two arguments there are: first * nodes + second, of inputs and one gate less."""
    return (2 * most - 1) ** 2


@cache
def prompt_fragments(most: int) -> tuple[LazyText, int, int]:
    """The prompt's text fragments for up to `most` inputs.

    All pairs of arguments of gate 0 and an empty text, then those of gate 1 and so on; then, from the two
    numbers returned, the groups of inputs (by 2 ** size + values; 2 << `GROUP` of them for each group) and
    the queries by number of inputs. E.g. x0 and x2 of three: group 0 at 0b1101, `INPUTS x0=1 x1=0 x2=1`.
    """
    names = [*(f"x{i}" for i in range(most)), *(f"g{g}" for g in range(most - 1))]
    heads = [f"{') | ' if g else ' || GATES '}g{g}=XOR(" for g in range(most - 1)]
    pairs = [f"{a},{b}" for a in names for b in names]
    # [part of the text, gate, pair]: the last pair of each gate, which has no head either, is empty.
    index = np.full((2, most - 1, len(pairs) + 1), len(heads) + len(pairs))
    index[0, :, :-1] = np.arange(len(heads))[:, None]
    index[1, :, :-1] = np.arange(len(pairs)) + len(heads)
    gates = Gathered(FragmentTable.of([*heads, *pairs, ""]), index.reshape(2, -1))
    groups = [  # the highest set bit says how many inputs there are: none at 1, nor at 0, which is not used
        "".join(f" x{first + i}={values >> i & 1}" for i in range(values.bit_length() - 1))
        for first in range(0, most, GROUP)
        for values in range(2 << GROUP)
    ]
    groups[: 2 << GROUP] = [f"INPUTS{text}" for text in groups[: 2 << GROUP]]
    queries = [f") || QUERY g{count - 2} ->" for count in range(2, most + 1)]
    fragments = Concatenated((gates, FragmentTable.of([*groups, *queries])))
    first_group = len(heads) * (len(pairs) + 1)
    return fragments, first_group, first_group + len(groups) - 2  # no query of less than two inputs
