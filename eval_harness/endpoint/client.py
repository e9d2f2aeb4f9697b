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
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, NoReturn, Self, cast

import httpx

from eval_harness.endpoint.exchange import TALKATIVE, Exchange, ExchangeError
from eval_harness.endpoint.faults import Fault
from eval_harness.endpoint.pacing import Pacer
from eval_harness.endpoint.redaction import Redactor
from eval_harness.endpoint.replies import read_answer
from eval_harness.endpoint.settings import ClientSettings
from eval_harness.errors import RequestsRefused, RunStopped, ServerFailing
from eval_harness.records import Failure, Reply

_REJECTED_AT_MOST: Final = 3  # samples with a 4xx before any success
_LONGER: Final = "lower --max-tokens, ask fewer --shots, or serve the model with a longer context"
_HINT: Final = (
    "hint: a server that wants max_completion_tokens in place of max_tokens, or knows no such parameter, "
    "can be suited with --extra-body"
)
_BYTES_PER_TOKEN: Final = 3  # of a prompt, for the reservation of tokens; low, so that it is rather too much
_USUAL_MAX_TOKENS: Final = 2048


@dataclass(slots=True)
class _Pending:
    """What one sample is and has been through."""

    body: bytes
    reserved: float
    attempts: int = 0
    retries: int = 0
    limited: float = 0.0  # seconds of waiting for rate limits


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
        self._places = asyncio.Semaphore(settings.max_concurrent)
        self._resting: set[asyncio.Task[Any]] = set()
        self._closing = False
        self._stopped: RunStopped | None = None
        self._answered = False
        self._rejected = 0
        self._too_long = 0
        self._failures_in_a_row = 0

    async def __aenter__(self) -> Self:
        for name in TALKATIVE:
            logging.getLogger(name).addFilter(self._redactor)
        await self._exchange.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await self._exchange.__aexit__(kind, error, trace)
        finally:
            for name in TALKATIVE:
                logging.getLogger(name).removeFilter(self._redactor)

    @property
    def useful_concurrency(self) -> int:
        """How many asks to keep running, so that places stay filled while some samples wait."""
        return 2 * self._settings.max_concurrent

    def stop(self) -> None:
        """Send nothing more: asks that are not in flight are cancelled, now and later."""
        self._closing = True
        for task in self._resting:
            task.cancel()

    async def ask(self, body: bytes | Mapping[str, Any]) -> Reply | Failure:
        """One sample, from its first attempt to a reply or to giving it up.

        Raises RunStopped where asking on makes no sense, for this sample and for all others.
        """
        payload = body if isinstance(body, bytes) else json.dumps(dict(body)).encode()
        sample = _Pending(payload, self._reservation(payload))
        task = cast("asyncio.Task[Any]", asyncio.current_task())
        self._resting.add(task)
        try:
            while isinstance(result := await self._attempt(sample, task), Fault):
                wait = self._wait(result, sample)
                if wait is None:
                    return self._give_up(result, sample)
                if self._closing:
                    raise asyncio.CancelledError
                await asyncio.sleep(wait)
        finally:
            self._resting.discard(task)
        self._answered = True
        self._failures_in_a_row = 0
        return result

    async def _attempt(self, sample: _Pending, task: "asyncio.Task[Any]") -> Reply | Fault:
        """One request, when there is a place and its turn has come."""
        if self._closing:
            raise asyncio.CancelledError
        async with self._places:
            await self._pacer.acquire(sample.reserved)
            if self._stopped is not None:
                raise self._stopped
            sample.attempts += 1
            self._resting.discard(task)
            try:
                answer = await self._exchange.post(sample.body)
            except ExchangeError as error:
                return Fault("retry", str(error))
            finally:
                self._resting.add(task)
        result = read_answer(answer, self._settings.endpoint, self._redactor, sample.attempts)
        if isinstance(result, Reply) and result.completion_tokens is not None:
            self._pacer.reconcile(sample.reserved, (result.prompt_tokens or 0) + result.completion_tokens)
        return result

    def _wait(self, fault: Fault, sample: _Pending) -> float | None:
        """Seconds to the next attempt; None where there is none. Raises where the run must stop."""
        if fault.kind == "rejected" and not self._answered:
            self._rejected += 1
        if fault.kind == "stop" or (fault.kind == "missing" and not self._answered):
            self._stop_run(RequestsRefused(self._redactor.error(fault.text)))
        if fault.kind == "rejected" and self._rejected >= _REJECTED_AT_MOST and not self._answered:
            text = self._redactor.error(fault.text)
            hint = f"; {_HINT}" if fault.names_parameter else ""
            self._stop_run(RequestsRefused(f"{text} ({self._rejected} samples, none succeeded{hint})"))
        if fault.kind not in ("retry", "limited"):
            return None
        settings = self._settings
        backoff = min(settings.longest_backoff, settings.backoff * 2 ** min(sample.attempts - 1, 30))
        wait = max(fault.wait, self._chance.uniform(0, backoff))
        if fault.kind == "retry":
            sample.retries += 1
            return None if sample.retries > settings.max_retries or wait > settings.patience else wait
        sample.limited += wait
        if sample.limited > settings.patience:
            return None
        self._pacer.pause(wait, settings.max_concurrent)
        return wait

    def _give_up(self, fault: Fault, sample: _Pending) -> Failure:
        text = self._redactor.error(fault.text)
        if fault.wait > self._settings.patience:
            text += f" (asks to wait {fault.wait:,.0f} s; our patience is {self._settings.patience:g} s)"
        if fault.kind == "too_long":  # the server is well: this is no failure of its
            return self._set_aside(text, sample)
        self._failures_in_a_row += 1
        # What was in flight together fails together: that alone is no long row.
        if self._failures_in_a_row >= self._settings.breaker + self._settings.max_concurrent:
            row = f"{self._failures_in_a_row} samples in a row ended without a reply"
            self._stop_run(ServerFailing(f"{row}, the last with: {text}"))
        return Failure(text, sample.attempts)

    def _set_aside(self, text: str, sample: _Pending) -> Failure:
        """Give up what the model's context cannot hold; raises where it seems to hold nothing at all."""
        self._too_long += 1
        if self._too_long >= self._settings.breaker and not self._answered:
            message = f"{text} ({self._too_long} samples are too long, none was answered: {_LONGER})"
            self._stop_run(RequestsRefused(message))
        return Failure(text, sample.attempts, "too_long")

    def _stop_run(self, reason: RunStopped) -> NoReturn:
        self._stopped = reason
        raise reason

    def _reservation(self, body: bytes) -> float:
        """Tokens that a sample may take, rather too many; what it took is settled afterwards."""
        if not self._settings.tokens_per_minute:
            return 0.0
        asked = json.loads(body)
        most = asked.get("max_tokens") or asked.get("max_completion_tokens") or _USUAL_MAX_TOKENS
        return len(body) / _BYTES_PER_TOKEN + (most if isinstance(most, int | float) else _USUAL_MAX_TOKENS)
