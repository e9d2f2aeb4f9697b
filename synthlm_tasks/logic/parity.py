"""Logic, parity family: a random binary tree of XOR gates."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.logic.parity_text import GROUP, pair_count, prompt_fragments
from synthlm_tasks.rows.answers import AnswerKind
from synthlm_tasks.rows.axes import IntAxis
from synthlm_tasks.rows.lazy_text import FragmentTable, Gathered
from synthlm_tasks.rows.splits import Hashes, key_words
from synthlm_tasks.rows.streams import Ints, RandomBits, Words
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

MOST_BITS: Final = 64


class XorParity(Task):
    """Evaluate a tree of XOR gates in which every input is read exactly once.

    The answer is the parity of all inputs. Worked example: `INPUTS x0=1 x1=0 x2=1 || GATES g0=XOR(x2,x0) |
    g1=XOR(x1,g0) || QUERY g1 ->`: the answer is 0.

    Trees grow from the queried gate down: each further gate takes the place of a random argument that is
    still open, and the inputs take those left, in random order. That is the same as merging two random
    parts until one is left. Gate t of n - 1 is written as number n - 2 - t.

    Problem arrays (c problems, t gates): `arguments` (t, c) both arguments of each gate, as first * nodes +
    second; `count` (c,) the number of inputs n; `depth` (c,); `inputs` (c,) their bits; `label` (c,).
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
    def draw_fixed(cls, params: Params, bits: RandomBits) -> Params:
        """Draw the answer: it stays a fair coin however few inputs (and so problems) there are."""
        return params.extend({"label": bits.below(2, len(params["num_bits"]))})

    @classmethod
    def propose(cls, params: Params, bits: RandomBits, accept: Accept) -> tuple[Ints, Problem]:
        """Draw trees and inputs; the key is the tree with its inputs' values at the leaves."""
        order = np.argsort(-params["num_bits"].astype(np.int8), kind="stable")  # gate t has a prefix of rows
        count, label = params["num_bits"].take(order), params["label"].take(order)
        inputs = _inputs(count, label, bits)
        lives = np.searchsorted(-count, -np.arange(count[0] + 1)).tolist()  # rows of more than k inputs
        open_, parents = _grow_trees(lives, bits)
        arguments, words = _place_inputs(open_, inputs, lives, bits)
        most = params.most["num_bits"]
        codes, hashes = _name_gates(arguments, words, parents, count, lives, most)
        kept = np.flatnonzero(accept(hashes))
        problem = {
            "gates": codes.take(kept, 1),
            "count": count[kept].astype(np.uint8),
            "depth": (open_.max(axis=0)[kept] >> np.uint16(8)).astype(np.uint8),
            "inputs": inputs[kept],
            "label": label[kept].astype(np.uint8),
        }
        return order[kept], problem

    @classmethod
    def render(cls, problem: Problem) -> Rendered:
        """Inputs, gates and query; the answer is 0 or 1."""
        gates, count = problem["gates"], problem["count"].astype(np.int64)
        most = len(gates) + 1
        texts, inputs, query = prompt_fragments(most)
        groups = -(-most // GROUP)
        index = np.empty((groups + len(gates) + 1, len(count)), np.uint32)
        for group in range(groups):
            size = np.left_shift(1, np.clip(count - group * GROUP, 0, GROUP))
            values = (problem["inputs"] >> np.uint64(group * GROUP)).view(np.int64) & (size - 1)
            index[group] = values + size + (inputs + (group << GROUP + 1))
        numbers = (count - most).astype(np.uint32)
        step = np.uint32(pair_count(most) + 1)
        for row, (gate, code) in zip(index[groups:-1], enumerate(gates[::-1]), strict=True):
            np.multiply(numbers + np.uint32(gate), step, out=row)
            row += code
            row[gate < most - count] = pair_count(most)
        index[-1] = count + query
        return Rendered(
            input_text=Gathered(texts, index),
            target=Gathered(_ANSWERS, problem["label"][None]),
            notes=(
                problem["depth"].astype(np.uint16) * np.uint16(MOST_BITS) + problem["count"] - np.uint16(1)
            )[None],
        )


def _inputs(count: Ints, label: Ints, bits: RandomBits) -> Hashes:
    """Uniform inputs of the given parities, as bits of one word: the lowest is settled by the others."""
    inputs = bits.words64(len(count)) & (_ALL >> (np.uint64(MOST_BITS) - count.view(np.uint64)))
    parity = inputs.copy()
    for shift in (32, 16, 8, 4, 2, 1):
        parity ^= parity >> np.uint64(shift)
    inputs ^= (parity ^ label.view(np.uint64)) & np.uint64(1)
    return inputs


def _grow_trees(lives: list[int], bits: RandomBits) -> tuple[NDArray[np.uint16], NDArray[np.uint8]]:
    """Draw trees, gate by gate from the queried one down.

    Argument i of gate t has the place 2t + i. Returns the places left open (n, c), with 256 * depth added,
    and the place that each gate takes (gates, c).
    """
    rows = lives[0]
    open_, parents = np.zeros((len(lives), rows), np.uint16), np.zeros((len(lives), rows), np.uint8)
    flat = open_.reshape(-1)
    open_[0], open_[1] = 256, 257
    row = np.arange(rows)
    for gate, live in enumerate(lives[2:-1], 1):
        word = bits.words(live) >> np.uint32(6)
        word *= np.uint32(gate + 1)
        word >>= np.uint32(26)
        at = np.multiply(word, rows, dtype=np.int64)
        at += row[:live]
        place = flat.take(at)
        parents[gate, :live] = place
        place &= np.uint16(0xFF00)
        place += np.uint16(256 + 2 * gate)
        flat[at] = place
        place += np.uint16(1)
        open_[gate + 1, :live] = place
    return open_, parents


def _place_inputs(
    open_: NDArray[np.uint16], inputs: Hashes, lives: list[int], bits: RandomBits
) -> tuple[NDArray[np.uint8], Words]:
    """Put the inputs in the open places in random order: input numbers and hashes (places, c)."""
    rows, most = lives[0], len(lives) - 1
    arguments, words = np.empty((2 * most, rows), np.uint8), np.empty((2 * most, rows), np.uint32)
    name, word = arguments.reshape(-1), words.reshape(-1)
    keys = (bits.words(rows, most) & np.uint32(~63 & 0xFFFFFFFF)) | np.arange(most, dtype=np.uint32)
    for leaf, live in enumerate(lives[:-1]):
        keys[live:, leaf] |= np.uint32(~63 & 0xFFFFFFFF)  # rows without this input sort it last
    keys.sort(axis=1)
    leaves = keys.T & np.uint32(63)
    row = np.arange(rows)
    for place, leaf, live in zip(open_, leaves, lives[:-1], strict=False):
        at = np.multiply(place[:live] & np.uint16(255), rows, dtype=np.int64)
        at += row[:live]
        name[at] = leaf[:live]
        value = inputs[:live] >> leaf[:live]
        value &= np.uint64(1)
        word[at] = _LEAF_WORDS.take(value.view(np.int64))
    return arguments, words


def _name_gates(
    arguments: NDArray[np.uint8],
    words: Words,
    parents: NDArray[np.uint8],
    count: Ints,
    lives: list[int],
    most: int,
) -> tuple[NDArray[np.uint16], Hashes]:
    """Name and hash gates from the lowest up: gate codes (gates, c) and the hash of each tree (c,).

    A gate's hash mixes the sum of its arguments' hashes, whatever their order.
    """
    rows = lives[0]
    codes = np.zeros((most - 1, rows), np.uint16)
    name, word = arguments.reshape(-1), words.reshape(-1)
    numbers = (count + (most - 2)).astype(np.uint8)
    row = np.arange(rows)
    for gate in range(len(lives) - 3, -1, -1):
        live = lives[gate + 1]
        pair = np.multiply(arguments[2 * gate, :live], 2 * most - 1, dtype=np.uint16, out=codes[gate, :live])
        pair += arguments[2 * gate + 1, :live]
        hashes = words[2 * gate, :live] + words[2 * gate + 1, :live]
        hashes ^= hashes >> np.uint32(16)
        hashes *= _KEY
        if gate:
            at = np.multiply(parents[gate, :live], rows, dtype=np.int64)
            at += row[:live]
            name[at] = numbers[:live] - np.uint8(gate)
            word[at] = hashes
    return codes, hashes.astype(np.uint64)


_ALL: Final = np.uint64(0xFFFFFFFFFFFFFFFF)
# Under this name train holds both answers for every number of inputs, and all problems of 2 and 3 inputs.
_KEY_WORDS: Final = (key_words("logic-parity 13", 3) >> np.uint64(32)).astype(np.uint32)
_LEAF_WORDS: Final = _KEY_WORDS[:2]
_KEY: Final = _KEY_WORDS[2] | np.uint32(1)

_ANSWERS: Final = FragmentTable.of(["0", "1"])
