"""The first request decides: what is set up wrongly is told within seconds, and nothing else is sent."""

import json
import socket
import threading
import time
from pathlib import Path

import pytest
from endpoint import Endpoint, endpoint, said, solved
from evaluating import evaluate, lines, read

from eval_harness.runs import runner

PAGE = (
    b"<!DOCTYPE html><html><head><title>Welcome to nginx!</title><style>p {}</style></head><p>Hi</p></html>"
)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return tmp_path / "run"


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def told(served: Endpoint, run: Path, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    """What a run that is set up wrongly says, after a few seconds, with nothing written down."""
    began = time.monotonic()
    assert evaluate(served, run, *options) == 3
    assert time.monotonic() - began < 10
    assert lines(run) == []
    assert read(run, "summary")["overall"]["pending"] == 30
    assert len(set(served.asked) - {"Say OK."}) <= 1
    assert served.asked.count("Say OK.") <= 1
    assert len(served.asked) <= 7
    return capsys.readouterr().err.splitlines()[-1]


def nowhere(url: str) -> Endpoint:
    absent = Endpoint(solved, 0)
    absent.url = url
    return absent


def test_nothing_listening(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    port = free_port()
    words = told(nowhere(f"http://127.0.0.1:{port}/v1"), run, capsys)
    assert f"to http://127.0.0.1:{port}/v1/chat/completions: ConnectError: cannot connect" in words
    assert f"nothing listens at 127.0.0.1:{port}: is the server running" in words
    assert "--wait-for-server" in words


def test_no_such_host(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = told(nowhere("http://model.invalid/v1"), run, capsys)
    assert "the host model.invalid is not known here: check --base-url" in words


@pytest.mark.parametrize(
    ("reply", "path", "shown"),
    [
        pytest.param(
            PAGE, "", ["it is a web page: Welcome to nginx!", "try --base-url {url}/v1"], id="a page"
        ),
        pytest.param(
            PAGE,
            "/v1",
            ["it is a web page: Welcome to nginx!", "OpenAI-compatible API? Check"],
            id="page at /v1",
        ),
        pytest.param(b"Ollama is running", "", ["begins: Ollama is running", "{url}/v1"], id="words"),
        pytest.param({"docs": "/docs"}, "", ['no choices; it begins: {"docs"', "{url}/v1"], id="JSON"),
        pytest.param(
            {"choices": [{"text": "4"}]}, "/v1", ["the reply has no message", '{"choices"'], id="no message"
        ),
    ],
)
def test_an_answer_that_is_no_apis(
    reply: dict[str, object] | bytes,
    path: str,
    shown: list[str],
    run: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with endpoint(lambda _: reply) as served:
        url = served.url.removesuffix("/v1")
        served.url = url + path
        words = told(served, run, capsys)
    for text in shown:
        assert text.replace("{url}", url) in words


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        (401, "HTTP 401: no entry (check the API key)"),
        (403, "HTTP 403: no entry"),
        (404, "error: HTTP 404: no entry (check the base URL and the model's name)"),
        (500, "HTTP 500: no entry (is 'm' a model that this server has?)"),
        (503, "HTTP 503: no entry (--wait-for-server waits for a server that is still starting)"),
    ],
)
def test_a_status(status: int, shown: str, run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with endpoint() as served:
        served.status = status
        assert shown in told(served, run, capsys)


def test_a_path_without_v1(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with endpoint() as served:
        served.status, base = 404, served.url.removesuffix("/v1")
        served.url = f"{base}/"
        assert f"(the API may be elsewhere on this server: try --base-url {base}/v1)" in told(
            served, run, capsys
        )


def test_a_proxy_that_is_not_there(
    run: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    monkeypatch.setenv("http_proxy", f"http://user:secret@127.0.0.1:{port}")
    words = told(nowhere("http://far.example/v1"), run, capsys)
    assert f"(through the proxy 127.0.0.1:{port} of HTTP_PROXY)" in words
    assert "NO_PROXY=far.example goes past it" in words
    assert "secret" not in words


def test_a_server_that_does_not_speak_tls(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with endpoint() as served:
        served.url = served.url.replace("http:", "https:")
        assert "does it speak TLS at all? If not, --base-url begins with http://" in told(served, run, capsys)


def test_a_hiccup_before_the_first_reply_is_none_of_these(run: Path) -> None:
    turn = iter(range(1000))
    with endpoint(lambda text: solved(text) if next(turn) > 1 else b"{") as served:
        assert evaluate(served, run, "--max-retries", "0") == 0
    assert read(run, "summary")["overall"]["scored"] == 30


def test_a_first_sample_that_is_rejected_does_not_stop_the_others(run: Path) -> None:
    turn = iter(range(1000))
    with endpoint(lambda text: solved(text) if next(turn) else {"error": {"code": 400}}) as served:
        assert evaluate(served, run) == 1
    assert read(run, "summary")["overall"]["scored"] == 29


@pytest.mark.parametrize("status", [500, 503])
def test_a_server_that_fails_at_the_first_sample_alone_does_not_stop_the_others(
    status: int, run: Path
) -> None:
    seen: list[str] = []

    def respond(text: str) -> dict[str, object]:
        seen.append(text)
        return {"error": {"code": status}} if text == seen[0] else solved(text)

    with endpoint(respond) as served:
        assert evaluate(served, run, "--max-retries", "2") == 1
    overall = read(run, "summary")["overall"]
    assert (overall["scored"], overall["errors"]) == (29, 1)


def test_the_others_wait_for_the_first(run: Path) -> None:
    with endpoint(latency=1.0) as served:
        assert evaluate(served, run, "--max-concurrent", "30") == 0
    assert served.arrivals[1] - served.arrivals[0] >= 1.0
    assert served.arrivals[29] - served.arrivals[1] < 1.0  # side by side


def test_a_first_reply_that_takes_long_holds_nobody_up(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "_HEAD_START", 0.2)
    with endpoint(latency=1.5) as served:
        assert evaluate(served, run, "--max-concurrent", "30") == 0
    assert 0.2 <= served.arrivals[1] - served.arrivals[0] < 1
    assert len(set(served.asked)) == len(served.asked) == 30


@pytest.mark.parametrize("seconds", [0.0, 6.0])
def test_a_server_that_is_still_starting_is_waited_for_when_asked_to(seconds: float, run: Path) -> None:
    port = free_port()
    ended = threading.Event()

    def serve_later() -> None:
        time.sleep(seconds)
        with endpoint(port=port) as late:
            ended.wait(60)
            late.url = ""

    server = threading.Thread(target=serve_later)
    server.start()
    try:
        url = f"http://127.0.0.1:{port}/v1"
        assert evaluate(nowhere(url), run, "--wait-for-server", "--outage-patience", "30") == 0
    finally:
        ended.set()
        server.join()
    assert read(run, "summary")["overall"]["scored"] == 30


def test_the_wait_for_a_server_that_never_comes_ends(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    absent = nowhere(f"http://127.0.0.1:{free_port()}/v1")
    words = told(absent, run, capsys, "--wait-for-server", "--outage-patience", "2")
    assert f"no server at {absent.url}/chat/completions within 2 s: ConnectError" in words


def test_a_wrong_setting_is_told_at_once_also_while_waiting(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with endpoint() as served:
        served.status = 500
        assert "HTTP 500: no entry" in told(served, run, capsys, "--wait-for-server")


def test_a_resumed_run_is_told_as_soon(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with endpoint(lambda _: said("ANSWER: 0")) as served:
        served.status = 404
        told(served, run, capsys)
    manifest = json.loads((run / "run.json").read_text())
    assert "wait_for_server" not in manifest["settings"]
    assert manifest["settings"]["outage_patience"] == 600


def test_a_server_that_breaks_its_reply_off_is_not_taken_for_a_wrong_address(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with endpoint(lambda _: said("Let me", finish_reason="abort")) as served:
        words = told(served, run, capsys)
    assert "finish_reason is abort" in words
    assert "broke the reply off" in words
    assert "--base-url" not in words
