"""What lighteval is to ask: the rows of a task and the examples of a chat, as plain values."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypedDict

from eval_harness.plugins.choices import possible_answers
from eval_harness.plugins.questions import PluginError, Question, choose_questions
from synthlm_tasks.registry import TASKS
from synthlm_tasks.rows.presets import LEVELS

_LEVELS: Final = {f"{task}-{level}" for task in TASKS for level in LEVELS}


class LightevalRow(TypedDict):
    """A row, named as lighteval names the parts of a `Doc`."""

    query: str
    choices: list[str]
    gold_index: int
    specific: dict[str, Any] | None


@dataclass(frozen=True)
class LightevalRows:
    """The rows of a task, and the examples that lighteval shows before each."""

    rows: list[LightevalRow]
    shots: list[LightevalRow]


def task_names(config: str) -> Iterator[tuple[str, str]]:
    """What a config's tasks are called: before and after the place of `_mc`.

    e.g. dyna-hard → ("synthlm_dyna_hard", "") and ("synthlm_levels", ":dyna_hard"): lighteval runs all that
    begins with what stands before a colon.
    """
    spelled = config.replace("-", "_")
    yield f"synthlm_{spelled}", ""
    if config in _LEVELS:
        yield "synthlm_levels", f":{spelled}"


def make_rows(name: str, chosen: Mapping[str, Any], shots: int) -> LightevalRows:
    """The rows of the task `name`, in the order of `synthlm eval --shots`.

    `chosen` are arguments of `choose_questions`, and `choices`: whether every possible answer is listed.
    Raises PluginError where the rows of a chat do not share their examples.
    """
    settings = {key: value for key, value in chosen.items() if key != "choices"}
    asked = list(choose_questions(**settings, shots=shots).ask())
    # A completion is all in its prompt, examples included; the turns of a chat lighteval puts together.
    examples = asked[0].turns[:-1]
    if any(question.turns[:-1] != examples for question in asked):
        raise PluginError(
            f"{name}|{shots}: lighteval shows the same examples before every row of a task, and these rows "
            f"are of several tasks or levels; ask for one level at a time, or for synthlm_levels|{shots}"
        )
    rows = [_row(question, bool(chosen.get("choices"))) for question in asked]
    return LightevalRows(rows, _pair(examples))


def _row(question: Question, with_choices: bool) -> LightevalRow:
    sample = question.sample
    endpoint = "chat" if "messages" in question.body else "completions"
    answers = possible_answers(sample.task, sample.input_text) if with_choices else [sample.target]
    # An answer that continues a text follows a space, as in training.
    space = " " if with_choices and endpoint == "completions" else ""
    return LightevalRow(
        query=question.turns[-1]["content"],
        choices=[space + answer for answer in answers],
        gold_index=answers.index(sample.target),
        specific={**question.facts, "endpoint": endpoint},
    )


def _pair(turns: Sequence[Mapping[str, str]]) -> list[LightevalRow]:
    """Examples: each a question and the answer to it."""
    said = [turn["content"] for turn in turns]
    return [
        LightevalRow(query=question, choices=[answer], gold_index=0, specific=None)
        for question, answer in zip(said[::2], said[1::2], strict=True)
    ]
