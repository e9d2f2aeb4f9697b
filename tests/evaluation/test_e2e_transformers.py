"""`synthlm eval` against a server that is not ours: `transformers serve` with a tiny Llama made on the spot.

Needs the extra `e2e`; run with `pytest -m slow tests/evaluation/test_e2e_transformers.py`.
"""

import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from evaluating import lines, read
from transformers_server import offline, serving

from synthlm_tasks import cli

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (find_spec("transformers") and find_spec("torch")), reason="needs the extra e2e"),
]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Base URL and model name of a running server."""
    home, folder = tmp_path_factory.mktemp("home"), str(tmp_path_factory.mktemp("tiny-llama"))
    script = Path(__file__).parents[1] / "helpers" / "tiny_llama.py"
    subprocess.run([sys.executable, str(script), folder], env=offline(home), check=True, timeout=300)
    with serving(folder, home) as url:
        yield url, folder


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
