"""A mock server in a process of its own, as `synthlm mock-server` starts it."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

COMMAND = [sys.executable, "-c", "from synthlm_tasks.cli import run; run()", "mock-server", "--port", "0"]


@contextmanager
def mock_server(*options: str) -> Iterator[str]:
    """The base URL of a running server; it is stopped at the end."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "NO_COLOR": "1"}
    with subprocess.Popen([*COMMAND, *options], stdout=subprocess.PIPE, text=True, env=environment) as server:
        try:
            line = server.stdout.readline() if server.stdout else ""
            match = re.search(r"http://127\.0\.0\.1:\d+/v1", line)
            if not match:
                raise RuntimeError(f"the mock server did not start: {line!r}")
            yield match[0]
        finally:
            server.terminate()
            server.wait(10)
