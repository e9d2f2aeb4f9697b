"""Batches arrive from workers as what they were, in fewer bytes."""

import itertools
import pickle
from typing import Any

import numpy as np
import pytest

from synthlm_tasks import packing

torch = pytest.importorskip("torch", reason="the extra train")

Example = dict[str, Any]
STREAMS: dict[str, tuple[dict[str, Any], int | None]] = {
    "packed": ({"context": 256}, 8),
    "padded": ({"layout": "padded", "batch_size": 64}, None),
    "two columns": ({"context": 256, "columns": ["input_ids", "labels"]}, 8),
    "derived columns": ({"context": 256, "columns": ["input_ids", "seq_idx"]}, 8),
}


def loaded(name: str, workers: int, count: int, **arguments: Any) -> list[Example]:  # noqa: ANN401
    """The first batches of a loader."""
    given, size = STREAMS[name]
    stream = packing.stream("dyna-easy", num_samples=4000, **given)
    loader = torch.utils.data.DataLoader(stream, batch_size=size, num_workers=workers, **arguments)
    return list(itertools.islice(loader, count))


@pytest.mark.parametrize("workers", [0, 1])
@pytest.mark.parametrize("name", STREAMS)
def test_batches_are_those_of_torch(name: str, workers: int) -> None:
    expected = loaded(name, 0, 3)
    found = loaded(name, workers, 3, collate_fn=packing.collate)
    assert len(found) == 3
    for one, other in zip(found, expected, strict=True):
        assert list(one) == list(other)
        for column, values in other.items():
            assert one[column].dtype == values.dtype
            assert torch.equal(one[column], values)


def test_a_batch_travels_in_a_quarter_of_the_bytes() -> None:
    (batch,) = loaded("packed", 0, 1, collate_fn=packing.collate)
    assert len(pickle.dumps(batch)) < 0.27 * len(pickle.dumps(dict(batch)))


def test_contexts_of_documents_of_their_own_lengths_go_one_at_a_time() -> None:
    columns = ["input_ids", "position_ids", "cu_seq_lens"]
    example = next(iter(packing.stream("dyna-easy", context=256, columns=columns)))
    bounds = example["cu_seq_lens"]
    assert bounds.dtype == np.int32
    assert bounds[-1] == 256
    assert np.array_equal(bounds[:-1], np.flatnonzero(example["position_ids"] == 0))
    batch = packing.collate([example])
    assert torch.equal(batch["cu_seq_lens"][0], torch.from_numpy(bounds))
