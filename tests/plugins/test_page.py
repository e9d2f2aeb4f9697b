"""Every block of docs/plugins.md runs as it stands there, but for what is in `INSTEAD`."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from hub_api import WRITER
from hub_server import serving
from mock_servers import mock_server
from other_harnesses import run_beside, run_in
from page_blocks import Block, read_blocks

BLOCKS: Final = list(read_blocks(Path(__file__).parents[2] / "docs" / "plugins.md"))
HELPERS: Final = Path(__file__).parents[1] / "helpers"

INSTEAD: Final = {
    # models and addresses: the mock server, and a model that is made here
    "openai/gpt-5-mini": "openai-api/mock/m",
    "https://api.openai.com/v1": "{url}",
    "http://127.0.0.1:8000/v1": "{url}",
    "model=NAME": "model=m",
    "openai/NAME": "openai/m",
    "Qwen/Qwen3-0.6B": "{model}",
    # a log is named by the time it was made at
    "logs/2026-01-01T12-00-00-00-00_dyna_ab12.eval": "logs/*_dyna_*.eval",
    # how long it takes
    "-T samples=200": "-T samples=4",
    "-T mode=direct": "-T mode=direct -T samples=4",
    '{"samples": 200}': '{"samples": 4}',
    "samples=10_000": "samples=16",
    "max_steps=500": "max_steps=1, max_completion_length=8, use_cpu=True, bf16=False, report_to=[]",
    "-n 20": "-n 2",
    # commands that fetch nothing
    "lighteval endpoint": f"python '{HELPERS}/lighteval_offline.py' endpoint",
    # a harness that fetches nothing, which stands among the helpers
    "--env.agent.harness.id null": "--env.agent.harness.id plain_harness",
    '"$(synthlm plugin-path verifiers)"': '"$(synthlm plugin-path verifiers):$PYTHONPATH"',
}
"""What stands on the page → what stands there in the tests."""

RUN: Final = "eval_results/eval_20260101_120000"
"""The run that the page compares with: it is made before."""


def test_the_page_has_a_block_for_each() -> None:
    titles = dict.fromkeys(block.title for block in BLOCKS)
    assert {"inspect_ai", "TRL", "reasoning-gym", "verifiers", "lm-evaluation-harness"} <= set(titles)
    page = "".join(block.code for block in BLOCKS)
    assert [text for text in INSTEAD if text not in page] == []


@pytest.fixture
def around(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a block: a mock server for every provider, and a Hub that is none."""
    with mock_server() as url, serving() as hub:
        yield {
            "url": url,
            "model": str(tmp_path / "model"),
            "OPENAI_API_KEY": "x", "MOCK_API_KEY": "x", "MOCK_BASE_URL": url,
            "HF_ENDPOINT": hub.url, "HF_TOKEN": WRITER, "HF_HUB_DISABLE_XET": "1", "HF_HUB_OFFLINE": "0",
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "PYTHONPATH": os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), str(HELPERS)])),
            "OMP_NUM_THREADS": "1", "INSPECT_DISPLAY": "plain", "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        }  # fmt: skip


def in_place(code: str, around: dict[str, str]) -> str:
    """A block's code with what stands in its places."""
    for written, instead in INSTEAD.items():
        code = code.replace(
            written, instead.replace("{url}", around["url"]).replace("{model}", around["model"])
        )
    return code


@pytest.mark.slow
@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.name)
def test_a_block_runs(block: Block, around: dict[str, str], tmp_path: Path) -> None:
    if block.missing:
        pytest.skip(f"needs {block.missing}")
    code = in_place(block.commands, around)
    if around["model"] in code:
        run_in(tmp_path, [sys.executable, str(HELPERS / "tiny_llama.py"), around["model"]])
    if RUN in code:
        asked = ["--base-url", around["url"], "--model", "m", "--samples-per-combo", "2", "--quiet"]
        run_beside(
            "synthlm", "eval", *asked, "--requests-per-minute", "0", "--output-dir", RUN, folder=tmp_path
        )
    shell = ["bash", "-eo", "pipefail", "-c"]  # a failing command fails the block
    run_in(tmp_path, [*([sys.executable, "-c"] if block.language == "python" else shell), code], **around)
