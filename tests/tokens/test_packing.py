"""The stream: pure in its arguments, divided without overlap, resumed with the very next token."""

import itertools
import pickle
from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from datasets import IterableDataset
from datasets.distributed import split_dataset_by_node

from synthlm_tasks import ParameterError, packing
from synthlm_tasks.rows.vocabulary import TokensName
from synthlm_tasks.tokens import portions
from synthlm_tasks.tokens.contexts import COLUMNS, Contexts, Loss, pack_contexts

Example = dict[str, Any]


def taken(stream: Iterable[Example], count: int) -> list[Example]:
    """The first examples of a stream."""
    return list(itertools.islice(stream, count))


def same(one: Iterable[Example], other: Iterable[Example]) -> bool:
    """Whether two lists of examples hold the same numbers."""
    pairs = itertools.zip_longest(one, other)
    return all(all(np.array_equal(a[name], b[name]) for name in COLUMNS) for a, b in pairs)


def named(stream: Iterable[Example]) -> list[bytes]:
    """What tells examples apart."""
    return [np.asarray(example["input_ids"]).tobytes() for example in stream]


def test_a_stream_follows_from_its_arguments() -> None:
    one, again, other = (taken(packing.stream("dyna-easy", seed=seed), 5) for seed in (1, 1, 2))
    assert same(one, again)
    assert not same(one, other)
    assert {(name, value.dtype.name, value.shape) for name, value in one[0].items()} == {
        (name, "int64", (2048,)) for name in COLUMNS
    }


def test_train_does_not_end_where_the_builder_does() -> None:
    stream = packing.stream("dyna-easy", context=88, endless=True)
    assert stream.num_shards == 5040
    assert len(taken(stream.skip(20_000), 3)) == 3


@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_a_stream_of_so_many_samples_ends(split: str) -> None:
    stream = packing.stream("dyna-easy", split=split, num_samples=1000)
    problems = sum(int(example["document_ids"].max()) for example in stream)
    assert problems == {"train": 900, "validation": 50, "test": 50}[split]
    assert same(stream, stream)


def test_axes_of_the_config_may_be_replaced() -> None:
    examples = taken(packing.stream("dyna-easy", num_ops=5, state_size=5, context=54), 50)
    assert 40 < max(int((example["input_ids"] != 0).sum()) for example in examples) <= 54
    with pytest.raises(ParameterError, match="context=53: problems of config 'dyna-easy' may have 54 tokens"):
        packing.stream("dyna-easy", num_ops=5, state_size=5, context=53)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"config": "dyna-esay"}, "config='dyna-esay': expected one of"),
        ({"split": "dev"}, "split='dev': expected one of"),
        ({"split": "test", "endless": True}, "endless=True: only train"),
        ({"num_samples": 10, "endless": True}, "endless=True: only train"),
        ({"split": "test", "num_samples": 1}, "num_samples=1: too few for any row of config 'all' in test"),
        ({"num_hops": 3}, "num_hops=3: not a parameter of config 'all'"),
        ({"loss": "none"}, "loss='none'"),
        ({"seed": -1}, "seed=-1"),
    ],
)
def test_bad_arguments_are_named(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        packing.stream(**given)


@pytest.mark.parametrize("taking", [0, 1, 100, 535, 536, 537, 700])
def test_a_stream_goes_on_from_its_state_with_the_very_next_token(taking: int) -> None:
    # The first portion has 536 contexts.
    stream = packing.stream("all-easy", context=4096)
    iterator = iter(stream)
    taken(iterator, taking)
    state = stream.state_dict() if taking else None
    following = taken(iterator, 3)
    resumed = packing.stream("all-easy", context=4096)
    if state:
        resumed.load_state_dict(state)
    assert same(taken(resumed, 3), following)


def test_going_on_costs_one_portion_not_all_before(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = packing.stream("dyna-easy", context=128)
    list(itertools.islice(stream, 30_000, 30_001))
    made = []

    def counting(rows: pa.Table, context: int, loss: Loss, several: bool, vocabulary: TokensName) -> Contexts:
        made.append(len(rows))
        return pack_contexts(rows, context, loss, several, vocabulary)

    monkeypatch.setattr(portions, "pack_contexts", counting)
    resumed = packing.stream("dyna-easy", context=128)
    resumed.load_state_dict(stream.state_dict())
    taken(resumed, 3)
    assert made == [16_384]


@pytest.mark.parametrize("arguments", [{"seed": 3}, {"tokens": "compact"}])
def test_a_state_of_another_stream_is_refused(arguments: dict[str, Any]) -> None:
    stream = packing.stream("dyna-easy")
    taken(stream, 2)
    other = packing.stream("dyna-easy", **arguments)
    other.load_state_dict(stream.state_dict())
    with pytest.raises(ParameterError, match="state_dict: of a stream with other arguments"):
        taken(other, 1)


def test_nodes_get_streams_without_overlap() -> None:
    whole = packing.stream("dyna-easy", num_samples=60_000)
    parts = [split_dataset_by_node(whole, rank, 4) for rank in range(4)]
    names = [named(part) for part in parts]
    assert sorted(itertools.chain(*names)) == sorted(named(whole))
    assert all(names)


def test_nodes_of_an_endless_stream_have_shards_of_their_own() -> None:
    whole = packing.stream("dyna-easy")
    for nodes in (2, 3, 5, 6, 7, 8, 16):
        assert split_dataset_by_node(whole, 0, nodes).num_shards == 5040 // nodes
    names = [named(taken(split_dataset_by_node(whole, rank, 3), 20)) for rank in range(3)]
    assert len(set(itertools.chain(*names))) == 60


def test_a_stream_can_be_sent_to_another_process() -> None:
    stream: IterableDataset = packing.stream("dyna-easy", context=128)
    sent = pickle.loads(pickle.dumps(stream))  # as DataLoader workers that are spawned get it
    assert same(taken(sent, 2), taken(stream, 2))


def test_the_library_formats_maps_and_selects_it() -> None:
    stream = packing.stream("dyna-easy", context=128)
    expected = taken(stream, 3)
    assert same(taken(stream.with_format("numpy"), 3), expected)
    assert [set(row) for row in taken(stream.select_columns(["input_ids"]), 2)] == [{"input_ids"}] * 2
    counted = stream.map(lambda row: {"filled": int((row["input_ids"] > 0).sum())})
    assert [row["filled"] for row in taken(counted, 3)] == [int((e["input_ids"] > 0).sum()) for e in expected]
