"""Connections: reused, never leaked, verified, and through a proxy where the environment says so."""

import asyncio
import gc
import random
import ssl
from pathlib import Path

import pytest
import trustme
from raw_server import RawServer, chat, http, sends, until
from scripted import BODY
from sockets import client_of

from eval_harness.endpoint.client import Client
from eval_harness.endpoint.connections import transport
from eval_harness.endpoint.settings import ClientSettings
from eval_harness.errors import SettingsError
from eval_harness.records import Failure, Reply

WHOLE = chat()


def test_one_connection_serves_samples_that_follow_each_other() -> None:
    async def run() -> None:
        async with RawServer(sends(WHOLE)) as server, client_of(server) as client:
            for _ in range(5):
                assert isinstance(await client.ask(BODY), Reply)
            assert (server.connections, server.open) == (1, 1)

    asyncio.run(run())


def test_a_connection_that_the_server_closed_meanwhile_costs_no_attempt() -> None:
    async def run() -> None:
        async def once(writer: asyncio.StreamWriter) -> None:
            writer.write(WHOLE)
            asyncio.get_running_loop().call_later(0.05, writer.close)

        async with RawServer(once) as server, client_of(server) as client:
            for _ in range(3):
                result = await client.ask(BODY)
                assert isinstance(result, Reply)
                assert result.attempts == 1
                await asyncio.sleep(0.1)
            assert server.connections == 3

    asyncio.run(run())


def test_a_connection_idle_for_too_long_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    assert transport.KEEPALIVE < 5  # when common servers close
    monkeypatch.setattr(transport, "KEEPALIVE", 0.05)

    async def run() -> None:
        async with RawServer(sends(WHOLE)) as server, client_of(server) as client:
            for _ in range(3):
                await client.ask(BODY)
                await asyncio.sleep(0.1)
            assert server.connections == 3

    asyncio.run(run())


def test_cancelled_requests_leak_neither_connections_nor_places() -> None:
    chance = random.Random(3)

    async def run() -> None:
        slow = sends(WHOLE, after=0.03)
        async with RawServer(slow) as server, client_of(server, max_concurrent=4) as client:
            for _ in range(40):
                asks = [asyncio.ensure_future(client.ask(BODY)) for _ in range(6)]
                await asyncio.sleep(chance.uniform(0, 0.06))
                for ask in asks:
                    ask.cancel()
                await asyncio.gather(*asks, return_exceptions=True)
            results = await asyncio.gather(*(client.ask(BODY) for _ in range(12)))
            assert all(isinstance(result, Reply) for result in results)
            await until(lambda: server.open <= 4)  # it learns of a cancellation a little later
        assert server.open == 0

    asyncio.run(run())
    gc.collect()  # an unclosed socket would warn here, which fails the test


def test_leaving_the_client_closes_all_it_opened() -> None:
    async def run() -> None:
        async with RawServer(sends(WHOLE, after=0.02)) as server:
            async with client_of(server, max_concurrent=8) as client:
                await asyncio.gather(*(client.ask(BODY) for _ in range(8)))
                assert server.open == 8
            await until(lambda: server.open == 0)

    asyncio.run(run())


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """An authority that no system knows."""
    return trustme.CA()


def encrypted(authority: trustme.CA, name: str, reply: bytes = WHOLE) -> RawServer:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(context)
    return RawServer(sends(reply), tls=context)


async def ask_once(server: RawServer) -> Reply | Failure:
    async with server, client_of(server, max_retries=0) as client:
        return await client.ask(BODY)


def test_an_unknown_authority_is_not_trusted(authority: trustme.CA) -> None:
    server = encrypted(authority, "localhost")
    result = asyncio.run(ask_once(server))
    assert isinstance(result, Failure)
    assert "CERTIFICATE_VERIFY_FAILED" in result.error
    assert not server.requests


