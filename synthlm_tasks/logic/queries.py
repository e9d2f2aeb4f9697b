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

# What is preferred stands above numbers of gates (6 bits) and these above their slots (6 bits).
_SLOT_BITS: Final = 6
_SLOT_MASK: Final = (1 << _SLOT_BITS) - 1
_OPEN: Final = np.int16(1 << 12)
_WANTED: Final = np.int16(1 << 13)


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
    slots, places = np.arange(len(tables), dtype=np.int16)[:, None], np.arange(len(count))
    # Gates by rank: open ones first, of these wanted ones, then by number; their slots tell them apart.
    numbers = slots - (len(tables) - count).astype(np.int16)
    ranks = (numbers << np.int16(_SLOT_BITS)) + slots
    asked = np.full(len(count), len(tables) - 1)
    open_ = np.ones(tables.shape, bool)
    gates = np.zeros((number, len(count)), np.uint8)
    answers = np.zeros((number, len(count)), np.uint8)
    for turn in range(number):
        # Input rows that give the answer before: a gate that has one value on them all is given away.
        told = tables[asked, places] ^ (values[asked, places].astype(tables.dtype) - number_type(1))
        on_told = tables & told
        open_ &= (on_told != 0) & (on_told != told)
        wanted = values == bits.below(2, len(count)).astype(np.uint8)
        # As many gates must be left as there may be queries yet, however many there are.
        enough = (slots < asked.astype(np.int16)) & (numbers >= (depth - 2 - turn).astype(np.int16))
        rank = ranks + open_ * _OPEN
        rank += (open_ & wanted) * _WANTED
        asked = (rank * enough).max(axis=0).astype(np.int64) & _SLOT_MASK
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
