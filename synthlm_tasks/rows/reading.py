"""Reading problems back: from the text alone to the answer, step by step.

One file a task, in plain Python and independent of the generator: what it derives is what any careful
reader of the prompt can.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from synthlm_tasks.errors import SynthLMError


class ReadingError(SynthLMError, ValueError):
    """A text is not a problem of the task, or names something that it does not define."""


@dataclass(frozen=True, slots=True)
class Derivation:
    """How a problem is answered."""

    steps: tuple[str, ...]
    """One line each, e.g. "SWAP(0,2): A D B C E"."""
    answer: str
    wrong_answers: tuple[str, ...]
    """Wrong answers that a careless reader might give; at least one."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How one task's problems are found in a text, and how they are solved."""

    task: str
    """The task's name, for messages."""
    pattern: re.Pattern[str]
    """Matches one whole problem, up to its `->`."""
    solve: Callable[[re.Match[str]], Derivation]
    """Derives the answer from a match; KeyError, ValueError or IndexError where the problem has none."""

    def derive(self, text: str) -> Derivation:
        """Answer the problem that `text` is; raises ReadingError where it is none."""
        match = self.pattern.fullmatch(text)
        if not match:
            raise ReadingError(f"not a {self.task} problem: {_short(text)}")
        return self.derive_match(match)

    def find_last(self, text: str) -> re.Match[str] | None:
        """The last problem within a longer text, such as a prompt."""
        found = None
        for found in self.pattern.finditer(text):  # noqa: B007  # the last one is what is wanted
            pass
        return found

    def derive_match(self, match: re.Match[str]) -> Derivation:
        """Answer a problem that was found; raises ReadingError where it has no answer."""
        try:
            return self.solve(match)
        except (LookupError, ValueError) as error:
            raise ReadingError(f"a {self.task} problem without an answer: {_short(match[0])}") from error


def _short(text: str) -> str:
    return repr(text if len(text) <= 80 else text[:77] + "...")
