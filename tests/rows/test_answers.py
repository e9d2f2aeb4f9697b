"""Answer kinds: domains, forgiven spellings, and chance levels."""

import json

import pytest
from support import STOCK, listed

from synthlm_tasks import TASKS, DynaTask, FiltroTask, InductoTask, LogicTask, ParameterError
from synthlm_tasks.rows.task import Task


@pytest.mark.parametrize("name", STOCK)
def test_every_answer_is_its_own_canonical_spelling_of_exactly_one_kind(name: str) -> None:
    task = TASKS[listed(name, "test", 1)[0]["task"]]
    for row in listed(name, "train", 500):
        kinds = [kind for kind in task.answers if kind.canonical(row["target"]) == row["target"]]
        assert kinds == [task.answer_kind(row["target"])]
        assert 0 < task.chance(json.loads(row["metadata"])) <= 0.5


@pytest.mark.parametrize(
    ("task", "target", "given", "canonical"),
    [
        (DynaTask, "K", " k ", "K"),
        (DynaTask, "K", "KL", None),
        (DynaTask, "K", "3", None),
        (DynaTask, "3", "03", "3"),
        (DynaTask, "0", "000", "0"),
        (DynaTask, "3", "20", None),
        (DynaTask, "3", "k", None),
        (DynaTask, "3", "\N{SUPERSCRIPT THREE}", None),
        (InductoTask, "T S R", "[t, S  R]", "T S R"),
        (InductoTask, "T S R", "(T,S,R)", "T S R"),
        (InductoTask, "T S R", "TSR", None),
        (InductoTask, "T S R", "the answer", None),
        (FiltroTask, "beta", "Beta", "beta"),
        (FiltroTask, "beta", "red", None),
        (FiltroTask, "red", "RED", "red"),
        (LogicTask, "1", "1", "1"),
        (LogicTask, "1", "01", None),
        (LogicTask, "1", "true", None),
        (LogicTask, "1", "", None),
    ],
)
def test_spellings_are_forgiven_and_the_domain_is_kept(
    task: type[Task], target: str, given: str, canonical: str | None
) -> None:
    assert task.answer_kind(target).canonical(given) == canonical


def test_a_target_no_problem_can_have_is_refused() -> None:
    with pytest.raises(ParameterError, match=r"target='2': expected 0 or 1"):
        LogicTask.answer_kind("2")
