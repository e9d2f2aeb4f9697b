"""Blocks, tables and held-out splits, on a toy task whose whole space can be listed."""

import itertools
import json
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from toy.task import ToyTask

from synthlm_tasks import SpaceError
from synthlm_tasks.errors import ExhaustedError
from synthlm_tasks.rows.blocks import BLOCK_ROWS, Block, Recipe
from synthlm_tasks.rows.rejection import Problem, Rendered
from synthlm_tasks.rows.space import Space
from synthlm_tasks.rows.splits import SPLITS, Split, in_split, key_words
from synthlm_tasks.rows.tables import count_distinct, iter_tables, make_table

SIZE = BLOCK_ROWS["train"]


def recipe(*cells: tuple[int, int], levels: tuple[int, ...] = (), cycled: bool = False) -> Recipe:
    """A recipe of the toy task over cells (digits, double)."""
    space = Space(ToyTask.axes, cells, cycled)
    return Recipe(ToyTask, "toy-test", space, levels or (1,) * len(cells), space.identity)


def numbers(rows: list[dict[str, Any]]) -> list[int]:
    """The number each row asks for."""
    return [int(row["input_text"].split()[1]) for row in rows]


def whole_space(split: Split, digits: int) -> set[int]:
    """All numbers of a split."""
    every = np.array([n for n in range(10**digits) if n % 2 == 0 or n % 3 == 0], np.uint64)
    return set(every[in_split(every * key_words("toy", 1), split)].tolist())


def test_the_whole_space_is_reached_and_each_number_is_in_its_split() -> None:
    for split in SPLITS:
        space = whole_space(split, 3)
        rows = make_table(recipe((3, 0)), 1, split, 0, SIZE if split == "train" else len(space)).to_pylist()
        assert set(numbers(rows)) == space


@pytest.mark.parametrize("split", ["validation", "test"])
def test_a_held_out_split_that_is_too_small_says_so_with_the_numbers(split: Split) -> None:
    most = len(whole_space(split, 3))
    with pytest.raises(
        ExhaustedError, match=rf"^toy-test: 1,200 rows asked of split '{split}'.* {most:,} distinct"
    ):
        make_table(recipe((3, 0)), 1, split, 0, 1200)
    assert len(set(numbers(make_table(recipe((3, 0)), 1, split, 0, most).to_pylist()))) == most


def test_parameters_that_no_problem_of_the_split_has_say_so() -> None:
    empty = next(split for split in ("validation", "test") if not whole_space(split, 1))
    message = rf"^toy-test: no valid problem for split '{empty}' in 25,600 tries with digits=1, double=False"
    with pytest.raises(SpaceError, match=message):
        make_table(recipe((1, 0)), 1, empty, 0, 1)
    with pytest.raises(SpaceError, match=message):  # that is no split of 0 problems
        count_distinct(recipe((1, 0)), 1, empty, 100)


def test_rejection_does_not_bend_the_share_of_any_cell() -> None:
    cells = [(3, 0), (5, 0), (7, 1)]
    rows = make_table(recipe(*cells), 1, "train", 0, 3 * SIZE).to_pylist()
    counts = Counter(json.loads(row["metadata"])["digits"] for row in rows)
    assert max(abs(counts[digits] - SIZE) for digits, _ in cells) < 400


def test_problems_are_drawn_evenly_within_a_split() -> None:
    counts = Counter(numbers(make_table(recipe((2, 0)), 1, "train", 0, 4 * SIZE).to_pylist()))
    mean = 4 * SIZE / len(counts)
    assert max(abs(count - mean) for count in counts.values()) < 6 * mean**0.5


def test_a_grid_deals_its_cells_out_by_index_across_blocks() -> None:
    grid = recipe((4, 0), (5, 0), (6, 1), levels=(1, 2, 3), cycled=True)
    rows = make_table(grid, 1, "train", SIZE - 5, 10).to_pylist()
    assert [row["difficulty"] for row in rows] == [i % 3 + 1 for i in range(SIZE - 5, SIZE + 5)]
    assert [row["sample_id"] for row in rows] == [
        f"toy-test_{i % 3 + 1}_train_{i}" for i in range(SIZE - 5, SIZE + 5)
    ]


