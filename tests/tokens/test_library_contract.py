"""What the Hugging Face library promises of its streams holds of these, on every version of it."""

import itertools
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pytest
from datasets import IterableDataset, concatenate_datasets, interleave_datasets

from synthlm_tasks import packing

Example = dict[str, Any]
LAYOUTS: dict[str, dict[str, Any]] = {
    "packed": {"context": 128},
    "padded": {"layout": "padded", "batch_size": 4},
}


@pytest.fixture(params=LAYOUTS)
def make(request: pytest.FixtureRequest) -> Callable[..., IterableDataset]:
    """Makes streams of one layout."""

    def stream(seed: int = 1, **arguments: Any) -> IterableDataset:  # noqa: ANN401
        return packing.stream("dyna-easy", seed=seed, **LAYOUTS[request.param], **arguments)

    return stream


def taken(stream: Iterable[Example], count: int) -> list[Example]:
    """The first examples of a stream."""
    return list(itertools.islice(stream, count))


def same(one: list[Example], other: list[Example]) -> bool:
    """Whether the examples of `one` have the columns of `other`, with the same numbers."""
    return len(one) == len(other) and all(
        np.array_equal(np.asarray(a[name]), b[name]) for a, b in zip(one, other, strict=True) for name in b
    )


def filled(example: Example) -> bool:
    """True of every example."""
    return len(example["input_ids"]) > 0


KEPT: dict[str, Callable[[IterableDataset], IterableDataset]] = {
    "filter": lambda stream: stream.filter(filled),
    "filter a column": lambda stream: stream.filter(lambda ids: len(ids) > 0, input_columns=["input_ids"]),
    "filter batches": lambda stream: stream.filter(
        lambda rows: [True] * len(rows["input_ids"]), batched=True, batch_size=2
    ),
    "filter formatted": lambda stream: stream.with_format("numpy").filter(filled),
    "filter, then format": lambda stream: stream.filter(filled).with_format("numpy"),
    "filter some": lambda stream: stream.take(6).filter(filled),
    "map": lambda stream: stream.map(lambda row: {"size": len(row["input_ids"])}),
    "map batches": lambda stream: stream.map(
        lambda rows: {"size": [1] * len(rows["input_ids"])}, batched=True, batch_size=2
    ),
    "format": lambda stream: stream.with_format("numpy"),
    "take": lambda stream: stream.take(6),
    "repeat": lambda stream: stream.take(6).repeat(2),
    "concatenate": lambda stream: concatenate_datasets([stream.take(3), stream.skip(3)]),
}


@pytest.mark.parametrize("name", KEPT)
def test_what_keeps_every_example_gives_the_same_ones(
    name: str, make: Callable[..., IterableDataset]
) -> None:
    assert same(taken(KEPT[name](make()), 5), taken(make(), 5))


@pytest.mark.parametrize("name", KEPT)
def test_what_is_made_of_a_stream_goes_on_from_its_state(
    name: str, make: Callable[..., IterableDataset]
) -> None:
    changed = KEPT[name](make())
    iterator = iter(changed)
    taken(iterator, 2)
    state = changed.state_dict()
    expected = taken(make().skip(2), 2)
    again = KEPT[name](make())
    again.load_state_dict(state)
    assert same(taken(again, 2), expected)


def test_rows_are_filtered_by_what_they_hold(make: Callable[..., IterableDataset]) -> None:
    expected = taken(make(), 20)
    middle = sorted(int(np.sum(example["input_ids"])) for example in expected)[10]
    found = taken(make().filter(lambda row: np.sum(row["input_ids"]) >= middle), 10)
    assert same(found, [example for example in expected if np.sum(example["input_ids"]) >= middle])


def test_skipping_leaves_out_the_first(make: Callable[..., IterableDataset]) -> None:
    assert same(taken(make().skip(3), 2), taken(make(), 5)[3:])


def test_columns_are_selected_and_removed(make: Callable[..., IterableDataset]) -> None:
    expected = [{"input_ids": example["input_ids"]} for example in taken(make(), 2)]
    names = list(taken(make(), 1)[0])
    for stream in (make().select_columns(["input_ids"]), make().remove_columns(names[1:])):
        found = taken(stream, 2)
        assert same(found, expected)
        assert [set(example) for example in found] == [{"input_ids"}] * 2


def test_a_buffer_shuffles_the_same_examples(make: Callable[..., IterableDataset]) -> None:
    named = [
        [np.asarray(e["input_ids"]).tobytes() for e in stream]
        for stream in (make().take(20), make().take(20).shuffle(seed=3, buffer_size=5))
    ]
    assert named[0] != named[1]
    assert sorted(named[0]) == sorted(named[1])


def test_streams_are_interleaved(make: Callable[..., IterableDataset]) -> None:
    one, other = (taken(make(seed), 2) for seed in (1, 2))
    found = taken(interleave_datasets([make(1), make(2)]), 4)
    assert same(found, [one[0], other[0], one[1], other[1]])
    assert len(taken(interleave_datasets([make(1), make(2)], probabilities=[0.5, 0.5], seed=1), 4)) == 4


def test_examples_are_batched(make: Callable[..., IterableDataset]) -> None:
    expected = taken(make(), 4)
    batches = taken(make().batch(2), 2)
    for number, batch in enumerate(batches):
        for place in (0, 1):
            for name, values in expected[2 * number + place].items():
                assert np.array_equal(np.asarray(batch[name][place]), values)


def test_arrow_tables_have_the_same_numbers(make: Callable[..., IterableDataset]) -> None:
    (table,) = taken(make().with_format("arrow"), 1)
    (expected,) = taken(make(), 1)
    assert {name: table[name].to_pylist()[0] for name in table.column_names} == {
        name: values.tolist() for name, values in expected.items()
    }
