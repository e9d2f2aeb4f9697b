"""Connections to one endpoint, the last one used first.

httpx's own pool collapses with concurrency (0.28: it hands one idle connection to several waiters and probes
every socket for each request) and leaks the slot of a cancelled request. Here a request takes the connection
used last, or opens one, and gives it back when its reply was read whole; after anything else it is closed.
Nothing waits for a connection: the client bounds what is in flight.
"""

from collections import deque
from collections.abc import AsyncIterator
from typing import Final

import httpcore
import httpx

from eval_harness.endpoint.connections.certificates import make_ssl_context
from eval_harness.endpoint.connections.proxies import NamedProxy, find_proxy
from eval_harness.endpoint.connections.sockets import Sockets

KEEPALIVE: Final = 4.0  # seconds: common servers close at 5, and a request that meets that is lost


class LastUsedFirst(httpx.AsyncBaseTransport):
    """Sends requests to the origin of `url`, past a proxy where the environment names one."""

    def __init__(self, url: httpx.URL) -> None:
        """Nothing is opened yet; `via` names the proxy, if there is one."""
        self._url = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        named = find_proxy(url)
        self.via = named.words if named else None
        self._maker = _connection_factory(url, named)
        self._idle: deque[httpcore.AsyncConnectionInterface] = deque()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send and read the reply's head; its body is read, and the connection freed, by the caller."""
        connection = await self._connection()
        wanted = httpcore.Request(
            method=request.method,
            url=self._url,
            headers=request.headers.raw,
            content=request.content,
            extensions=request.extensions,
        )
        try:
            reply = await connection.handle_async_request(wanted)
        except BaseException:
            await connection.aclose()
            raise
        return httpx.Response(
            reply.status, headers=reply.headers, stream=_Body(reply, connection, self._idle)
        )

    async def _connection(self) -> httpcore.AsyncConnectionInterface:
        while self._idle:
            connection = self._idle.pop()
            if not connection.has_expired():
                return connection
            await connection.aclose()
        return self._maker.create_connection(self._url.origin)

    async def aclose(self) -> None:
        """Close what is idle; what is in flight closes with its request."""
        while self._idle:
            await self._idle.pop().aclose()


class _Body(httpx.AsyncByteStream):
    def __init__(
        self,
        reply: httpcore.Response,
        connection: httpcore.AsyncConnectionInterface,
        idle: deque[httpcore.AsyncConnectionInterface],
    ) -> None:
        self._reply = reply
        self._connection = connection
        self._idle = idle

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._reply.aiter_stream():
            yield chunk

    async def aclose(self) -> None:
        try:
            await self._reply.aclose()
        finally:  # also when cancelled just there
            if self._connection.is_idle():
                self._idle.append(self._connection)
            else:
                await self._connection.aclose()


def _connection_factory(url: httpx.URL, named: NamedProxy | None) -> httpcore.AsyncConnectionPool:
    """A pool used for nothing but making connections: it knows how each kind of proxy wants them."""
    # Plain HTTP asks for no certificates, and does not mind where none are.
    encrypted = "https" in (url.scheme, named.proxy.url.scheme if named else "")
    context = make_ssl_context() if encrypted else None
    if named is None:
        return httpcore.AsyncConnectionPool(
            ssl_context=context, keepalive_expiry=KEEPALIVE, network_backend=Sockets()
        )
    proxy = named.proxy
    return httpcore.AsyncHTTPProxy(
        proxy_url=httpcore.URL(
            scheme=proxy.url.raw_scheme, host=proxy.url.raw_host, port=proxy.url.port, target=b"/"
        ),
        proxy_auth=proxy.raw_auth,
        ssl_context=context,
        proxy_ssl_context=context if proxy.url.scheme == "https" else None,
        keepalive_expiry=KEEPALIVE,
        network_backend=Sockets(),
    )
