"""Logic, parity family: a random binary tree of XOR gates."""

from functools import cache
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from synthlm_tasks.axes import IntAxis
from synthlm_tasks.splits import Hashes, key_words
from synthlm_tasks.streams import Bits, Ints, Words
from synthlm_tasks.task import Belongs, Params, Problem, Task, Text
from synthlm_tasks.text import Strings, fragments, lay

MOST_BITS: Final = 64

# Inputs written by one text fragment.
_GROUP: Final = 8


class XorParity(Task):
    """Evaluate a tree of XOR gates in which every input is read exactly once.

    Rule: as in Logic, with XOR gates only, so the answer is the parity of all inputs. Worked example:
    `INPUTS x0=1 x1=0 x2=1 || GATES g0=XOR(x2,x0) | g1=XOR(x1,g0) || QUERY g1 ->`: the answer is 0.

    Trees grow from the queried gate down: each further gate takes the place of a random argument that is
    still open, and the inputs take those left, in random order. That is the same as merging two random
    parts until one is left. Gate t of n - 1 is written as number n - 2 - t.

    Problem arrays (c problems, t gates): `arguments` (t, c) both arguments of each gate, as first * nodes +
    second; `count` (c,) the number of inputs n; `depth` (c,); `inputs` (c,) their bits; `label` (c,).
    """

    name = "logic"
    family = "logic-parity"
    axes = (IntAxis("num_bits", 2, MOST_BITS),)
    note_fragments = fragments(
        f',"depth":{depth},"num_gates":{gates}}}' for depth in range(MOST_BITS) for gates in range(MOST_BITS)
    )

    @classmethod
    def settle(cls, params: Params, bits: Bits) -> Params:
        """Draw the answer: it stays a fair coin however few inputs (and so problems) there are."""
        return params.having({"label": bits.below(2, len(params["num_bits"]))})

    @classmethod
    def pose(cls, params: Params, bits: Bits, belongs: Belongs) -> tuple[Ints, Problem]:
        """Draw trees and inputs; the key is the tree with its inputs' values at the leaves."""
        most = params.most["num_bits"]
        order = np.argsort(-params["num_bits"].astype(np.int8), kind="stable")  # gate t has a prefix of rows
        count, label = params["num_bits"].take(order), params["label"].take(order)
        inputs = _inputs(count, label, bits)
        lives = np.searchsorted(-count, -np.arange(most + 1)).tolist()
        arguments, open_, parents = _grow(count, lives, bits)
        hashes = _fill(arguments, open_, parents, inputs, lives, bits)
        nodes = np.uint16(2 * most - 1)
        kept = np.flatnonzero(belongs(hashes))
        pairs = arguments[0] * nodes + arguments[1]
        problem = {
            "arguments": pairs.take(kept, 1),
            "count": count[kept].astype(np.uint8),
            "depth": (open_.max(axis=0)[kept] >> np.uint16(8)).astype(np.uint8),
            "inputs": inputs[kept],
            "label": label[kept].astype(np.uint8),
        }
        return order[kept], problem
