"""Serves the stand-in for the Hub on a loopback port, from threads of the test's own process."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from hub_api import ROUTES, Hub, Reply, Request
from hub_repos import Refused


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "_Server"

    def _answer(self) -> None:
        body = self._body()
        url, hub = urlsplit(self.path), self.server.hub
        asked = f"{self.command} {url.path}"
        method = "GET" if self.command == "HEAD" else self.command
        with self.server.one_at_a_time:
            hub.asked.append(asked)
            try:
                for fault, refusal in hub.faults.items():
                    if fault in asked:
                        raise refusal
                reply = self._routed(method, url.path, dict(parse_qsl(url.query)), body)
            except Refused as refused:
                given = {"X-Error-Message": refused.message, "X-Error-Code": refused.code}
                reply = Reply(
                    {"error": refused.message}, refused.status, {k: v for k, v in given.items() if v}
                )
            except Exception as defect:  # of the stand-in itself: the test shall fail by it
                hub.defects.append(defect)
                reply = Reply({"error": repr(defect)}, 400)
        self._send(reply)

    def _routed(self, method: str, path: str, query: dict[str, str], body: bytes) -> Reply:
        for verb, pattern, endpoint in ROUTES:
            if verb == method and (match := re.fullmatch(pattern, path)):
                groups = {name: unquote(value or "") for name, value in match.groupdict().items()}
                return endpoint(Request(self.server.hub, self.command, groups, query, self.headers, body))
        raise Refused(404, f"the stand-in knows no {method} {path}")

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = []
        while size := int(self.rfile.readline(), 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _send(self, reply: Reply) -> None:
        content = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        kind = "application/octet-stream" if isinstance(reply.body, bytes) else "application/json"
        self.send_response(reply.status)
        for name, value in {
            "Content-Type": kind,
            "Content-Length": str(len(content)),
            **reply.headers,
        }.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_HEAD = do_POST = do_PUT = _answer  # noqa: N815  # the names http.server looks for

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name http.server passes
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, hub: Hub) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.hub, self.one_at_a_time = hub, threading.Lock()
        hub.url = f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no error of the server's."""


@contextmanager
def serving(xet: Path | None = None) -> Iterator[Hub]:
    """A fresh Hub with no repos, at its `url`."""
    with _Server(Hub(xet=xet)) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.hub
        finally:
            server.shutdown()
            thread.join()
            for defect in server.hub.defects:
                raise defect
