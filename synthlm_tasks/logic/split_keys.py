"""The split keys of circuits: those of a normal form that De Morgan's laws lead to.

That is the and-inverter graph with XOR nodes. NAND, OR and NOR are AND with complements at what it reads and
at what it gives: OR(a,b) = NOT(AND(NOT(a),NOT(b))). NOT is such a complement and no node; XOR(NOT(a),b) =
NOT(XOR(a,b)), so that complements pass through XOR nodes. What is left are AND and XOR nodes, and which
arguments of the AND nodes are complemented.

Source: Kuehlmann, Paruthi, Krohm and Ganai, "Robust Boolean reasoning for equivalence checking and functional
property verification", IEEE TCAD 21(12), 2002.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.logic.kinds import KINDS, NOT, fill_words, is_and_node, is_complement
from synthlm_tasks.logic.shapes.layouts import FIRST_GATE
from synthlm_tasks.rows.splits import Hashes, key_words
from synthlm_tasks.rows.streams import Ints, Words


class Joined(NamedTuple):
    """What split keys need of gates, (r,) each.

    A `literal` is the hash of the gate's node in the upper 31 bits, and in bit 0 whether the gate is the
    node's complement. `summand` is what the gate's complemented arguments add to the key; `flip` is what the
    key gains, modulo 2**32, if both arguments are complemented.
    """

    literal: Words
    summand: Words
    flip: Words


def join_literals(pair: Words, kinds: NDArray[np.uint8]) -> Joined:
    """Gates of these kinds (r,) that read these literals (2, r), 0 where NOT has no argument.

    A node's hash mixes its kind, AND or XOR, and the sum of its arguments' hashes. A complemented argument of
    an AND node adds the product of both hashes to the key. E.g. OR(a,b) has the AND node's hash and the
    complement set; where a is no complement it adds a product, since the node reads NOT(a).
    """
    # Halved, two hashes and a word sum up without loss but the carry's; mixed as in splitmix64.
    halves = pair >> np.uint32(1)
    node = _KIND_WORDS.take(kinds)
    node += halves[0]
    node += halves[1]
    node ^= node >> np.uint32(16)
    node *= _MULTIPLIER
    node ^= node >> np.uint32(15)
    is_and = fill_words(is_and_node(kinds), pair.dtype)
    products = pair | np.uint32(1)
    products *= node & is_and
    complemented = (pair ^ kinds) & np.uint32(1)  # of the kinds of AND nodes OR and NOR are odd
    flip = products[0] + products[1]
    products *= complemented
    summand = products[0] + products[1]
    flip -= summand  # those that are not complemented yet are added, the others taken away
    flip -= summand
    return Joined(_settle_literals(node, pair[0] ^ pair[1], kinds, is_and), summand, flip)


def _settle_literals(node: Words, joined: Words, kinds: NDArray[np.uint8], is_and: Words) -> Words:
    """The literals of gates by their nodes' hashes, `joined` being the XOR of what they read: all (r,)."""
    # Of NOT, whose other argument is 0, the argument's literal with the complement turned.
    literal: Words = (node ^ joined) & fill_words(kinds == np.uint8(NOT), node.dtype)
    literal ^= node
    literal &= ~np.uint32(1)
    complement = joined & ~is_and
    complement ^= is_complement(kinds)
    complement &= np.uint32(1)
    literal |= complement
    return literal


def join_names(pair: Words, kinds: NDArray[np.uint8]) -> Words:
    """Like the literals of `join_literals`, but that inputs have names and complements are seen: (r,).

    So two gates of a circuit have one upper 31 bits if they are one node, however spelled.
    """
    is_and = fill_words(is_and_node(kinds), pair.dtype)
    read = pair ^ (kinds & np.uint8(1))  # of the kinds of AND nodes OR and NOR are odd
    read &= is_and | ~np.uint32(1)  # XOR nodes do not see complements
    read ^= read >> np.uint32(15)
    read *= _MULTIPLIER
    node = _KIND_WORDS.take(kinds)
    node += read[0]
    node += read[1]
    node ^= node >> np.uint32(16)
    node *= _MULTIPLIER
    return _settle_literals(node, pair[0] ^ pair[1], kinds, is_and)


@dataclass(frozen=True)
class SplitKeys:
    """Split keys of circuits as they are, `plain` (c,), and with gates flipped, of which `flips` (k, c) tell.

    A key is the asked node's hash plus the summands of all gates: the same for circuits that differ in
    spelling, argument order, gate order or input names, since inputs all count alike. A complement at the
    asked gate is not seen: both circuits lie in one split, where what an input row says for one of them it
    says against the other. 32 bits are enough to deal circuits to splits: where two circuits share a key they
    merely share the split.
    """

    plain: Words
    flips: Words

    def take(self, places: Ints) -> "SplitKeys":
        """The keys of the circuits at `places`."""
        return SplitKeys(self.plain.take(places), self.flips.take(places, 1))

    def of(self, places: Ints, variants: Ints) -> Hashes:
        """The keys of circuits at `places`, (variants, places); bit i of a variant flips the gates i.

        To flip a gate complements both arguments of an AND node and nothing else: what it adds to the key
        does not depend on other flips.
        """
        chosen = self if len(places) == len(self.plain) else self.take(places)
        keys = np.empty((len(variants), len(places)), np.uint64)
        totals = {0: chosen.plain}

        def total(variant: int) -> Words:
            if variant not in totals:  # without its lowest flip it is mostly known
                lowest = variant & -variant
                totals[variant] = total(variant ^ lowest) + chosen.flips[lowest.bit_length() - 1]
            return totals[variant]

        for key, variant in zip(keys, variants.tolist(), strict=True):
            key[:] = total(variant)
        return keys


_KEY_WORDS: Final = (key_words("logic 26893", 4) >> np.uint64(32)).astype(np.uint32) & ~np.uint32(1)
INPUT_LITERALS: Final = np.append(np.uint32(0), np.repeat(_KEY_WORDS[0], FIRST_GATE - 1))
"""The literals of the nodes before the first gate, by code: 0 of none, one of every input."""
INPUT_NAMES: Final = (np.arange(FIRST_GATE, dtype=np.uint32) * _KEY_WORDS[0]) & ~np.uint32(1)
"""The names of the nodes before the first gate, by code; 0 of none."""
_MULTIPLIER: Final = _KEY_WORDS[1] | np.uint32(1)  # odd: to multiply by an odd word loses no bit
_KIND_WORDS: Final = _KEY_WORDS.take([2 if kind == "XOR" else 3 for kind in KINDS])  # of their nodes
