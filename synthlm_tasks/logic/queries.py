"""Further queries of a circuit: other gates, of falling depth, whose answers those before leave open."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.logic.shapes.layouts import FIRST_GATE
from synthlm_tasks.logic.slots import Slots
from synthlm_tasks.logic.values import INPUT_TABLES, combine, narrowest_word
from synthlm_tasks.rows.splits import Hashes
from synthlm_tasks.rows.streams import Ints, RandomBits

# What is preferred, above numbers of gates.
_OPEN: Final = 64
_WANTED: Final = 128


@dataclass(frozen=True)
class FurtherQueries:
    """Gates asked after the first (k, c), by their numbers, and their values (k, c)."""

    gates: NDArray[np.uint8]
    values: NDArray[np.uint8]


def draw_further(
    codes: NDArray[np.uint16],
    count: Ints,
    depth: Ints,
    inputs: Ints,
    row: Ints,
    number: int,
    bits: RandomBits,
) -> FurtherQueries:
    """Draw `number` further queries for each circuit, of which it has `depth` (c,) - 1 at most.

    `codes` (slots, c) are the gates as of `Circuits.codes_of`, `count` (c,) their numbers, `inputs` (c,)
    those of inputs and `row` (c,) the input rows. Beyond a circuit's depth the rest is arbitrary.
    """
    order = np.argsort(-count, kind="stable")
    count, depth, row = count[order], depth[order], row[order]
    tables = _evaluate(codes.take(order, 1), count, int(inputs.max()))
    number_type = tables.dtype.type
    values = (tables >> row.astype(tables.dtype) & number_type(1)).astype(np.uint8)
    slots, places = np.arange(len(tables))[:, None], np.arange(len(count))
    numbers = slots - (len(tables) - count)
    asked = np.full(len(count), len(tables) - 1)
    open_ = np.ones(tables.shape, bool)
    gates = np.zeros((number, len(count)), np.uint8)
    answers = np.zeros((number, len(count)), np.uint8)
    for turn in range(number):
        # Input rows that give the answer before: a gate that has one value on them all is given away.
        told = tables[asked, places] ^ (values[asked, places].astype(tables.dtype) - number_type(1))
        open_ &= ((tables & told) != 0) & ((~tables & told) != 0)
        wanted = open_ & (values == bits.below(2, len(count)))
        # As many gates must be left as there may be queries yet, however many there are.
        enough = (slots < asked) & (numbers >= depth - 2 - turn)
        rank = enough * (1 + numbers + open_ * _OPEN + wanted * _WANTED)
        asked = rank.argmax(axis=0)
        gates[turn, order] = numbers[asked, places]
        answers[turn, order] = values[asked, places]
    return FurtherQueries(gates, answers)


def _evaluate(codes: NDArray[np.uint16], count: Ints, inputs: int) -> Hashes:
    """The truth tables of all gates (slots, c) of circuits sorted by falling `count` (c,)."""
    slots = Slots.of(count)
    tables = slots.nodes(INPUT_TABLES.astype(narrowest_word(inputs)))
    nodes, lacking = np.uint16(FIRST_GATE + len(codes)), len(codes) - len(slots.sizes)
    for slot, size in enumerate(slots.sizes):
        # Divided by hand: divmod takes each of them apart alone.
        pairs = codes[lacking + slot, :size] // nodes
        kinds = pairs // nodes
        first, second = pairs - kinds * nodes, codes[lacking + slot, :size] - pairs * nodes
        places = slots.read(np.stack([first, second]).astype(np.uint8), slice(size))
        kind = kinds.astype(np.uint8)
        tables[FIRST_GATE + slot, :size] = combine(tables.reshape(-1).take(places), kind)
    return tables[FIRST_GATE:]
