"""Circuits as arrays: drawing them, and turning the kinds of their gates until the split wants them.

Gates are flat: gate 0 of all rows, then gate 1 of the rows that have one, and so on. Rows come sorted by
falling number of gates, so that each gate has a prefix of them; `lives` are the lengths of these prefixes.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.logic.layouts import GATE, LayoutTable
from synthlm_tasks.rows.splits import Accept, Hashes, first_accepted, key_words
from synthlm_tasks.rows.streams import Ints, RandomBits, Words

# XOR and OR depend on a XOR b, all but XOR on a AND b; NOR, NAND and NOT flip the value of OR, AND and OR.
KINDS: Final = ("XOR", "OR", "AND", "NOR", "NAND", "NOT")
_NOT: Final = 5
TURNS: Final = 4  # of the kinds between XOR and NOT, after which all are what they were
_FEW: Final = 3  # gates: all circuits of depth 2
_LOW: Final = {width: np.uint32((1 << width) - 1) for width in (4, 7, 25)}

# Gates drawn at a time: temporary arrays stay in the processor's cache.
_CHUNK: Final = 1 << 14


def code_count(nodes: int) -> int:
    """How many gate codes there are: (kind * nodes + one argument) * nodes + the other."""
    return len(KINDS) * nodes * nodes


def place_gates(shelf: LayoutTable, places: Ints, xors: Ints, lives: list[int], bits: RandomBits) -> Words:
    """The packed gates of a random layout for each row, with the highest bit set in its XOR gates."""
    layout = shelf.draw(places, bits)
    packed = np.empty(sum(lives), np.uint32)
    need = xors.astype(np.uint32) << np.uint32(25)
    end = 0
    for gates, live in zip(shelf.gates, lives, strict=False):
        start, end = end, end + live
        # Ranks below the number of XOR gates borrow from the highest bit.
        np.subtract(gates.take(layout[:live]), need[:live], out=packed[start:end])
    return packed


@dataclass(frozen=True)
class Gates:
    """Drawn gates, all arrays flat.

    `arguments` (2, gates) node codes; `kinds` (gates,) as in `KINDS`; `hashes` (gates,) of what is wired
    below each gate. One argument of NOT is node 0, which is constant 0.
    """

    arguments: NDArray[np.uint8]
    kinds: NDArray[np.uint8]
    hashes: Words

    def codes(self, nodes: int) -> NDArray[np.uint16]:
        """What texts are looked up by: (gates,)."""
        codes = self.kinds.astype(np.uint16)
        for arguments in self.arguments:
            codes *= np.uint16(nodes)
            codes += arguments
        return codes

    def compress(self, kept: NDArray[np.bool_], lives: list[int]) -> tuple["Gates", list[int]]:
        """The gates of the rows `kept`, and their prefixes."""
        flat = _repeat_for_gates(kept, lives)
        fewer = Gates(self.arguments.compress(flat, 1), self.kinds.compress(flat), self.hashes.compress(flat))
        return fewer, np.cumsum(kept)[np.array(lives) - 1].tolist()

    def turn_kinds(self, turns: Ints, lives: list[int]) -> "Gates":
        """The same with the kinds of each row's gates turned: 1 makes an OR an AND, AND a NOR and so on.

        XOR and NOT stay, since the number of XOR gates and what a gate reads are settled.
        """
        kinds = self.kinds - np.uint8(1)
        may_turn = (kinds < np.uint8(TURNS)).view(np.uint8)
        kinds += _repeat_for_gates(turns.astype(np.uint8), lives) * may_turn
        kinds &= (np.uint8(TURNS - 1) * may_turn) | (may_turn - np.uint8(1))
        kinds += np.uint8(1)
        return Gates(self.arguments, kinds, self.hashes)


def _repeat_for_gates(rows: NDArray[Any], lives: list[int]) -> NDArray[Any]:
    """What each row says, for all of its gates."""
    return np.concatenate([rows[:live] for live in lives])


def draw_gates(packed: Words, lives: list[int], bits: RandomBits) -> Gates:
    """Draw free arguments, kinds and the order of arguments.

    One 25-bit word serves all three: a product's high bits are the draw, its low bits serve the next.
    """
    size = len(packed)
    arguments, kinds = np.empty((2, size), np.uint8), np.empty(size, np.uint8)
    for start in range(0, size, _CHUNK):
        span = slice(start, start + _CHUNK)
        gate = packed[span]
        word = bits.words(len(gate)) >> np.uint32(7)
        word *= (gate >> np.uint32(14)) & _LOW[7]
        lowest = (gate >> np.uint32(7)) & _LOW[7]
        lowest += word >> np.uint32(25)
        first, second = (gate & _LOW[7]).astype(np.uint8), lowest.astype(np.uint8)
        second += (second >= first).view(np.uint8)
        word &= _LOW[25]
        word *= (gate >> np.uint32(21)) & _LOW[4]
        word >>= np.uint32(24)
        kind = word.astype(np.uint8)
        turn = kind & np.uint8(1)
        kind >>= np.uint8(1)
        pair = (kind < np.uint8(4)).view(np.uint8)  # of arguments; all beyond the fourth kind is NOT
        kind *= pair
        kind += np.uint8(_NOT)
        kind -= pair * np.uint8(4)
        kind *= (gate < np.uint32(1 << 31)).view(np.uint8)
        second *= (kind != np.uint8(_NOT)).view(np.uint8)
        turn *= first ^ second
        first ^= turn
        second ^= turn
        arguments[0, span], arguments[1, span], kinds[span] = first, second, kind
    return Gates(arguments, kinds, _hashes(arguments, lives))


def _hashes(arguments: NDArray[np.uint8], lives: list[int]) -> Words:
    """What is wired below each gate: its arguments' hashes, summed and mixed; all inputs count alike."""
    rows = lives[0]
    hashes, flat = np.empty((GATE + len(lives)) * rows, np.uint32), np.empty(arguments.shape[1], np.uint32)
    hashes[:rows], hashes[rows : GATE * rows] = 0, _KEY
    row = np.arange(rows)
    end = 0
    for gate, live in enumerate(lives, GATE):
        start, end = end, end + live
        at = np.multiply(arguments[:, start:end], rows, dtype=np.int64)
        at += row[:live]
        a, b = hashes.take(at)
        a += b
        a ^= a >> np.uint32(16)
        np.multiply(a, _KEY, out=flat[start:end])
        hashes[gate * rows : gate * rows + live] = flat[start:end]
    return flat


