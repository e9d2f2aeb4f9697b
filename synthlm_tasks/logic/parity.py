"""Logic, parity family: a random binary tree of XOR gates."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from synthlm_tasks.logic.parity_text import GROUP, pair_count, prompt_fragments
from synthlm_tasks.logic.trees import MOST_BITS, draw_inputs, grow_trees, name_gates, place_inputs
from synthlm_tasks.rows.answers import AnswerKind
from synthlm_tasks.rows.axes import IntAxis
from synthlm_tasks.rows.lazy_text import FragmentTable, Gathered
from synthlm_tasks.rows.streams import Ints, RandomBits
from synthlm_tasks.rows.task import Accept, Params, Problem, Rendered, Task

BIT: Final = AnswerKind("bit", "0 or 1", "[01]", str)

RULE: Final = (
    "INPUTS gives the values, 0 or 1, of the inputs x0, x1 and so on. GATES defines the gates g0, g1 and so "
    "on, each from inputs or from gates that stand before it. AND(a,b) is 1 when both arguments are 1. "
    "OR(a,b) is 1 when at least one is. XOR(a,b) is 1 when exactly one is. Otherwise these three are 0. "
    "NAND(a,b) is the opposite of AND(a,b), NOR(a,b) the opposite of OR(a,b), and NOT(a) the opposite of a. "
    "QUERY names the gate whose value is asked."
)
"""The rule of every circuit; a tree of XOR gates is one."""


class XorParity(Task):
    """Evaluate a tree of XOR gates in which every input is read exactly once.

    The answer is the parity of all inputs. Worked example: `INPUTS x0=1 x1=0 x2=1 || GATES g0=XOR(x2,x0) |
    g1=XOR(x1,g0) || QUERY g1 ->`: the answer is 0.

    Trees grow from the queried gate down: each further gate takes the place of a random argument that is
    still open, and the inputs take those left, in random order. That is the same as merging two random
    parts until one is left. Gate t of n - 1 is written as number n - 2 - t.

    Problem arrays (c problems, t gates): `gates` (t, c) both arguments of each gate, as first * nodes +
    second (see `logic.trees`); `count` (c,) the number of inputs n; `depth` (c,); `inputs` (c,) their bits;
    `label` (c,).
    """

    name = "logic"
    family = "logic-parity"
    rule = RULE
    answers = (BIT,)
    axes = (IntAxis("num_bits", 2, MOST_BITS),)

    @classmethod
    def metadata_fragments(cls) -> list[str]:
        """Depth and number of gates."""
        numbers = range(MOST_BITS)
        return [f',"depth":{depth},"num_gates":{gates}}}' for depth in numbers for gates in numbers]

    @classmethod
    def chance(cls, metadata: Mapping[str, Any]) -> float:
        """A coin."""
        return 0.5

    @classmethod
    def max_tokens(cls, cell: Mapping[str, int]) -> int:
        """` x0=1` per input, ` | g1=XOR(g0,x0)` per gate, one less, and what frames them."""
        return 12 * cell["num_bits"] + 2

    @classmethod
    def max_compact_tokens(cls, cell: Mapping[str, int]) -> int:
        """`x0`, `1` per input; `g1`, `XOR`, `g0`, `x0` per gate, one less; `QUERY`, `g1` and the answer."""
        return 6 * cell["num_bits"] - 1

    @classmethod
    def scarce(cls, cell: Mapping[str, int]) -> bool:
        """All trees of few inputs may lie in train."""
        return cell["num_bits"] <= _SCARCE_BITS

    @classmethod
    def draw_fixed(cls, params: Params, bits: RandomBits) -> Params:
        """Draw the answer: it stays a fair coin however few inputs (and so problems) there are."""
        return params.extend({"label": bits.below(2, len(params["num_bits"]))})

    @classmethod
    def propose(cls, params: Params, bits: RandomBits, accept: Accept) -> tuple[Ints, Problem]:
        """Draw trees and inputs; the key is the tree with its inputs' values at the leaves."""
        order = np.argsort(-params["num_bits"].astype(np.int8), kind="stable")  # gate t has a prefix of rows
        count, label = params["num_bits"].take(order), params["label"].take(order)
        inputs = draw_inputs(count, label, bits)
        # Rows of more than k inputs, for k up to the most: falling numbers are searched as rising ones.
        batch_sizes = np.searchsorted(-count, -np.arange(count[0] + 1)).tolist()
        open_places, gate_places = grow_trees(batch_sizes, bits)
        arguments, hashes = place_inputs(open_places, inputs, batch_sizes, bits)
        most = params.most["num_bits"]
        pairs, keys = name_gates(arguments, hashes, gate_places, count, batch_sizes, most)
        kept = np.flatnonzero(accept(keys))
        problem = {
            "gates": pairs.take(kept, 1),
            "count": count[kept].astype(np.uint8),
            "depth": (open_places.max(axis=0)[kept] >> np.uint16(8)).astype(np.uint8),  # of the deepest leaf
            "inputs": inputs[kept],
            "label": label[kept].astype(np.uint8),
        }
        return order[kept], problem

    @classmethod
    def render(cls, problem: Problem) -> Rendered:
        """Inputs, gates and query; the answer is 0 or 1."""
        pairs, count = problem["gates"], problem["count"].astype(np.int64)
        most = len(pairs) + 1
        texts, input_groups, queries = prompt_fragments(most)
        groups = -(-most // GROUP)
        index = np.empty((groups + len(pairs) + 1, len(count)), np.uint32)
        for group in range(groups):
            size = np.left_shift(1, np.clip(count - group * GROUP, 0, GROUP))
            values = (problem["inputs"] >> np.uint64(group * GROUP)).view(np.int64) & (size - 1)
            # The fragment by its number of inputs and their values at once: a 1 above the values. E.g. of
            # three inputs, x2 alone 1: 0b1100.
            index[group] = values + size + (input_groups + (group << GROUP + 1))
        # Gates are written from the lowest up, and `pairs` are from the queried one down: turned round, what
        # a row lacks comes first, then what it writes as g0. The difference wraps where a gate is lacking.
        lacking = (most - count).astype(np.uint32)
        step = np.uint32(pair_count(most) + 1)
        for row, (position, pair) in zip(index[groups:-1], enumerate(pairs[::-1]), strict=True):
            np.multiply(np.uint32(position) - lacking, step, out=row)
            row += pair
            row[position < most - count] = pair_count(most)  # the empty text
        index[-1] = count + queries
        return Rendered(
            input_text=Gathered(texts, index),
            target=Gathered(_ANSWERS, problem["label"][None]),
            notes=(
                problem["depth"].astype(np.uint16) * np.uint16(MOST_BITS) + problem["count"] - np.uint16(1)
            )[None],
        )


_ANSWERS: Final = FragmentTable.of(["0", "1"])

# Five inputs have 105 trees of 32 settings: up to here a held-out split may have few, or none.
_SCARCE_BITS: Final = 5
