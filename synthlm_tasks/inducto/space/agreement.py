"""Which rules agree: at a length always, or on some orders of the letters by accident.

On a given order every rule is an index map into the sorted letters plus a shift (see `tables`), so what a
rule makes of an order is written as the ranks of the output's letters, e.g. REVERSE on C A B (ranks 2 0 1)
is 1 0 2. Two rules with equal shifts agree on an order exactly if these ranks are equal, whatever the
letters.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.inducto.space.rules import LENGTHS, SHIFTS, Rule
from synthlm_tasks.rows.streams import RandomBits, digest

MOST_OUTPUT: Final = 32  # letters of the longest output: two rules double 8 letters in turn
NO_PLACE: Final = 8  # beyond an output: no input has a place 8
# Letters of sequences that no order makes clean: each of their rearrangements is a named rule, so whatever a
# rule makes of one order, sorting and then rearranging makes of it too.
SHORT: Final = 3

SAME_AS_INPUT: Final = -1  # the class of rules that change nothing at a length


@dataclass(frozen=True, eq=False)
class IndexMaps:
    """How each of R rules acts on the O orders of one length.

    size: (R,) letters of the output.
    places: (R, MOST_OUTPUT) the place that each output letter is read from, `NO_PLACE` beyond the output;
    in the order itself where the rule does not sort, in the sorted letters (so that a place is a rank) where
    it sorts all of them, in the rule's row of `part_sorted` where it sorts a part of them.
    sorts: (R,) whether the rule sorts.
    part_sorted: rule → ranks (O, size) of its output, for rules that drop letters and sort what is left.
    """

    size: NDArray[np.int64]
    places: NDArray[np.int64]
    sorts: NDArray[np.bool_]
    part_sorted: dict[int, NDArray[np.int64]]


def find_index_maps(length: int, orders: NDArray[np.int64], space: tuple[Rule, ...]) -> IndexMaps:
    """The index maps of every rule of the space, found by applying it to 0, 1, … length - 1."""
    ascending = tuple(range(length))
    rotated = (*ascending[1:], 0)
    places = np.full((len(space), MOST_OUTPUT), NO_PLACE)
    size = np.zeros(len(space), np.int64)
    part_sorted = {}
    for index, rule in enumerate(space):
        output = rule(ascending)
        size[index] = len(output)
        places[index, : len(output)] = np.array(output, np.int64) - rule.shift
        # Another order of the same letters, and the output has other letters: some were dropped by place
        # before the rest was sorted. Dropping after sorting, or nothing, leaves the same letters.
        if rule.sorts and sorted(rule(rotated)) != sorted(output):
            kept = np.sort(orders[:, list(rule.steps[0](ascending))], axis=1)
            part_sorted[index] = kept if output[0] <= output[-1] else kept[:, ::-1]
            places[index, : len(output)] = range(len(output))
    return IndexMaps(size, places, np.array([rule.sorts for rule in space]), part_sorted)


def hash_outputs(orders: NDArray[np.int64], maps: IndexMaps) -> NDArray[np.uint64]:
    """A 64-bit hash of every rule's output ranks on each order: (R, O).

    The hash of ranks r[0], … r[n - 1] is w[0] * (r[0] + 1) + … + w[n - 1] * (r[n - 1] + 1) + w[32] * n,
    modulo 2**64, with fixed random odd weights w: equal outputs have equal hashes, and here no others have.
    """
    weights = RandomBits(0, digest("inducto codes")).words64(MOST_OUTPUT + 1) | np.uint64(1)
    used = np.where(np.arange(MOST_OUTPUT) < maps.size[:, None], weights[:MOST_OUTPUT], np.uint64(0))
    # Output letters read from the same place have the same rank, so their weights add up to one per place,
    # and all the sums over letters become one matrix product.
    by_place = np.zeros((len(maps.places), NO_PLACE + 1), np.uint64)
    for letter in range(MOST_OUTPUT):
        by_place[np.arange(len(by_place)), maps.places[:, letter]] += used[:, letter]
    ranks = orders.astype(np.uint64) + np.uint64(1)
    hashes: NDArray[np.uint64] = by_place[:, : orders.shape[1]] @ ranks.T
    hashes[maps.sorts] = hashes[maps.sorts, :1]  # the first order is the sorted one: what sorting leads to
    for index, values in maps.part_sorted.items():
        hashes[index] = (values.astype(np.uint64) + np.uint64(1)) @ weights[: values.shape[1]]
    hashes += maps.size[:, None].astype(np.uint64) * weights[-1]
    return hashes


def _hash_forbidden(length: int, orders: NDArray[np.int64]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Hashes (n, O) and shifts (n,) of outputs that no order may give by accident, though they are no rule's.

    First the input itself, then what CAESAR_SHIFT then SORT or SORT_DESC gives when up to three letters wrap
    past Z, e.g. W X Y Z moved by 1 and sorted is A X Y Z, of ranks 3 0 1 2.
    """
    wrapped = [np.roll(np.arange(length), count)[::way] for count in (1, 2, 3) for way in (1, -1)]
    places = np.full((len(wrapped) * len(SHIFTS) + 1, MOST_OUTPUT), NO_PLACE)
    places[:, :length] = np.array([np.arange(length)] + wrapped * len(SHIFTS))
    sorts = np.arange(len(places)) > 0
    maps = IndexMaps(np.full(len(places), length), places, sorts, {})
    return hash_outputs(orders, maps), np.array([0] + [shift for shift in SHIFTS for _ in wrapped])


