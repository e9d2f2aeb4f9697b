"""`synthlm eval` against a server that is not ours: `transformers serve` with a tiny Llama made on the spot.

Needs the extra `e2e`; run with `pytest -m slow tests/test_e2e_transformers.py`.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import httpx
import pytest
from evaluating import lines, read

from synthlm_tasks import cli

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (find_spec("transformers") and find_spec("torch")), reason="needs the extra e2e"),
]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Base URL and model name of a running server."""
    home = tmp_path_factory.mktemp("home")
    (home / "hub").mkdir()  # the server lists it
    folder = str(tmp_path_factory.mktemp("tiny-llama"))
    environment = {**os.environ, "HF_HOME": str(home), "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    script = Path(__file__).with_name("tiny_llama.py")
    subprocess.run([sys.executable, str(script), folder], env=environment, check=True, timeout=300)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("transformers")), "serve", folder]
    options = ["--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
    log = home / "server.log"
    with (
        log.open("wb") as output,
        subprocess.Popen([*command, *options], env=environment, stdout=output, stderr=output) as server,
    ):
        try:
            _wait(f"http://127.0.0.1:{port}/health", server, log)
            yield f"http://127.0.0.1:{port}/v1", folder
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


@pytest.mark.parametrize("endpoint", ["chat", "completions"])
def test_a_real_server_is_evaluated(served: tuple[str, str], endpoint: str, tmp_path: Path) -> None:
    url, model = served
    run = tmp_path / "run"
    asked = ["--base-url", url, "--model", model, "--endpoint", endpoint, "--max-tokens", "16"]
    scale = ["--samples-per-combo", "3", "--requests-per-minute", "0", "--max-concurrent", "2"]
    code = cli.main(["eval", *asked, *scale, "--output-dir", str(run), "--quiet"])
    assert code == 0
    summary, rows = read(run, "summary"), lines(run)
    overall = summary["overall"]
    assert (overall["total_samples"], overall["scored"], overall["errors"], overall["pending"]) == (
        36,
        36,
        0,
        0,
    )
    for row in rows:
        # Where the answer is a letter, a sequence or a name, "0" is outside the domain.
        expected = "ok" if row["target"].isdigit() else "no_answer"
        assert row["raw_response"].strip() == "ANSWER: 0"
        assert (row["outcome"], row["is_correct"]) == (expected, row["target"] == "0")
        assert row["finish_reason"] == "stop"
        assert row["prompt_tokens"] > 100
        assert row["completion_tokens"] >= 3
        assert row["latency_ms"] > 0
    assert overall["correct"] == sum(row["target"] == "0" for row in rows) > 0
    assert summary["by_task"]["logic"]["no_answer"] == 0
    assert summary["tokens"]["total"] == summary["tokens"]["prompt"] + summary["tokens"]["completion"] > 0
