"""`synthlm mock-server`."""

import asyncio
import re
import signal
from typing import Annotated, Final

from cyclopts import Parameter
from cyclopts.validators import Number

from eval_harness.errors import HarnessError
from eval_harness.mock.faults import Script
from eval_harness.mock.model import Model
from eval_harness.mock.server import MockServer
from synthlm_tasks.cli.paths import OutputFile
from synthlm_tasks.cli.terminal import plain_console

_DURATION = re.compile(r"(\d*\.?\d+)(ms|s)")
_UNITS: Final = {"ms": 0.001, "s": 1.0}


class MockServerError(HarnessError):
    """The server cannot be started as asked."""


def mock_server(
    *,
    accuracy: Annotated[float, Parameter(validator=Number(gte=0, lte=1))] = 0.8,
    latency: str = "0ms",
    seed: int = 1,
    port: Annotated[int, Parameter(validator=Number(gte=0, lte=65535))] = 8000,
    faults: str = "",
    log: OutputFile | None = None,
) -> int:
    """Serve a model that solves the tasks, right in a set share of problems, at http://127.0.0.1:PORT/v1.

    It reads each problem from the prompt, works it out, and errs at random by seed and problem: two runs
    get the same replies in whatever order they ask. Stop it with Ctrl-C.

    Parameters
    ----------
    accuracy
        Share of the problems it answers right.
    latency
        Time before each reply, such as 50ms or 0.2s.
    seed
        What decides on which problems it errs and what fails.
    port
        Port to listen on; 0 takes a free one.
    faults
        What goes wrong, such as "429:0.1,reset:0.02,think-unclosed:0.01,401@50-": a share of the problems or
        attempts (KIND:SHARE), or the requests of some numbers (KIND@FIRST-LAST). docs/scoring.md lists the
        kinds.
    log
        File for one line of JSON per request: arrival time, requests in flight, problem, attempt, fault.

    """
    script = Script.parse(faults)
    server = MockServer(Model(accuracy, seed), script, _seconds(latency), port, log)
    try:
        asyncio.run(_serve(server))
    except OSError as error:
        if error.filename is not None:
            raise  # the log
        raise MockServerError(f"cannot serve on port {port}: {error.strerror or error}") from None
    return 0


def _seconds(text: str) -> float:
    match = _DURATION.fullmatch(text)
    if not match:
        raise MockServerError(f"--latency {text!r}: expected a time such as 50ms or 0.2s")
    return float(match[1]) * _UNITS[match[2]]


async def _serve(server: MockServer) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with server:
        plain_console(soft_wrap=True).print(f"mock server listening on {server.url}")
        await stop.wait()
