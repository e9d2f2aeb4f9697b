"""Scripted endpoints for tests of the client: replies in turn, with no network."""

import asyncio
import random
from typing import Any

import httpx
from pydantic import SecretStr

from eval_harness.endpoint.client import Client
from eval_harness.endpoint.settings import ClientSettings
from eval_harness.records import Failure, Reply

KEY = "sk-planted-0123456789"
BODY = {"model": "m", "messages": [{"role": "user", "content": "?"}]}


def said(content: object = "ANSWER: C", **message: object) -> httpx.Response:
    """A reply in the form of chat."""
    choice = {"message": {"role": "assistant", "content": content, **message}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 7, "completion_tokens": 5}
    return httpx.Response(200, json={"model": "served", "choices": [choice], "usage": usage})


class Script:
    """Answers the requests in turn, the last answer for ever; raises what is an exception."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


def settings(**changed: Any) -> ClientSettings:  # noqa: ANN401 # any field
    defaults = {"base_url": "http://host/v1", "backoff": 0.001, "requests_per_minute": 0, "max_concurrent": 1}
    return ClientSettings(**{**defaults, "api_key": SecretStr(KEY), **changed})


def ask_all(script: Script, times: int, **changed: Any) -> list[Reply | Failure]:  # noqa: ANN401 # any setting
    """The results of so many samples, one after the other."""

    async def run() -> list[Reply | Failure]:
        transport = httpx.MockTransport(script)
        async with Client(settings(**changed), chance=random.Random(1), transport=transport) as client:
            return [await client.ask(BODY) for _ in range(times)]

    return asyncio.run(run())


def ask(script: Script, **changed: Any) -> Reply | Failure:  # noqa: ANN401 # any setting
    """The result of one sample."""
    return ask_all(script, 1, **changed)[0]