def codes_by_row(flat: NDArray[np.uint16], lives: list[int], most: int) -> NDArray[np.void]:
    """Flat gate codes as one item of `most` codes for each row, which moves as a whole."""
    codes = np.zeros((lives[0], most), np.uint16)
    end = 0
    for gate, live in enumerate(lives):
        start, end = end, end + live
        codes[:live, gate] = flat[start:end]
    return codes.view(np.dtype((np.void, 2 * most))).reshape(-1)


def split_keys(gates: Gates, lives: list[int], turns: Ints) -> Hashes:
    """The split keys of the circuits after so many turns of their kinds: (turns, c).

    A key is the sum over gates of the hash of what is wired below times a word of the gate's kind: the same
    for circuits that differ in argument order, gate order or input names. Whether the asked gate is
    complemented (NAND for AND, NOR for OR) is not seen either: both circuits lie in one split, where what
    an input row says for one of them it says against the other. 32 bits are enough to deal circuits to
    splits: where two circuits share a key they merely share the split.
    """
    keys = np.zeros((len(turns), lives[0]), np.uint32)
    ends = np.cumsum(lives)
    roles = gates.kinds.copy()
    for end, live, after in zip(ends, lives, [*lives[1:], 0], strict=True):
        roles[end - live + after : end] += np.uint8(
            len(KINDS)
        )  # the rows without a later gate ask for this one
    for key, words_of in zip(keys, _KIND_WORDS.take(turns, 0), strict=True):
        words = words_of.take(roles)
        words *= gates.hashes
        for end, live in zip(ends, lives, strict=True):
            key[:live] += words[end - live : end]
    return keys.astype(np.uint64)


def choose_kind_turns(gates: Gates, lives: list[int], accept: Accept) -> tuple[Ints, NDArray[np.bool_]]:
    """For each circuit the fewest turns of its kinds with which it accept, and whether there are any.

    Circuits of few gates are not turned: there are so few that each has its own share of the rows, which
    would be twice its due where the circuit that turns into it does not belong.
    """

    def hashes(places: Ints, turns: Ints) -> Hashes:
        if len(places) == lives[0]:
            return split_keys(gates, lives, turns)
        kept = np.zeros(lives[0], bool)
        kept[places] = True
        return split_keys(*gates.compress(kept, lives), turns)

    turns, found = first_accepted(hashes, lives[0], TURNS, accept)
    few = lives[_FEW] if len(lives) > _FEW else 0  # from here on
    found[few:] &= turns[few:] == 0
    return turns, found


# Circuits of depth 2 are few (18 to 26 as the key sees them, by inputs and XOR gates, 6 with two XOR gates).
# Under this name each such space of the presets and the grid has 8% to 13% in validation and in test (one
# of the 6), so that none lacks them there.
_KEY_WORDS: Final = (key_words("logic 179718", len(KINDS) + 1) >> np.uint64(32)).astype(
    np.uint32
) | np.uint32(1)
_KEY: Final = _KEY_WORDS[-1]
# What each kind is after so many turns, and as what the key knows it where it is asked for.
_TURNED: Final = np.array([[0, *np.roll(range(1, TURNS + 1), -turn), _NOT] for turn in range(TURNS)])
_ASKED: Final = np.array([0, 1, 2, 1, 2, _NOT])
_KIND_WORDS: Final = _KEY_WORDS.take(np.hstack((_TURNED, _ASKED[_TURNED])))
