"""What servers and networks do wrong, over real sockets: the outcome, and how often the server was asked."""

import asyncio
import time

import pytest
from raw_server import Action, RawServer, chat, closes, drips, http, resets, sends
from scripted import BODY
from sockets import asked, client_of, only

from eval_harness.endpoint.exchange import MAX_BODY
from eval_harness.errors import RequestsRefused
from eval_harness.records import Failure, Reply

WHOLE = chat("ANSWER: C")
HALF = WHOLE[: len(WHOLE) // 2]
LATE = sends(WHOLE, after=30)


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(resets(b""), id="reset before the reply"),
        pytest.param(resets(HALF), id="reset in the middle of the body"),
        pytest.param(resets(WHOLE[:20]), id="reset in the middle of the head"),
        pytest.param(closes(b""), id="closed before the reply"),
        pytest.param(closes(HALF), id="body shorter than announced"),
        pytest.param(sends(http(200, WHOLE.partition(b"\r\n\r\n")[2][:-9])), id="truncated JSON"),
        pytest.param(sends(http(200, "<html>busy</html>")), id="no JSON"),
        pytest.param(sends(http(200, "[" * 100_000)), id="JSON too deep"),
        pytest.param(sends(http(200, [])), id="JSON of another kind"),
        pytest.param(sends(http(200, "")), id="empty body"),
        pytest.param(sends(http(200, {"choices": []})), id="empty choices"),
        pytest.param(sends(http(200, {"error": {"message": "busy", "code": 502}})), id="error inside a 200"),
        pytest.param(closes(b"\x00\xff nonsense\r\n\r\n"), id="no HTTP"),
        pytest.param(sends(http(500, "boom")), id="500"),
        pytest.param(sends(http(502, "<html>Bad Gateway</html>")), id="502"),
        pytest.param(sends(http(503, "busy")), id="503"),
    ],
)
def test_a_passing_fault_costs_one_more_request_and_nothing_else(fault: Action) -> None:
    results, server = asked(fault, fault, sends(WHOLE))
    reply = only(results)
    assert isinstance(reply, Reply)
    assert reply.content == "ANSWER: C"
    assert reply.attempts == len(server.requests) == 3


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        pytest.param(resets(b""), "ReadError: connection lost", id="reset"),
        pytest.param(closes(HALF), "RemoteProtocolError: peer closed connection", id="short body"),
        pytest.param(sends(http(200, "{")), "malformed JSON in the reply", id="malformed"),
        pytest.param(sends(http(503, {"error": {"message": "busy"}})), "HTTP 503: busy", id="503"),
    ],
)
def test_a_lasting_fault_ends_in_a_failure_after_the_last_retry(fault: Action, error: str) -> None:
    results, server = asked(fault, max_retries=2)
    failure = only(results)
    assert isinstance(failure, Failure)
    assert failure.error.startswith(error)
    assert failure.attempts == len(server.requests) == 3


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_burst_of_server_errors_loses_no_sample(status: int) -> None:
    results, server = asked(*[sends(http(status, "busy"))] * 15, sends(WHOLE), times=20)
    assert all(isinstance(result, Reply) for result in results)
    assert sum(result.attempts for result in results) == len(server.requests) == 35


def test_nobody_there_ends_in_a_failure() -> None:
    async def run() -> Reply | Failure:
        async with RawServer(sends(WHOLE)) as server:
            pass
        async with client_of(server, max_retries=1) as client:
            return await client.ask(BODY)

    failure = asyncio.run(run())
    assert isinstance(failure, Failure)
    assert failure.error.startswith("ConnectError: cannot connect")
    assert failure.attempts == 2


def test_silence_ends_at_the_read_timeout() -> None:
    results, server = asked(LATE, LATE, sends(WHOLE), read_timeout=0.1)
    assert isinstance(only(results), Reply)
    assert len(server.requests) == 3
    failed, _ = asked(LATE, read_timeout=0.1, max_retries=0)
    assert only(failed) == Failure("ReadTimeout: silent for 0.1 s", attempts=1)


