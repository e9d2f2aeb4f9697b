"""The mock server: routes, faults, latency, and a log of the requests."""

import asyncio
import json
import time
from collections import Counter
from dataclasses import replace
from email.utils import formatdate
from pathlib import Path
from types import TracebackType
from typing import Final, TextIO

from eval_harness.mock.bodies import CompletionRequest, RequestError, problem_with, write_bodies
from eval_harness.mock.faults import SAID, Script
from eval_harness.mock.model import Model, digest
from eval_harness.mock.wire import Connection, Response

_CHAT: Final = "/v1/chat/completions"
_IDLE: Final = 5.0  # seconds after which servers commonly close a kept connection
_HUGE: Final = 10_000_000


class MockServer:
    """An OpenAI-compatible server on the loopback interface, used as an async context manager."""

    def __init__(
        self,
        model: Model,
        script: Script | None = None,
        latency: float = 0.0,
        port: int = 0,
        log: Path | None = None,
    ) -> None:
        """Prepare a server; port 0 takes a free one, `latency` is in seconds."""
        self.model = model
        self.script = script or Script()
        self.latency = latency
        self.port = port
        self.requests = 0
        """How many completions were asked for."""
        self.in_flight = 0
        """How many requests have not been answered yet."""
        self._log_path = log
        self._log: TextIO | None = None
        self._started = 0.0
        self._attempts: Counter[str] = Counter()
        self._opened: set[Connection] = set()
        self._server: asyncio.Server | None = None
        self._sweeper: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """The base URL, as `synthlm eval` takes it."""
        return f"http://127.0.0.1:{self.port}/v1"

    async def __aenter__(self) -> "MockServer":
        """Listen; raises OSError where the port or the log cannot be had."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._connection, "127.0.0.1", self.port, backlog=1024)
        self.port = self._server.sockets[0].getsockname()[1]
        self._started = time.monotonic()
        if self._log_path:
            # Only now: where the port is taken, the log may be that of the server that has it.
            try:
                self._log = self._log_path.open("w", encoding="utf-8", buffering=1)
            except OSError:
                self._server.close()
                raise
        self._sweeper = asyncio.create_task(self._close_idle())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every connection and the log."""
        if self._sweeper:
            self._sweeper.cancel()
        if self._server:
            self._server.close()
        for connection in list(self._opened):
            connection.transport.abort()
        if self._log:
            self._log.close()

    def _connection(self) -> Connection:
        return Connection(self._answer, self._count_answered, self._opened)

    def _count_answered(self) -> None:
        self.in_flight -= 1

    async def _close_idle(self) -> None:
        while True:
            await asyncio.sleep(_IDLE / 10)
            oldest = asyncio.get_running_loop().time() - _IDLE
            for connection in list(self._opened):
                if connection.idle and connection.idle_since < oldest:
                    connection.transport.close()

    def _answer(self, method: str, path: str, body: bytes) -> Response:
        self.in_flight += 1
        if method == "GET" and path == "/health":
            return Response(200, b'{"status":"ok"}')
        if method == "GET" and path == "/v1/models":
            return Response(
                200, b'{"object":"list","data":[{"id":"mock","object":"model","owned_by":"synthlm"}]}'
            )
        if path not in (_CHAT, "/v1/completions"):
            return problem_with(404, f"no such path: {path}")
        if method != "POST":
            return problem_with(405, f"{path} is asked by POST")
        return self._complete(path, body)

    def _complete(self, path: str, body: bytes) -> Response:
        self.requests += 1
        try:
            asked = CompletionRequest.parse(body, chat=path == _CHAT)
        except RequestError as error:
            return problem_with(400, str(error), "invalid_request_error")
        thoughts = [self.model.answer(prompt) for prompt in asked.prompts]
        problem = thoughts[0].problem
        name = digest(problem)
        self._attempts[name] += 1
        fault = self.script.fault_for(self.model, self.requests, problem, self._attempts[name])
        self._log_request(path, asked.prompts[0], name, fault)
        said = fault if fault in SAID or fault == "no-choices" else None
        response = write_bodies(asked, thoughts, self.requests, said)
        if fault and not said:
            response = _break_off(response, fault)
        return replace(response, delay=self.latency) if self.latency else response

    def _log_request(self, path: str, prompt: str, name: str, fault: str | None) -> None:
        """One line for a request; of its head, where keys are, nothing is written."""
        if self._log:
            line = {
                "request": self.requests,
                "at": round(time.monotonic() - self._started, 6),
                "in_flight": self.in_flight,
                "path": path,
                "problem": name,
                "prompt": digest(prompt),
                "attempt": self._attempts[name],
                "fault": fault,
            }
            self._log.write(json.dumps(line) + "\n")


def _break_off(response: Response, fault: str) -> Response:
    """The response as the fault leaves it."""
    match fault:
        case "quota":
            return problem_with(429, "You exceeded your current quota.", "insufficient_quota")
        case "error-200":
            return replace(problem_with(503, "The model is overloaded.", "503"), status=200)
        case "redirect":
            return Response(307, b"", (("location", "http://127.0.0.1:9/v1"),))
        case "reset":
            return replace(response, cut=0.0)
        case "reset-body":
            # Past the middle of the whole lies the body: it is longer than the head.
            return replace(response, cut=0.75)
        case "hang":
            return replace(response, never=True)
        case "stall":
            # Past the middle of the whole lies the body: it is longer than the head.
            return replace(response, stall=0.75)
        case "slow":
            return replace(response, pace=0.1)
        case "malformed":
            return replace(response, body=b"<html>busy</html>")
        case "cut":
            return replace(response, body=response.body[: len(response.body) // 2])
        case "huge":
            return replace(response, body=b'{"choices":[{"message":{"content":"' + b"x" * _HUGE + b'"}}]}')
    return _status(*fault.partition("-")[::2])


def _status(code: str, wait: str) -> Response:
    error = problem_with(int(code), f"The server says {code}.", code)
    if code != "429":
        return error
    headers = {
        "": (("retry-after", "1"),),
        "date": (("retry-after", formatdate(time.time() + 2, usegmt=True)),),
        "ms": (("retry-after-ms", "200"),),
    }
    return replace(error, headers=headers.get(wait, ()))
