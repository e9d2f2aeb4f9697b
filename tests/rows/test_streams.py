"""Streams of raw bits: known values for ever, and plain arithmetic."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthlm_tasks.rows.streams import RandomBits, digest, scale_words

WORD = st.integers(0, 2**32 - 1)


def test_raw_words_are_what_they_always_were() -> None:
    assert RandomBits(42, (1, 2, 3)).words64(3).tolist() == [
        0x02D638CFA0933B8C,
        0xA89014E5FD5BB1DB,
        0x6F53FBAB70A47653,
    ]
    assert RandomBits(0, ()).words64(2).tolist() == [0x91959E5FB96A6332, 0x3C1DD8A25A7E9F21]
    assert RandomBits(2**70, (2**40,)).words(2).tolist() == [3100866969, 1668250302]


def test_words_are_the_halves_of_the_64_bit_words_low_half_first() -> None:
    wide = RandomBits(42, (1, 2, 3)).words64(3).tolist()
    halves = [half for word in wide for half in (word & 0xFFFFFFFF, word >> 32)]
    assert RandomBits(42, (1, 2, 3)).words(5).tolist() == halves[:5]
    assert RandomBits(42, (1, 2, 3)).words(2, 3).tolist() == [halves[:3], halves[3:]]


def test_below_is_what_it_always_was() -> None:
    assert RandomBits(42, (1, 2, 3)).below(6, 10).tolist() == [3, 0, 5, 3, 2, 2, 5, 0, 3, 3]


def test_a_stream_is_consumed_in_order() -> None:
    bits, other = RandomBits(1, (2,)), RandomBits(1, (2,))
    assert [*bits.words64(2), *bits.words64(3)] == other.words64(5).tolist()


def test_no_words_leave_the_stream_where_it_is() -> None:
    bits = RandomBits(1, (2,))
    assert bits.words(0).tolist() == []
    assert bits.words(3, 0).shape == (3, 0)
    assert bits.words64(1) == RandomBits(1, (2,)).words64(1)


@pytest.mark.parametrize("other", [(1, (3,)), (2, (2,)), (1, (2, 0)), (1, ()), (3, (0,)), (0, (1, 2))])
def test_other_seeds_and_keys_are_other_streams(other: tuple[int, tuple[int, ...]]) -> None:
    assert not set(RandomBits(1, (2,)).words64(50).tolist()) & set(RandomBits(*other).words64(50).tolist())


def test_digest_is_what_it_always_was() -> None:
    assert digest() == (2084354942, 2729543466, 1928177656, 218418078)
    assert digest("split key", "dyna") == (3526045077, 305749163, 2606307765, 3661357798)
    assert digest("a", 1, [2, None, True], {"b": 1, "a": 0.5}) == (
        349187780,
        4213669337,
        2180661234,
        1303711755,
    )


def test_digest_sees_structure_and_no_order_of_keys() -> None:
    assert digest("ab", "c") != digest("a", "bc") != digest("abc")
    assert digest(["a", "b"]) != digest("a", "b")
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})


@settings(derandomize=True, deadline=None)
@given(st.lists(WORD, max_size=20), st.integers(1, 2**31))
def test_scale_multiplies_and_shifts(words: list[int], bound: int) -> None:
    array = np.array(words, np.uint32)
    wanted = [word * bound >> 32 for word in words]
    assert scale_words(array, bound).tolist() == wanted
    assert scale_words(array, np.full(len(words), bound)).tolist() == wanted
    assert scale_words(array, bound).dtype == np.int64
    assert array.tolist() == words


def test_scale_broadcasts_bounds() -> None:
    words = np.array([[0, 2**31, 2**32 - 1]] * 2, np.uint32)
    assert scale_words(words, np.array([[10], [7]])).tolist() == [[0, 5, 9], [0, 3, 6]]
    assert scale_words(words, np.array([1, 2, 3])).tolist() == [[0, 1, 2]] * 2


@settings(derandomize=True, deadline=None)
@given(st.integers(1, 10_000))
def test_scale_gives_every_value_nearly_the_same_share(bound: int) -> None:
    # Value v gets the words from ceil(v * 2**32 / bound) on: shares differ by at most one word.
    ends = [-(-v * 2**32 // bound) for v in (0, 1, bound // 2, bound // 2 + 1, bound - 1, bound)]
    for first, end in ((ends[0], ends[1]), (ends[2], ends[3]), (ends[4], ends[5])):
        assert abs(Fraction(end - first, 2**32) - Fraction(1, bound)) < Fraction(1, 2**32)
        words = np.array([first, end - 1], np.uint32)
        assert len(set(scale_words(words, bound).tolist())) == 1


def test_below_covers_its_range_evenly() -> None:
    counts = np.bincount(RandomBits(5, (1,)).below(7, 70_000), minlength=7)
    assert counts.sum() == 70_000
    assert abs(counts - 10_000).max() < 500
