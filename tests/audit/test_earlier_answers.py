"""What the audit says of the answers that stand before a query, on rows made to give it away or not."""

import random
from collections.abc import Callable

import pytest

from synthlm_tasks.audit.measures.earlier_answers import score_earlier_answers
from synthlm_tasks.audit.results import Shortcut

LETTERS = "ABCDEFGH"

Draw = random.Random


def row(draw: Draw, second: Callable[[str, str, Draw], str]) -> dict[str, str]:
    """A row of two queries; `second(first answer, second query, draw)` says what answers the second."""
    first, before, place = draw.choice(LETTERS), draw.choice("4567"), draw.choice("0123")
    prompt = f"STATE [] || OPS || QUERY position {before} -> {first} || QUERY position {place} ->"
    return {"input_text": prompt, "target": second(first, place, draw)}


def score(second: Callable[[str, str, Draw], str]) -> Shortcut:
    """The measure of the second query, on 3,000 rows of train and 1,000 of test."""
    draw = random.Random(1)
    rows = [row(draw, second) for _ in range(4000)]
    (found,) = score_earlier_answers({"train": rows[:3000], "test": rows[3000:], "validation": []})
    assert (found.name, found.total) == ("answers before query 2", 1000)
    return found


def test_an_answer_that_tells_the_next_is_found() -> None:
    found = score(lambda first, _, __: LETTERS[LETTERS.index(first) - 1])
    assert found.correct > 950
    assert found.chance < 0.2  # 1/8 by chance


def test_what_the_query_tells_is_no_answer_given_away() -> None:
    found = score(lambda _, place, __: LETTERS[int(place)])
    assert found.correct > 950
    assert found.chance == pytest.approx(found.correct / 1000, abs=0.02)


def test_answers_that_tell_nothing_are_no_better_than_chance() -> None:
    found = score(lambda _, __, draw: draw.choice(LETTERS))
    assert found.correct / 1000 == pytest.approx(found.chance, abs=0.05)


def test_the_commonest_answer_is_guessed_where_queries_tell_less() -> None:
    found = score(lambda _, __, draw: draw.choice("AAAAAAAB"))
    assert found.chance > 0.8
