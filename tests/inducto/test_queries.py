"""Several queries about one rule: right, different, of the row's split, and none told by those before it."""

import json
from collections import Counter
from typing import Any

import pytest
from support import STOCK, listed

from synthlm_tasks import InductoTask, ParameterError
from synthlm_tasks.audit.inducto import checks, space
from synthlm_tasks.rows.recipes import level_recipe
from synthlm_tasks.rows.splits import Split
from synthlm_tasks.rows.tables import make_table

LEVELS = ("easy", "medium", "hard")
FAMILIES = ("inducto", "inducto-open", "inducto-heldout")


def rows_of(family: str, split: Split, rows: int, **axes: object) -> list[dict[str, Any]]:
    """Rows of a family's hard level."""
    task = InductoTask.of_variant(family.partition("-")[2])
    return make_table(level_recipe(task, family, 3, axes), 8, split, 0, rows).to_pylist()


def asked(row: dict[str, Any]) -> list[tuple[str, str]]:
    """Input and answer of every query, in order."""
    problem = checks.parse(row["input_text"])
    return [*problem.earlier, (problem.query, row["target"].replace(" ", ""))]


def test_a_row_of_several_queries_reads_as_published() -> None:
    (row,) = rows_of("inducto", "train", 1, rule_level=1, rule="REVERSE", num_examples=2, num_queries=3)
    *shown, first, second, last = row["input_text"].split(" | ")
    assert [part[:5] for part in shown] == ["Ex1: ", "Ex2: "]
    for part in (first, second):
        given, made = part.removeprefix("Query: [").removesuffix("]").split("] -> [")
        assert made.split() == given.split()[::-1]
    assert last.startswith("Query: [")
    assert last.endswith("] ->")
    assert row["target"].split() == last.removeprefix("Query: [").removesuffix("] ->").split()[::-1]


@pytest.mark.parametrize("split", ["train", "test"])
@pytest.mark.parametrize("family", FAMILIES)
def test_a_row_of_one_query_begins_the_same_row_with_more(family: str, split: Split) -> None:
    one, more = (rows_of(family, split, 300, num_queries=number) for number in (1, 4))
    for first, row in zip(one, more, strict=True):
        assert row["input_text"].startswith(f"{first['input_text']} [{first['target']}] | Query: [")
        assert row["input_text"].count("Query") == 4


@pytest.mark.parametrize("split", ["validation", "test"])
def test_answers_that_begin_alike_are_asked_where_no_others_are_left(split: Split) -> None:
    named = {"rule": "DUPLICATE_EACH then SORT", "rule_level": 3}
    for row in rows_of("inducto", split, 100, **named, sequence_length=8, num_examples=7, num_queries=10):
        problem, queries = checks.parse(row["input_text"]), asked(row)
        assert all(made == "".join(sorted(2 * given)) for given, made in queries)
        answers = [made for _, made in [*problem.examples, *queries]]
        assert len(queries) == 10
        assert not {made for _, made in queries[1:]} & {made for _, made in [*problem.examples, queries[0]]}
        assert len({made for _, made in queries}) == len(queries)
        assert len({made[:2] for made in answers}) < len(answers)


@pytest.mark.parametrize("level", LEVELS)
def test_every_query_of_a_ramp_is_right_and_differs_from_all_before_it(level: str) -> None:
    numbers: Counter[int] = Counter()
    for row in listed(f"inducto-ramp-{level}", "train", 3000):
        stated = json.loads(row["metadata"])
        examples, queries = checks.parse(row["input_text"]).examples, asked(row)
        rule = space.rule(stated["rule"])
        assert all(rule(given) == made for given, made in queries)
        assert len({given for given, _ in [*examples, *queries]}) == len(examples) + len(queries)
        assert len({made for _, made in queries} - {made for _, made in examples}) == len(queries)
        assert len(queries) == stated["num_queries"]
        numbers[len(queries)] += 1
    assert set(numbers) == set(range(1, 9))
    assert max(abs(count - 375) for count in numbers.values()) < 5 * 375**0.5


@pytest.mark.parametrize("family", FAMILIES)
def test_no_query_of_a_held_out_row_stands_in_a_train_problem_whatever_the_number_asked(family: str) -> None:
    queries = {
        frozenset(given)
        for split in ("validation", "test")
        for row in rows_of(family, split, 600, num_queries=(1, 10))
        for given, _ in asked(row)
    }
    for name in STOCK:
        if name.startswith("inducto"):
            for row in listed(name, "train", 1000, seed=5):
                problem = checks.parse(row["input_text"])
                assert not queries & {frozenset(given) for given, _ in problem.shown}
                assert frozenset(problem.query) not in queries


def test_further_queries_have_every_length_that_the_examples_decide() -> None:
    lengths: Counter[int] = Counter()
    for row in rows_of(
        "inducto", "train", 4000, rule_level=1, rule="REVERSE", num_examples=10, num_queries=2
    ):
        lengths[len(asked(row)[1][0])] += 1
    assert set(lengths) == set(range(4, 9))
    assert max(abs(count - 800) for count in lengths.values()) < 5 * 800**0.5


@pytest.mark.parametrize("lengths", [3, 4, (3, 4), (3, 8), (8, 8)])
@pytest.mark.parametrize("family", FAMILIES)
def test_sequences_have_the_lengths_asked_for(family: str, lengths: int | tuple[int, int]) -> None:
    lowest, highest = lengths if isinstance(lengths, tuple) else (lengths, lengths)
    if family == "inducto-open":
        if lengths == 3:
            return
        lowest, lengths = max(lowest, 4), (max(lowest, 4), highest)
    found = Counter(
        len(given)
        for row in rows_of(family, "train", 500, sequence_length=lengths, num_queries=2)
        for given, _ in [*checks.parse(row["input_text"]).examples, *asked(row)]
    )
    assert set(found) == set(range(lowest, highest + 1))


@pytest.mark.parametrize(
    ("axes", "message"),
    [
        ({"sequence_length": 2}, "sequence_length=2: expected a whole number from 3 to 8"),
        ({"sequence_length": (5, 9)}, r"sequence_length=\(5, 9\): expected a whole number from 3 to 8"),
        ({"sequence_length": (6, 5)}, r"sequence_length=\(6, 5\)"),
        ({"sequence_length": [4, 5, 6]}, r"sequence_length=\[4, 5, 6\]"),
        ({"sequence_length": "4"}, "sequence_length='4'"),
        ({"sequence_length": True}, "sequence_length=True"),
        ({"num_queries": 11}, "num_queries=11: expected a whole number from 1 to 10"),
        ({"sequence_length": 6, "length_unseen": True}, "sequence_length=6.*do not fit together"),
        ({"sequence_length": 4, "rule": "DROP_FIRST(2)"}, "sequence_length=4.*do not fit together"),
    ],
)
def test_what_no_problem_has_is_refused_by_its_name(axes: dict[str, object], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        InductoTask().generate_sample(**axes)


def test_an_open_problem_has_at_least_four_letters() -> None:
    with pytest.raises(ParameterError, match="sequence_length=3: expected a whole number from 4 to 8"):
        rows_of("inducto-open", "train", 1, sequence_length=3)
