"""The mock server: what it says, how it fails as scripted, and what it logs."""

import asyncio
import json
import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from mock_servers import COMMAND, mock_server
from raw_server import until
from support import level_configs, listed

from eval_harness.endpoint.exchange import Answer
from eval_harness.endpoint.redaction import Redactor
from eval_harness.endpoint.replies import read_answer
from eval_harness.mock.faults import SAID, SENT, Script, ScriptError
from eval_harness.mock.model import Model, digest
from eval_harness.mock.server import MockServer
from eval_harness.records import Reply
from eval_harness.scoring.extraction import extract
from eval_harness.scoring.verdicts import judge
from synthlm_tasks import TASKS, cli

ROW = listed("dyna-easy", "test", 1)[0]
T = TypeVar("T")
PROMPT = f"{ROW['input_text']}\n\nEnd with ANSWER: <answer>"


def chat(prompt: str = PROMPT, max_tokens: int = 2048) -> dict[str, Any]:
    """The body of a request."""
    return {"model": "m", "messages": [{"role": "user", "content": prompt}], "max_tokens": max_tokens}


def asked(use: Callable[[httpx.AsyncClient], Awaitable[T]], server: MockServer) -> T:
    """What `use` makes of a client of a running server."""

    async def run() -> T:
        async with server, httpx.AsyncClient(base_url=server.url, timeout=10) as client:
            return await use(client)

    return asyncio.run(run())


def replied(
    faults: str = "", body: dict[str, Any] | None = None, path: str = "/chat/completions"
) -> httpx.Response:
    """The response to one request."""
    server = MockServer(Model(1, 1), Script.parse(faults))
    return asked(lambda client: client.post(path, json=body or chat()), server)


@pytest.mark.parametrize("name", level_configs())
def test_a_perfect_model_answers_every_task_right(name: str) -> None:
    model = Model(1, 1)
    for row in listed(name, "test", 20):
        thought = model.answer(f"{TASKS[row['task']].rule}\n\n{row['input_text']}\n\nANSWER: <answer>")
        kind = TASKS[row["task"]].answer_kind(row["target"])
        assert extract(thought.text, kind) == (row["target"], "marker")
        assert model.answer(row["input_text"]).text == row["target"]


def test_the_share_of_right_answers_is_the_accuracy_and_wrong_ones_are_of_the_same_kind() -> None:
    rows = [row for name in level_configs() for row in listed(name, "train", 60)]
    model = Model(0.8, 1)
    right = 0
    for row in rows:
        answer = model.answer(row["input_text"]).answer
        right += answer == row["target"]
        assert TASKS[row["task"]].answer_kind(answer) == TASKS[row["task"]].answer_kind(row["target"])
    assert abs(right / len(rows) - 0.8) < 4 * (0.8 * 0.2 / len(rows)) ** 0.5


def test_what_is_answered_depends_on_seed_and_problem_alone() -> None:
    rows = listed("logic-easy", "test", 200)

    def answers(seed: int, order: int) -> dict[str, str]:
        model = Model(0.5, seed)
        return {row["sample_id"]: model.answer(row["input_text"]).answer for row in rows[::order]}

    assert answers(1, 1) == answers(1, -1)
    assert answers(1, 1) != answers(2, 1)


def test_the_last_problem_of_a_few_shot_prompt_is_answered() -> None:
    shots = "".join(f"{row['input_text']} {row['target']}\n\n" for row in listed("filtro-easy", "train", 4))
    assert Model(1, 1).answer(shots + ROW["input_text"]).answer == ROW["target"]


def test_a_prompt_without_a_problem_gets_no_answer() -> None:
    assert Model(1, 1).answer("Hello").problem == ""
    assert Model(1, 1).answer("QUERY STATE [A, B] ->").problem == ""


def test_a_chat_is_answered_as_openai_does() -> None:
    data = replied().json()
    (choice,) = data["choices"]
    assert choice["message"]["content"].endswith(f"ANSWER: {ROW['target']}")
    assert (choice["finish_reason"], choice["message"]["role"], data["model"]) == ("stop", "assistant", "m")
    usage = data["usage"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"] > 0


def test_the_content_of_a_message_may_come_in_parts() -> None:
    body = chat()
    body["messages"][0]["content"] = [{"type": "text", "text": PROMPT}]
    assert replied(body=body).json() == replied().json()


def test_completions_go_on_with_the_bare_answer() -> None:
    body = {"model": "m", "prompt": ROW["input_text"], "stop": ["\n"]}
    (choice,) = replied(body=body, path="/completions").json()["choices"]
    assert choice["text"] == f" {ROW['target']}"
    several = replied(body={"model": "m", "prompt": [ROW["input_text"]] * 3}, path="/completions").json()
    assert [choice["text"] for choice in several["choices"]] == [f" {ROW['target']}\n"] * 3


def test_a_reply_ends_at_max_tokens() -> None:
    (choice,) = replied(body=chat(max_tokens=3)).json()["choices"]
    assert (choice["finish_reason"], len(choice["message"]["content"])) == ("length", 12)
    (choice,) = replied(body=chat(max_tokens=0)).json()["choices"]
    assert (choice["finish_reason"], choice["message"]["content"]) == ("length", "")


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/chat/completions", {"messages": []}, 400),
        ("/completions", {"prompt": [1, 2]}, 400),
        ("/embeddings", {}, 404),
    ],
)
def test_what_is_not_understood_is_refused_in_words(path: str, body: dict[str, Any], status: int) -> None:
    response = replied(body=body | {"model": "m"}, path=path)
    assert response.status_code == status
    assert response.json()["error"]["message"]


