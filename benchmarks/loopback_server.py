"""A fast endpoint on the loopback, in a process of its own on the last core: `with served(0.2) as base_url`.

    python benchmarks/loopback_server.py [--port N] [--latency SECONDS]     # serve until interrupted

Every POST gets the same chat completion after `latency`; nothing is parsed, so that the client under
measurement is what limits. A GET tells what came since the last one (`tally`).
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

REPLY = json.dumps(
    {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "loopback",
        "choices": [
            {
                "index": 0,
                "message": {
                    "role": "assistant",
                    "content": f"{'Let me think step by step. ' * 20}\nANSWER: C",
                },
                "finish_reason": "stop",
            }
        ],
        "usage": {"prompt_tokens": 812, "completion_tokens": 143, "total_tokens": 955},
    }
).encode()
HEAD = b"HTTP/1.1 200 OK\r\nserver: loopback\r\ncontent-length: %d\r\ncontent-type: application/json\r\n\r\n"


class _Tally:
    """Requests, the seconds from the first one to the last reply, and the most at a time."""

    def __init__(self) -> None:
        self.first = self.last = 0.0
        self.count = self.now = self.most = 0

    def came(self) -> None:
        self.first = self.first or time.monotonic()
        self.count += 1
        self.now += 1
        self.most = max(self.most, self.now)

    def went(self) -> None:
        self.now -= 1
        self.last = time.monotonic()


class _Answering(asyncio.Protocol):
    tally = _Tally()

    def __init__(self, latency: float) -> None:
        self._latency = latency
        self._received = b""
        self._wanted = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("not a stream")
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while self._whole():
            asked = self._received[:3] == b"GET"
            self._received = self._received[self._wanted :]
            self._wanted = 0
            if asked:
                self._tell()
                continue
            self.tally.came()
            if self._latency:
                asyncio.get_running_loop().call_later(self._latency, self._answer)
            else:
                self._answer()

    def _whole(self) -> bool:
        """Whether a request has come in full, by its content-length."""
        if not self._wanted:
            head, found, _ = self._received.partition(b"\r\n\r\n")
            if not found:
                return False
            length = head.lower().partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0]
            self._wanted = len(head) + len(found) + int(length or b"0")
        return len(self._received) >= self._wanted

    def _tell(self) -> None:
        told, _Answering.tally = self.tally, _Tally()
        body = json.dumps([told.count, told.last - told.first, told.most]).encode()
        self._transport.write(HEAD % len(body) + body)

    def _answer(self) -> None:
        self.tally.went()
        if not self._transport.is_closing():
            self._transport.write(HEAD % len(REPLY) + REPLY)


async def _serve(port: int, latency: float) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Answering(latency), "127.0.0.1", port, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def served(latency: float) -> Iterator[str]:
    """The base URL of a server that runs as long as the block."""
    command = [sys.executable, __file__, "--latency", str(latency)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            if process.stdout is None:
                raise TypeError("no pipe")
            yield f"http://127.0.0.1:{int(process.stdout.readline())}/v1"
        finally:
            process.kill()


def tally(base_url: str) -> tuple[int, float, int]:
    """Requests since the last call, seconds from the first to the last reply, and the most in flight."""
    with urllib.request.urlopen(base_url) as reply:
        count, seconds, most = json.load(reply)
    return count, seconds, most


def pin(core: int) -> None:
    """Keep this process to one core, where the system can; -1 is the last one."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {range(os.cpu_count() or 1)[core]})


def main() -> None:
    """Serve."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency", type=float, default=0.0)
    chosen = parser.parse_args()
    pin(-1)
    asyncio.run(_serve(chosen.port, chosen.latency))


if __name__ == "__main__":
    main()
