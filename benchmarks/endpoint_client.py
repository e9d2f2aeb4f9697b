"""The harness's client beside bare httpx, same bodies and concurrency, one loopback server on another core.

    python benchmarks/endpoint_client.py [--in-flight N …] [--latency 0.2] [--requests 3000]
        [--repeats 3] [--only …]

Bare httpx (0.28) in four ways: one shared client; a client per worker; one client over a small transport that
takes the connection used last (httpcore's own connections and sockets); one over the harness's transport,
which does the same on plain asyncio sockets. Contenders take turns, each in a fresh process on one core;
the median of the repeats counts. Prints a Markdown table.
"""

import argparse
import asyncio
import itertools
import json
import statistics
import subprocess
import sys
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from typing import Final

import httpcore
import httpx
from loopback_server import pin, served

from eval_harness.endpoint.client import Client
from eval_harness.endpoint.connections.transport import LastUsedFirst
from eval_harness.endpoint.settings import ClientSettings

QUESTION = "STATE [A, B, C, D, E] || OPS SWAP(0,2) | ROTATE_LEFT(1) " * 24
BODY: Final = json.dumps(
    {
        "model": "m",
        "messages": [{"role": "user", "content": QUESTION}],
        "max_tokens": 2048,
        "temperature": 0.0,
    }
).encode()
HEADERS: Final = {"content-type": "application/json", "authorization": "Bearer sk-loopback"}

Ask = Callable[[], Awaitable[object]]


class _Plain(httpx.AsyncBaseTransport):
    """The cure of the pool in its plainest form: the connection used last, or a new one."""

    def __init__(self) -> None:
        self._idle: deque[httpcore.AsyncHTTPConnection] = deque()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        wanted = httpcore.Request(
            request.method,
            target,
            headers=request.headers.raw,
            content=request.content,
            extensions=request.extensions,
        )
        while self._idle and self._idle[-1].has_expired():
            await self._idle.pop().aclose()
        connection = (
            self._idle.pop()
            if self._idle
            else httpcore.AsyncHTTPConnection(target.origin, keepalive_expiry=4.0)
        )
        try:
            reply = await connection.handle_async_request(wanted)
        except BaseException:
            await connection.aclose()
            raise
        return httpx.Response(
            reply.status, headers=reply.headers, stream=_PlainBody(reply, connection, self._idle)
        )

    async def aclose(self) -> None:
        for connection in self._idle:
            await connection.aclose()


class _PlainBody(httpx.AsyncByteStream):
    def __init__(
        self,
        reply: httpcore.Response,
        connection: httpcore.AsyncHTTPConnection,
        idle: deque[httpcore.AsyncHTTPConnection],
    ) -> None:
        self._reply, self._connection, self._idle = reply, connection, idle

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._reply.aiter_stream():
            yield chunk

    async def aclose(self) -> None:
        await self._reply.aclose()
        if self._connection.is_idle():
            self._idle.append(self._connection)
        else:
            await self._connection.aclose()


def _bare(client: httpx.AsyncClient, url: str, bodies: Iterator[bytes]) -> Ask:
    async def ask() -> object:
        reply = await client.post(url, content=next(bodies), headers=HEADERS)
        return json.loads(reply.content)["choices"][0]["message"]["content"]

    return ask


async def workers(
    name: str, base_url: str, in_flight: int, stack: AsyncExitStack, bodies: Iterator[bytes]
) -> list[Ask]:
    """One ask for each worker of the contender; each takes the next of `bodies`, which do not end."""
    url = f"{base_url}/chat/completions"
    if name == "SynthLM client":
        settings = ClientSettings(base_url=base_url, max_concurrent=in_flight, requests_per_minute=0)
        ours = await stack.enter_async_context(Client(settings))
        return [lambda: ours.ask(next(bodies))] * ours.useful_concurrency
    limits = httpx.Limits(max_connections=in_flight, max_keepalive_connections=in_flight)
    make: dict[str, Callable[[], httpx.AsyncClient]] = {
        "httpx, one client": lambda: httpx.AsyncClient(limits=limits, timeout=120),
        "httpx, a client per worker": lambda: httpx.AsyncClient(timeout=120),
        "httpx, last used first": lambda: httpx.AsyncClient(transport=_Plain(), timeout=120),
        "httpx, the harness's transport": lambda: httpx.AsyncClient(
            transport=LastUsedFirst(httpx.URL(url)), timeout=120
        ),
    }
    count = in_flight if name == "httpx, a client per worker" else 1
    clients = [await stack.enter_async_context(make[name]()) for _ in range(count)]
    return [_bare(client, url, bodies) for client in clients] * (in_flight // count)


CONTENDERS: Final = (
    "httpx, one client",
    "httpx, a client per worker",
    "httpx, last used first",
    "httpx, the harness's transport",
    "SynthLM client",
)


async def _run(name: str, base_url: str, in_flight: int, requests: int) -> tuple[float, float]:
    """Requests per second and CPU microseconds per request, after one warm round."""
    async with AsyncExitStack() as stack:
        asks = await workers(name, base_url, in_flight, stack, itertools.repeat(BODY))
        spent = 0.0, 0.0
        for owed in (in_flight, requests):
            left = iter(range(owed))

            async def work(ask: Ask, left: Iterator[int] = left) -> None:
                for _ in left:
                    await ask()

            wall, cpu = time.perf_counter(), time.process_time()
            await asyncio.gather(*(work(ask) for ask in asks))
            spent = time.perf_counter() - wall, time.process_time() - cpu
    return requests / spent[0], spent[1] / requests * 1e6


def main() -> None:
    """Measure all, or, in the processes that this starts, one."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--in-flight", type=int, nargs="+", default=[64, 256])
    parser.add_argument("--latency", type=float, default=0.2)
    parser.add_argument("--requests", type=int, default=3000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", nargs="+", default=CONTENDERS, choices=CONTENDERS)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        pin(0)
        print(*asyncio.run(_run(chosen.only[0], chosen.one, chosen.in_flight[0], chosen.requests)))
        return
    print("| in flight | contender | requests/s | CPU per request, µs |\n|---:|---|---:|---:|")
    with served(chosen.latency) as base_url:
        for in_flight in chosen.in_flight:
            command = [sys.executable, __file__, "--requests", str(chosen.requests), "--one", base_url]
            command += ["--in-flight", str(in_flight), "--only"]
            runs: dict[str, list[list[float]]] = {name: [] for name in chosen.only}
            for _ in range(chosen.repeats):
                for name, measured in runs.items():
                    out = subprocess.run([*command, name], check=True, capture_output=True, text=True)
                    measured.append([float(number) for number in out.stdout.split()])
            for name, measured in runs.items():
                rate, cpu = (statistics.median(numbers) for numbers in zip(*measured, strict=True))
                print(f"| {in_flight} | {name} | {rate:,.0f} | {cpu:,.0f} |", flush=True)


if __name__ == "__main__":
    main()
