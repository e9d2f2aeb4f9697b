"""A server that is gone in some spans of virtual time, and the samples of a run asked of it."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx
from scripted import said
from virtual_time import run_virtually

from eval_harness.endpoint.client import Client
from eval_harness.endpoint.settings import ClientSettings
from eval_harness.errors import HarnessError
from eval_harness.records import Failure, Reply

LATENCY = 0.2
BUSY = httpx.Response(503, json={"error": {"message": "no upstream"}})


def refuse() -> httpx.Response:
    raise httpx.ConnectError("cannot connect")


GONE: dict[str, Callable[[], httpx.Response]] = {
    "503": lambda: BUSY,
    "502 page": lambda: httpx.Response(502, text="<html><title>Bad Gateway</title></html>"),
    "refused": refuse,
    "500": lambda: httpx.Response(500, text="boom"),
    "page with 200": lambda: httpx.Response(200, text="<html>Back soon</html>"),
}


class Service:
    """A server of `LATENCY` that is gone in some spans of time, and what it has seen."""

    def __init__(self, *outages: tuple[float, float], gone: Callable[[], httpx.Response] = refuse) -> None:
        self.outages = outages
        self.gone = gone
        self.answered: Counter[str] = Counter()
        self.sent: list[tuple[float, str]] = []
        self.in_flight = self.most_in_flight = 0

    def is_gone(self) -> bool:
        now = asyncio.get_running_loop().time()
        return any(start <= now < end for start, end in self.outages)

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        content = json.loads(request.content)["messages"][0]["content"]
        self.sent.append((asyncio.get_running_loop().time(), content))
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            if self.is_gone():
                return self.gone()
            await asyncio.sleep(LATENCY)
            if self.is_gone():  # it broke off what it was at
                raise httpx.ReadError("connection lost")
            self.answered[content] += 1
            return said()
        finally:
            self.in_flight -= 1

    def during(self, outage: tuple[float, float]) -> list[float]:
        """When it was asked while it was gone."""
        return [at for at, _ in self.sent if outage[0] <= at < outage[1]]


def run_samples(
    service: Service,
    samples: int = 720,
    **changed: Any,  # noqa: ANN401 # any setting
) -> tuple[list[Reply | Failure | HarnessError], float]:
    """What came of so many samples, asked as a run asks them, and when it was over."""

    async def run() -> tuple[list[Reply | Failure | HarnessError], float]:
        settings = ClientSettings(**{"base_url": "http://host/v1", "requests_per_minute": 0, **changed})
        results: list[Reply | Failure | HarnessError] = []
        left = iter(range(samples))
        transport = httpx.MockTransport(service)
        async with Client(settings, chance=random.Random(5), transport=transport) as client:

            async def work() -> None:
                for number in left:
                    body = {"model": "m", "messages": [{"role": "user", "content": f"sample {number}"}]}
                    try:
                        results.append(await client.ask({**body, "max_tokens": 2048}))
                    except HarnessError as error:
                        results.append(error)
                        client.stop()
                        return

            workers = (work() for _ in range(client.useful_concurrency))
            await asyncio.gather(*workers, return_exceptions=True)
        return results, asyncio.get_running_loop().time()

    return run_virtually(run())
