"""What Dyna promises, by its texts alone: programs held out, orders that say nothing, queries in turn."""

import itertools
import json
import re
from collections import Counter

import pytest
from support import STOCK, listed

from synthlm_tasks import DynaTask, ParameterError, SpaceError
from synthlm_tasks.audit.dyna import checks

KINDS = ("SWAP", "ROTATE_LEFT", "ROTATE_RIGHT", "REVERSE")
SPLITS = ("train", "validation", "test")

Maps = tuple[tuple[str, ...], ...]


def maps_of(text: str) -> Maps:
    """What each operation of a prompt does to the places of its list."""
    problem = checks.parse(text)
    places = [str(i) for i in range(len(problem.state))]
    return tuple(tuple(checks.apply_operation(operation, places)) for operation in problem.operations)


def possible(size: int, kinds: tuple[str, ...]) -> list[checks.Operation]:
    """Every operation of these kinds on a list of a size."""
    pairs = list(itertools.combinations(range(size), 2))
    return [
        (kind, numbers)
        for kind in kinds
        for numbers in ([(k,) for k in range(1, size)] if kind.startswith("ROTATE") else pairs)
    ]


def made(split: str, rows: int = 400, **parameters: object) -> list[dict[str, str]]:
    """Rows with these parameters; none where the split has no problem with them."""
    try:
        return DynaTask().generate_table(rows, 1, split, **parameters).to_pylist()
    except SpaceError as refusal:
        if "distinct prompts" not in str(refusal) and "no problem" not in str(refusal):
            raise
        return []


# The split


