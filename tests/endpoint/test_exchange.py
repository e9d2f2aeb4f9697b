"""What stands in the way of an answer, told apart over real sockets."""

import asyncio
import ssl

import pytest
import trustme
from raw_server import Action, RawServer, chat, closes, resets, sends

from eval_harness.endpoint.exchange import Exchange, ExchangeError
from eval_harness.endpoint.faults import Cause
from eval_harness.endpoint.settings import ClientSettings

NEVER = sends(chat(), after=60)


async def cause_at(url: str, **changed: float) -> Cause:
    settings = ClientSettings(base_url=url, **{"timeout": 5.0, **changed})
    async with Exchange(settings) as exchange:
        with pytest.raises(ExchangeError) as error:
            await exchange.post(b"{}")
    return error.value.cause


@pytest.mark.parametrize(
    ("action", "cause"),
    [
        pytest.param(closes(b""), "lost", id="closed"),
        pytest.param(resets(b""), "lost", id="reset"),
        pytest.param(resets(chat()[:40]), "lost", id="broken off"),
        pytest.param(closes(b"\x00\xff\r\n\r\n"), "lost", id="no HTTP"),
        pytest.param(NEVER, "silent", id="deadline"),
    ],
)
def test_a_connection_that_fails(action: Action, cause: Cause) -> None:
    async def run() -> Cause:
        async with RawServer(action) as server:
            return await cause_at(server.base_url, timeout=0.3)

    assert asyncio.run(run()) == cause


def test_silence_within_the_deadline() -> None:
    async def run() -> Cause:
        async with RawServer(NEVER) as server:
            return await cause_at(server.base_url, read_timeout=0.1)

    assert asyncio.run(run()) == "silent"


def test_nothing_listens() -> None:
    async def run() -> Cause:
        async with RawServer(NEVER) as server:
            pass
        return await cause_at(server.base_url)

    assert asyncio.run(run()) == "refused"


def test_no_such_host() -> None:
    assert asyncio.run(cause_at("http://model.invalid/v1")) == "unknown host"


def test_a_certificate_that_is_not_trusted() -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trustme.CA().issue_cert("localhost").configure_cert(context)

    async def run() -> Cause:
        async with RawServer(NEVER, tls=context) as server:
            return await cause_at(server.base_url)

    assert asyncio.run(run()) == "tls"
