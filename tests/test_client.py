"""One client, its replies scripted: what is retried, what is final, what stops the run."""

import json

import httpx
import pytest
from scripted import BODY, KEY, Script, ask, ask_all, said

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
