"""Plain asyncio sockets for httpcore, at half the CPU of its default ones.

Silence, not the whole exchange, is what `timeout` bounds here; the exchange has a deadline of its own.
"""

import asyncio
import socket
import ssl
from collections.abc import Iterable
from typing import Any, Final, cast

import httpcore

_AHEAD: Final = 256 * 1024  # a server that sends faster than we read is stopped here


class Socket(asyncio.Protocol, httpcore.AsyncNetworkStream):
    """One connection. Closing it never waits, so a cancelled task can do it."""

    def __init__(self) -> None:
        """Not yet connected."""
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport
        self._received = bytearray()
        self._ended = False
        self._error: Exception | None = None
        self._waiter: asyncio.Future[None] | None = None

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Keep the bytes for the reader."""
        self._received += data
        if len(self._received) > _AHEAD:
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> None:
        """Nothing will follow; asyncio closes the transport."""
        self._ended = True
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing will follow, perhaps for a reason."""
        self._ended = True
        self._error = exc
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    # What httpcore calls.

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Some bytes; none at the end."""
        try:
            async with asyncio.timeout(timeout):
                while not self._received and not self._ended:
                    self._waiter = self._loop.create_future()
                    await self._waiter
        except TimeoutError:
            raise httpcore.ReadTimeout(f"silent for {timeout} s") from None
        if not self._received and self._error is not None:
            raise httpcore.ReadError(f"connection lost: {self._error}")
        data = bytes(self._received[:max_bytes])
        del self._received[:max_bytes]
        if len(self._received) <= _AHEAD and not self._transport.is_reading() and not self._ended:
            self._transport.resume_reading()
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 # httpcore's
        """Send; requests are in memory anyway, so nothing is gained by waiting for the socket."""
        if self._ended:
            raise httpcore.WriteError("connection lost")
        if buffer:
            self._transport.write(buffer)

    async def aclose(self) -> None:
        """Close at once."""
        self._transport.abort()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        """Encrypt from here on."""
        plain = self._transport
        try:
            async with asyncio.timeout(timeout):
                encrypted = await self._loop.start_tls(
                    plain, self, ssl_context, server_hostname=server_hostname
                )
        except BaseException as error:
            plain.abort()
            if isinstance(error, TimeoutError):
                raise httpcore.ConnectTimeout(f"no TLS handshake within {timeout} s") from None
            if isinstance(error, OSError):  # ssl.SSLError is one
                raise httpcore.ConnectError(f"TLS handshake failed: {error}") from error
            raise
        self._transport = cast("asyncio.Transport", encrypted)
        return self

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 # httpcore's signature
        """`is_readable` in the sense of httpcore: bytes or an end have come that nobody asked for."""
        if info == "is_readable":
            return self._ended or bool(self._received)
        return self._transport.get_extra_info(info)


class Sockets(httpcore.AsyncNetworkBackend):
    """Opens sockets, to the address that answered last, else to the first of the host's that does.

    One after the other, each with its share of the time: asyncio's race of addresses (happy eyeballs) loses
    an open socket when it is cancelled.
    """

    def __init__(self) -> None:
        """No address is known yet."""
        self._known: dict[str, str] = {}

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,  # noqa: ARG002 # httpcore's signature
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        """Connect; asyncio sets TCP_NODELAY."""
        try:
            async with asyncio.timeout(timeout):
                return await self._connect(host, port, timeout)
        except TimeoutError:
            raise httpcore.ConnectTimeout(f"no connection within {timeout} s") from None
        except OSError as error:
            raise httpcore.ConnectError(f"cannot connect: {error}") from error

    async def _connect(self, host: str, port: int, timeout: float | None) -> Socket:
        loop = asyncio.get_running_loop()
        known = self._known.get(host)
        if known is None:
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        else:
            addresses = [known]
        failure = OSError(f"{host} has no address")
        for address in addresses:
            try:
                async with asyncio.timeout(timeout and timeout / len(addresses)):
                    _, stream = await loop.create_connection(Socket, address, port)
            except OSError as error:
                failure = error
            else:
                self._known[host] = address
                return stream
        self._known.pop(host, None)  # it may have moved
        raise failure
