"""Splits decided by a hash: regions, constants, and nothing else."""

import re

import numpy as np
import pytest

from synthlm_tasks import ParameterError
from synthlm_tasks.rows.splits import (
    SPLITS,
    Split,
    check_split,
    first_accepted,
    in_split,
    key_words,
    splitmix64,
)
from synthlm_tasks.rows.streams import RandomBits

MASK = 2**64 - 1


def mixed(word: int) -> int:
    """Splitmix64's finaliser in plain Python."""
    word = (word ^ word >> 30) * 0xBF58476D1CE4E5B9 & MASK
    word = (word ^ word >> 27) * 0x94D049BB133111EB & MASK
    return word ^ word >> 31


def region(word: int) -> str:
    """The split of a hash: 18, 1 and 1 twentieths of the mixed upper half."""
    place = (mixed(word) >> 32) * 20 >> 32
    return "train" if place < 18 else ["validation", "test"][place - 18]


def test_mix_is_splitmix64() -> None:
    words = [0, 1, 2, MASK, *RandomBits(1, (1,)).words64(1000).tolist()]
    assert splitmix64(np.array(words, np.uint64)).tolist() == [mixed(word) for word in words]
    assert mixed(1) == 0x5692161D100B05E5


def test_every_hash_is_in_exactly_one_split_the_one_of_its_region() -> None:
    hashes = np.concatenate([np.arange(3000, dtype=np.uint64), RandomBits(3, (1,)).words64(3000)])
    inside = {split: in_split(hashes, split) for split in SPLITS}
    wanted = [region(word) for word in hashes.tolist()]
    for split in SPLITS:
        assert inside[split].tolist() == [split == other for other in wanted]


@pytest.mark.parametrize(
    "hashes", [RandomBits(3, (2,)).words64(400_000), np.arange(400_000, dtype=np.uint64)]
)
def test_regions_are_90_5_5_also_for_hashes_that_are_not_random(hashes: np.ndarray) -> None:
    shares = [in_split(hashes, split).mean() for split in SPLITS]
    assert np.allclose(shares, [0.90, 0.05, 0.05], atol=0.002)


def test_key_words_are_constants_of_the_task() -> None:
    assert key_words("dyna", 3).tolist() == [0x14C1A94D0A7ED853, 0x4A42AC244A67ED34, 0xCA4D00C3DB785C8C]
    assert key_words("dyna", 2, 3).ravel().tolist() == key_words("dyna", 6).tolist()
    assert not set(key_words("dyna", 99).tolist()) & set(key_words("logic", 99).tolist())


@pytest.mark.parametrize("tries", [1, 2, 7, 30])
@pytest.mark.parametrize("split", SPLITS)
def test_of_the_variants_of_a_row_the_first_that_belongs_is_chosen(split: Split, tries: int) -> None:
    keys = key_words("any", tries, 500)
    chosen, found = first_accepted(
        lambda places, variants: keys[variants[:, None], places],
        500,
        tries,
        lambda hashes: in_split(hashes, split),
    )
    for row in range(500):
        fit = [variant for variant in range(tries) if in_split(keys[variant, row : row + 1], split)[0]]
        assert found[row] == bool(fit)
        assert not fit or chosen[row] == fit[0]


def test_a_row_is_tried_as_it_is_then_eight_variants_at_a_time_while_none_is_accepted() -> None:
    asked: list[tuple[list[int], list[int]]] = []
    accepted_at = [0, 5, 8, 12, 30, 19]

    def hashes(places: np.ndarray, variants: np.ndarray) -> np.ndarray:
        asked.append((places.tolist(), variants.tolist()))
        wanted = np.array(accepted_at)[places]
        return (variants[:, None] == wanted).astype(np.uint64)

    chosen, found = first_accepted(hashes, 6, 20, lambda words: words == 1)
    assert asked == [
        ([0, 1, 2, 3, 4, 5], [0]),
        ([1, 2, 3, 4, 5], [1, 2, 3, 4, 5, 6, 7, 8]),
        ([3, 4, 5], [9, 10, 11, 12, 13, 14, 15, 16]),
        ([4, 5], [17, 18, 19]),
    ]
    assert found.tolist() == [True, True, True, True, False, True]
    assert chosen[found].tolist() == [0, 5, 8, 12, 19]


def test_key_words_are_shared_and_so_cannot_be_changed() -> None:
    words = key_words("any", 3)
    assert key_words("any", 3) is words
    with pytest.raises(ValueError, match="read-only"):
        words += np.uint64(1)


def test_split_names() -> None:
    assert SPLITS == ("train", "validation", "test")
    assert [check_split(split) for split in SPLITS] == list(SPLITS)
    for other in ("dev", "", "Train", None):
        with pytest.raises(
            ParameterError, match=rf"^split={re.escape(repr(other))}: expected one of train, "
        ):
            check_split(other)
