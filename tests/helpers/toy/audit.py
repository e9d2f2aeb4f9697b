"""How rows of the toy task are judged."""

import re

from synthlm_tasks.audit.checks import Row
from synthlm_tasks.audit.heuristics import heuristics_of
from synthlm_tasks.audit.task_audit import Checks, TaskAudit
from synthlm_tasks.audit.views import Question, UniformDraw, View


def parse(text: str) -> tuple[str, int]:
    """The word and the number: heads and tails of three digits are written without a gap."""
    match = re.fullmatch(r"(SAY|DOUBLE) (\d{1,4}\d{3}) ->", text)
    if not match:
        raise ValueError(f"not a toy prompt: {text!r}")
    return match[1], int(match[2])


def answer(text: str) -> str:
    """The number or its double, at least four digits."""
    word, number = parse(text)
    number *= 2 if word == "DOUBLE" else 1
    return f"{number // 1000}{number % 1000:03}"


def key(row: Row) -> object:
    """The number alone decides the split."""
    return re.sub(r"\D", "", row["input_text"])


def violations(row: Row) -> list[str]:
    """Nothing but the answer can be wrong."""
    return [] if answer(row["input_text"]) == row["target"] else ["the answer is wrong"]


def the_number_itself(problem: tuple[str, int]) -> str:
    """That nothing is ever doubled."""
    return f"{problem[1] // 1000}{problem[1] % 1000:03}"


def question(row: Row) -> Question:
    """From the digits to whether the number divides by three."""
    digits = key(row)
    return Question([*str(digits)], int(int(str(digits)) % 3 == 0), range(2))


def even(row: Row) -> list[UniformDraw]:
    """Of the last digit, even ones are as likely as one another."""
    last = int(row["input_text"][-4])
    return [] if last % 2 else [UniformDraw("the last digit", last, range(0, 10, 2))]


AUDIT = TaskAudit(
    checks=Checks(parse, answer, key, violations),
    view=View(question, "whether the number divides by three", even, uniform=False),
    heuristics={"toy": heuristics_of(the_number_itself)},
)
