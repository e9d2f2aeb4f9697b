"""Random binary trees of XOR gates with inputs at their leaves, drawn, named and hashed as arrays.

Rows come sorted by falling number of inputs, so that input k, and the gate that it makes possible, belong to
the first `batch_sizes[k]` rows, as in PyTorch's `PackedSequence`; a 0 ends the list. E.g. rows of 3, 3 and 2
inputs: [3, 3, 2, 0]. A row of n inputs has the gates 0 to n - 2, from the queried one down. Argument i of
gate t is place 2 * t + i, and holds a gate (further down) or an input.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.rows.splits import Hashes, key_words
from synthlm_tasks.rows.streams import Ints, RandomBits, Words

MOST_BITS: Final = 64


def draw_inputs(count: Ints, label: Ints, bits: RandomBits) -> Hashes:
    """Uniform inputs of the given parities, as bits of one word, x0 the lowest: (c,), (c,) → (c,).

    All but x0 are free, which settles the parity.
    """
    inputs = bits.words64(len(count)) & (_ALL_ONES >> (np.uint64(MOST_BITS) - count.view(np.uint64)))
    # Plainly: word.bit_count() & 1. XOR of the halves keeps the parity, down to one bit.
    parity = inputs.copy()
    for shift in (32, 16, 8, 4, 2, 1):
        parity ^= parity >> np.uint64(shift)
    inputs ^= (parity ^ label.view(np.uint64)) & np.uint64(1)
    return inputs


def grow_trees(batch_sizes: list[int], bits: RandomBits) -> tuple[NDArray[np.uint16], NDArray[np.uint8]]:
    """Draw trees, gate by gate from the queried one down: each takes a random open place and opens two.

    Returns the places left open (inputs, c), packed with their depth as below, 0 beyond a row's inputs, and
    the place that each gate takes (inputs, c), 0 for the queried one and beyond a row's gates.
    """
    # An open place is 16 bits: its depth (up to 63) from bit 8 up, the place (2 * 62 + 1 at most) below. E.g.
    # both arguments of the queried gate are open at depth 1: 1 << 8 | 0 and 1 << 8 | 1.
    rows = batch_sizes[0]
    shape = (len(batch_sizes) - 1, rows)
    open_places, gate_places = np.zeros(shape, np.uint16), np.zeros(shape, np.uint8)
    flat = open_places.reshape(-1)
    open_places[0], open_places[1] = 1 << 8, 1 << 8 | 1
    row = np.arange(rows)
    for gate, size in enumerate(batch_sizes[2:-1], 1):
        # One of gate + 1 open places: multiply and shift as in `scale_words`, within 32 bits, since the
        # random word has 26 bits and there are less than 2 ** 6 places.
        chosen = bits.words(size) >> np.uint32(6)
        chosen *= np.uint32(gate + 1)
        chosen >>= np.uint32(26)
        at = np.multiply(chosen, rows, dtype=np.int64)
        at += row[:size]
        place = flat.take(at)
        gate_places[gate, :size] = place  # the low 8 bits: where the depth is not wanted
        # The gate's first argument replaces the place it took, one level deeper; its second is appended.
        place &= np.uint16(0xFF00)
        place += np.uint16((1 << 8) + 2 * gate)
        flat[at] = place
        place += np.uint16(1)
        open_places[gate + 1, :size] = place
    return open_places, gate_places


def place_inputs(
    open_places: NDArray[np.uint16], inputs: Hashes, batch_sizes: list[int], bits: RandomBits
) -> tuple[NDArray[np.uint8], Words]:
    """Put the inputs in the open places in random order.

    Returns the input number in each place (places, c) and the hash of its value (places, c); what no input
    stands in is not set.
    """
    rows, most = batch_sizes[0], len(batch_sizes) - 1
    arguments, hashes = np.empty((2 * most, rows), np.uint8), np.empty((2 * most, rows), np.uint32)
    flat_arguments, flat_hashes = arguments.reshape(-1), hashes.reshape(-1)
    # A key is 26 random bits above the 6 bits of its input number, so that no two are equal: sorted keys end
    # in a random permutation. Inputs that a row lacks have all ones above and sort last. E.g. random parts
    # 9, 4: 9 << 6 | 0, 4 << 6 | 1 → x1, x0.
    keys = (bits.words(rows, most) & _RANDOM_PART) | np.arange(most, dtype=np.uint32)
    for number, size in enumerate(batch_sizes[:-1]):
        keys[size:, number] |= _RANDOM_PART
    keys.sort(axis=1)
    numbers = keys.T & ~_RANDOM_PART
    row = np.arange(rows)
    for place, number, size in zip(open_places, numbers, batch_sizes[:-1], strict=True):
        at = np.multiply(place[:size] & np.uint16(255), rows, dtype=np.int64)
        at += row[:size]
        flat_arguments[at] = number[:size]
        value = inputs[:size] >> number[:size]
        value &= np.uint64(1)
        flat_hashes[at] = _VALUE_WORDS.take(value.view(np.int64))
    return arguments, hashes


def name_gates(
    arguments: NDArray[np.uint8],
    hashes: Words,
    gate_places: NDArray[np.uint8],
    count: Ints,
    batch_sizes: list[int],
    most: int,
) -> tuple[NDArray[np.uint16], Hashes]:
    """Name and hash gates from the lowest up, in the places of `place_inputs`, which are filled.

    Returns pairs of arguments (most - 1, c), as first * nodes + second, and the hash of each tree (c,). Nodes
    are `most` inputs, then gates by their number in the text: gate t of n - 1 is written as number n - 2 - t.
    A gate's hash mixes the sum of its arguments' hashes, whatever their order.
    """
    rows = batch_sizes[0]
    pairs = np.zeros((most - 1, rows), np.uint16)  # 127 nodes at most: a pair is less than 2 ** 14
    flat_arguments, flat_hashes = arguments.reshape(-1), hashes.reshape(-1)
    node = (count + (most - 2)).astype(np.uint8)  # of gate 0; gate t is t less
    row = np.arange(rows)
    for gate in range(len(batch_sizes) - 3, -1, -1):
        size = batch_sizes[gate + 1]
        pair = np.multiply(arguments[2 * gate, :size], 2 * most - 1, dtype=np.uint16, out=pairs[gate, :size])
        pair += arguments[2 * gate + 1, :size]
        # The sum is meant to wrap, the product too; each step can be undone (see `hash_wiring`).
        mixed = hashes[2 * gate, :size] + hashes[2 * gate + 1, :size]
        mixed ^= mixed >> np.uint32(16)
        mixed *= _MULTIPLIER
        if gate:
            at = np.multiply(gate_places[gate, :size], rows, dtype=np.int64)
            at += row[:size]
            flat_arguments[at] = node[:size] - np.uint8(gate)
            flat_hashes[at] = mixed
    return pairs, mixed.astype(np.uint64)


_ALL_ONES: Final = np.uint64(0xFFFFFFFFFFFFFFFF)
_RANDOM_PART: Final = np.uint32(0xFFFFFFC0)  # of a key, above the number of one of up to 64 inputs
# Under this name train holds both answers for every number of inputs, and all problems of 2 and 3 inputs.
_KEY_WORDS: Final = (key_words("logic-parity 13", 3) >> np.uint64(32)).astype(np.uint32)
_VALUE_WORDS: Final = _KEY_WORDS[:2]
_MULTIPLIER: Final = _KEY_WORDS[2] | np.uint32(1)