def find_agreement(
    length: int, orders: NDArray[np.int64], maps: IndexMaps, space: tuple[Rule, ...]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The class of rules that always agree, by rule (R,), and whether each order is clean for it (R, O).

    A class is named by its first rule. An order is clean for a rule if none of another class and equal shift
    agrees with it there, nor one of the outputs of `_hash_forbidden`. Of `SHORT` letters every order is
    clean on which the rule changes something: there only several orders tell rules apart (see `short`).
    """
    hashes = hash_outputs(orders, maps)
    forbidden, forbidden_shifts = _hash_forbidden(length, orders)
    shifts = np.array([rule.shift for rule in space])
    first_of: dict[tuple[int, bytes], int] = {(0, forbidden[0].tobytes()): SAME_AS_INPUT}
    classes = np.array(
        [first_of.setdefault((rule.shift, hashes[i].tobytes()), i) for i, rule in enumerate(space)]
    )
    if length == SHORT:
        return classes, (hashes != forbidden[0]) | (shifts != 0)[:, None]
    clean = np.ones(hashes.shape, bool)
    # Two rules that do not sort agree on every order or on none: only a sorting one agrees by accident.
    for index in np.flatnonzero(maps.sorts):
        rivals = np.flatnonzero((shifts == shifts[index]) & (classes != classes[index]))
        agreed = hashes[rivals] == hashes[index]
        clean[rivals] &= ~agreed
        clean[index] &= ~agreed.any(axis=0)
    for accident, shift in zip(forbidden, forbidden_shifts, strict=True):
        clean[shifts == shift] &= hashes[shifts == shift] != accident
    return classes, clean


def find_decided(classes: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether examples of a set of lengths decide a rule's answer: (R, bit masks, lengths).

    `classes` (lengths, R) as in `find_agreement`. Decided means: every rule that always agrees with this one
    at all lengths of the mask (bit l for `LENGTHS[l]`) agrees with it at the asked length too.
    """
    count = classes.shape[1]
    agree = classes[:, :, None] == classes[:, None, :]
    decided = np.zeros((count, 1 << len(LENGTHS), len(LENGTHS)), bool)
    for mask in range(1, 1 << len(LENGTHS)):
        fitting = np.logical_and.reduce([agree[i] for i in range(len(LENGTHS)) if mask >> i & 1])
        for query in range(len(LENGTHS)):
            decided[:, mask, query] = ~(fitting & ~agree[query]).any(axis=1)
    return decided
