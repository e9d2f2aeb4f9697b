"""Dyna's draws, against plain Python that draws row by row from the same words."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest
from given_words import GivenWords, both
from plain_dyna import apply, code_of, runs_after, spelled

from synthlm_tasks.dyna.moves import KINDS, LEAST_STATE, MOST_STATE, PERMUTATIONS, followers, mirrors
from synthlm_tasks.dyna.programs import (
    _key_hashes,
    _trace,
    choose_elements,
    draw_programs,
    mirror_unaccepted,
)
from synthlm_tasks.dyna.task import _draw_letters
from synthlm_tasks.rows.splits import Accept, Hashes, key_words

Program = list[int]


@dataclass(frozen=True)
class Batch:
    """Rows sorted by falling number of operations, as programs are drawn."""

    size: np.ndarray
    lengths: list[int]
    live: list[int]


def batch(sizes: list[int], lengths: list[int]) -> Batch:
    """Rows of these sizes, and of these lengths in turn."""
    falling = sorted((lengths[row % len(lengths)] for row in range(len(sizes))), reverse=True)
    live = [sum(length > step for length in falling) for step in range(max(falling) + 1)]
    return Batch(np.array(sizes), falling, live)


SIZES = [5, 20, 6, 12, 5, 19, 7, 20] * 5


def draw_plainly(mask: int, rows: Batch, words: Iterator[int]) -> list[Program]:
    """A kind, then one of its operations: both out of one word, step by step and row by row."""
    kinds = tuple(kind for bit, kind in enumerate(KINDS) if mask >> bit & 1)
    slots = followers(mask).slots
    programs: list[Program] = [[] for _ in rows.lengths]
    for step in range(max(rows.lengths)):
        for row, size in enumerate(rows.size.tolist()):
            if step < rows.lengths[row]:
                runs = runs_after(spelled(programs[row][-1]) if step else "", size, kinds)
                slot, fraction = divmod((next(words) >> 8) * slots, 2**24)
                run = runs[slot % len(runs)]
                programs[row].append(code_of(run[fraction * len(run) >> 24], size))
    return programs


@pytest.mark.parametrize("mask", [0b1111, 0b0001, 0b0110, 0b1001, 0b1011])
def test_one_word_draws_the_kind_and_the_operation_of_a_step(mask: int) -> None:
    rows = batch(SIZES, [9, 6, 3])
    bits, words = both(mask, sum(rows.lengths))
    drawn = draw_programs(followers(mask), rows.size, rows.live, bits)
    assert drawn.shape == (12, len(SIZES))
    wanted = draw_plainly(mask, rows, words)
    assert drawn.T.tolist() == [program + [0] * (12 - len(program)) for program in wanted]
    assert bits.left == 0


@pytest.mark.parametrize("mask", [0b0001, 0b1001, 0b1111])
def test_each_operation_has_the_words_from_its_first_to_the_next_ones_first(mask: int) -> None:
    kinds = tuple(kind for bit, kind in enumerate(KINDS) if mask >> bit & 1)
    runs, slots = runs_after("", 20, kinds), followers(mask).slots
    wanted = [code_of(text, 20) for run in runs for text in run]
    # Slot s begins with the fraction ceil(s * 2**24 / slots), operation k of it with the first whose rest,
    # times the run's length, reaches k * 2**24.
    first = [
        -(-(slot * 2**24 + -(-place * 2**24 // len(run))) // slots) << 8
        for slot, run in enumerate(runs)
        for place in range(len(run))
    ]
    words = [*first, *(following - 1 for following in first[1:]), 2**32 - 1]
    rows = batch([20] * len(words), [1])
    drawn = draw_programs(followers(mask), rows.size, rows.live, GivenWords(words))
    assert drawn[0].tolist() == wanted + wanted


def random_programs(seed: int, rows: Batch) -> np.ndarray:
    """Programs (t, c) of the rows, with all kinds of operations."""
    return draw_programs(followers(0b1111), rows.size, rows.live, both(seed, sum(rows.lengths))[0])


@cache
def words_of(key: str, count: int) -> list[int]:
    """The words of a key, as plain numbers."""
    return key_words(key, count).tolist()


def hash_plainly(program: Program, size: int) -> int:
    """Sixteen bits for each permutation, four of them to a word, each word times its own odd constant."""
    total = words_of("dyna", MOST_STATE + 1)[size]
    for step, operation in enumerate(program):
        constant = words_of("dyna steps", 25)[step // 4] | 1
        total += (operation // 2 * 2 << 16 * (step % 4)) * constant
    return total % 2**64


def test_the_key_of_a_program_sees_size_and_permutations_and_no_spelling() -> None:
    rows = batch(SIZES, [100, 30, 7, 5])
    programs = np.ascontiguousarray(random_programs(1, rows).T)
    wanted = [
        hash_plainly(program, size)
        for program, size in zip(programs.tolist(), rows.size.tolist(), strict=True)
    ]
    assert _key_hashes(programs, rows.size).tolist() == wanted
    assert _key_hashes(programs ^ 1, rows.size).tolist() == wanted
    assert set(_key_hashes(programs ^ 2, rows.size).tolist()).isdisjoint(wanted)


def final_index(operations: list[int], size: int, initial: int) -> int:
    """Where an element is after operations."""
    items = tuple(range(size))
    for operation in operations:
        items = apply(spelled(operation), items)
    return items.index(initial)


def trace_plainly(program: Program, length: int, size: int, initial: int) -> tuple[int, int]:
    """The final index, and how many exchanges of neighbours change it: each tried from the beginning."""
    used = program[:length]
    final = final_index(used, size, initial)
    exchanged = [
        [*used[: step - 1], used[step], used[step - 1], *used[step + 1 :]] for step in range(1, length)
    ]
    return final, sum(final_index(other, size, initial) != final for other in exchanged)


def test_tracing_finds_the_final_index_and_the_exchanges_that_change_it() -> None:
    rows = batch(SIZES, [12, 9, 5])
    operations = random_programs(2, rows)
    initial = np.arange(len(SIZES)) * 7 % rows.size
    final, changed = _trace((operations >> 1) * np.uint16(MOST_STATE), initial, rows.live)
    wanted = [
        trace_plainly(*row)
        for row in zip(operations.T.tolist(), rows.lengths, rows.size.tolist(), initial.tolist(), strict=True)
    ]
    assert list(zip(final.tolist(), changed.tolist(), strict=True)) == wanted
    assert len({count for _, count in wanted}) > 4


def choose_plainly(drawn: int, size: int, key: int, among: int) -> int | None:
    """The first index from `drawn` on, round the list, whose problem's hash `among` divides."""
    words = words_of("dyna slots", MOST_STATE)
    for step in range(size):
        index = (drawn + step) % size
        if (key + words[index]) % 2**64 % among == 0:
            return index
    return None


