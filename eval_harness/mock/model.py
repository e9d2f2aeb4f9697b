"""What the mock model says: it finds the problem in the prompt, solves it, and now and then errs.

Whether it errs, and how, depends on its seed and the problem alone, so that runs agree whatever the order.
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from synthlm_tasks.registry import TASKS
from synthlm_tasks.rows.reading import Derivation, ReadingError

_CACHED: Final = 4096


@dataclass(frozen=True, slots=True)
class Question:
    """The last problem of a prompt, and its derivation."""

    problem: str
    derivation: Derivation


@dataclass(frozen=True, slots=True)
class MockReply:
    """What the model makes of a prompt: the problem it read ("" if none), working, and an answer."""

    problem: str
    working: str
    answer: str
    marked: bool
    """Whether the prompt asks for `ANSWER:`."""

    @property
    def text(self) -> str:
        """The whole reply."""
        return f"{self.working}\nANSWER: {self.answer}" if self.marked else self.answer


@dataclass(frozen=True, slots=True)
class Model:
    """A model that is right with probability `accuracy`, problem by problem."""

    accuracy: float
    seed: int

    def answer(self, prompt: str) -> MockReply:
        """Answer the last problem in a prompt, rightly or with another answer of the same kind."""
        question = _question(prompt)
        marked = "ANSWER:" in prompt
        if question is None:
            return MockReply("", "There is no problem here that I know.", "?", marked)
        problem, derivation = question.problem, question.derivation
        if self.share("right", problem) < self.accuracy:
            return MockReply(problem, "\n".join(derivation.steps), derivation.answer, marked)
        others = derivation.wrong_answers
        wrong = others[int(self.share("wrong", problem) * len(others))]
        return MockReply(problem, "\n".join(derivation.steps[:-1]), wrong, marked)

    def share(self, *parts: str) -> float:
        """A number in [0, 1) that the seed and the parts decide."""
        text = "\0".join([str(self.seed), *parts])
        return int.from_bytes(hashlib.sha256(text.encode(errors="replace")).digest()[:6]) / (1 << 48)


def digest(text: str) -> str:
    """The name of a problem or a prompt in the request log."""
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:16]


@lru_cache(_CACHED)
def _question(prompt: str) -> Question | None:
    found = [
        (match.end(), match, task.reading)
        for task in TASKS.values()
        if (match := task.reading.find_last(prompt)) is not None
    ]
    if not found:
        return None
    _, match, reading = max(found, key=lambda place: place[0])
    try:
        return Question(match[0], reading.derive_match(match))
    except ReadingError:
        return None