def test_health_and_models_are_served() -> None:
    async def use(client: httpx.AsyncClient) -> tuple[int, str]:
        health = await client.get(str(client.base_url).replace("/v1/", "/health"))
        return health.status_code, (await client.get("/models")).json()["data"][0]["id"]

    assert asked(use, MockServer(Model(1, 1))) == (200, "mock")


# What each fault in the words looks like to whoever scores them.
OUTCOMES = {
    "think": "ok",
    "think-unclosed": "no_answer",
    "reasoning": "ok",
    "truncated": "truncated",
    "no-answer": "no_answer",
    "refused": "refused",
    "filtered": "refused",
    "parts": "ok",
    "no-usage": "ok",
    "not-utf8": "ok",
}


@pytest.mark.parametrize("fault", SAID)
def test_faults_in_what_is_said_have_their_outcomes(fault: str) -> None:
    response = replied(f"{fault}:1")
    answer = Answer(response.status_code, dict(response.headers), response.content, cut=False, seconds=0.1)
    reply = read_answer(answer, "chat", Redactor([]), 1)
    assert isinstance(reply, Reply)
    verdict = judge(reply, ROW["target"], TASKS["dyna"].answer_kind(ROW["target"]))
    assert verdict.outcome == OUTCOMES[fault]
    assert verdict.is_correct == (verdict.outcome == "ok")
    assert reply.replaced == (fault == "not-utf8")


@pytest.mark.parametrize(
    ("fault", "status", "header"),
    [
        ("500", 500, None),
        ("503", 503, None),
        ("520", 520, None),
        ("401", 401, None),
        ("429", 429, "retry-after"),
        ("429-date", 429, "retry-after"),
        ("429-ms", 429, "retry-after-ms"),
        ("429-bare", 429, None),
        ("quota", 429, None),
        ("error-200", 200, None),
        ("redirect", 307, "location"),
    ],
)
def test_faults_by_status(fault: str, status: int, header: str | None) -> None:
    response = replied(f"{fault}:1")
    assert response.status_code == status
    assert (header is None) or header in response.headers
    assert header == "retry-after" or "retry-after" not in response.headers
    if fault != "redirect":
        assert response.json()["error"]["message"]
    if fault == "quota":
        assert response.json()["error"]["code"] == "insufficient_quota"


def test_faults_in_the_body() -> None:
    for fault in ("malformed", "cut"):
        with pytest.raises(json.JSONDecodeError):
            replied(f"{fault}:1").json()
    assert replied("no-choices:1").json()["choices"] == []
    assert len(replied("huge:1").content) > 10_000_000


@pytest.mark.parametrize("fault", ["reset", "reset-body"])
def test_resets_break_the_connection(fault: str) -> None:
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        replied(f"{fault}:1")


@pytest.mark.parametrize("fault", ["hang", "slow", "stall"])
def test_late_replies_are_late(fault: str) -> None:
    async def use(client: httpx.AsyncClient) -> None:
        async with asyncio.timeout(0.5):
            await client.post("/chat/completions", json=chat())

    with pytest.raises(TimeoutError):
        asked(use, MockServer(Model(1, 1), Script.parse(f"{fault}:1")))


def test_every_kind_of_fault_has_been_tried() -> None:
    statuses = {"429-date", "429-ms", "429-bare", "quota", "error-200", "redirect"}
    others = {"malformed", "cut", "no-choices", "huge", "reset", "reset-body", "hang", "slow", "stall"}
    assert set(SENT) == statuses | others
    assert set(SAID) == set(OUTCOMES)


def test_faults_by_number_strike_these_requests() -> None:
    async def use(client: httpx.AsyncClient) -> list[int]:
        return [(await client.post("/chat/completions", json=chat())).status_code for _ in range(7)]

    script = Script.parse("503@2-3, 500@3, 401@6-")
    assert asked(use, MockServer(Model(1, 1), script)) == [200, 503, 503, 200, 200, 401, 401]


