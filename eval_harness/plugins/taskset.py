"""A taskset of verifiers (its v1): train problems for a policy, held-out ones to evaluate it."""

from collections.abc import Iterator
from typing import Any, Literal

import verifiers.v1 as vf
from pydantic import Field

from eval_harness.plugins.questions import Level, Question, choose_problems, choose_questions, judge_reply
from eval_harness.records import Verdict

__all__ = ["SynthLMTaskset"]

# Problems of a level made together, of an endless stream.
_PORTION = 256


class SynthLMConfig(vf.TasksetConfig):  # type: ignore[misc]  # its types are not read
    """Which problems, under `--env.taskset.*`."""

    tasks: str | None = None
    """One task; all of them by default."""
    level: Level = None
    """easy, medium or hard; all of them by default."""
    config: str | None = None
    """A named config instead of task and level."""
    split: Literal["train", "test"] = "train"
    """`train` is endless; `test` has `samples` of each level."""
    samples: int = 100
    mode: Literal["reasoning", "direct"] = "reasoning"
    seed: int = 42
    axes: dict[str, Any] = Field(default_factory=dict)
    """Of train: axes that replace those of the presets."""


class SynthLMData(vf.TaskData):  # type: ignore[misc]
    """One problem."""

    task: str
    target: str


class SynthLMTask(vf.Task[SynthLMData, vf.State, vf.TaskConfig]):  # type: ignore[misc]
    """A problem and the verdict of `synthlm eval` on what was said to it."""

    @property
    def key(self) -> str:
        """The row's id: it names one problem of a seed."""
        return str(self.data.id)

    @vf.reward  # type: ignore[untyped-decorator]
    async def correct(self, trace: Any) -> float:  # noqa: ANN401  # a type of verifiers
        """1.0 where the verdict is correct, else 0.0."""
        return float(self._judge(trace).is_correct)

    @vf.metric  # type: ignore[untyped-decorator]
    async def no_answer(self, trace: Any) -> float:  # noqa: ANN401
        """1.0 where no answer was read."""
        return float(self._judge(trace).outcome != "ok")

    def _judge(self, trace: Any) -> Verdict:  # noqa: ANN401
        said = trace.assistant_messages
        ended = next((call.finish_reason for call in reversed(trace.calls) if call.error is None), None)
        return judge_reply(
            self.data.task,
            self.data.target,
            (said[-1].content or "") if said else "",
            reasoning=(said[-1].reasoning_content or "") if said else "",
            finish_reason=ended,
        )


class SynthLMTaskset(vf.Taskset[SynthLMTask, SynthLMConfig]):  # type: ignore[misc]
    """Problems with a reward that is exact."""

    def __init__(self, config: SynthLMConfig) -> None:
        """Know whether it ends."""
        super().__init__(config)
        self.INFINITE = config.split == "train"

    def load(self) -> Iterator[SynthLMTask]:
        """The problems, one after another; raises PluginError."""
        for question in self._ask():
            sample = question.sample
            said = [_MESSAGES[turn["role"]](content=turn["content"]) for turn in question.turns]
            data = SynthLMData(
                id=sample.sample_id,
                name=sample.config,
                prompt=said[0].content if len(said) == 1 else said,  # some harnesses take only text
                task=sample.task,
                target=sample.target,
            )
            yield SynthLMTask(data, self.config.task)

    def _ask(self) -> Iterator[Question]:
        config = self.config
        given: dict[str, Any] = {"mode": config.mode, "seed": config.seed}
        chosen = (config.tasks, config.level, config.config)
        if config.split == "test":
            yield from choose_questions(*chosen, samples=config.samples, **given).ask()
            return
        start = 0
        while True:
            yield from choose_problems(
                *chosen, start=start, axes=config.axes, samples=_PORTION, **given
            ).ask()
            start += _PORTION


_MESSAGES = {"system": vf.SystemMessage, "user": vf.UserMessage, "assistant": vf.AssistantMessage}