def test_a_trickle_ends_at_the_deadline_of_the_attempt() -> None:
    slow_loris = drips(WHOLE, gap=0.02)
    began = time.perf_counter()
    results, server = asked(slow_loris, timeout=0.2, read_timeout=0.1, max_retries=1)
    assert only(results) == Failure("no whole answer within 0.2 s", attempts=2)
    assert len(server.requests) == 2
    assert time.perf_counter() - began < 2


def test_the_reported_latency_is_the_last_attempts_own() -> None:
    results, _ = asked(sends(http(500), after=0.5), sends(WHOLE, after=0.1), max_concurrent=1, times=3)
    latencies = [result.latency_ms for result in results if isinstance(result, Reply)]
    assert len(latencies) == 3
    assert all(100 <= latency < 500 for latency in latencies)


def test_a_huge_body_is_not_read_to_its_end_and_is_final() -> None:
    sent = 0

    async def pour(writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000000\r\n\r\n")
        for _ in range(100):
            writer.write(bytes(1_000_000))
            await writer.drain()
            sent += 1_000_000

    results, server = asked(pour)
    assert only(results) == Failure("the reply is longer than 8 MiB", attempts=1)
    assert len(server.requests) == 1
    assert MAX_BODY <= sent < 3 * MAX_BODY


def test_a_large_reply_below_the_cap_is_read_whole() -> None:
    results, _ = asked(sends(chat("x" * (MAX_BODY - 1000))))
    reply = only(results)
    assert isinstance(reply, Reply)
    assert len(reply.content) == MAX_BODY - 1000


def test_bytes_that_are_not_utf8_are_replaced_and_flagged() -> None:
    broken = WHOLE.partition(b"\r\n\r\n")[2].replace(b"ANSWER", b"\xff\xc3(")
    results, server = asked(sends(http(200, broken)))
    reply = only(results)
    assert isinstance(reply, Reply)
    assert (reply.content, reply.replaced) == ("\ufffd\ufffd(: C", True)
    assert len(server.requests) == 1


def test_reasoning_beside_a_null_content_is_kept_apart() -> None:
    results, server = asked(sends(chat(None, reasoning_content="ANSWER: D")))
    reply = only(results)
    assert isinstance(reply, Reply)
    assert (reply.content, reply.reasoning) == ("", "ANSWER: D")
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [401, 403, 404])
def test_refusal_at_the_start_stops_before_more_is_sent(status: int) -> None:
    refused = sends(http(status, {"error": {"message": "no entry"}}), after=0.02)

    async def run() -> RawServer:
        async with RawServer(refused) as server, client_of(server, max_concurrent=3) as client:
            results = await asyncio.gather(*(client.ask(BODY) for _ in range(30)), return_exceptions=True)
        assert all(isinstance(result, RequestsRefused) for result in results)
        assert {str(result).partition(" (")[0] for result in results} == {f"HTTP {status}: no entry"}
        return server

    assert len(asyncio.run(run()).requests) <= 3


def test_refusal_in_the_middle_stops_and_what_was_answered_stays() -> None:
    async def run() -> None:
        refused = sends(http(401, "expired"))
        async with RawServer(*[sends(WHOLE)] * 5, refused) as server:
            async with client_of(server, max_concurrent=1) as client:
                asks = (client.ask(BODY) for _ in range(20))
                results = await asyncio.gather(*asks, return_exceptions=True)
            assert [type(result) for result in results] == [Reply] * 5 + [RequestsRefused] * 15
            assert len(server.requests) == 6

    asyncio.run(run())


def test_a_redirect_is_not_followed() -> None:
    async def run() -> None:
        async with RawServer(sends(WHOLE)) as other:
            moved = sends(http(307, "", location=f"{other.base_url}/chat/completions"))
            async with RawServer(moved) as server, client_of(server) as client:
                with pytest.raises(RequestsRefused, match=f"localhost:{other.port}"):
                    await client.ask(BODY)
            assert len(server.requests) == 1
            assert not other.requests

    asyncio.run(run())
