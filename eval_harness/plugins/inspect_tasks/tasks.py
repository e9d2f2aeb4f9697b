"""One task of inspect_ai for every task of ours, and one for every named config."""

from collections.abc import Mapping
from typing import Any, Final

from inspect_ai import Task, task
from inspect_ai._util.error import PrerequisiteError
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import (
    ChatMessageAssistant,
    ChatMessageSystem,
    ChatMessageUser,
    GenerateConfig,
)
from inspect_ai.solver import generate
from rich.markup import escape

from eval_harness.endpoint.settings import Endpoint
from eval_harness.plugins.inspect_tasks.naming import named
from eval_harness.plugins.inspect_tasks.scoring import verdict
from eval_harness.plugins.questions import Level, PluginError, Question, Questions, choose_questions
from eval_harness.scoring.extraction import EXTRACTION_VERSION
from synthlm_tasks.registry import TASKS
from synthlm_tasks.version import DATASET_VERSION

METADATA: Final = "synthlm"
"""The entry of a task's metadata that tells which samples were asked, and how."""

_MESSAGES: Final = {"system": ChatMessageSystem, "user": ChatMessageUser, "assistant": ChatMessageAssistant}


def _choose_task(task: str | None, level: Level, config: str | None, given: Mapping[str, Any]) -> Task:
    """The task that asks what is chosen; what cannot be is told without a traceback, as inspect_ai does."""
    try:
        return _make_task(choose_questions(task, level, config, **given))
    except PluginError as error:
        raise PrerequisiteError(escape(str(error))) from error


def _make_task(questions: Questions) -> Task:
    """The task that asks these questions."""
    settings = questions.settings
    first, *_ = asked = list(questions.ask())
    names = ", ".join(dict.fromkeys(question.sample.config for question in asked))
    return Task(
        dataset=MemoryDataset(list(map(_make_sample, asked)), name=names),
        solver=generate(),
        scorer=verdict(endpoint=settings.endpoint),
        config=GenerateConfig(
            max_tokens=settings.max_tokens,
            temperature=settings.temperature,
            stop_seqs=first.body.get("stop"),
        ),
        version=DATASET_VERSION,
        metadata={
            METADATA: {
                "dataset_version": DATASET_VERSION,
                "extraction_version": EXTRACTION_VERSION,
                "settings": settings.model_dump(mode="json"),
            }
        },
    )


def _make_sample(question: Question) -> Sample:
    sample = question.sample
    return Sample(
        input=[_MESSAGES[turn["role"]](content=turn["content"]) for turn in question.turns],
        target=sample.target,
        id=sample.sample_id,
        metadata={
            "config": sample.config,
            "task": sample.task,
            "difficulty": sample.difficulty,
            "chance": question.chance,
            "input_text": sample.input_text,
            "parameters": sample.metadata,
        },
    )


def _named_task(name: str) -> Any:  # noqa: ANN401  # what inspect_ai's decorator makes
    def make(
        level: Level = None,
        config: str | None = None,
        samples: int | None = None,
        mode: str | None = None,
        shots: int | None = None,
        seed: int | None = None,
        endpoint: Endpoint | None = None,
        system_prompt: str | None = None,
    ) -> Task:
        given: Mapping[str, Any] = {
            "samples": samples, "mode": mode, "shots": shots, "seed": seed, "endpoint": endpoint,
            "system_prompt": system_prompt,
        }  # fmt: skip
        return _choose_task(name, level, config, given)

    make.__doc__ = f"""{name}: {TASKS[name].rule}

    Args:
        level: easy, medium or hard (or 1 to 3); all of them by default.
        config: A named config of the task instead of a level.
        samples: Samples of each level, 100 by default.
        mode: reasoning (work it out, then ANSWER: …), or direct (the bare answer).
        shots: Solved examples before each problem.
        seed: Seed of the samples.
        endpoint: chat, or completions for a provider that sends prompts as they are.
        system_prompt: A system message; before completions, the first text.
    """
    full_name, ready = named(name, make)
    return task(name=full_name)(ready)


def _config(
    name: str,
    samples: int | None = None,
    mode: str | None = None,
    shots: int | None = None,
    seed: int | None = None,
    endpoint: Endpoint | None = None,
    system_prompt: str | None = None,
) -> Task:
    """Any named config (`synthlm info` lists them); a mixture stands for its levels.

    Args:
        name: The config, e.g. dyna-grid.
        samples: Samples of each level, 100 by default.
        mode: reasoning (work it out, then ANSWER: …), or direct (the bare answer).
        shots: Solved examples before each problem.
        seed: Seed of the samples.
        endpoint: chat, or completions for a provider that sends prompts as they are.
        system_prompt: A system message; before completions, the first text.

    """
    given: Mapping[str, Any] = {
        "samples": samples, "mode": mode, "shots": shots, "seed": seed, "endpoint": endpoint,
        "system_prompt": system_prompt,
    }  # fmt: skip
    return _choose_task(None, None, name, given)


INSPECT_TASKS: Final = {name: _named_task(name) for name in TASKS}
"""The tasks `synthlm/dyna` and so on, by the names of ours."""

_CONFIG_NAME, _CONFIG = named("config", _config)
config_task: Final = task(name=_CONFIG_NAME)(_CONFIG)
"""The task `synthlm/config`."""
