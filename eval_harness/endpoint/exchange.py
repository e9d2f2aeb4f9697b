"""One request and its answer: a deadline over the whole of it, and a cap on what is read."""

import asyncio
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

import httpcore
import httpx

from eval_harness.endpoint.answers.events import EVENT_STREAM, StreamCutError, read_events
from eval_harness.endpoint.connections.transport import LastUsedFirst
from eval_harness.endpoint.faults import Cause
from eval_harness.endpoint.settings import ClientSettings

MAX_BODY: Final = 8 * 1024 * 1024
TALKATIVE: Final = ("httpcore.connection", "httpcore.http11", "httpcore.proxy")
"""Loggers that at level DEBUG show a server's headers, whatever it echoes in them."""

_MAX_ERROR: Final = 64 * 1024  # of an error's body only the message is kept

_BROKEN: Final = (
    httpx.TransportError,
    httpx.DecodingError,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.TimeoutException,
    httpcore.ProxyError,
    OSError,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `cut` tells that more would have followed than is ever read."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    cut: bool
    seconds: float
    first_token: float | None = None
    """Seconds to the first text of a streamed reply."""


class ExchangeError(Exception):
    """No whole answer came; the message says why."""

    def __init__(self, text: str, cause: Cause) -> None:
        """`cause` is what the error amounts to."""
        super().__init__(text)
        self.cause = cause


class Exchange:
    """Posts bodies to the endpoint of `settings`; nothing else in this package sends a request."""

    def __init__(self, settings: ClientSettings, transport: httpx.AsyncBaseTransport | None = None) -> None:
        """`transport` replaces the network."""
        self._url = httpx.URL(settings.url)
        self._transport = transport or LastUsedFirst(self._url)
        self.via: str | None = getattr(self._transport, "via", None)
        """Words for the proxy in between, if there is one."""
        self._headers = _headers(settings)
        self._deadline = settings.timeout
        self._stream = settings.stream
        self._extensions = {"timeout": {"connect": settings.connect_timeout, "read": settings.read_timeout}}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._transport.aclose()
        await asyncio.sleep(0)  # closed sockets are let go of in the loop's next turn

    async def post(self, body: bytes) -> Answer:
        """Send and read the whole answer, whatever its status. Raises ExchangeError where none comes."""
        request = httpx.Request(
            "POST", self._url, headers=self._headers, content=body, extensions=self._extensions
        )
        started = time.perf_counter()
        first_token: float | None = None
        try:
            async with asyncio.timeout(self._deadline) as deadline:
                response = await self._transport.handle_async_request(request)
                try:
                    if response.is_success and _is_stream(response):
                        reply = await read_events(response, MAX_BODY, lambda: self._extend(deadline))
                        content, cut = reply.body(), reply.too_long
                        first_token = reply.first_token and reply.first_token - started
                    else:
                        content, cut = await _read(response)
                finally:
                    await response.aclose()
        except _BROKEN as error:
            late = isinstance(error, TimeoutError) and deadline.expired()
            reason = self._lateness() if late else _reason(error)
            raise ExchangeError(reason, "silent" if late else _cause(error)) from None
        except StreamCutError as error:
            raise ExchangeError(str(error), "ended") from None
        except (ValueError, RecursionError) as error:
            raise ExchangeError(f"malformed JSON in the streamed reply: {error}", "form") from None
        seconds = time.perf_counter() - started
        return Answer(response.status_code, response.headers, content, cut, seconds, first_token)

    def _extend(self, deadline: asyncio.Timeout) -> None:
        """A sign of life: where replies are streamed, the deadline is for the silence since the last one."""
        if self._stream and not deadline.expired():
            deadline.reschedule(asyncio.get_running_loop().time() + self._deadline)

    def _lateness(self) -> str:
        what = "silence for" if self._stream else "no whole answer within"
        return f"{what} {self._deadline:g} s"


def _is_stream(response: httpx.Response) -> bool:
    """Whether events come, whatever was asked for: some servers know no streams, some nothing else."""
    kind: str = response.headers.get("content-type", "")
    return kind.partition(";")[0].strip().lower() == EVENT_STREAM


def _headers(settings: ClientSettings) -> httpx.Headers:
    # Uncompressed, so that the cap is on what really comes.
    accept = f"{EVENT_STREAM}, application/json" if settings.stream else "application/json"
    headers = {"accept": accept, "accept-encoding": "identity", "user-agent": "synthlm"}
    headers |= {name.lower(): value.get_secret_value() for name, value in settings.headers.items()}
    headers["content-type"] = "application/json"
    if settings.api_key is not None:
        headers["authorization"] = f"Bearer {settings.api_key.get_secret_value()}"
    return httpx.Headers(headers)


async def _read(response: httpx.Response) -> tuple[bytes, bool]:
    """The body, and whether it was too long and is not whole."""
    most = MAX_BODY if response.is_success else _MAX_ERROR
    chunks: list[bytes] = []
    size = 0
    async for chunk in response.aiter_bytes():
        chunks.append(chunk)
        size += len(chunk)
        if size > most:
            return b"".join(chunks)[:most], True
    return b"".join(chunks), False


def _reason(error: Exception) -> str:
    """What happened, e.g. `ReadError: connection lost`."""
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _cause(error: Exception) -> Cause:
    """What an error amounts to; what asyncio raised stands behind it as its cause."""
    origin = error.__cause__ or error
    if isinstance(origin, ssl.SSLError):
        return "tls"
    if isinstance(origin, socket.gaierror):
        return "unknown host"
    if isinstance(origin, ConnectionRefusedError):
        return "refused"
    return "silent" if isinstance(error, httpx.TimeoutException | httpcore.TimeoutException) else "lost"
