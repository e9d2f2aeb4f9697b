"""Padded batches: whole problems, each once, of about one length, with labels on every answer."""

import itertools
from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from datasets import IterableDataset
from datasets.distributed import split_dataset_by_node

from synthlm_tasks import TASKS, ParameterError, packing
from synthlm_tasks.catalog import configs, plan
from synthlm_tasks.options import check_options, default_options
from synthlm_tasks.rows.vocabulary import TOKENS

Batch = dict[str, np.ndarray[Any, Any]]
SEVERAL = [f"{name}-easy" for name, task in TASKS.items() if "num_queries" in {a.name for a in task.axes}]
COLUMNS = ["input_ids", "labels", "attention_mask"]


def padded(config: str = "dyna-easy", **arguments: Any) -> IterableDataset:  # noqa: ANN401
    """A padded stream."""
    return packing.stream(config, layout="padded", **arguments)


def taken(stream: Iterable[Batch], count: int) -> list[Batch]:
    """The first batches of a stream."""
    return list(itertools.islice(stream, count))


def same(one: Iterable[Batch], other: Iterable[Batch]) -> bool:
    """Whether two lists of batches hold the same numbers."""
    pairs = itertools.zip_longest(one, other)
    return all(all(np.array_equal(a[name], b[name]) for name in COLUMNS) for a, b in pairs)


def texts(batches: Iterable[Batch]) -> list[str]:
    """The text of every row of every batch; nothing but padding may stand behind it."""
    found = []
    for batch in batches:
        for ids, mask in zip(batch["input_ids"], batch["attention_mask"], strict=True):
            length = int(mask.sum())
            assert mask[:length].all()
            words = [TOKENS[token] for token in ids]
            assert (words[0], words[length - 1]) == ("<bos>", "<eos>")
            assert set(words[length:]) <= {"<pad>"}
            found.append("".join(words[1 : length - 1]))
    return found


def built(config: str, split: str, rows: int) -> list[str]:
    """The training texts of the builder's rows."""
    options = check_options({**vars(default_options()), "num_samples": rows})
    tables = plan(config, options, {})[split].tables()  # type: ignore[index]
    return [f"{row['input_text']} {row['target']}" for table in tables for row in table.to_pylist()]


@pytest.mark.parametrize("split", ["train", "validation", "test"])
@pytest.mark.parametrize("config", ["dyna-easy", "all"])
def test_batches_hold_the_very_rows_of_the_split(config: str, split: str) -> None:
    stream = padded(config, split=split, num_samples=50_000)
    assert sorted(texts(stream)) == sorted(built(config, split, 50_000))


@pytest.mark.parametrize("size", [1, 7, 64, 1000])
def test_every_batch_but_the_last_has_so_many_problems(size: int) -> None:
    batches = list(padded("all-easy", num_samples=45_000, batch_size=size))
    sizes = [len(batch["input_ids"]) for batch in batches]
    assert sum(sizes) == 40_500
    assert set(sizes[:-1]) == {size}
    assert 0 < sizes[-1] <= size


@pytest.mark.parametrize("config", configs())
def test_batches_of_64_are_at_least_98_percent_full(config: str) -> None:
    masks = [batch["attention_mask"] for batch in taken(padded(config), 256)]
    assert sum(int(mask.sum()) for mask in masks) > 0.98 * sum(mask.size for mask in masks)
    assert all(mask.any(axis=0).all() for mask in masks)


def test_large_batches_are_at_least_90_percent_full() -> None:
    masks = [batch["attention_mask"] for batch in taken(padded("all", batch_size=2048), 64)]
    assert sum(int(mask.sum()) for mask in masks) > 0.9 * sum(mask.size for mask in masks)


def test_lengths_come_in_random_order() -> None:
    lengths = np.array([batch["input_ids"].shape[1] for batch in taken(padded("all"), 256)])
    assert abs(np.corrcoef(lengths[1:], lengths[:-1])[0, 1]) < 0.2
    assert lengths.max() > 5 * lengths.min()


def test_a_stream_follows_from_its_arguments() -> None:
    one, again, other = (taken(padded(seed=seed), 5) for seed in (1, 1, 2))
    assert same(one, again)
    assert not same(one, other)
    assert {name: value.dtype.name for name, value in one[0].items()} == dict.fromkeys(COLUMNS, "int64")


def test_labels_stand_on_the_answer() -> None:
    for batch in taken(padded("inducto-easy"), 20):
        counted = batch["labels"] != -100
        assert np.array_equal(batch["labels"][counted], batch["input_ids"][counted])
        for ids, here in zip(batch["input_ids"], counted, strict=True):
            text, answer = ("".join(TOKENS[token] for token in ids[mask]) for mask in (~here, here))
            assert text.split("<pad>")[0].endswith(" ->")
            assert answer.startswith(" ")
            assert answer.endswith("<eos>")


@pytest.mark.parametrize("config", SEVERAL)
def test_labels_stand_on_every_answer(config: str) -> None:
    for batch in taken(padded(config, num_queries=4), 5):
        for ids, labels in zip(batch["input_ids"], batch["labels"], strict=True):
            words = "".join(
                TOKENS[token] if label == -100 else f"«{TOKENS[token]}»"
                for token, label in zip(ids, labels, strict=True)
            ).split("<pad>")[0]
            query = "Query" if config.startswith("inducto") else "QUERY"
            prompt, *asked = words.replace("»«", "").split(query)
            assert len(asked) == 4
            assert "«" not in prompt
            assert all(part.split("->")[-1].startswith("« ") for part in asked)
            assert all(part.count("«") == 1 for part in asked)


def test_with_loss_all_everything_counts_but_bos_and_padding() -> None:
    (batch,) = taken(padded("all", loss="all"), 1)
    assert np.array_equal(batch["labels"] == -100, np.isin(batch["input_ids"], [0, 1]))


@pytest.mark.parametrize("taking", [0, 1, 100, 255, 256, 257, 300])
def test_a_stream_goes_on_from_its_state_with_the_very_next_batch(taking: int) -> None:
    # A portion has 256 batches.
    stream = padded("all-easy")
    iterator = iter(stream)
    taken(iterator, taking)
    state = stream.state_dict()
    following = taken(iterator, 3)
    resumed = padded("all-easy")
    resumed.load_state_dict(state)
    assert same(taken(resumed, 3), following)


def test_nodes_get_batches_without_overlap() -> None:
    whole = padded(num_samples=60_000)
    parts = [split_dataset_by_node(whole, rank, 3) for rank in range(3)]
    found = [texts(part) for part in parts]
    assert sorted(itertools.chain(*found)) == sorted(texts(whole))
    assert all(found)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"context": 2048}, "context=2048: layout='padded' has none"),
        ({"batch_size": 0}, "batch_size=0: expected a whole number of at least 1"),
        ({"batch_size": 4096}, "batch_size=4096: expected 1 to 2048"),
        ({"loss": "none"}, "loss='none': expected 'answers' or 'all'"),
        ({"layout": "packed", "batch_size": 8}, "batch_size=8: layout='packed' has none"),
        ({"layout": "flat"}, "layout='flat': expected 'packed' or 'padded'"),
        ({"num_samples": 0}, "num_samples=0: expected a whole number of at least 1"),
    ],
)
def test_bad_arguments_are_named(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        packing.stream(**{"layout": "padded", **given})
