"""A planted key and header, echoed by the server in every place it can: found nowhere afterwards."""

import asyncio
import logging
import traceback

import pytest
from pydantic import SecretStr
from raw_server import Action, RawServer, chat, closes, http, sends
from scripted import BODY, KEY
from sockets import client_of

from eval_harness.endpoint.redaction import Redactor
from eval_harness.errors import RunStopped

HEADER = "planted-header-9876"
ECHO = f'got "Bearer {KEY}" and {HEADER}'


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(sends(http(500, {"error": {"message": ECHO}})), id="error"),
        pytest.param(sends(http(400, ECHO)), id="rejection"),
        pytest.param(sends(http(400, "x" * 590 + ECHO)), id="where the text is cut"),
        pytest.param(sends(http(401, {"error": {"message": ECHO}})), id="no access"),
        pytest.param(sends(http(429, ECHO)), id="rate limit"),
        pytest.param(sends(http(302, "", location=f"http://other/{KEY}")), id="redirect"),
        pytest.param(sends(http(200, {"error": ECHO})), id="error inside a 200"),
        pytest.param(sends(http(200, {"error": {"code": KEY, "metadata": [ECHO]}})), id="odd error"),
        pytest.param(sends(chat(ECHO, reasoning_content=ECHO, refusal=ECHO)), id="reply"),
        pytest.param(sends(http(200, ECHO)), id="malformed"),
        pytest.param(closes(ECHO.encode()), id="no HTTP"),
        pytest.param(sends(http(500, "", x_echo="a" * 200_000)), id="head too long"),
    ],
)
def test_no_result_log_or_traceback_holds_a_secret(answer: Action, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    shown: list[str] = []

    async def run() -> None:
        headers = {"X-Key": SecretStr(HEADER)}
        async with RawServer(answer) as server:
            async with client_of(server, headers=headers, max_retries=1, patience=0.1) as client:
                for _ in range(3):
                    try:
                        shown.append(repr(await client.ask(BODY)))
                    except RunStopped as stopped:
                        shown.append("".join(traceback.format_exception(stopped)))
            # It was really sent.
            assert f"Bearer {KEY}".encode() in server.requests[0]
            assert HEADER.encode() in server.requests[0]

    asyncio.run(run())
    everything = "\n".join([*shown, caplog.text])
    assert len(shown) == 3
    assert KEY not in everything
    assert HEADER not in everything


def test_errors_are_capped_on_one_line_after_secrets_are_gone() -> None:
    redactor = Redactor([KEY])
    assert redactor.error(f"no\n\n  {KEY} here") == "no [redacted] here"
    shown = redactor.error("x" * 590 + KEY + "y" * 1000)
    assert len(shown) <= 610
    assert "sk-" not in shown
    assert redactor.error("half \ud83d pair") == "half \ufffd pair"


def test_a_placeholder_key_does_not_touch_answers() -> None:
    redactor = Redactor(["alpha", "EMPTY", "1"])
    assert redactor.reply("ANSWER: alpha 1 EMPTY") == "ANSWER: alpha 1 EMPTY"
    assert redactor.error("alpha 1") == "[redacted] 1"
