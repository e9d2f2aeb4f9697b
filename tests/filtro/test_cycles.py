"""Filtro's cycles, against plain Python that draws row by row from the same words."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pytest
from given_words import GivenWords, both

from synthlm_tasks.filtro.cycles import (
    MOST_HOPS,
    MOST_NODES,
    _close,
    _draw_cycles,
    _draw_distinct,
    _pairs,
    _rearrange,
    draw_accepted_cycles,
    draw_noise_cycles,
)
from synthlm_tasks.rows.rejection import Params
from synthlm_tasks.rows.splits import Accept, Hashes, key_words

MOST = 9
NODES = [5, 9, 6, 5, 8, 9, 7, 5] * 6


def take_matrix(words: Iterator[int], places: int, rows: int) -> list[list[int]]:
    """The words of each row where they are drawn place by place: (rows, places)."""
    drawn = [[next(words) for _ in range(rows)] for _ in range(places)]
    return [list(row) for row in zip(*drawn, strict=True)]


def shuffle(words: list[int], bounds: list[int]) -> list[int]:
    """The beginning of 0, 1, 2, … after Fisher and Yates: place i and one of the `bounds[i]` from i on."""
    numbers = list(range(24))
    for i, (word, bound) in enumerate(zip(words, bounds, strict=True)):
        j = i + ((word >> 5) * bound >> 27)
        numbers[i], numbers[j] = numbers[j], numbers[i]
    return numbers[: len(words)]


def close(names: list[int], nodes: int) -> list[int]:
    """The first name again after the last, then 255."""
    return names[:nodes] + names[:1] + [255] * (len(names) - nodes)


def draw_cycles_plainly(words: Iterator[int], nodes: list[int]) -> list[list[int]]:
    """A cycle for each row, of the first of 24 shuffled names."""
    bounds = [24 - place for place in range(MOST)]
    drawn = take_matrix(words, MOST, len(nodes))
    return [close(shuffle(row, bounds), count) for row, count in zip(drawn, nodes, strict=True)]


def columns(cycles: list[list[int]]) -> np.ndarray:
    """Cycles as the kernels have them: (n, c)."""
    return np.ascontiguousarray(np.array(cycles, np.uint8).T)


def test_the_shuffle_is_that_of_fisher_and_yates() -> None:
    bits, words = both(1, 24 * 300)
    drawn = _draw_distinct(24 - np.arange(24)[:, None], 300, bits)
    wanted = [shuffle(row, [24 - place for place in range(24)]) for row in take_matrix(words, 24, 300)]
    assert drawn.T.tolist() == wanted
    assert all(sorted(row) == list(range(24)) for row in wanted)


def test_the_shuffle_of_the_comment() -> None:
    words = [-(-(pick << 27) // bound) << 5 for pick, bound in ((2, 3), (1, 2), (0, 1))]
    assert _draw_distinct(np.array([[3], [2], [1]]), 1, GivenWords(words)).T.tolist() == [[2, 0, 1]]


def test_rows_of_a_shuffle_may_have_bounds_of_their_own() -> None:
    bounds = np.maximum(np.array(NODES) - np.arange(MOST)[:, None], 1)
    bits, words = both(2, MOST * len(NODES))
    drawn = _draw_distinct(bounds, len(NODES), bits)
    rows = take_matrix(words, MOST, len(NODES))
    assert drawn.T.tolist() == [
        shuffle(row, limits) for row, limits in zip(rows, bounds.T.tolist(), strict=True)
    ]


def test_a_cycle_ends_with_its_first_name_and_255_beyond() -> None:
    assert _close(np.array([[7], [3], [9], [4]], np.uint8), np.array([3])).T.tolist() == [[7, 3, 9, 7, 255]]
    names = [[(5 * row + 7 * place) % 24 for place in range(MOST)] for row in range(len(NODES))]
    closed = _close(columns(names), np.array(NODES))
    assert closed.T.tolist() == [close(row, count) for row, count in zip(names, NODES, strict=True)]


def test_cycles_are_closed_shuffles_of_the_names() -> None:
    bits, words = both(3, MOST * len(NODES))
    assert _draw_cycles(np.array(NODES), MOST, bits).T.tolist() == draw_cycles_plainly(words, NODES)


def params(**codes: list[int]) -> Params:
    """Parameters of the rows of `NODES`."""
    rows = {"num_nodes": NODES, **codes}
    arrays = {name: np.array(values) for name, values in rows.items()}
    least, most = ({name: end(values) for name, values in rows.items()} for end in (min, max))
    return Params(arrays, least, most)


def one_in(among: int) -> Accept:
    """Accepts the hashes that `among` divides."""

    def accept(hashes: Hashes) -> np.ndarray:
        return hashes % np.uint64(among) == 0

    return accept


def hash_plainly(cycle: list[int], colour: int, hops: int) -> int:
    """A word for each place times the name there, and one for what is asked."""
    words = key_words("filtro", MOST_NODES + 1 + 2 * (MOST_HOPS + 1)).tolist()
    total = words[MOST_NODES + 1 + colour * (MOST_HOPS + 1) + hops]
    total += sum(words[place] * (name + 1) for place, name in enumerate(cycle) if name != 255)
    return total % 2**64


def exchange_plainly(cycle: list[int], colour: int, hops: int, among: int) -> list[int] | None:
    """The cycle, or the first of those with two names exchanged, whose hash `among` divides."""
    exchanges = [(0, 0), *((i, j) for j in range(2, min(NODES)) for i in range(1, j))]
    for i, j in exchanges:
        tried = list(cycle)
        tried[i], tried[j] = cycle[j], cycle[i]
        if hash_plainly(tried, colour, hops) % among == 0:
            return tried
    return None


@pytest.mark.parametrize("among", [1, 4, 40])
def test_two_names_are_exchanged_where_a_cycle_is_accepted_only_so(among: int) -> None:
    rows = range(len(NODES))
    hops, asked, vocabulary = ([row % n for row in rows] for n in (4, 2, 3))
    given = params(num_hops=[1 + h for h in hops], asked=asked, vocabulary=[v // 2 for v in vocabulary])
    bits, words = both(among, 6 * MOST * len(NODES))
    places, cycles = draw_accepted_cycles(given, bits, one_in(among))

    wanted: list[tuple[int, list[int]]] = []
    pending = list(rows)
    for _ in range(6):
        if pending:
            drawn = draw_cycles_plainly(words, [NODES[row] for row in pending])
            rejected = []
            for row, cycle in zip(pending, drawn, strict=True):
                colour = int(asked[row] == 1 and vocabulary[row] // 2 == 0)
                kept = exchange_plainly(cycle, colour, 1 + hops[row], among)
                if kept is None:
                    rejected.append(row)
                else:
                    wanted.append((row, kept))
            pending = rejected
    assert list(zip(places.tolist(), cycles.T.tolist(), strict=True)) == wanted
    assert bits.left == sum(1 for _ in words)
    assert len(wanted) == len(NODES) or among == 40


def rearrange_plainly(words: Iterator[int], cycles: list[list[int]], hops: list[int]) -> list[list[int]]:
    """The names after the first in another order, one exchange more where the same node were reached."""
    shuffled = []
    for row, (count, drawn) in enumerate(zip(NODES, take_matrix(words, MOST - 1, len(NODES)), strict=True)):
        bounds = [max(count - 1 - place, 1) for place in range(MOST - 1)]
        shuffled.append((row, count - 1, shuffle(drawn, bounds)))
    for row, free, order in shuffled:
        last = hops[row] - 1
        if order[last] == last:
            other = (last + 1 + (next(words) * (free - 1) >> 32)) % free
            order[last], order[other] = order[other], order[last]
    return [
        close([cycles[row][0], *(cycles[row][1 + place] for place in order)], free + 1)
        for row, free, order in shuffled
    ]


def test_the_same_names_come_in_another_order_that_leads_elsewhere() -> None:
    rows = range(len(NODES))
    hops = [1 + row % 4 for row in rows]
    cycles = draw_cycles_plainly(both(4, MOST * len(NODES))[1], NODES)
    bits, words = both(5, MOST * len(NODES))
    other = _rearrange(columns(cycles), params(num_hops=hops), bits)
    assert other.T.tolist() == rearrange_plainly(words, cycles, hops)
    assert bits.left == sum(1 for _ in words)
    for row, (before, after) in enumerate(zip(cycles, other.T.tolist(), strict=True)):
        assert sorted(before) == sorted(after)
        assert before[0] == after[0]
        assert before[hops[row]] != after[hops[row]]


@pytest.mark.parametrize("vocabulary", [[0], [1], [0, 1, 1]])
def test_noise_has_the_same_names_where_the_vocabulary_is_shared(vocabulary: list[int]) -> None:
    shared = [vocabulary[row % len(vocabulary)] for row in range(len(NODES))]
    hops = [1 + row % 4 for row in range(len(NODES))]
    cycles = draw_cycles_plainly(both(6, MOST * len(NODES))[1], NODES)
    bits, words = both(7, 2 * MOST * len(NODES))
    drawn = draw_noise_cycles(columns(cycles), params(num_hops=hops, vocabulary=shared), bits)
    alike = rearrange_plainly(words, cycles, hops) if any(shared) else cycles
    fresh = alike if all(shared) else draw_cycles_plainly(words, NODES)
    wanted = [alike[row] if same else fresh[row] for row, same in enumerate(shared)]
    assert drawn.T.tolist() == wanted
    assert bits.left == sum(1 for _ in words)


@pytest.mark.parametrize("nodes", range(3, MOST_NODES + 1))
def test_the_first_pairs_are_all_that_small_cycles_can_exchange(nodes: int) -> None:
    nothing, *exchanged = map(tuple, _pairs().T.tolist()[: (nodes - 1) * (nodes - 2) // 2 + 1])
    assert nothing == (0, 0)
    assert sorted(exchanged) == list(combinations(range(1, nodes), 2))
