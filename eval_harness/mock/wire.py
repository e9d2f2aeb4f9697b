"""HTTP/1.1 as far as a test double needs it: kept connections, one request at a time on each.

Responses can also go wrong on purpose: late, byte by byte, cut off by a reset, or never.
"""

import asyncio
import re
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, TypeAlias

_LONGEST_HEAD: Final = 1 << 16
_LONGEST_BODY: Final = 1 << 26
_NO_LINGER: Final = struct.pack("ii", 1, 0)
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Response:
    """What is sent, and how."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    delay: float = 0.0
    """Seconds before the first byte."""
    cut: float = 1.0
    """The share of the whole that is sent before the connection is reset; 1: no reset."""
    pace: float = 0.0
    """Seconds between the bytes of the body."""
    stall: float = 1.0
    """The share of the whole after which nothing more is sent, though the connection is kept."""
    kind: str = "application/json"
    """The type of the body."""
    never: bool = False
    """Send nothing, and keep the connection."""

    def head(self) -> bytes:
        """Status line and headers."""
        lines = [
            f"HTTP/1.1 {self.status} {_PHRASES.get(self.status, 'Unknown')}",
            f"content-type: {self.kind}",
            f"content-length: {len(self.body)}",
            *(f"{name}: {value}" for name, value in self.headers),
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()


_PHRASES: Final = {status.value: status.phrase for status in HTTPStatus}

Answer: TypeAlias = Callable[[str, str, bytes], Response]
"""From method, path and body of a request to the response."""


class Connection(asyncio.Protocol):
    """One client's connection."""

    transport: asyncio.Transport

    def __init__(self, answer: Answer, done: Callable[[], None], opened: set["Connection"]) -> None:
        """Answer requests with `answer`, and call `done` as each response is sent or given up."""
        self._answer = answer
        self._done = done
        self._opened = opened
        self._received = bytearray()
        self._timer: asyncio.TimerHandle | None = None
        self._busy = False
        self.idle_since = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the connection: an idle one is closed later."""
        self.transport = transport  # type: ignore[assignment]  # a stream server's transport
        self._opened.add(self)
        self._rest()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # the library's signature
        """Forget the connection and what was being sent."""
        self._opened.discard(self)
        if self._timer:
            self._timer.cancel()
        if self._busy:
            self._busy = False
            self._done()

    def data_received(self, data: bytes) -> None:
        """Collect a request."""
        self._received += data
        if not self._busy:
            self._take()

    @property
    def idle(self) -> bool:
        """Whether no request is being answered."""
        return not self._busy

    def _rest(self) -> None:
        self.idle_since = asyncio.get_running_loop().time()

    def _take(self) -> None:
        """Answer the request at the front of what was received, if it is complete."""
        end = self._received.find(b"\r\n\r\n")
        if end < 0:
            if len(self._received) > _LONGEST_HEAD:
                self.transport.abort()
            return
        head = bytes(self._received[:end])
        length = _LENGTH.search(head)
        size = int(length[1]) if length else 0
        line = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
        if len(line) != 3 or size > _LONGEST_BODY or _CHUNKED.search(head):
            self.transport.write(
                b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            )
            self.transport.close()
            return
        if len(self._received) < end + 4 + size:
            return
        body = bytes(self._received[end + 4 : end + 4 + size])
        del self._received[: end + 4 + size]
        self._busy = True
        self._respond(self._answer(line[0], line[1].partition("?")[0], body))

    def _respond(self, response: Response) -> None:
        if response.never:
            return
        if response.delay:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(response.delay, self._send, response)
        else:
            self._send(response)

    def _send(self, response: Response) -> None:
        self._timer = None
        head = response.head()
        if response.pace:
            self.transport.write(head)
            self._drip(response, 0)
            return
        whole = head + response.body
        if response.cut < 1:
            self.transport.write(whole[: int(len(whole) * response.cut)])
            # What was written must reach the client before the reset overtakes it.
            self._timer = asyncio.get_running_loop().call_later(0.02, self._reset)
            return
        self.transport.write(whole[: int(len(whole) * response.stall)])
        if response.stall == 1:
            self._sent()

    def _reset(self) -> None:
        # With no time to linger, closing a socket resets the connection.
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        self.transport.abort()

    def _drip(self, response: Response, place: int) -> None:
        if place == len(response.body):
            self._sent()
            return
        self.transport.write(response.body[place : place + 1])
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(response.pace, self._drip, response, place + 1)

    def _sent(self) -> None:
        self._timer = None
        self._busy = False
        self._done()
        self._rest()
        if self._received:
            self._take()
