"""Asks an endpoint for one sample at a time, through all that can go wrong on the way.

    async with Client(settings) as client:
        result = await client.ask({"model": "m", "messages": [...]})

Any number of `ask` may run side by side. The client owns the bound: never more than `max_concurrent` requests
are in flight, and a sample that waits for its retry holds no place. So keep more asks running than that
(`Client.useful_concurrency`), or waiting samples leave places empty.
"""

import asyncio
import json
import logging
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, Final, Literal, Self, cast

import httpx

from eval_harness.endpoint.exchange import TALKATIVE, Exchange, ExchangeError
from eval_harness.endpoint.faults import Cause, Fault, Kind
from eval_harness.endpoint.first_request import ANSWER_TIME, SURE
from eval_harness.endpoint.outages import Outages, make_question
from eval_harness.endpoint.pacing import Pacer
from eval_harness.endpoint.redaction import Redactor
from eval_harness.endpoint.replies import read_answer
from eval_harness.endpoint.retries import PendingSample, RetryPolicy
from eval_harness.endpoint.settings import ClientSettings
from eval_harness.errors import NeverAnswered, RunStopped, ServerGone
from eval_harness.records import Failure, Reply

_BYTES_PER_TOKEN: Final = 3  # of a prompt, for the reservation of tokens; low, so that it is rather too much
_USUAL_MAX_TOKENS: Final = 2048
_ON_THE_WAY: Final = frozenset(("refused", "unknown host", "lost"))  # of the proxy, if there is one
_ALIVE: Final[frozenset[Kind]] = frozenset(
    ("rejected", "missing", "too_long", "final")
)  # the server has looked at it


@dataclass(frozen=True, slots=True)
class Waiting:
    """What everyone waits for, for how many seconds more at most (None: as long as it takes), and why."""

    what: Literal["the first reply", "the rate limit", "the server"]
    seconds: float | None
    why: str


