"""A fifth task, small enough to be read at a glance: say a number, or its double.

It doubles as a pytest plugin (`-p toys`) that registers the task before any test is collected.
"""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from synthlm_tasks import TASKS, presets
from synthlm_tasks.answers import AnswerKind
from synthlm_tasks.axes import ChoiceAxis, IntAxis
from synthlm_tasks.reading import Derivation, Reading
from synthlm_tasks.splits import key_words
from synthlm_tasks.streams import Bits, Ints
from synthlm_tasks.task import Belongs, Params, Problem, Task, Text
from synthlm_tasks.text import fragments
from synthlm_tasks.writing import Laid, Literals

PRESET: dict[str, Any] = {
    "easy": {"digits": 6, "double": False},
    "medium": {"digits": [6, 7]},
    "hard": {"digits": 7},
    "grid": {"digits": [5, 6, 7], "double": [False, True]},
    "families": {
        "twin": {
            "configs": ["mixed"],
            "easy": {"digits": 6, "double": True},
            "medium": {"digits": [6, 7], "double": True},
            "hard": {"digits": 7, "double": True},
        }
    },
}

_HEADS = [f"{word} {head}" for word in ("SAY", "DOUBLE") for head in range(10_000)]
_PROMPTS = Literals.of([*_HEADS, *(f"{tail:03} ->" for tail in range(1000))])
_ANSWERS = Literals.of([*(f"{tail:03}" for tail in range(1000)), *map(str, range(20_000))])


def _solve(match: re.Match[str]) -> Derivation:
    right = answer(match[0])
    return Derivation((f"{match[1].lower()}: {right}",), right, (f"1{right}",))


class ToyTask(Task):
    """Say a number of up to `digits` digits, or its double; of odd numbers two in three are rejected.

    Problem arrays (c problems): `number`, `double` (c,).
    """

    name = family = "toy"
    rule = "SAY asks for the number as it stands, DOUBLE for twice the number."
    axes = (IntAxis("digits", 3, 7), ChoiceAxis("double", (False, True)))
    answers = (AnswerKind("number", "a whole number", r"\d{4,8}", str),)
    reading = Reading("toy", re.compile(r"(SAY|DOUBLE) (\d{4,7}) ->"), _solve)
    note_fragments = fragments([',"odd":false}', ',"odd":true}'])

    @classmethod
    def chance(cls, metadata: Mapping[str, Any]) -> float:
        """One of all numbers of so many digits."""
        return float(10 ** -metadata["digits"])

    @classmethod
    def longest(cls, cell: Mapping[str, int]) -> int:
        """It has words that the vocabulary lacks."""
        return 6

    @classmethod
    def pose(cls, params: Params, bits: Bits, belongs: Belongs) -> tuple[Ints, Problem]:
        """Draw numbers; the key is the number alone."""
        number = bits.below(10 ** params["digits"], len(params["digits"]))
        fine = belongs(number.view(np.uint64) * key_words("toy", 1)) & ((number % 2 == 0) | (number % 3 == 0))
        kept = np.flatnonzero(fine)
        return kept, {"number": number[kept], "double": params["double"][kept]}

    @classmethod
    def render(cls, problem: Problem) -> Text:
        """The question, then the number in two fragments."""
        number, double = problem["number"], problem["double"]
        prompt = Laid(_PROMPTS, np.stack([double * 10_000 + number // 1000, len(_HEADS) + number % 1000]))
        answer = number * (1 + double)
        target = Laid(_ANSWERS, np.stack([1000 + answer // 1000, answer % 1000]))
        return Text(input_text=prompt, target=target, notes=(number % 2)[None])


def answer(text: str) -> str:
    """The oracle: heads and tails of three digits are written without a gap."""
    match = re.fullmatch(r"(SAY|DOUBLE) (\d{1,4}\d{3}) ->", text)
    if not match:
        raise ValueError(f"not a toy prompt: {text!r}")
    number = int(match[2]) * (2 if match[1] == "DOUBLE" else 1)
    return f"{number // 1000}{number % 1000:03}"


def violations(row: dict[str, str]) -> list[str]:
    """Nothing but the answer can be wrong."""
    return [] if answer(row["input_text"]) == row["target"] else ["the answer is wrong"]


def key(row: dict[str, str]) -> object:
    """The number alone decides the split."""
    return re.sub(r"\D", "", row["input_text"])


def register(registry: dict[str, type[Task]] = TASKS) -> None:
    """Add the task and its preset table, as its file, its TOML and its registry entry would."""
    import sys

    from synthlm_tasks.audit.checks import CHECKS, Checks

    read = presets.task_preset
    toy = presets.TaskPreset.model_validate(PRESET)

    def task_preset(task: str) -> presets.TaskPreset:
        return toy if task == "toy" else read(task)

    for module in [presets, *sys.modules.values()]:
        if getattr(module, "__name__", "").startswith("synthlm") and hasattr(module, "task_preset"):
            module.task_preset = task_preset
    registry["toy"] = ToyTask
    CHECKS["toy"] = Checks(str, answer, key, violations)


def pytest_configure() -> None:
    """As a plugin: register before collection."""
    register()