@pytest.mark.parametrize("size", [3, 4, 5, 6])
def test_every_single_operation_is_in_one_split_whatever_is_asked_about_it(size: int) -> None:
    seen: dict[str, set[Maps]] = {}
    for split in SPLITS:
        seen[split] = set()
        for more in (
            {},
            {"initial": "ordered"},
            {"num_queries": max(1, size // 2)},
            {"operations": KINDS[1]},
        ):
            rows = made(split, 1500 if split == "train" else 150, state_size=size, num_ops=1, **more)
            seen[split] |= {maps_of(row["input_text"]) for row in rows}
    places = [str(i) for i in range(size)]
    every = {(tuple(checks.apply_operation(operation, places)),) for operation in possible(size, KINDS)}
    assert set.union(*seen.values()) == every
    assert sum(map(len, seen.values())) == len(every)


@pytest.mark.parametrize("more", [{}, {"initial": "ordered"}, {"num_queries": 2}])
def test_no_test_program_is_in_train_with_any_list_or_query(more: dict[str, object]) -> None:
    size = {"state_size": 4, "num_ops": 3}
    train = {maps_of(row["input_text"]) for row in DynaTask(7).generate_table(30_000, 1, **size).to_pylist()}
    held_out = {maps_of(row["input_text"]) for row in made("test", 200, **size, **more)}
    assert len(train) > 400  # all of train's: each has had many lists and queries
    assert len(held_out) > 10
    assert train.isdisjoint(held_out)


def rotations_of(text: str) -> tuple[int, tuple[int, ...]]:
    """Size of the list, and how far each operation rotates it to the left, in rising order."""
    size = text.partition("]")[0].count(",") + 1
    amounts = re.findall(r"ROTATE_(LEFT|RIGHT)\((\d+)\)", text)
    assert len(amounts) == text.count("ROTATE")
    return size, tuple(sorted(int(k) if way == "LEFT" else size - int(k) for way, k in amounts))


@pytest.mark.parametrize("level", ["easy", "medium", "hard"])
def test_no_reordering_of_a_commuting_test_program_is_in_train(level: str) -> None:
    name = f"dyna-commuting-{level}"
    train = {rotations_of(row["input_text"]) for row in listed(name, "train", 20_000, seed=3)}
    other = {rotations_of(row["input_text"]) for row in listed(name, "validation", 1000)}
    held_out = {rotations_of(row["input_text"]) for row in listed(name, "test", 1000)}
    assert len(held_out) >= 100
    assert held_out.isdisjoint(train | other)


def test_test_programs_end_like_train_programs() -> None:
    shares = []
    for split in ("train", "test"):
        last = [checks.parse(row["input_text"]).operations[-2:] for row in listed("dyna-medium", split, 4000)]
        shares.append([Counter(kind for (kind, _) in place) for place in zip(*last, strict=True)])
    for train, test in zip(*shares, strict=True):
        for kind in KINDS:
            assert abs(train[kind] - test[kind]) < 5 * (2 * train[kind]) ** 0.5


# What fits


@pytest.mark.parametrize("size", [2, 3, 4])
@pytest.mark.parametrize("ops", [1, 2, 3])
def test_exactly_what_allows_a_program_is_accepted(size: int, ops: int) -> None:
    for count in range(1, 5):
        for kinds in itertools.combinations(KINDS, count):
            rotating = all(kind.startswith("ROTATE") for kind in kinds)
            operations = possible(size, kinds)
            follows = {
                one: [other for other in operations if rotating or not checks.commute(one, other, size)]
                for one in operations
            }
            exists = ops == 1 or any(follows.values())
            assert not exists or ops == 1 or all(follows.values())  # no program ends where none may follow
            asked = {"state_size": size, "num_ops": ops, "operations": list(kinds)}
            if exists:
                DynaTask().generate_table(1, 1, made_somewhere(asked), **asked)
            else:
                with pytest.raises(ParameterError, match="do not fit together"):
                    DynaTask().generate_table(1, 1, **asked)


def made_somewhere(parameters: dict[str, object]) -> str:
    """A split that has problems with these parameters."""
    return next(split for split in SPLITS if made(split, 1, **parameters))


@pytest.mark.parametrize("size", [2, 3, 4, 5, 8, 20])
def test_at_most_half_of_the_places_are_asked(size: int) -> None:
    most = max(1, size // 2)
    assert DynaTask().generate_sample(state_size=size, num_ops=1, num_queries=most)
    if most < 10:
        with pytest.raises(ParameterError, match="do not fit together"):
            DynaTask().generate_sample(state_size=size, num_ops=1, num_queries=most + 1)


# Lists and queries


@pytest.mark.parametrize("level", [1, 2, 3])
def test_an_ordered_row_is_the_random_one_with_other_letters(level: int) -> None:
    pairs = [
        DynaTask().generate_table(300, level, initial=initial).to_pylist()
        for initial in ("random", "ordered")
    ]
    for random, ordered in zip(*pairs, strict=True):
        named = checks.parse(random["input_text"]).state
        again = checks.parse(ordered["input_text"]).state
        assert again == sorted("ABCDEFGHIJKLMNOPQRST"[: len(named)])
        places = dict(zip(named, again, strict=True))
        assert checks.parse(ordered["input_text"]).operations == checks.parse(random["input_text"]).operations
        query = random["input_text"].partition("QUERY ")[2]
        if query.startswith("element"):
            query = f"element {places[query[8]]} ->"
        assert ordered["input_text"].partition("QUERY ")[2] == query
        assert ordered["target"] == places.get(random["target"], random["target"])
        assert json.loads(ordered["metadata"]) == {**json.loads(random["metadata"]), "initial": "ordered"}


@pytest.mark.parametrize("split", ["train", "test"])
def test_further_queries_follow_the_row_with_one(split: str) -> None:
    single = DynaTask().generate_table(300, 2, split).to_pylist()
    several = DynaTask().generate_table(300, 2, split, num_queries=4).to_pylist()
    for one, more in zip(single, several, strict=True):
        assert more["input_text"].startswith(f"{one['input_text']} {one['target']} || QUERY ")
        assert json.loads(more["metadata"]) == {**json.loads(one["metadata"]), "num_queries": 4}


def test_further_queries_ask_both_ways_and_everywhere() -> None:
    rows = DynaTask().generate_table(6000, 2, state_size=8, num_ops=4, num_queries=4).to_pylist()
    for number in range(4):
        kinds: Counter[bool] = Counter()
        starts: Counter[int] = Counter()
        for row in rows:
            problem = checks.parse(row["input_text"])
            query = problem.queries[number]
            letter = checks.asked_letter(query, checks.run(problem.operations, problem.state))
            kinds[query.element is None] += 1
            starts[problem.state.index(letter)] += 1
        assert abs(kinds[True] - 3000) < 5 * 1500**0.5
        assert len(starts) == 8
        assert all(abs(count - 750) < 5 * 750**0.5 for count in starts.values())


@pytest.mark.parametrize("level", ["easy", "medium", "hard"])
def test_a_ramp_begins_at_one_operation_and_ends_where_its_level_does(level: str) -> None:
    rows = [json.loads(row["metadata"]) for row in listed(f"dyna-ramp-{level}", "train", 6000)]
    plain = STOCK[f"dyna-{level}"].space.columns
    assert min(row["num_ops"] for row in rows) == 1
    assert max(row["num_ops"] for row in rows) == plain["num_ops"].max()
    assert min(row["state_size"] for row in rows) == 3
    assert max(row["state_size"] for row in rows) == plain["state_size"].max()
    assert max(row["num_queries"] for row in rows) == min(8, plain["state_size"].max() // 2)
    assert abs(sum(row["initial"] == "ordered" for row in rows) - 3000) < 5 * 1500**0.5
    assert {json.loads(row["metadata"])["num_ops"] for row in listed(f"dyna-ramp-{level}", "test", 3000)} > {
        1
    }