def one_in(among: int) -> Accept:
    """Accepts the hashes that `among` divides."""

    def accept(hashes: Hashes) -> np.ndarray:
        return hashes % np.uint64(among) == 0

    return accept


def mirror_plainly(program: Program, size: int) -> Program:
    """Each permutation counted from the other end, spelled the same way."""
    start = (size - LEAST_STATE) * PERMUTATIONS
    return [2 * int(mirrors()[start + operation // 2]) + operation % 2 for operation in program]


@pytest.mark.parametrize("among", [1, 3, 20])
def test_a_program_nothing_of_which_is_accepted_is_mirrored_and_asked_about_again(among: int) -> None:
    rows = batch(SIZES, [9, 6])
    operations = random_programs(3, rows)
    before = operations.T.tolist()
    bits, words = both(among, len(SIZES))
    programs, asked = mirror_unaccepted(operations, rows.size, one_in(among), bits)
    mirrored = 0
    for row, (program, size) in enumerate(zip(before, rows.size.tolist(), strict=True)):
        drawn = next(words) * size >> 32
        index = choose_plainly(drawn, size, hash_plainly(program, size), among)
        if index is None:
            mirrored += 1
            program = mirror_plainly(program, size)
            index = choose_plainly(drawn, size, hash_plainly(program, size), among)
        assert programs[row].tolist() == operations[:, row].tolist() == program
        assert asked.hashes[row] == hash_plainly(program, size)
        assert asked.accepted[row] == (index is not None)
        assert asked.initial[row] == (drawn if index is None else index)
    assert (mirrored > 0) == (among == 20)


@pytest.mark.parametrize("among", [1, 2, 4])
def test_an_element_order_decides_is_found_in_a_few_tries(among: int) -> None:
    rows = batch(SIZES, [12, 9, 5])
    operations = random_programs(4, rows)
    needed = np.array([(length + 2) // 2 for length in rows.lengths])
    bits, words = both(among + 10, 4 * len(SIZES))
    programs, asked = mirror_unaccepted(operations, rows.size, one_in(among), bits)
    chosen = choose_elements(operations, rows.size, needed, rows.live, asked, one_in(among), bits)
    for _ in SIZES:
        next(words)  # drawn by mirror_unaccepted

    count = len(SIZES)
    initial, final, valid = [0] * count, [0] * count, [False] * count
    pending = [row for row in range(count) if asked.accepted[row]]
    tried = {row: int(asked.initial[row]) for row in pending}
    for _ in range(3):
        for row in pending:
            size = int(rows.size[row])
            initial[row] = tried[row]
            final[row], changed = trace_plainly(programs[row].tolist(), rows.lengths[row], size, tried[row])
            valid[row] = changed >= needed[row]
        pending = [row for row in pending if not valid[row]]
        if len(pending) <= count // 16:
            break
        following = {}
        for row in pending:
            size = int(rows.size[row])
            index = choose_plainly(next(words) * size >> 32, size, int(asked.hashes[row]), among)
            if index is not None and index != initial[row]:
                following[row] = index
        pending, tried = list(following), following
    assert [part.tolist() for part in chosen] == [initial, final, valid]
    assert 0 < sum(valid) < count
    assert bits.left == sum(1 for _ in words)


def test_letters_are_drawn_one_by_one_among_those_still_unused() -> None:
    sizes = [5, 20, 13, 6, 19] * 8
    bits, words = both(5, 20 * len(sizes))
    drawn = _draw_letters(np.array(sizes), 20, bits).T.tolist()
    unused = [list(range(26)) for _ in sizes]
    wanted: list[list[int]] = [[] for _ in sizes]
    for k in range(20):
        for row in range(len(sizes)):
            wanted[row].append(unused[row].pop((next(words) >> 5) * (26 - k) >> 27))
    assert drawn == [row[:size] + [26] * (20 - size) for row, size in zip(wanted, sizes, strict=True)]


def test_letters_of_the_docstring() -> None:
    picks = [0, 0, 1, 0, 0]
    words = [-(-(pick << 27) // (26 - k)) << 5 for k, pick in enumerate(picks)]
    assert _draw_letters(np.array([3]), 5, GivenWords(words)).T.tolist() == [[0, 1, 3, 26, 26]]
