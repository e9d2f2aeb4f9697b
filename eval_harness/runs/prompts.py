"""Prompts: from a sample to the body of a request.

What a problem means comes from its task (`Task.rule`), what an answer looks like from its answer kind: no
task is known by name. Which kind is asked for stands in the problem, so naming it gives nothing away.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any, Final, Generic, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict

from eval_harness.records import Sample
from eval_harness.runs.samples import Cell, Shot
from eval_harness.runs.settings import RunSettings
from synthlm_tasks.registry import TASKS
from synthlm_tasks.rows.answers import DIRECT, REASONING, AnswerKind

# What opens a problem of a completion to be reasoned about, and so what ends the answer to the one before.
_HEADING: Final = "Problem: "

Head = TypeVar("Head")
Turns: TypeAlias = list[dict[str, str]]

# Stands for the problem where the text around it is wanted: no problem holds such a character.
_PLACE: Final = "\0"


class PromptFrame(BaseModel):
    """What is sent around every problem of one config, task and kind of answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    config: str
    task: str
    kind: str
    """The description of the answer kind."""
    turns: tuple[tuple[str, str], ...]
    """Role and content of the whole turns before the problem; none of a completion."""
    before: str
    after: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells the frame from the others of a run."""
        return self.config, self.task, self.kind


class Prompts(ABC, Generic[Head]):
    """Request bodies of the samples of some cells; what does not depend on the sample is built once."""

    def __init__(self, settings: RunSettings, cells: Iterable[Cell]) -> None:
        """Prepare the examples of every config and task."""
        self.reasoning = settings.mode == "reasoning"
        self.system_prompt = settings.system_prompt
        self._common = _common(settings)
        self._seed = settings.request_seed
        self._heads = {(cell.config, cell.task): self.head(cell.task, cell.shots) for cell in cells}

    def body(self, sample: Sample) -> dict[str, Any]:
        """The body of the request that asks `sample`."""
        kind = TASKS[sample.task].answer_kind(sample.target)
        body = {**self._common, **self.ask(self._heads[sample.config, sample.task], sample.input_text, kind)}
        if (
            self._seed is not None and "seed" in body
        ):  # the same seed would give the same reply in every epoch
            body["seed"] = self._seed + sample.epoch
        return body

    def frames(self) -> tuple[PromptFrame, ...]:
        """What every request of these cells holds around its problem."""
        made = []
        for (config, task), head in self._heads.items():
            for kind in TASKS[task].answers:
                asked = self.ask(head, _PLACE, kind)
                *turns, last = asked.get("messages") or [{"content": asked["prompt"]}]
                before, _, after = last["content"].rpartition(_PLACE)
                made.append(
                    PromptFrame(
                        config=config,
                        task=task,
                        kind=kind.description,
                        turns=tuple((turn["role"], turn["content"]) for turn in turns),
                        before=before,
                        after=after,
                    )
                )
        return tuple(made)

    @abstractmethod
    def head(self, task: str, shots: tuple[Shot, ...]) -> Head:
        """What stands before every problem of a task."""

    @abstractmethod
    def ask(self, head: Head, text: str, kind: AnswerKind) -> dict[str, Any]:
        """The fields of the body that carry the problem `text`, whose answer is of this kind."""


class ChatPrompts(Prompts[tuple[Turns, str]]):
    """Turns of a chat: the rule opens the first one, every question ends in how to answer it."""

    def head(self, task: str, shots: tuple[Shot, ...]) -> tuple[Turns, str]:
        """The turns before the question, and what opens the question."""
        rule = f"{TASKS[task].rule}\n\n"
        turns = [{"role": "system", "content": self.system_prompt}] if self.system_prompt else []
        for text, target in shots:
            kind = TASKS[task].answer_kind(target)
            turns.append({"role": "user", "content": rule + self._question(text, kind)})
            turns.append({"role": "assistant", "content": f"ANSWER: {target}" if self.reasoning else target})
            rule = ""
        return turns, rule

    def ask(self, head: tuple[Turns, str], text: str, kind: AnswerKind) -> dict[str, Any]:
        """The messages."""
        turns, rule = head
        return {"messages": [*turns, {"role": "user", "content": rule + self._question(text, kind)}]}

    def _question(self, text: str, kind: AnswerKind) -> str:
        asked = (REASONING if self.reasoning else DIRECT).format(asked=kind.description)
        return f"{text}\n\n{asked}"


class CompletionPrompts(Prompts[str]):
    """Text to be continued: bare rows as in training, or problems to reason about under the rule."""

    def head(self, task: str, shots: tuple[Shot, ...]) -> str:
        """The text before the problem."""
        opening = f"{self.system_prompt}\n\n" if self.system_prompt else ""
        if not self.reasoning:
            return opening + "".join(f"{text} {target}\n\n" for text, target in shots)
        kinds = " or ".join(dict.fromkeys(kind.description for kind in TASKS[task].answers))
        opening += f"{TASKS[task].rule}\n\n{REASONING.format(asked=kinds)}\n\n"
        return opening + "".join(f"{_HEADING}{text}\nANSWER: {target}\n\n" for text, target in shots)

    def ask(self, head: str, text: str, kind: AnswerKind) -> dict[str, Any]:  # noqa: ARG002  # the head names every kind
        """The prompt."""
        return {"prompt": f"{head}{_HEADING}{text}\n" if self.reasoning else head + text}


def make_prompts(settings: RunSettings, cells: Iterable[Cell]) -> Prompts[Any]:
    """The prompts for the chosen endpoint."""
    if settings.endpoint == "chat":
        return ChatPrompts(settings, cells)
    return CompletionPrompts(settings, cells)


def _common(settings: RunSettings) -> dict[str, Any]:
    """What every body holds: model, sampling and `--extra-body`, whose nulls take a field out."""
    body: dict[str, Any] = {
        "model": settings.model,
        "max_tokens": settings.max_tokens,
        "temperature": settings.temperature,
    }
    if settings.request_seed is not None:
        body["seed"] = settings.request_seed
    if settings.stream:
        body |= {"stream": True, "stream_options": {"include_usage": True}}
    if settings.endpoint == "completions":
        body["stop"] = [f"\n{_HEADING}"] if settings.mode == "reasoning" else ["\n"]
    return {name: value for name, value in (body | settings.extra_body).items() if value is not None}
