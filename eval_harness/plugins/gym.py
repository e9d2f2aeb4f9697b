"""Datasets of reasoning-gym: `synthlm_dyna`, `synthlm_inducto`, `synthlm_filtro`, `synthlm_logic`.

Importing this module registers them; then `reasoning_gym.create_dataset("synthlm_dyna", level="hard")` works.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from reasoning_gym.factory import DATASETS, ProceduralDataset, register_dataset

from eval_harness.plugins.questions import Level, choose_problems, judge_reply
from synthlm_tasks.registry import TASKS

PREFIX: Final = "synthlm_"

# Rows made together: reading items one after the other costs no more than reading a table.
_AHEAD: Final = 64


@dataclass
class SynthLMConfig:
    """What a dataset draws."""

    seed: int | None = None
    size: int = 500
    level: Level = "medium"
    axes: dict[str, Any] = field(default_factory=dict)
    """Axes that replace those of the level, e.g. {"num_ops": (3, 5)}."""
    mode: str = "direct"
    """`direct` asks for the bare answer, which reasoning-gym's own prompts put into tags; `reasoning` for
    `ANSWER: …`."""

    def validate(self) -> None:
        """Raise PluginError for what cannot be."""
        choose_problems("dyna", self.level, mode=self.mode, samples=self.size)


class SynthLMDataset(ProceduralDataset):  # type: ignore[misc]  # its types are not read
    """Train problems of one task: item i is row i of the train split of this seed."""

    task: str

    def __init__(self, config: SynthLMConfig) -> None:
        """Draw nothing yet."""
        super().__init__(config=config, seed=config.seed, size=config.size)
        self._portions: dict[int, list[dict[str, Any]]] = {}

    @property
    def category(self) -> str:
        """Where reasoning-gym files it."""
        return "synthlm"

    def __getitem__(self, idx: int) -> dict[str, Any]:
        """Item `idx`: question, answer, metadata; raises IndexError from `size` on."""
        if not 0 <= idx < self.size:
            raise IndexError(f"{idx}: expected 0 to {self.size - 1}")
        number, place = divmod(idx, _AHEAD)
        if number not in self._portions:
            self._portions = {number: self._make_items(number * _AHEAD)}
        return dict(self._portions[number][place])

    def _make_items(self, start: int) -> list[dict[str, Any]]:
        config = self.config
        asked = choose_problems(
            self.task,
            config.level,
            start=start,
            axes=config.axes,
            samples=_AHEAD,
            seed=self.seed,
            mode=config.mode,
        )
        return [
            {
                "question": question.turns[0]["content"],
                "answer": question.sample.target,
                "metadata": {
                    "source_dataset": PREFIX + self.task,
                    "source_index": start + place,
                    "task": self.task,
                    "sample_id": question.sample.sample_id,
                    "difficulty": dict(question.sample.metadata),
                },
            }
            for place, question in enumerate(asked.ask())
        ]

    def score_answer(self, answer: str | None, entry: Mapping[str, Any]) -> float:
        """1.0 where `synthlm eval` would call the answer correct, else 0.0: nothing in between."""
        if not isinstance(answer, str):
            return 0.0
        return float(judge_reply(entry["metadata"]["task"], entry["answer"], answer).is_correct)


def register() -> None:
    """Register one dataset for every task, once."""
    for task in TASKS:
        if PREFIX + task not in DATASETS:
            made = type(f"SynthLM{task.title()}Dataset", (SynthLMDataset,), {"task": task})
            register_dataset(PREFIX + task, made, SynthLMConfig)


register()
