"""Rewards: a reward function for GRPO in TRL, and the rows to train on.

Needs nothing but this package: TRL calls the function with what its dataset holds.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from eval_harness.plugins.questions import Level, PluginError, choose_problems, judge_reply
from eval_harness.records import Verdict
from synthlm_tasks.errors import suggest
from synthlm_tasks.registry import TASKS

Completion: TypeAlias = str | Sequence[Mapping[str, Any]]
"""Text that continued a prompt, or the messages that answered a conversation."""


def training_rows(
    task: str | None = None,
    level: Level = None,
    config: str | None = None,
    *,
    samples: int = 1000,
    start: int = 0,
    axes: Mapping[str, object] | None = None,
    **given: object,
) -> list[dict[str, Any]]:
    """Train problems as rows of `prompt`, `target`, `task`, `sample_id`: what TRL and others train on.

    `samples` of every level, from row `start` on: other numbers are other problems, and none is in a held-out
    split. `prompt` is a list of messages, or text with `endpoint="completions"`; `given` are settings of
    `synthlm eval` such as `mode` and `seed`. Raises PluginError.
    """
    asked = choose_problems(task, level, config, start=start, axes=axes, samples=samples, **given)
    said = "messages" if asked.settings.endpoint == "chat" else "prompt"
    return [
        {
            "prompt": question.body[said],
            "target": question.sample.target,
            "task": question.sample.task,
            "sample_id": question.sample.sample_id,
        }
        for question in asked.ask()
    ]


def synthlm_reward(
    prompts: Sequence[object] | None = None,  # noqa: ARG001  # TRL gives every column by name
    completions: Sequence[Completion] = (),
    target: Sequence[str] = (),
    task: Sequence[str] = (),
    log_metric: Callable[[str, float], None] | None = None,
    **_: object,
) -> list[float]:
    """1.0 for every completion that `synthlm eval` calls correct, else 0.0.

    `target` and `task` are columns of the dataset. Messages are judged as a chat, by the last one of the
    assistant; texts as completions, whose first line may be the answer. `log_metric` (TRL gives it) hears the
    share without an answer. Raises PluginError where the columns do not fit together.
    """
    if not len(completions) == len(target) == len(task):
        lengths = f"completions {len(completions)}, target {len(target)}, task {len(task)}"
        raise PluginError(f"columns of unequal lengths: {lengths}")
    verdicts = [judge_completion(*row) for row in zip(completions, target, task, strict=True)]
    if log_metric is not None and verdicts:
        log_metric("synthlm/no_answer", sum(found.outcome != "ok" for found in verdicts) / len(verdicts))
    return [float(found.is_correct) for found in verdicts]


def judge_completion(completion: Completion, target: str, task: str) -> Verdict:
    """The verdict of `synthlm eval` on one completion; raises PluginError for an unknown task."""
    if task not in TASKS:
        raise PluginError(f"task={task!r}: expected one of {', '.join(TASKS)}{suggest(task, list(TASKS))}")
    if isinstance(completion, str):
        return judge_reply(task, target, completion, "completions")
    said = [turn for turn in completion if turn.get("role", "assistant") == "assistant"]
    last = said[-1] if said else {}
    reasoning = str(last.get("reasoning_content") or "")
    return judge_reply(task, target, _text(last.get("content")), reasoning=reasoning, finish_reason="stop")


def _text(content: object) -> str:
    """The text of a message, which may be a list of parts."""
    if isinstance(content, (list, tuple)):
        return "".join(str(part.get("text") or "") for part in content if isinstance(part, Mapping))
    return "" if content is None else str(content)
