"""The shuffle of a chunk, against sorting places by their words."""

import numpy as np
import pytest
from support import STOCK

from synthlm_tasks.rows.mixing import Mixture
from synthlm_tasks.rows.splits import Split
from synthlm_tasks.rows.streams import RandomBits, digest
from synthlm_tasks.version import DATASET_VERSION

RECIPES = (STOCK["dyna-easy"], STOCK["filtro-easy"])


@pytest.mark.parametrize(("rows", "chunk"), [(0, 0), (1, 3), (2000, 0), (16_384, 7)])
@pytest.mark.parametrize("split", ["train", "test"])
def test_a_chunk_is_sorted_by_the_upper_bits_of_its_words(split: Split, rows: int, chunk: int) -> None:
    mixture = Mixture("any", 5, split, RECIPES, (rows, rows))
    key = digest("order", DATASET_VERSION, "any", split, chunk)
    words = RandomBits(5, key).words64(rows).tolist()
    wanted = sorted(range(rows), key=lambda place: (words[place] >> 20, place))
    assert mixture._order(chunk, rows).tolist() == wanted
    assert sorted(wanted) == list(range(rows))


@pytest.mark.parametrize("bit", [0, 19, 20, 40, 63])
def test_the_bits_from_the_twentieth_on_and_no_others_shuffle(
    bit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = [word & 1 << bit for word in RandomBits(1, (1,)).words64(500).tolist()]

    class OneBit(RandomBits):
        def words64(self, count: int) -> np.ndarray:
            return np.array(words[:count], np.uint64)

    monkeypatch.setattr("synthlm_tasks.rows.mixing.RandomBits", OneBit)
    order = Mixture("any", 5, "train", RECIPES, (250, 250))._order(0, 500).tolist()
    assert order == sorted(range(500), key=lambda place: (words[place] >> 20, place))
    assert (order == list(range(500))) == (bit < 20)


def test_chunks_seeds_splits_and_configs_are_shuffled_each_in_its_own_way() -> None:
    orders = {
        tuple(Mixture(name, seed, split, RECIPES, (50, 50))._order(chunk, 100).tolist())
        for name in ("any", "other")
        for seed in (1, 2)
        for split in ("train", "validation", "test")
        for chunk in (0, 1)
    }
    assert len(orders) == 24
