"""What every plugin asks: the samples and prompts of `synthlm eval`, and its verdict on a reply."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final, TypeAlias

from eval_harness.endpoint.settings import Endpoint
from eval_harness.errors import HarnessError, SettingsError
from eval_harness.records import Reply, Sample, Verdict
from eval_harness.runs.prompts import Prompts, make_prompts
from eval_harness.runs.samples import Cell, generate_cells, iter_samples
from eval_harness.runs.settings import RunSettings, new_settings
from eval_harness.scoring.verdicts import judge
from synthlm_tasks.catalog import configs
from synthlm_tasks.errors import ParameterError, SynthLMError, suggest
from synthlm_tasks.registry import TASKS, task_of
from synthlm_tasks.rows.presets import level_number
from synthlm_tasks.rows.splits import Split
from synthlm_tasks.rows.task import check_whole_number

Level: TypeAlias = str | int | None
"""The name or number of a level; None for all."""

# Whom to ask is the other harness's business; our settings want a word there.
_ELSEWHERE: Final = "elsewhere"

CHAT_STOP: Final = ("<|endoftext|>",)
"""Where a chat is stopped by harnesses that always send stops: it ends by itself, but some servers answer an
empty list with an error. This one is what lm-evaluation-harness stops at where an API asks for one."""

# Settings of `synthlm eval` → what plugins call them.
_PLUGIN_NAMES: Final = {"samples-per-combo": "samples", "configs": "config"}


class PluginError(HarnessError, ValueError):
    """An argument of a plugin is out of range; the message names it, its value and what is allowed."""


@dataclass(frozen=True)
class Question:
    """A sample, the body of the request that asks it, and the accuracy of guessing."""

    sample: Sample
    body: Mapping[str, Any]
    chance: float

    @property
    def turns(self) -> list[dict[str, str]]:
        """The messages, each a role and its content: of a completion its prompt as a user's one message."""
        made: list[dict[str, str]] = self.body.get("messages") or [
            {"role": "user", "content": self.body["prompt"]}
        ]
        return made

    @property
    def facts(self) -> dict[str, Any]:
        """What other harnesses keep beside a row, to judge the reply to it and to name it by."""
        sample = self.sample
        return {
            "sample_id": sample.sample_id,
            "config": sample.config,
            "task": sample.task,
            "difficulty": sample.difficulty,
            "input_text": sample.input_text,
            "target": sample.target,
            "chance": self.chance,
        }


@dataclass(frozen=True)
class Questions:
    """All that some settings ask: problems to be evaluated on, or to train on."""

    settings: RunSettings
    split: Split = "test"
    start: int = 0
    """The number of the first row of each level."""
    axes: Mapping[str, object] = field(default_factory=dict)
    """Axes that replace those of the presets."""

    @cached_property
    def cells(self) -> list[Cell]:
        """The rows, cell by cell; raises PluginError where there are too few."""
        try:
            return generate_cells(self.settings, self.split, self.start, self.axes)
        except SynthLMError as error:
            raise PluginError(str(error)) from error

    @cached_property
    def prompts(self) -> Prompts[Any]:
        """What makes a sample a request."""
        return make_prompts(self.settings, self.cells)

    def ask(self) -> Iterator[Question]:
        """The questions in the order of `synthlm eval`, the cells in turn."""
        for sample in iter_samples(self.cells, 1):
            chance = task_of(sample.task, sample.sample_id).chance(sample.metadata)
            yield Question(sample, self.prompts.body(sample), chance)


def choose_questions(
    task: str | None = None, level: Level = None, config: str | None = None, **given: object
) -> Questions:
    """The questions of a task (all of its levels, or one), or of a named config.

    `given` are settings of `synthlm eval` (None: its default); `samples` is how many of each level. Raises
    PluginError naming what cannot be.
    """
    given["samples_per_combo"] = given.pop("samples", None)
    if config is not None:
        if level is not None:
            raise PluginError(f"level={level!r}: config={config!r} has its own; give one or the other")
        given["configs"] = [_check_config(config, task)]
    else:
        given["tasks"] = list(TASKS) if task is None else [_check_name("task", task, TASKS)]
        if level is not None:
            given["difficulties"] = [_level_number(level)]
    try:
        return Questions(new_settings({"base_url": _ELSEWHERE, "model": _ELSEWHERE, **given}))
    except SettingsError as error:
        raise PluginError(_name_arguments(str(error))) from None


def choose_problems(
    task: str | None = None,
    level: Level = None,
    config: str | None = None,
    *,
    start: int = 0,
    axes: Mapping[str, object] | None = None,
    **given: object,
) -> Questions:
    """Like `choose_questions`, of the train split: rows from `start` on, with no examples.

    `axes` replaces axes of the presets, e.g. {"num_ops": (3, 5)}.
    """
    chosen = choose_questions(task, level, config, **{"shots": 0, **given})
    try:
        check_whole_number("start", start)
    except ParameterError as error:
        raise PluginError(str(error)) from None
    return replace(chosen, split="train", start=start, axes=axes or {})


def judge_reply(
    task: str,
    target: str,
    content: str,
    endpoint: Endpoint = "chat",
    *,
    reasoning: str = "",
    refusal: str = "",
    finish_reason: str | None = None,
) -> Verdict:
    """The verdict of `synthlm eval` on a reply that came by another way."""
    reply = Reply(
        content=content,
        reasoning=reasoning,
        refusal=refusal,
        finish_reason=finish_reason,
        model=None,
        prompt_tokens=None,
        completion_tokens=None,
        latency_ms=0.0,
        attempts=1,
    )
    return judge(reply, target, TASKS[task].answer_kind(target), endpoint)


def _check_config(name: str, task: str | None) -> str:
    known = [
        config.name
        for config in configs().values()
        if task is None or all(part.task.name == task for part in config.parts)
    ]
    return _check_name("config", name, known)


def _check_name(argument: str, name: str, known: Mapping[str, object] | list[str]) -> str:
    if name not in known:
        expected = f"expected one of {', '.join(known)}"
        raise PluginError(f"{argument}={name!r}: {expected}{suggest(str(name), list(known))}")
    return name


def _level_number(level: str | int) -> int:
    try:
        return level_number(level)
    except ParameterError as error:
        raise PluginError(f"level={level!r}: {str(error).partition(': ')[2]}") from None


def _name_arguments(message: str) -> str:
    """The message of a setting, with its option named as a plugin's argument."""
    return re.sub(
        r"--([a-z][a-z-]+)", lambda m: _PLUGIN_NAMES.get(m[1], m[1].replace("-", "_")), message, count=1
    )
