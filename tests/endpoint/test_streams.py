"""Streamed replies: put together as if they had come whole, and timed by silence."""

import asyncio
import json
import random
from collections.abc import Iterable

import pytest
from raw_server import Action, RawServer, sends
from scripted import BODY

from eval_harness.endpoint.client import Client
from eval_harness.endpoint.settings import ClientSettings
from eval_harness.mock.faults import Script
from eval_harness.mock.model import Model
from eval_harness.mock.server import MockServer
from eval_harness.records import Failure, Reply

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\nconnection: close\r\n\r\n"
DONE = b"data: [DONE]\n\n"


def event(delta: object, finish: str | None = None, **fields: object) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return b"data: " + json.dumps({"choices": [choice], **fields}).encode() + b"\n\n"


def in_turn(parts: Iterable[bytes], gap: float = 0.0) -> Action:
    """Send the parts one after the other, with a pause before each, and close."""

    async def act(writer: asyncio.StreamWriter) -> None:
        for part in parts:
            await asyncio.sleep(gap)
            writer.write(part)
            await writer.drain()
        writer.close()

    return act


def ask(action: Action, **changed: object) -> Reply | Failure:
    settings = {
        "backoff": 0.001,
        "requests_per_minute": 0.0,
        "max_retries": 0,
        "timeout": 5.0,
        "stream": True,
    }

    async def run() -> Reply | Failure:
        async with RawServer(action) as server:
            made = ClientSettings(base_url=server.base_url, **{**settings, **changed})  # type: ignore[arg-type]
            async with Client(made, chance=random.Random(1)) as client:
                return await client.ask(BODY)

    return asyncio.run(run())


def reply_of(*parts: bytes, gap: float = 0.0, **changed: object) -> Reply:
    found = ask(in_turn([HEAD, *parts], gap), **changed)
    assert isinstance(found, Reply), found
    return found


def test_pieces_are_joined_each_to_its_own_kind() -> None:
    found = reply_of(
        event({"role": "assistant", "content": ""}, model="served", system_fingerprint="fp"),
        event({"reasoning_content": "Let me "}),
        event({"reasoning_content": "see."}),
        event({"content": "ANSWER"}),
        event({"content": ": C"}, "stop"),
        b'data: {"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 5}}\n\n',
        DONE,
    )
    assert (found.content, found.reasoning, found.finish_reason) == ("ANSWER: C", "Let me see.", "stop")
    assert (found.model, found.system_fingerprint) == ("served", "fp")
    assert (found.prompt_tokens, found.completion_tokens) == (7, 5)


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param(
            [event({"content": "é C"}, "stop")[:-1].replace(b"\n", b"\r\n") + b"\r\n\r\n", DONE], id="CRLF"
        ),
        pytest.param([b": ping\n\n", event({"content": "é C"}, "stop"), DONE], id="comments"),
        pytest.param([b"event: x\nid: 1\n" + event({"content": "é C"}, "stop"), DONE], id="other fields"),
        pytest.param([event({"content": "é C"}), event({}, "stop")], id="no [DONE]"),
        pytest.param([bytes([byte]) for byte in event({"content": "é C"}, "stop") + DONE], id="byte by byte"),
        pytest.param(
            [event({"content": [{"type": "text", "text": "é "}]}), event({"content": "C"}, "stop"), DONE],
            id="parts",
        ),
        pytest.param(
            [event({"content": "é C"}, "stop", x="\u2028").replace(rb"\u2028", "\u2028".encode())],
            id="U+2028, which ends no line",
        ),
    ],
)
def test_streams_as_servers_send_them(parts: list[bytes]) -> None:
    assert reply_of(*parts).content == "é C"


def test_a_server_that_does_not_stream_is_understood() -> None:
    body = b'{"choices": [{"message": {"content": "C"}, "finish_reason": "stop"}]}'
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body)
    found = ask(sends(head + body))
    assert isinstance(found, Reply)
    assert (found.content, found.first_token_ms) == ("C", None)