def test_an_authority_named_by_the_environment_is_trusted_for_its_hosts(
    authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    long = chat("x" * 3_000_000)
    assert isinstance(asyncio.run(ask_once(encrypted(authority, "localhost", long))), Reply)
    other = asyncio.run(ask_once(encrypted(authority, "other.example")))
    assert isinstance(other, Failure)
    assert "CERTIFICATE_VERIFY_FAILED" in other.error


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_certificates_that_are_not_there_are_named_to_https_and_not_missed_by_http(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "/nowhere/x")
    assert isinstance(asyncio.run(ask_once(RawServer(sends(WHOLE)))), Reply)
    if variable == "SSL_CERT_FILE":  # a folder is read when a server shows its certificate
        with pytest.raises(SettingsError, match="SSL_CERT_FILE='/nowhere/x': no certificates"):
            Client(ClientSettings(base_url="https://127.0.0.1:9/v1"))


def test_a_file_that_holds_no_certificates_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cert.pem").write_text("nothing")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    with pytest.raises(SettingsError, match="no certificates can be read there"):
        Client(ClientSettings(base_url="https://127.0.0.1:9/v1"))


@pytest.fixture
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy but those the test names."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


async def ask_afar(url: str) -> Reply | Failure:
    settings = ClientSettings(base_url=url, max_retries=0, requests_per_minute=0)
    async with Client(settings) as client:
        return await client.ask(BODY)


@pytest.mark.usefixtures("no_proxy")
def test_a_proxy_named_by_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        async with RawServer(sends(WHOLE)) as proxy:
            monkeypatch.setenv("http_proxy", f"http://user:pass@localhost:{proxy.port}")
            assert isinstance(await ask_afar("http://model.invalid/v1"), Reply)
            (request,) = proxy.requests
            assert request.startswith(b"POST http://model.invalid/v1/chat/completions HTTP/1.1\r\n")
            assert b"\r\nProxy-Authorization: Basic dXNlcjpwYXNz\r\n" in request
            monkeypatch.setenv("no_proxy", "model.invalid")
            assert isinstance(await ask_afar("http://model.invalid/v1"), Failure)
            assert len(proxy.requests) == 1

    asyncio.run(run())


async def tunnel(server: RawServer, asked: list[bytes]) -> asyncio.Server:
    """A proxy whose every tunnel leads to `server`."""

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)
        writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        far_reader, far_writer = await asyncio.open_connection("localhost", server.port)
        writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
        await asyncio.gather(pump(reader, far_writer), pump(far_reader, writer), return_exceptions=True)

    return await asyncio.start_server(serve, "127.0.0.1", 0)


@pytest.mark.usefixtures("no_proxy")
def test_an_encrypted_request_goes_through_a_tunnel_of_the_proxy(
    authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))

    async def run() -> None:
        asked: list[bytes] = []
        async with encrypted(authority, "model.invalid") as server, await tunnel(server, asked) as proxy:
            monkeypatch.setenv("https_proxy", f"localhost:{proxy.sockets[0].getsockname()[1]}")
            assert isinstance(await ask_afar("https://model.invalid/v1"), Reply)
        assert [request.partition(b"\r\n")[0] for request in asked] == [b"CONNECT model.invalid:443 HTTP/1.1"]
        assert len(server.requests) == 1

    asyncio.run(run())


@pytest.mark.usefixtures("no_proxy")
def test_a_proxy_that_refuses_is_named_as_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        async with RawServer(sends(http(407, "no"))) as proxy:
            monkeypatch.setenv("https_proxy", f"localhost:{proxy.port}")
            result = await ask_afar("https://model.invalid/v1")
            assert isinstance(result, Failure)
            named = f"the proxy localhost:{proxy.port} of HTTPS_PROXY"
            assert result.error == f"ProxyError: 407 X (through {named})"

    asyncio.run(run())


@pytest.mark.usefixtures("no_proxy")
def test_this_machine_is_never_asked_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://proxy.invalid:1")
    assert isinstance(asyncio.run(ask_once(RawServer(sends(WHOLE)))), Reply)


@pytest.mark.usefixtures("no_proxy")
def test_a_proxy_of_another_kind_is_refused_with_what_to_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("all_proxy", "socks5://localhost:1080")
    with pytest.raises(SettingsError, match="socks5 proxies are not supported; use http"):
        Client(ClientSettings(base_url="http://model.invalid/v1"))
