"""The split keys of circuits, and turning the kinds of gates until the split wants them."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.logic.circuits import KINDS, NOT, TURNS, Gates, gate_spans
from synthlm_tasks.logic.layouts import FIRST_GATE
from synthlm_tasks.rows.splits import Accept, Hashes, first_accepted, key_words
from synthlm_tasks.rows.streams import Ints, Words

_FEW: Final = 3  # gates: all circuits of depth 2


def hash_wiring(arguments: NDArray[np.uint8], batch_sizes: list[int]) -> Words:
    """The hash of what is wired below each gate, flat: arguments (2, gates) → (gates,).

    A gate's hash is mix(the sum of its arguments' hashes): the same for both orders of arguments. Inputs all
    count alike, no node (of NOT) counts 0.
    """
    rows = batch_sizes[0]
    # Hashes [node, row] as one flat array: one index for each look-up. What rows without a gate would have at
    # its place is never read.
    hashes = np.empty((FIRST_GATE + len(batch_sizes)) * rows, np.uint32)
    hashes[:rows], hashes[rows : FIRST_GATE * rows] = 0, _MULTIPLIER
    flat = np.empty(arguments.shape[1], np.uint32)
    row = np.arange(rows)
    for gate, (size, span) in enumerate(gate_spans(batch_sizes), FIRST_GATE):
        at = np.multiply(arguments[:, span], rows, dtype=np.int64)
        at += row[:size]
        a, b = hashes.take(at)
        # The sum is meant to wrap, the product too. Odd and a shift by half: each step can be undone, so that
        # different sums get different hashes.
        a += b
        a ^= a >> np.uint32(16)
        np.multiply(a, _MULTIPLIER, out=flat[span])
        hashes[gate * rows : gate * rows + size] = flat[span]
    return flat


def split_keys(gates: Gates, batch_sizes: list[int], turns: Ints) -> Hashes:
    """The split keys of the circuits after so many turns of their kinds: (turns, c).

    A key is the sum over gates of the hash of what is wired below times a word of the gate's kind: the same
    for circuits that differ in argument order, gate order or input names. Whether the asked gate is
    complemented (NAND for AND, NOR for OR) is not seen either: both circuits lie in one split, where what
    an input row says for one of them it says against the other. 32 bits are enough to deal circuits to
    splits: where two circuits share a key they merely share the split.
    """
    keys = np.zeros((len(turns), batch_sizes[0]), np.uint32)
    roles = gates.kinds.copy()  # a gate's kind, and 6 more where its row has no later gate: it is asked there
    spans = list(gate_spans(batch_sizes))
    for (_, span), later in zip(spans, [*batch_sizes[1:], 0], strict=True):
        roles[span.start + later : span.stop] += np.uint8(len(KINDS))
    for key, role_words in zip(keys, _ROLE_WORDS.take(turns, 0), strict=True):
        words = role_words.take(roles)
        words *= gates.hashes
        for size, span in spans:
            key[:size] += words[span]
    return keys.astype(np.uint64)


def choose_kind_turns(gates: Gates, batch_sizes: list[int], accept: Accept) -> tuple[Ints, NDArray[np.bool_]]:
    """For each circuit the fewest turns of its kinds with which it is accepted, and whether there are any.

    Both (c,). Circuits of few gates are not turned: there are so few that each has its own share of the
    rows, which would be twice its due where the circuit that turns into it does not belong.
    """

    def hashes(places: Ints, turns: Ints) -> Hashes:
        if len(places) == batch_sizes[0]:
            return split_keys(gates, batch_sizes, turns)
        kept = np.zeros(batch_sizes[0], bool)
        kept[places] = True
        return split_keys(*gates.compress(kept, batch_sizes), turns)

    turns, accepted = first_accepted(hashes, batch_sizes[0], TURNS, accept)
    few = batch_sizes[_FEW] if len(batch_sizes) > _FEW else 0  # the first row of few gates
    accepted[few:] &= turns[few:] == 0
    return turns, accepted


# Circuits of depth 2 are few (18 to 26 as the key sees them, by inputs and XOR gates, 6 with two XOR gates).
# Under this name each such space of the presets and the grid has 8% to 13% in validation and in test (one
# of the 6), so that none lacks them there.
_KEY_WORDS: Final = (key_words("logic 179718", len(KINDS) + 1) >> np.uint64(32)).astype(
    np.uint32
) | np.uint32(1)  # odd: to multiply by an odd word loses no bit
_MULTIPLIER: Final = _KEY_WORDS[-1]
# What each kind is after so many turns, (turns, kinds), and as what the key knows it where it is asked for.
_TURNED: Final = np.array([[0, *np.roll(range(1, TURNS + 1), -turn), NOT] for turn in range(TURNS)])
_UNCOMPLEMENTED: Final = np.array([KINDS.index(kind) for kind in ("XOR", "OR", "AND", "OR", "AND", "NOT")])
_ROLE_WORDS: Final = _KEY_WORDS.take(np.hstack((_TURNED, _UNCOMPLEMENTED[_TURNED])))
