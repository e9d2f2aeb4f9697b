"""One client, its replies scripted: what is retried, what is final, what stops the run."""

import asyncio
import json
from itertools import pairwise

import httpx
import pytest
from pydantic import SecretStr
from scripted import BODY, KEY, Script, ask, ask_all, said, settings
from virtual_time import run_virtually

from eval_harness.endpoint.client import Client
from eval_harness.errors import RequestsRefused, ServerFailing
from eval_harness.records import Failure, Reply


def test_a_reply_comes_back_whole() -> None:
    script = Script(said("so ANSWER: C", reasoning_content="hm"))
    reply = ask(script)
    assert isinstance(reply, Reply)
    assert (reply.content, reply.reasoning, reply.refusal, reply.finish_reason) == (
        "so ANSWER: C",
        "hm",
        "",
        "stop",
    )
    assert (reply.model, reply.prompt_tokens, reply.completion_tokens) == ("served", 7, 5)
    assert (reply.attempts, reply.replaced) == (1, False)
    assert reply.latency_ms > 0
    (request,) = script.requests
    assert str(request.url) == "http://host/v1/chat/completions"
    assert json.loads(request.content) == BODY
    assert request.headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 502, 503, 504, 520, 524, 529])
def test_a_passing_status_is_retried(status: int) -> None:
    script = Script(httpx.Response(status, text="later"), httpx.Response(status, text="later"), said())
    reply = ask(script)
    assert isinstance(reply, Reply)
    assert reply.attempts == len(script.requests) == 3


@pytest.mark.parametrize("retries", [0, 2, 5])
def test_a_failure_follows_the_last_retry(retries: int) -> None:
    script = Script(httpx.Response(500, json={"error": {"message": "boom"}}))
    failure = ask(script, max_retries=retries)
    assert failure == Failure("HTTP 500: boom", attempts=retries + 1)
    assert len(script.requests) == retries + 1


@pytest.mark.parametrize("status", [401, 402, 403])
@pytest.mark.parametrize("before", [0, 1])
def test_refused_access_stops_the_run_at_any_time(status: int, before: int) -> None:
    script = Script(*[said()] * before, httpx.Response(status, json={"error": {"message": "no entry"}}))
    with pytest.raises(RequestsRefused, match=f"HTTP {status}: no entry"):
        ask_all(script, times=3)
    assert len(script.requests) == before + 1
    assert RequestsRefused.exit_code == 3


def test_an_unknown_model_stops_the_run_before_any_success_only() -> None:
    missing = httpx.Response(404, json={"error": {"message": "no model m"}})
    with pytest.raises(RequestsRefused, match="no model m"):
        ask_all(Script(missing), times=2)
    results = ask_all(Script(said(), missing, said()), times=3)
    assert [type(result) for result in results] == [Reply, Failure, Reply]


def test_a_long_row_of_failures_stops_the_run() -> None:
    script = Script(httpx.Response(500, text="boom"))
    with pytest.raises(ServerFailing, match=r"6 samples in a row .* HTTP 500: boom"):
        ask_all(script, times=9, max_retries=0, breaker=5)
    assert len(script.requests) == 6


@pytest.mark.parametrize("status", [400, 422])
def test_three_rejected_samples_before_any_success_stop_the_run_with_a_hint(status: int) -> None:
    script = Script(httpx.Response(status, json={"error": {"message": "Unsupported parameter: max_tokens"}}))
    assert [type(result) for result in ask_all(script, 2)] == [Failure, Failure]
    with pytest.raises(RequestsRefused, match=r"Unsupported .* \(3 samples, .* max_completion_tokens"):
        ask_all(script, 9)
    assert len(script.requests) == 2 + 3


@pytest.mark.parametrize("status", [400, 404, 413, 422])
def test_a_later_rejection_is_final_for_its_sample_only(status: int) -> None:
    rejected = httpx.Response(status, text="too long")
    script = Script(said(), *[rejected] * 5, said())
    results = ask_all(script, 7)
    assert [type(result) for result in results] == [Reply, *[Failure] * 5, Reply]
    assert len(script.requests) == 7


def test_a_sample_too_large_for_the_server_is_final_from_the_start() -> None:
    script = Script(*[httpx.Response(413, text="too large")] * 5, said())
    assert [type(result) for result in ask_all(script, 6)] == [Failure] * 5 + [Reply]
    assert len(script.requests) == 6


@pytest.mark.parametrize("before", [0, 1])
def test_a_spent_quota_stops_the_run(before: int) -> None:
    spent = httpx.Response(429, json={"error": {"message": "no money", "code": "insufficient_quota"}})
    script = Script(*[said()] * before, spent)
    with pytest.raises(RequestsRefused, match="no money"):
        ask_all(script, 3)
    assert len(script.requests) == before + 1


def test_a_success_breaks_a_row_of_failures() -> None:
    boom = httpx.Response(500, text="boom")
    script = Script(*[*[boom] * 5, said()] * 3)
    results = ask_all(script, 18, max_retries=0, breaker=5)
    assert sum(isinstance(result, Failure) for result in results) == 15


@pytest.mark.parametrize(
    "fault", [httpx.ConnectError("refused"), httpx.ReadError("reset"), httpx.RemoteProtocolError("odd")]
)
def test_a_broken_connection_is_retried(fault: Exception) -> None:
    script = Script(fault, said())
    reply = ask(script)
    assert isinstance(reply, Reply)
    assert reply.attempts == 2


def test_headers_and_a_body_made_beforehand_are_sent_as_they_are() -> None:
    script = Script(said())
    reply = ask(script, headers={"X-Title": SecretStr("SynthLM"), "User-Agent": SecretStr("mine")})
    assert isinstance(reply, Reply)
    (request,) = script.requests
    assert (request.headers["x-title"], request.headers["user-agent"]) == ("SynthLM", "mine")
    assert request.headers["content-type"] == "application/json"
    assert request.headers["accept-encoding"] == "identity"


def test_without_a_key_no_authorization_is_sent() -> None:
    script = Script(said())
    ask(script, api_key=None)
    assert "authorization" not in script.requests[0].headers


def test_waits_double_and_are_drawn_between_none_and_all_of_it() -> None:
    chosen = settings(backoff=1.0, longest_backoff=8.0, max_retries=6, breaker=999)
    starts: list[float] = []

    def answer(request: httpx.Request) -> httpx.Response:
        starts.append(asyncio.get_running_loop().time())
        return httpx.Response(500, request=request)

    async def run() -> None:
        async with Client(chosen, transport=httpx.MockTransport(answer)) as client:
            for _ in range(100):
                await client.ask(BODY)

    run_virtually(run())
    rounds = [starts[first : first + 7] for first in range(0, len(starts), 7)]
    waits = [[after - before for before, after in pairwise(one)] for one in rounds]
    assert len(rounds) == 100
    for most, drawn in zip((1, 2, 4, 8, 8, 8), zip(*waits, strict=True), strict=True):
        assert 0 <= min(drawn) < 0.2 * most
        assert 0.8 * most < max(drawn) <= most * 1.001
