"""Outages: when the server counts as gone, and the wait for its return.

One failure says little: its sample, one worker of many or a hiccup may be to blame. A row of them without a
reply says that asking on is pointless, and that every further sample would lose an attempt for nothing. So
everyone is held back, and one small question at a time is asked until anything but such a failure comes back.
"""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from math import inf
from typing import Any, Final

from eval_harness.endpoint.faults import Fault
from eval_harness.records import Reply

_FEWEST: Final = 3  # failures in a row, however few are asked
_FIRST_PAUSE: Final = 1.0  # seconds; they double
_LONGEST_PAUSE: Final = 10.0  # the most that is lost when the server is back just after a question
_TOKENS: Final = 16  # of a question's reply; some servers refuse to be asked for fewer
_LIMITS: Final = frozenset(("max_tokens", "max_completion_tokens"))


class Outages:
    """Counts failures in a row, and waits. All times are the event loop's own."""

    def __init__(self, patience: float, most_asking: int, chance: random.Random) -> None:
        """Wait for `patience` seconds at most, for `most_asking` samples; `chance` draws the jitter."""
        self._patience = patience
        self._most = most_asking
        self._chance = chance
        self._row = 0
        self._row_began = self._ended = -inf
        self._pause = 0.0
        self.began: float | None = None
        """Since when the server has been gone; None while it is there."""

    def note_answer(self, sent: float) -> None:
        """The server answered a request sent at `sent`: that ends the row, unless it was sent before it."""
        if sent >= self._row_began:
            self._row = 0
            self._pause = 0.0

    def note_failure(self, sent: float, asking: int) -> bool:
        """A request sent at `sent` failed, with so many samples `asking`; returns whether the server is gone.

        It is when as many failed in a row as are asked side by side. Fewer are not enough: where half of all
        requests fail, ten in a row are soon met with, and each time everyone would wait for nothing.
        """
        if self.began is not None or sent < self._ended:  # belongs to an outage that is known
            return False
        if not self._row:
            self._row_began = asyncio.get_running_loop().time()
        self._row += 1
        return self._row >= max(_FEWEST, min(self._most, asking))

    def left(self, now: float) -> float | None:
        """Seconds for which an outage is still waited through; None where there is none."""
        began = self.began
        return None if began is None else max(0.0, began + self._patience - now)

    async def wait(
        self, fault: Fault, ask: Callable[[], Awaitable[Reply | Fault]], *, answered: bool
    ) -> Fault | None:
        """Ask until there is an answer, and return None; or the last fault, when patience is at its end.

        Where the server asks for a longer wait than patience is left, the end comes at once.
        """
        loop = asyncio.get_running_loop()
        self.began = began = loop.time()
        try:
            while True:
                left = max(0.0, began + self._patience - loop.time())
                if fault.wait > left:
                    return fault
                await asyncio.sleep(min(left, max(fault.wait, self._pause * self._chance.uniform(0.8, 1))))
                result = await ask()
                if isinstance(result, Reply) or not _is_away(result, answered=answered):
                    return None
                fault = result
                if loop.time() - began >= self._patience:
                    return fault
                self._pause = min(_LONGEST_PAUSE, max(_FIRST_PAUSE, 2 * self._pause))
        finally:
            self._row = 0
            self._ended = loop.time()
            self.began = None


def make_question(body: bytes) -> bytes:
    """A request like the sample's, with a prompt and a reply of a few tokens: no sample is asked twice."""
    asked: dict[str, Any] = json.loads(body)
    if "messages" in asked:
        asked["messages"] = [{"role": "user", "content": "Say OK."}]
    if "prompt" in asked:
        asked["prompt"] = "OK"
    return json.dumps(asked | dict.fromkeys(_LIMITS & asked.keys(), _TOKENS)).encode()


def _is_away(fault: Fault, *, answered: bool) -> bool:
    """Whether an outage goes on. A server that never answered well is not waited for in its other faults."""
    return fault.blames_server or (answered and fault.kind == "retry")
