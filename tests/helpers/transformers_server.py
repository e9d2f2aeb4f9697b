"""`transformers serve` for tests: a model folder behind an OpenAI-compatible endpoint."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest


def offline(home: Path) -> dict[str, str]:
    """An environment for Hugging Face programs that keep to `home` and to one core."""
    (home / "hub").mkdir(exist_ok=True)  # the server lists it
    return {**os.environ, "HF_HOME": str(home), "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}


@contextmanager
def serving(folder: str, home: Path) -> Iterator[str]:
    """Serve the model in `folder`; gives the base URL."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("transformers")), "serve", folder]
    options = ["--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
    log = home / "server.log"
    with (
        log.open("wb") as output,
        subprocess.Popen([*command, *options], env=offline(home), stdout=output, stderr=output) as server,
    ):
        try:
            _wait(f"http://127.0.0.1:{port}/health", server, log)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()


def _wait(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(240):
        try:
            if httpx.get(url, timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            pass
        if server.poll() is not None:
            break
        time.sleep(0.5)
    pytest.fail(f"transformers serve did not start:\n{log.read_text('utf-8', 'replace')[-4000:]}")