def test_metadata_says_what_the_row_is() -> None:
    for row in make_table(recipe((4, 0), (5, 1)), 1, "train", 0, 500).to_pylist():
        (number,) = numbers([row])
        double = row["input_text"].startswith("DOUBLE")
        assert json.loads(row["metadata"]) == {"digits": 4 + double, "double": double, "odd": number % 2 == 1}


@pytest.mark.parametrize("split", SPLITS)
def test_pieces_are_the_table_cut_up(split: Split) -> None:
    start, stop = 700, 2 * BLOCK_ROWS[split] + 300
    found = list(iter_tables(recipe((7, 0)), 1, split, start, stop))
    assert len(found) == 3
    joined = list(itertools.chain.from_iterable(piece.to_pylist() for piece in found))
    assert joined == make_table(recipe((7, 0)), 1, split, start, stop - start).to_pylist()
    assert [row["sample_id"].rpartition("_")[2] for row in joined] == [str(i) for i in range(start, stop)]
    assert list(iter_tables(recipe((7, 0)), 1, split, 5, 5)) == []


def test_repeats_are_left_out_of_held_out_splits_only() -> None:
    assert len(set(numbers(make_table(recipe((3, 0)), 1, "train", 0, 2000).to_pylist()))) < 1000
    rows = make_table(recipe((5, 0)), 1, "test", 0, 2000).to_pylist()
    assert len(set(numbers(rows))) == 2000
    assert [row["sample_id"] for row in rows] == [f"toy-test_1_test_{i}" for i in range(2000)]


def test_equal_numbers_asked_in_two_ways_are_in_one_split() -> None:
    single = {
        split: set(numbers(make_table(recipe((3, 0)), 1, split, 0, 20).to_pylist())) for split in SPLITS
    }
    double = {
        split: set(numbers(make_table(recipe((3, 1)), 2, split, 0, 20).to_pylist())) for split in SPLITS
    }
    for a, b in itertools.permutations(SPLITS, 2):
        assert not single[a] & double[b]


def test_recipes_that_differ_only_in_what_is_not_keyed_are_paired() -> None:
    one, other = Space(ToyTask.axes, ((6, 0),)), Space(ToyTask.axes, ((6, 1),))
    pair = [Recipe(ToyTask, f"toy-{i}", space, (1,), "the same") for i, space in enumerate((one, other))]
    first, second = (numbers(make_table(each, 1, "train", 0, 100).to_pylist()) for each in pair)
    assert first == second


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("busy", [False, True])
def test_threads_make_the_same_rows_and_no_one_waits_for_one_that_is_busy(split: Split, busy: bool) -> None:
    plain = recipe((3, 0), (4, 1))
    rows = 2 * BLOCK_ROWS[split] + 7 if split == "train" else 200
    expected = make_table(plain, 1, split, 0, rows)
    done = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        if busy:
            pool.submit(done.wait)
        made = pa.concat_tables(iter_tables(plain, 1, split, 0, rows, pool, 2))
        done.set()
    assert made.equals(expected)


def test_the_first_blocks_begin_before_a_row_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[int] = []
    with ThreadPoolExecutor(1) as pool:
        submit = pool.submit

        def recorded(make: Callable[[int], Block], number: int) -> Future[Block]:
            begun.append(number)
            return submit(make, number)

        monkeypatch.setattr(pool, "submit", recorded)
        rows = iter_tables(recipe((3, 0)), 1, "train", SIZE, 5 * SIZE, pool, 2)
        assert begun == [1, 2]
        next(rows)
        assert begun == [1, 2, 3]
        assert not list(iter_tables(recipe((3, 0)), 1, "train", 5, 5, pool, 2))
        assert begun == [1, 2, 3]


def test_of_the_block_that_a_long_read_ends_in_only_the_rows_wanted_are_written_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written: list[int] = []
    render = ToyTask.render

    def counting(problem: Problem) -> Rendered:
        written.append(len(problem["number"]))
        return render(problem)

    monkeypatch.setattr(ToyTask, "render", counting)
    given = recipe((5, 0), (5, 1))
    end = make_table(given, 7, "train", 0, SIZE + 100)
    assert written == [SIZE, 100]
    assert end.slice(SIZE) == make_table(given, 7, "train", SIZE, SIZE).slice(0, 100)
