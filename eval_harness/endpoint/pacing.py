"""When the next request may start: at even gaps, after a pause for everyone, not while all are held."""

import asyncio
import random
from math import inf
from typing import Final

_LATE: Final = 0.1  # seconds by which a late start may shorten the gap after it
_SLACK: Final = 0.003  # share by which gaps are longer than 60 s / rate; 60 s · slack must be above _LATE
_REENTRY: Final = 5.0  # seconds over which all workers come back after a pause, at most


class _Schedule:
    """Spends units at a rate.

    A start that comes late by up to _LATE does not delay those after it, so the rate does not drift; a
    longer delay is not made up for. Hence N + 1 starts at N per minute span at least 60 s · (1 + slack) −
    _LATE, which is over a minute: no minute ever sees more than N, with some room for delays on the way.
    """

    def __init__(self, per_minute: float) -> None:
        self._cost = 60.0 * (1 + _SLACK) / per_minute if per_minute else 0.0
        self.due = -inf

    def spend(self, now: float, units: float) -> None:
        late = now - self.due
        self.due = (self.due if late <= _LATE else now) + units * self._cost

    def give_back(self, units: float) -> None:
        self.due -= units * self._cost


class Pacer:
    """Gives out turns, first come, first served. All times are the event loop's own, which is monotonic."""

    def __init__(self, requests_per_minute: float, tokens_per_minute: float, chance: random.Random) -> None:
        """Rates of 0 mean no limit; `chance` draws the jitter."""
        self._requests = _Schedule(requests_per_minute)
        self._tokens = _Schedule(tokens_per_minute)
        self._chance = chance
        self._opens = self._settled_at = -inf
        self._reentry_gap = 0.0
        self._next = -inf  # after a pause only
        self._held = False
        self._line = asyncio.Lock()
        self._earlier = asyncio.Event()

    async def acquire(self, tokens: float = 0) -> None:
        """Wait for the next start, which reserves `tokens`. The first comes at once."""
        loop = asyncio.get_running_loop()
        async with self._line:
            while (wait := (inf if self._held else self._due() - loop.time())) > 0:
                await self._sleep(wait)
            now = loop.time()
            self._requests.spend(now, 1)
            self._tokens.spend(now, tokens)
            if now < self._settled_at:
                self._next = now + self._chance.uniform(0, 2 * self._reentry_gap)

    def reconcile(self, reserved: float, used: float) -> None:
        """Replace a turn's reservation by what its reply really took."""
        self._tokens.give_back(reserved - used)
        self._earlier.set()

    def pause(self, seconds: float, workers: int, spread: float | None = None) -> None:
        """No turn for so long; then `workers` of them spread at random over `spread`, or as long again."""
        opens = asyncio.get_running_loop().time() + seconds
        if opens > self._opens:
            spread = min(seconds if spread is None else spread, _REENTRY)
            self._opens, self._settled_at = opens, opens + spread
            self._reentry_gap = spread / workers

    def hold(self) -> None:
        """No turn for anyone until `release`, but by `acquire_held`."""
        self._held = True

    async def acquire_held(self) -> None:
        """Wait for the turn of the one that asks while all others are held."""
        loop = asyncio.get_running_loop()
        while (wait := self._due() - loop.time()) > 0:
            await asyncio.sleep(wait)
        self._requests.spend(loop.time(), 1)

    def release(self, seconds: float, workers: int) -> None:
        """Turns again: `workers` of them spread at random over as long as they were held, `seconds`."""
        self._held = False
        self.pause(0, workers, spread=seconds)
        self._earlier.set()

    def pause_left(self, now: float) -> float:
        """Seconds to the end of a pause."""
        return max(0.0, self._opens - now)

    def _due(self) -> float:
        return max(self._requests.due, self._tokens.due, self._opens, self._next)

    async def _sleep(self, seconds: float) -> None:
        """For so long, or until a settlement may have moved the next start."""
        self._earlier.clear()
        try:
            async with asyncio.timeout(None if seconds == inf else seconds):
                await self._earlier.wait()
        except TimeoutError:
            return
