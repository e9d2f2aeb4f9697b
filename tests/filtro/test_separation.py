"""What a held-out row of Filtro promises: its asked cycle is asked in no train row, wherever that begins."""

import re
from collections import Counter

import pytest
from support import STOCK, listed

from synthlm_tasks import FiltroTask
from synthlm_tasks.rows.splits import SPLITS

LEVELS = ("easy", "medium", "hard")
Edges = frozenset[tuple[str, str]]


def asked_edges(text: str) -> Edges:
    """The edges of the stream that the queries are about: they are a cycle up to where it begins."""
    stream = text[text.rindex("QUERY ") + 6]
    return frozenset(re.findall(rf"{stream}:([a-z]+)->([a-z]+)", text.partition(" || ")[0]))


def walked(text: str) -> tuple[str, ...]:
    """The nodes of the last query's walk, from the asked one to the answer."""
    following = dict(asked_edges(text))
    node, hops = re.findall(r"QUERY [AB]:([a-z]+) hops=(\d+)", text)[-1]
    nodes = [node]
    for _ in range(int(hops)):
        nodes.append(following[nodes[-1]])
    return tuple(nodes)


def test_no_cycle_is_asked_in_two_splits_whatever_config_and_seed() -> None:
    seen: dict[Edges, str] = {}
    for name in STOCK:
        if name.startswith("filtro"):
            for split, seed in (("train", 1), ("validation", 2), ("test", 3), ("train", 4), ("test", 5)):
                for row in listed(name, split, 1500, seed=seed):
                    assert seen.setdefault(asked_edges(row["input_text"]), split) == split


@pytest.mark.parametrize("noise", [0, 1])
@pytest.mark.parametrize("stream", ["A", "B"])
def test_all_cycles_of_three_names_are_shared_out_each_to_one_split(stream: str, noise: int) -> None:
    """So many rows of so few cycles, asked from any node, would show one in a second split."""
    rows = {"train": 40_000, "validation": 3000, "test": 3000}
    found = {}
    for split in SPLITS:
        table = FiltroTask(11).generate_table(
            rows[split], 1, split, num_nodes=3, noise=noise, query_stream=stream
        )
        found[split] = {asked_edges(text) for text in table["input_text"].to_pylist()}
    cycles = 24 * 23 * 22 // 3
    assert sum(map(len, found.values())) == len(frozenset().union(*found.values())) == cycles
    assert abs(len(found["train"]) / cycles - 0.90) < 0.015
    assert abs(len(found["test"]) / cycles - 0.05) < 0.01


@pytest.mark.parametrize("split", ["validation", "test"])
def test_held_out_cycles_are_asked_about_evenly_and_have_all_names(split: str) -> None:
    rows = listed("filtro-medium", split, 4000)
    for names in (
        [name for row in rows for name, _ in asked_edges(row["input_text"])],
        [row["target"] for row in rows],
        [walked(row["input_text"])[0] for row in rows],
    ):
        counts = Counter(names)
        share = len(names) / 24
        assert len(counts) == 24
        assert max(abs(count - share) for count in counts.values()) < 5 * share**0.5


# Percent of the test rows whose asked cycle turned round, and whose walk alone, is in train: (turned, walk).
OVERLAP = {"easy": (6, 100), "medium": (0, 61), "hard": (0, 1)}


@pytest.mark.slow
@pytest.mark.parametrize("level", LEVELS)
def test_what_a_million_train_rows_have_in_common_with_test(level: str) -> None:
    train = [
        text
        for start in range(0, 1_000_000, 100_000)
        for text in FiltroTask(42).generate_table(100_000, level, "train", start)["input_text"].to_pylist()
    ]
    cycles, walks = set(map(asked_edges, train)), set(map(walked, train))
    test = [row["input_text"] for row in listed(f"filtro-{level}", "test", 10_000)]
    asked = [asked_edges(text) for text in test]
    turned, known = (
        100 * sum(values) / len(test)
        for values in (
            [frozenset((end, source) for source, end in edges) in cycles for edges in asked],
            [walked(text) in walks for text in test],
        )
    )
    assert not cycles & set(asked)
    assert (turned, known) == pytest.approx(OVERLAP[level], abs=1)
