"""A loopback endpoint for the harness's tests: deterministic replies, and a log of every request."""

import hashlib
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from synthlm_tasks.audit.registry import task_audit

_PROBLEM: Final = re.compile(r"^(?:STATE|Ex1:|EDGES|INPUTS) .*->$", re.MULTILINE)
_TASKS: Final = {"STATE": "dyna", "Ex1:": "inducto", "EDGES": "filtro", "INPUTS": "logic"}

Respond = Callable[[str], dict[str, Any] | bytes]


def problem(body: dict[str, Any]) -> str:
    """The problem that a request asks: the last one in it, or the whole text where there is none."""
    text = body["prompt"] if "prompt" in body else body["messages"][-1]["content"]
    return [text, *_PROBLEM.findall(text)][-1]


def solved(text: str, share: float = 0.75) -> dict[str, Any]:
    """A reply that is right for a share of the problems, decided by the problem alone."""
    if text.split(" ")[0] not in _TASKS:
        return said("OK")
    lucky = hashlib.sha256(text.encode()).digest()[0] < 256 * share
    answer = task_audit(_TASKS[text.split(" ")[0]]).checks.answer(text)
    return said(f"Let me see.\nANSWER: {answer if lucky else spoiled(answer)}")


def spoiled(answer: str) -> str:
    """A wrong answer of the same kind."""
    if " " in answer:
        return f"{answer} A" if len(answer) < 40 else answer[:3]
    first, second = ("0", "1") if answer.isdigit() else ("A", "B") if len(answer) == 1 else ("alpha", "beta")
    return first if answer != first else second


def said(content: str, finish_reason: str = "stop") -> dict[str, Any]:
    """A reply with this content."""
    return {
        "model": "oracle-1",
        "choices": [{"message": {"content": content}, "text": content, "finish_reason": finish_reason}],
        "usage": {"prompt_tokens": 100, "completion_tokens": 10},
    }


class Endpoint:
    """What the server knows: `asked` problems in order of arrival, and what it answers with."""

    def __init__(self, respond: Respond, latency: float) -> None:
        self.respond = respond
        self.latency = latency
        self.asked: list[str] = []
        self.arrivals: list[float] = []
        self.answered: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.status = 200
        self.url = ""


@contextmanager
def endpoint(respond: Respond = solved, latency: float = 0.0, port: int = 0) -> Iterator[Endpoint]:
    """A running endpoint; `respond` maps a problem to the JSON of a reply, or to other bytes."""
    known = Endpoint(respond, latency)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 16  # one packet a reply: two would wait for each other

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            text = problem(body)
            known.asked.append(text)
            known.arrivals.append(time.monotonic())
            known.headers.append({name.lower(): value for name, value in self.headers.items()})
            time.sleep(known.latency)
            reply = known.respond(text) if known.status == 200 else {"error": {"message": "no entry"}}
            data = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
            try:
                self.send_response(known.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)
                self.wfile.flush()
            except OSError:
                self.close_connection = True
                return
            known.answered.append(text)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 512

        def handle_error(self, *_: object) -> None:
            pass

    server = Server(("127.0.0.1", port), Handler)
    known.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield known
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
