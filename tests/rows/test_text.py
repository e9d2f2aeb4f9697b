"""Text out of fragments, against joining strings one by one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthlm_tasks.rows.text import gather, gather_ragged, number_ids, string_array, strings_from_buffer

TABLES = st.lists(st.text(max_size=5), min_size=1, max_size=30)
CHEAP = settings(derandomize=True, deadline=None)


@CHEAP
@given(st.data(), TABLES, st.integers(1, 6), st.integers(0, 8))
def test_gather_joins_the_fragments_of_each_row(
    data: st.DataObject, texts: list[str], t: int, r: int
) -> None:
    place = st.integers(0, len(texts) - 1)
    rows = data.draw(st.lists(st.lists(place, min_size=t, max_size=t), min_size=r, max_size=r))
    index = np.array(rows, np.int64).reshape(r, t).T
    for layout in (index, np.ascontiguousarray(index)):  # made row by row, and place by place
        joined = gather(string_array(texts), layout)
        joined.validate(full=True)
        assert joined.to_pylist() == ["".join(texts[i] for i in row) for row in rows]


@CHEAP
@given(st.data(), TABLES)
def test_gather_ragged_joins_from_bound_to_bound(data: st.DataObject, texts: list[str]) -> None:
    rows = data.draw(st.lists(st.lists(st.integers(0, len(texts) - 1), max_size=6), max_size=8))
    bounds = np.cumsum([0, *map(len, rows)])
    joined = gather_ragged(string_array(texts), np.array([i for row in rows for i in row], np.int64), bounds)
    joined.validate(full=True)
    assert joined.to_pylist() == ["".join(texts[i] for i in row) for row in rows]


@CHEAP
@given(st.lists(st.text("ab [", max_size=6), max_size=8), st.integers(0, 5))
def test_a_cut_buffer_gives_the_strings_back(texts: list[str], slack: int) -> None:
    buffer = np.frombuffer("".join([*texts, "x" * slack]).encode(), np.uint8)
    strings = strings_from_buffer(buffer, np.cumsum([len(text) for text in texts], dtype=np.int64))
    strings.validate(full=True)
    assert strings.to_pylist() == texts


def test_gather_leaves_its_index_as_it_was_and_takes_any_integers() -> None:
    for kind in (np.uint8, np.uint16, np.int32, np.int64):
        index = np.array([[0, 1], [2, 2], [1, 0]], kind)
        assert gather(string_array(["a", "b", "-"]), index).to_pylist() == ["a-b", "b-a"]
        assert index.tolist() == [[0, 1], [2, 2], [1, 0]]
        assert gather(string_array(["a", "b", "-"]), index[:, ::-1]).to_pylist() == ["b-a", "a-b"]


def test_tables_of_more_than_65536_fragments_are_reached_to_the_end() -> None:
    table = string_array(map(str, range(70_000)))
    assert gather(table, np.array([[65_535, 65_536, 69_999]])).to_pylist() == ["65535", "65536", "69999"]


def test_text_is_not_only_ascii() -> None:
    assert gather(string_array(["→", "é", ""]), np.array([[0], [1], [2], [0]])).to_pylist() == ["→é→"]


@CHEAP
@given(
    st.lists(st.text("ab_", min_size=3, max_size=3), min_size=1, max_size=3),
    st.integers(0, 10**15),
    st.integers(0, 1200),
)
def test_numbers_appends_the_numbers(prefixes: list[str], first: int, rows: int) -> None:
    kind = np.arange(rows) * 7 % len(prefixes)
    wanted = [f"{prefixes[k]}{n}" for n, k in enumerate(kind.tolist(), first)]
    made = number_ids(prefixes, kind, first)
    made.validate(full=True)
    assert made.to_pylist() == wanted


@pytest.mark.parametrize("first", [0, 8, 98, 998, 999, 9_998, 19_998, 999_998, 999_999_998, 10**12 - 2])
def test_numbers_carries_at_every_power_of_ten(first: int) -> None:
    wanted = [f"a_{n}" for n in range(first, first + 5)]
    assert number_ids(["a_"], np.zeros(5, int), first).to_pylist() == wanted


def test_numbers_takes_many_rows() -> None:
    assert number_ids(["a"], np.zeros(30_000, int), 5).to_pylist() == [f"a{n}" for n in range(5, 30_005)]
