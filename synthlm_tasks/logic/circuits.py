"""Circuits as arrays: the gates of a block of rows and all that is known of their values, gate after gate.

Rows come sorted by falling number of gates, and their gates end together: gate g of a row of n gates stands
in slot most - n + g, of as many slots as the longest row has gates. So every slot belongs to a prefix of the
rows, the asked gates stand in the last one, and what stands in the last few can be drawn again for all rows
at once. E.g. rows a, b, c of 3, 2 and 1 gates: slots (a0, -, -), (a1, b0, -), (a2, b1, c0).

Each row's nodes stand right before its first gate: node code j of a row whose gates begin in slot s is
element (s + j) of node arrays.
"""

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.logic.gates_matter import Prints, fingerprints, mark_not
from synthlm_tasks.logic.kinds import NOT
from synthlm_tasks.logic.shapes.layouts import FIRST_GATE
from synthlm_tasks.logic.split_keys import INPUT, INPUT_NAMES, join_literals, join_names
from synthlm_tasks.logic.values import INPUT_TABLES, combine, narrowest_word
from synthlm_tasks.rows.splits import Hashes
from synthlm_tasks.rows.streams import Ints, Words

Bytes: TypeAlias = NDArray[np.uint8]
Mask: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True)
class Placed:
    """What came of gates (r,): whether they do not matter, and what split keys need, as in `split_keys`."""

    idle: Mask
    summand: Words
    flip: Words


@dataclass
class Circuits:
    """Circuits of c rows while they are drawn.

    `count` (c,) numbers of gates, falling; `inputs` (c,) of inputs; `strict` (c,) whether every gate has to
    matter; `arguments` (slots, 2, c) node codes and `kinds` (slots, c), 0 where there is no gate; `tables`,
    `prints`, `literals` and `names` (nodes, c), see `values`, `gates_matter` and `split_keys`. Where gates
    need not matter, none is another in other words all the same, so that keys count it once; elsewhere
    `names` are not needed.
    """

    count: Ints
    inputs: Ints
    strict: Mask
    arguments: Bytes
    kinds: Bytes
    tables: Hashes
    prints: Prints
    literals: Words
    names: Words | None
    base: Ints = field(init=False)
    sizes: list[int] = field(init=False)

    def __post_init__(self) -> None:
        """Find where each row's nodes begin, and how many rows each slot has."""
        slots, rows = self.kinds.shape
        self.base = (slots - self.count) * rows + np.arange(rows)
        self.sizes = np.searchsorted(-self.count, np.arange(-slots, 0), side="right").tolist()

    @classmethod
    def start(cls, count: Ints, inputs: Ints, strict: Mask) -> "Circuits":
        """Circuits of so many gates and inputs without any gate as yet."""
        rows, slots = len(count), int(count[0])
        nodes = FIRST_GATE + slots
        self = cls(
            count,
            inputs,
            strict,
            np.zeros((slots, 2, rows), np.uint8),
            np.zeros((slots, rows), np.uint8),
            np.zeros((nodes, rows), narrowest_word(int(inputs.max()))),
            np.zeros((nodes, rows), np.uint16),
            np.zeros((nodes, rows), np.uint32),
            None if strict.all() else np.zeros((nodes, rows), np.uint32),
        )
        tables = INPUT_TABLES.astype(self.tables.dtype)
        prints = fingerprints(tables)
        for code in range(1, FIRST_GATE):
            at = self.base + code * rows
            self.tables.reshape(-1)[at] = tables[code]
            self.prints.reshape(-1)[at] = prints[code]
            self.literals.reshape(-1)[at] = INPUT
            if self.names is not None:
                self.names.reshape(-1)[at] = INPUT_NAMES[code]
        return self

    def place(self, slot: int, rows: Ints | slice, arguments: Bytes, kinds: Bytes) -> Placed:
        """Put gates in a slot of `rows` (r,): `arguments` (2, r) node codes, `kinds` (r,)."""
        at = np.multiply(arguments, self.kinds.shape[1], dtype=np.int64)
        at += self.base[rows]
        table = combine(self.tables.reshape(-1).take(at), kinds)
        joined = join_literals(self.literals.reshape(-1).take(at), kinds)
        prints = fingerprints(table)
        mark_not(prints, kinds)
        node = FIRST_GATE + slot
        before = self.prints[:node, rows] if isinstance(rows, slice) else self.prints[:node].take(rows, 1)
        idle = (before == prints).any(axis=0)
        idle &= self.strict[rows]
        if self.names is not None:
            name = join_names(self.names.reshape(-1).take(at), kinds)
            same = (self.names[:node, rows] >> np.uint32(1) == name >> np.uint32(1)).any(axis=0)
            idle |= same & (kinds != np.uint8(NOT))
            self.names[node, rows] = name
        self.arguments[slot][:, rows], self.kinds[slot, rows] = arguments, kinds
        self.tables[node, rows], self.prints[node, rows], self.literals[node, rows] = (
            table,
            prints,
            joined.literal,
        )
        return Placed(idle, joined.summand, joined.flip)

    def codes_of(self, rows: Ints, nodes: int) -> NDArray[np.uint16]:
        """What texts are looked up by, see `code_count`: (slots, r), 0 for no gate.

        Up to 6 * 70 * 70, of 16 bits.
        """
        codes = self.kinds.take(rows, 1).astype(np.uint16)
        for argument in self.arguments.take(rows, 2).transpose(1, 0, 2):
            codes *= np.uint16(nodes)
            codes += argument
        return codes