def test_a_reply_may_take_longer_than_the_timeout_as_long_as_it_goes_on() -> None:
    words = [event({"content": f"{number} "}) for number in range(8)]
    found = reply_of(*words, event({"content": "C"}, "stop"), DONE, gap=0.1, timeout=0.4)
    assert found.content.endswith("7 C")
    assert found.latency_ms > 800
    assert 0 < (found.first_token_ms or 0) < 500


def test_silence_is_told_comments_or_not() -> None:
    found = ask(in_turn([HEAD, event({"content": "1"}), *[b": ping\n\n"] * 20], gap=0.1), timeout=0.3)
    assert isinstance(found, Failure)
    assert "silence for 0.3 s" in found.error


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ([event({"content": "ANSWER: "})], "the stream ended before the reply was done"),
        ([], "the stream ended before the reply was done"),
        ([b"data: {oops\n\n"], "malformed JSON in the streamed reply"),
        ([b"data: " + b"[" * 100_000 + b"\n\n"], "malformed JSON in the streamed reply"),
        ([b"data: 7\n\n"], "an event is not a JSON object"),
        ([b'data: {"error": {"message": "overloaded", "code": 503}}\n\n'], "overloaded"),
        ([event({"content": "A"}), b'data: {"error": {"message": "overloaded"}}\n\n'], "overloaded"),
        ([b'data: {"choices": []}\n\n', DONE], "no choices"),
        ([event({"content": "A"}, "abort"), DONE], "finish_reason is abort"),
    ],
)
def test_a_stream_that_breaks_is_no_answer(parts: list[bytes], told: str) -> None:
    found = ask(in_turn([HEAD, *parts]))
    assert isinstance(found, Failure), found
    assert told in found.error


def test_what_is_longer_than_is_ever_read_is_final(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eval_harness.endpoint.exchange.MAX_BODY", 1 << 20)
    found = ask(in_turn([HEAD, *[event({"content": "x" * 100_000})] * 12]), max_retries=3)
    assert isinstance(found, Failure)
    assert (found.attempts, "the reply is longer than" in found.error) == (1, True)


@pytest.mark.parametrize("path", ["chat", "completions"])
def test_the_mock_server_streams_what_it_says_whole(path: str) -> None:
    prompt = "INPUTS x0=1 || GATES g0=NOT(x0) || QUERY g0 ->"
    asked = {"messages": [{"role": "user", "content": prompt}]} if path == "chat" else {"prompt": prompt}
    body = {"model": "mock", **asked}

    async def run() -> list[Reply | Failure]:
        async with MockServer(Model(1.0, 0)) as server:
            made = ClientSettings(base_url=server.url, endpoint=path, requests_per_minute=0, stream=True)  # type: ignore[arg-type]
            async with Client(made) as client:
                return [
                    await client.ask(body),
                    await client.ask(body | {"stream": True, "stream_options": {"include_usage": True}}),
                ]

    whole, streamed = asyncio.run(run())
    assert isinstance(whole, Reply)
    assert isinstance(streamed, Reply)
    for name in ("content", "reasoning", "finish_reason", "prompt_tokens", "completion_tokens", "model"):
        assert getattr(whole, name) == getattr(streamed, name), name
    assert whole.first_token_ms is None
    assert streamed.first_token_ms is not None


@pytest.mark.parametrize("fault", ["stall", "cut", "reset-body"])
def test_a_stream_that_the_server_breaks_off_is_asked_again(fault: str) -> None:
    async def run() -> Reply | Failure:
        async with MockServer(Model(1.0, 0), Script.parse(f"{fault}@1")) as server:
            made = ClientSettings(
                base_url=server.url, requests_per_minute=0, stream=True, timeout=0.5, backoff=0.001
            )
            async with Client(made) as client:
                return await client.ask(BODY | {"stream": True})

    found = asyncio.run(run())
    assert isinstance(found, Reply), found
    assert found.attempts == 2
