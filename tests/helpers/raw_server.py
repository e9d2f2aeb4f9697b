"""A server of raw bytes on the loopback, for what no well-behaved one does. It counts what it is asked."""

import asyncio
import json
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self, TypeAlias

Action: TypeAlias = Callable[[asyncio.StreamWriter], Awaitable[None]]


async def until(holds: Callable[[], bool], seconds: float = 5.0) -> None:
    """Wait for what happens a little later, or longer on a busy machine; fails when it does not."""
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.005)


def http(status: int, body: object = "", **headers: str) -> bytes:
    """A whole answer; a body that is not text is sent as JSON."""
    content = (
        body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
    )
    lines = [f"HTTP/1.1 {status} X", f"content-length: {len(content)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


def chat(content: str | None = "ANSWER: C", **message: object) -> bytes:
    """A whole reply in the form of chat."""
    said = {"message": {"role": "assistant", "content": content, **message}, "finish_reason": "stop"}
    return http(200, {"model": "m", "choices": [said], "usage": None})


def sends(data: bytes, after: float = 0.0) -> Action:
    """An ordinary answer."""

    async def act(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(after)
        writer.write(data)

    return act


def closes(data: bytes) -> Action:
    """Sends, then ends the connection in good order."""

    async def act(writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        writer.close()

    return act


def resets(data: bytes) -> Action:
    """Sends, then resets the connection."""

    async def act(writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await asyncio.sleep(0.02)  # what was sent arrives first
        handle: socket.socket = writer.get_extra_info("socket")
        handle.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    return act


def drips(data: bytes, gap: float) -> Action:
    """Sends byte by byte."""

    async def act(writer: asyncio.StreamWriter) -> None:
        for byte in data:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(gap)

    return act


class RawServer:
    """Answers each request by the next of `actions`, and by the last for ever."""

    def __init__(self, *actions: Action, tls: ssl.SSLContext | None = None) -> None:
        self._actions = list(actions)
        self._tls = tls
        self.starts: list[float] = []
        self.requests: list[bytes] = []
        self.connections = 0
        self.open = 0
        self.in_flight = 0
        self.most_in_flight = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        await until(lambda: not self.open, seconds=60)  # each ends with its client's end

    @property
    def base_url(self) -> str:
        """Where to ask."""
        return f"{'https' if self._tls else 'http'}://localhost:{self.port}/v1"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open += 1
        try:
            while not writer.is_closing():
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
                self.requests.append(head + await reader.readexactly(length))
                self.starts.append(asyncio.get_running_loop().time())
                await self._answer(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            return  # the client has gone
        finally:
            self.open -= 1
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Act, for as long as the client is there."""
        action = self._actions.pop(0) if len(self._actions) > 1 else self._actions[0]
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        acting = asyncio.ensure_future(action(writer))
        try:
            while not (reader.at_eof() or reader.exception()):
                done, _ = await asyncio.wait({acting}, timeout=0.01)
                if done:
                    return acting.result()
        finally:
            self.in_flight -= 1
            acting.cancel()
        writer.close()
        return None