class Client:
    """One endpoint, open inside `async with`."""

    def __init__(
        self,
        settings: ClientSettings,
        *,
        chance: random.Random | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """`chance` draws the jitter; `transport` replaces the network (for tests)."""
        self._settings = settings
        self._chance = chance or random.Random()  # noqa: S311 # jitter needs no cryptography
        self._exchange = Exchange(settings, transport)
        self._redactor = Redactor(settings.secrets())
        self._pacer = Pacer(settings.requests_per_minute, settings.tokens_per_minute, self._chance)
        self._outages = Outages(settings.outage_patience, self.useful_concurrency, self._chance)
        self._places = asyncio.Semaphore(settings.max_concurrent)
        self._resting: set[asyncio.Task[Any]] = set()
        self._closing = False
        self._stopped: RunStopped | None = None
        self._retries = RetryPolicy(settings, self._redactor, self._chance)
        self._asking = 0
        self._clock: Callable[[], float] | None = None  # the loop's, while the client is open
        self._last_fault = ""

    async def __aenter__(self) -> Self:
        for name in TALKATIVE:
            logging.getLogger(name).addFilter(self._redactor)
        await self._exchange.__aenter__()
        self._clock = asyncio.get_running_loop().time
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._clock = None
        try:
            await self._exchange.__aexit__(kind, error, trace)
        finally:
            for name in TALKATIVE:
                logging.getLogger(name).removeFilter(self._redactor)

    @property
    def useful_concurrency(self) -> int:
        """How many asks to keep running, so that places stay filled while some samples wait."""
        return 2 * self._settings.max_concurrent

    @property
    def waiting(self) -> Waiting | None:
        """What the client waits for, if for anything; may be asked by any thread."""
        if self._clock is None:
            return None
        if (left := self._outages.left(self._clock())) is not None:
            return Waiting("the server", left, self._last_fault)
        if left := self._pacer.pause_left(self._clock()):
            return Waiting("the rate limit", left, self._last_fault)
        return None if self._retries.answered else Waiting("the first reply", None, self._last_fault)

    @property
    def starting(self) -> bool:
        """Whether requests have failed and none has been answered: no time to send more."""
        return not self._retries.answered and bool(self._last_fault)

    def stop(self) -> None:
        """Send nothing more: asks that are not in flight are cancelled, now and later."""
        self._closing = True
        for task in self._resting:
            task.cancel()

    async def ask(self, body: bytes | Mapping[str, Any], *, first: bool = False) -> Reply | Failure:
        """One sample, from its first attempt to a reply or to giving it up.

        `first` makes it the one that decides, to be asked before the others: it is tried again for some
        seconds only, and while nothing has been answered its failure is the run's.
        Raises RunStopped where asking on makes no sense, for this sample and for all others.
        """
        payload = body if isinstance(body, bytes) else json.dumps(dict(body)).encode()
        sample = PendingSample(payload, self._reservation(payload), first)
        task = cast("asyncio.Task[Any]", asyncio.current_task())
        self._resting.add(task)
        self._asking += 1
        try:
            while isinstance(result := await self._attempt(sample, task), Fault):
                try:
                    wait = self._retries.wait_after(result, sample)
                except NeverAnswered:
                    if result.cause in SURE or not await self._answers_question(sample):
                        raise
                    sample.first, wait = False, 0.0
                if wait is None:
                    return self._retries.give_up(result, sample)
                if self._closing:
                    raise asyncio.CancelledError
                if result.kind == "limited":
                    self._pacer.pause(wait, self._settings.max_concurrent)
                await asyncio.sleep(wait)
        except RunStopped as reason:
            self._stopped = reason
            raise
        finally:
            self._asking -= 1
            self._resting.discard(task)
        self._retries.note_reply()
        return result

    async def _attempt(self, sample: PendingSample, task: "asyncio.Task[Any]") -> Reply | Fault:
        """One request, when there is a place and its turn has come."""
        if self._closing:
            raise asyncio.CancelledError
        async with self._places:
            await self._pacer.acquire(sample.reserved)
            if self._stopped is not None:
                raise self._stopped
            sample.attempts += 1
            self._resting.discard(task)
            sent = asyncio.get_running_loop().time()
            try:
                result = await self._send(sample.body, sample.attempts)
            finally:
                self._resting.add(task)
            if isinstance(result, Reply) and result.completion_tokens is not None:
                self._pacer.reconcile(sample.reserved, (result.prompt_tokens or 0) + result.completion_tokens)
            if isinstance(result, Reply) or result.kind in _ALIVE:
                self._outages.note_answer(sent)
            elif self._is_outage(result, sample, sent):
                # In the sample's own place: the questions count among the requests in flight.
                await self._wait_for_server(result, sample)
        return result

    async def _answers_question(self, sample: PendingSample) -> bool:
        """Whether the server answers anything at all: then it is the first sample's own that it failed."""
        async with self._places:
            await self._pacer.acquire()
            try:
                async with asyncio.timeout(ANSWER_TIME):
                    result = await self._send(make_question(sample.body), 1)
            except TimeoutError:
                return False
        return isinstance(result, Reply)

    async def _send(self, body: bytes, attempts: int) -> Reply | Fault:
        try:
            answer = await self._exchange.post(body)
        except ExchangeError as error:
            through = self._exchange.via and error.cause in _ON_THE_WAY
            cause: Cause = "proxy" if through else error.cause
            result: Reply | Fault = Fault("retry", str(error), cause=cause)
        else:
            result = read_answer(answer, self._settings.endpoint, self._redactor, attempts)
        if isinstance(result, Fault):
            if self._exchange.via:
                result = replace(result, text=f"{result.text} (through {self._exchange.via})")
            self._last_fault = self._redactor.error(result.text)
        return result

    def _is_outage(self, fault: Fault, sample: PendingSample, sent: float) -> bool:
        """Whether this fault tells that the server is gone; the sample's own faults count when repeated."""
        if self._closing or self._outages.began is not None:
            return False
        if not (fault.blames_server or (fault.kind == "retry" and sample.attempts > 1)):
            return False
        if self._retries.answered:
            return self._outages.note_failure(sent, self._asking)
        # Before any reply only what a starting server does is waited for, and only where that is wanted.
        return self._settings.wait_for_server and fault.blames_server and fault.cause != "tls"

    async def _wait_for_server(self, fault: Fault, sample: PendingSample) -> None:
        """Hold everyone until the server answers again. Raises ServerGone where it does not."""
        loop = asyncio.get_running_loop()
        question = make_question(sample.body)
        began = loop.time()

        async def ask() -> Reply | Fault:
            await self._pacer.acquire_held()
            return await self._send(question, 1)

        self._pacer.hold()
        try:
            last = await self._outages.wait(fault, ask, answered=self._retries.answered)
        finally:
            self._pacer.release(loop.time() - began, self._settings.max_concurrent)
        sample.failed_since = None
        if last is not None:
            asks = f", asks to wait {last.wait:,.0f} s" if last.wait else ""
            seconds = f"{loop.time() - began:,.0f} s"
            text = f"{self._redactor.error(last.text)}{asks} (--outage-patience waits longer)"
            if not self._retries.answered:
                raise NeverAnswered(f"no server at {self._settings.url} within {seconds}: {text}")
            raise ServerGone(f"the server has been gone for {seconds}: {text}")

    def _reservation(self, body: bytes) -> float:
        """Tokens that a sample may take, rather too many; what it took is settled afterwards."""
        if not self._settings.tokens_per_minute:
            return 0.0
        asked = json.loads(body)
        limits = (asked.get(name) for name in ("max_tokens", "max_completion_tokens"))
        most = next((limit for limit in limits if limit is not None), _USUAL_MAX_TOKENS)
        return len(body) / _BYTES_PER_TOKEN + (most if isinstance(most, int | float) else _USUAL_MAX_TOKENS)