def test_shares_add_up_and_depend_on_problem_and_attempt_alone() -> None:
    model = Model(1, 1)
    script = Script.parse("429:0.1,500:0.2,truncated:0.25,refused:0.25")
    first = Counter(script.fault_for(model, 1, f"problem {i}", 1) for i in range(4000))
    for kind, share in (("429", 0.1), ("500", 0.2), ("truncated", 0.7 * 0.25), ("refused", 0.7 * 0.25)):
        assert abs(first[kind] / 4000 - share) < 0.03
    # What is said does not change with another attempt; what is sent does.
    said = [script.fault_for(model, 1, "problem", attempt) for attempt in range(1, 200)]
    assert len({fault for fault in said if fault not in ("429", "500")}) == 1
    assert {"429", "500"} < set(said)


@pytest.mark.parametrize(
    ("script", "complaint"),
    [
        ("429", "'429': expected KIND:SHARE"),
        ("burn:0.1", "'burn': expected a status from 400 to 599, 429-date"),
        ("200:0.1", "'200': expected a status"),
        ("500:0", "a share above 0"),
        ("500:1.5", "a share above 0"),
        ("500@9-3", "the last request comes before the first"),
        ("500@0", "expected KIND:SHARE"),
    ],
)
def test_scripts_that_cannot_be_read_say_so(script: str, complaint: str) -> None:
    with pytest.raises(ScriptError, match=complaint):
        Script.parse(script)


def test_latency_is_kept_and_the_log_tells_arrivals_and_how_many_are_in_flight(tmp_path: Path) -> None:
    log = tmp_path / "requests.jsonl"

    async def use(client: httpx.AsyncClient) -> float:
        started = time.monotonic()
        headers = {"authorization": "Bearer sk-planted"}
        await asyncio.gather(
            *(client.post("/chat/completions", json=chat(), headers=headers) for _ in range(5))
        )
        return time.monotonic() - started

    assert 0.2 <= asked(use, MockServer(Model(1, 1), latency=0.2, log=log)) < 2
    text = log.read_text("utf-8")
    assert "planted" not in text
    lines = [json.loads(line) for line in text.splitlines()]
    assert [line["request"] for line in lines] == [1, 2, 3, 4, 5]
    assert [line["in_flight"] for line in lines] == [1, 2, 3, 4, 5]
    assert [line["attempt"] for line in lines] == [1, 2, 3, 4, 5]
    assert {line["problem"] for line in lines} == {digest(ROW["input_text"])}
    assert [line["at"] for line in lines] == sorted(line["at"] for line in lines)


def test_a_client_that_gives_up_is_in_flight_no_longer() -> None:
    server = MockServer(Model(1, 1), Script.parse("hang@1"))

    async def use(client: httpx.AsyncClient) -> int:
        with pytest.raises(httpx.ReadTimeout):
            await client.post("/chat/completions", json=chat(), timeout=0.2)
        await until(lambda: server.in_flight == 0)
        return (await client.post("/chat/completions", json=chat())).status_code

    assert asked(use, server) == 200


def test_requests_in_one_packet_are_answered_in_turn() -> None:
    async def run() -> bytes:
        async with MockServer(Model(1, 1)) as server:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(b"GET /health HTTP/1.1\r\nhost: x\r\n\r\n" * 2 + b"nonsense\r\n\r\n")
            received = await reader.read()
            writer.close()
            return received

    received = asyncio.run(run())
    assert received.count(b"HTTP/1.1 200 OK") == 2
    assert received.count(b"HTTP/1.1 400 Bad Request") == 1


def test_the_command_serves_until_it_is_stopped(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    with mock_server("--accuracy", "1", "--latency", "1ms", "--log", str(log)) as url:
        data = httpx.post(f"{url}/chat/completions", json=chat()).json()
        assert data["choices"][0]["message"]["content"].endswith(f"ANSWER: {ROW['target']}")
        assert len(log.read_text("utf-8").splitlines()) == 1


def test_ctrl_c_ends_the_command_well() -> None:
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(COMMAND, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as server:
        assert server.stdout
        server.stdout.readline()
        server.send_signal(signal.SIGINT)
        assert server.communicate(timeout=10)[1] == b""
        assert server.returncode == 0


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--latency", "fast"], "expected a time such as 50ms"),
        (["--faults", "burn:1"], "'burn'"),
        (["--accuracy", "1.5"], "1.5"),
    ],
)
def test_wrong_options_are_refused(
    options: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["mock-server", *options]) == 2
    assert complaint in capsys.readouterr().err


def test_a_port_in_use_is_named_and_the_log_of_who_has_it_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "log"
    log.write_text("a line\n")
    with mock_server() as url:
        port = url.split(":")[2].removesuffix("/v1")
        assert cli.main(["mock-server", "--port", port, "--log", str(log)]) == 2
    assert f"cannot serve on port {port}" in capsys.readouterr().err
    assert log.read_text() == "a line\n"


def test_a_log_that_cannot_be_written_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["mock-server", "--port", "0", "--log", "/proc/self/net/x"]) == 2
    assert "error: --log '/proc/self/net/x': " in capsys.readouterr().err
