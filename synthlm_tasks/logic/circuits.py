"""Circuits as arrays: the gates of a block of rows and all that is known of their values, gate after gate.

See `slots` for where what stands.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.logic.gates_matter import Prints, fingerprints, mark_not
from synthlm_tasks.logic.kinds import NOT
from synthlm_tasks.logic.shapes.layouts import FIRST_GATE
from synthlm_tasks.logic.slots import Slots
from synthlm_tasks.logic.split_keys import INPUT_LITERALS, INPUT_NAMES, SplitKeys, join_literals, join_names
from synthlm_tasks.logic.values import INPUT_TABLES, combine, narrowest_word
from synthlm_tasks.rows.splits import Hashes
from synthlm_tasks.rows.streams import Ints, Words

Bytes: TypeAlias = NDArray[np.uint8]
Mask: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True)
class Circuits:
    """Circuits of c rows while they are drawn.

    `inputs` (c,) numbers of inputs; `strict` (c,) whether every gate has to matter; `arguments` (slots, 2, c)
    node codes and `kinds` (slots, c), 0 where there is no gate; `tables` and `prints` (nodes, c), see
    `values` and `gates_matter`. Where gates need not matter, none is another in other words all the same, so
    that keys count it once: `names` (nodes, c), see `split_keys`, and `bare_names`, without their lowest bit,
    which are not needed elsewhere.
    """

    slots: Slots
    inputs: Ints
    strict: Mask
    arguments: Bytes
    kinds: Bytes
    tables: Hashes
    prints: Prints
    names: Words | None
    bare_names: Words | None

    @classmethod
    def start(cls, count: Ints, inputs: Ints, strict: Mask) -> "Circuits":
        """Circuits of so many gates (falling) and inputs without any gate as yet."""
        slots, shape = Slots.of(count), (int(count[0]), len(count))
        tables = INPUT_TABLES.astype(narrowest_word(int(inputs.max())))
        named = not strict.all()
        return cls(
            slots,
            inputs,
            strict,
            np.zeros((shape[0], 2, shape[1]), np.uint8),
            np.zeros(shape, np.uint8),
            slots.nodes(tables),
            slots.nodes(fingerprints(tables)),
            slots.nodes(INPUT_NAMES) if named else None,
            slots.nodes(INPUT_NAMES >> np.uint32(1)) if named else None,
        )

    def place(self, slot: int, rows: Ints | slice, arguments: Bytes, kinds: Bytes) -> Mask:
        """Put gates in a slot of `rows` (r,): `arguments` (2, r) node codes, `kinds` (r,).

        Returns which of them are idle: do not matter.
        """
        node, places = FIRST_GATE + slot, self.slots.read(arguments, rows)
        table = combine(self.tables.reshape(-1).take(places), kinds)
        prints = fingerprints(table)
        mark_not(prints, kinds)
        idle = _occurs(prints, self.prints[:node], rows)
        idle &= self.strict[rows]
        if self.names is not None and self.bare_names is not None:
            name = join_names(self.names.reshape(-1).take(places), kinds)
            bare = name >> np.uint32(1)
            idle |= _occurs(bare, self.bare_names[:node], rows) & (kinds != np.uint8(NOT))
            self.names[node, rows], self.bare_names[node, rows] = name, bare
        self.arguments[slot][:, rows], self.kinds[slot, rows] = arguments, kinds
        self.tables[node, rows], self.prints[node, rows] = table, prints
        return idle

    def split_keys(self, rows: Ints, last: int) -> SplitKeys:
        """The split keys of the circuits at rising `rows` (r,), and the flips of the `last` gates of each."""
        slots = Slots.of(self.slots.count.take(rows))
        literals, most = slots.nodes(INPUT_LITERALS), len(slots.sizes)
        keys, flips = np.zeros(len(rows), np.uint32), np.zeros((min(most, last), len(rows)), np.uint32)
        before = len(self.kinds) - most  # slots of rows that are not asked for
        for slot, size in enumerate(slots.sizes):
            some = rows[:size]
            places = slots.read(self.arguments[before + slot].take(some, 1), slice(size))
            joined = join_literals(literals.reshape(-1).take(places), self.kinds[before + slot].take(some))
            literals[FIRST_GATE + slot, :size] = joined.literal
            keys[:size] += joined.summand
            if most - slot <= last:
                flips[most - 1 - slot, :size] = joined.flip
        keys += literals[-1] >> np.uint32(1)
        return SplitKeys(keys, flips)

    def codes_of(self, rows: Ints, nodes: int) -> NDArray[np.uint16]:
        """What texts are looked up by, see `code_count`: (slots, r), 0 for no gate.

        Up to 6 * 70 * 70, of 16 bits.
        """
        codes = self.kinds.take(rows, 1).astype(np.uint16)
        for argument in self.arguments.take(rows, 2).transpose(1, 0, 2):
            codes *= np.uint16(nodes)
            codes += argument
        return codes


def _occurs(values: Words | Prints, known: Words | Prints, rows: Ints | slice) -> Mask:
    """Whether each row's value (r,) is among what is known (n, c) of it."""
    theirs = known[:, rows] if isinstance(rows, slice) else known.take(rows, 1)
    found: Mask = (theirs == values).any(axis=0)
    return found
