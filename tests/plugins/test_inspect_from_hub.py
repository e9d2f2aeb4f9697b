"""`inspect eval hf/user/name` runs a published folder from the Hub, with the verdicts of `synthlm eval`."""

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from hub_api import WRITER
from hub_server import serving
from mock_servers import mock_server
from other_harnesses import FAULTS, run_beside, run_python

from eval_harness.plugins.questions import judge_reply
from synthlm_tasks import cli

NEEDED = pytest.mark.skipif(not find_spec("inspect_ai"), reason="needs the extra inspect")
REPO = "user/synthlm"

VALIDATE = """
import json, sys, yaml
from inspect_ai._eval.task.hf import HFTask
tasks = [HFTask.model_validate(task) for task in yaml.safe_load(open(sys.argv[1]))["tasks"]]
print("FOUND", json.dumps([[task.id, task.config, task.split] for task in tasks]))
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "synthlm"
    assert cli.main(["export", "all", "dyna-easy", "--num-samples", "1200", "--output-dir", str(folder)]) == 0
    return folder


def inspect_from_hub(folder: Path, made: Path, task: str) -> dict[str, Any]:
    """Publish a folder on a stand-in for the Hub, run a task of it from there; the log."""
    with serving() as hub, mock_server("--faults", FAULTS) as model:
        there = {
            "HF_ENDPOINT": hub.url, "HF_HUB_OFFLINE": "0", "HF_HUB_DISABLE_XET": "1", "HF_TOKEN": WRITER,
            "XDG_CACHE_HOME": str(folder / "cache"), "MOCK_API_KEY": "x", "MOCK_BASE_URL": model,
        }  # fmt: skip
        run_beside("synthlm", "push", str(made), REPO, folder=folder, **there)
        run_beside(
            "inspect", "eval", f"hf/{REPO}/{task}", "--model", "openai-api/mock/m", "--log-format", "json",
            "--log-dir", str(folder / "logs"), "--display", "plain", folder=folder, **there,
        )  # fmt: skip
    (log,) = (folder / "logs").glob("*.json")
    found: dict[str, Any] = json.loads(log.read_text("utf-8"))
    return found


def text_of(message: dict[str, Any]) -> str:
    """What a reply says, without its reasoning."""
    content = message["content"]
    parts = [{"type": "text", "text": content}] if isinstance(content, str) else content
    return "\n".join(part["text"] for part in parts if part["type"] == "text")


@NEEDED
@pytest.mark.slow
def test_inspect_takes_every_task_of_the_file(made: Path, tmp_path: Path) -> None:
    found = run_python(VALIDATE, str(made / "eval.yaml"), folder=tmp_path)
    assert found == [["all", "all", "test"], ["dyna-easy", "dyna-easy", "test"]]


@NEEDED
@pytest.mark.slow
@pytest.mark.parametrize("task", ["all"])
def test_a_published_folder_is_run_from_the_hub(task: str, made: Path, tmp_path: Path) -> None:
    log = inspect_from_hub(tmp_path, made, task)
    (split,) = (
        c["splits"]["test"]
        for c in json.loads((made / "metadata.json").read_text())["configs"]
        if c["name"] == task
    )
    assert log["status"] == "success"
    assert len(log["samples"]) == split["rows"] == 60
    template = next(
        t["solvers"][0]["args"]["template"]
        for t in yaml.safe_load((made / "eval.yaml").read_text("utf-8"))["tasks"]
        if t["id"] == task
    )
    verdicts = []
    for sample in log["samples"]:
        (choice,) = sample["output"]["choices"]
        reply, reason = text_of(choice["message"]), choice["stop_reason"]
        verdict = judge_reply(sample["metadata"]["task"], sample["target"], reply, finish_reason=reason)
        verdicts.append(verdict.is_correct)
        assert (sample["scores"]["pattern"]["value"] == "C") == verdict.is_correct, reply
        assert sample["messages"][0]["content"] == template.format(prompt=sample["input"])
    assert {True, False} == set(verdicts)
    (score,) = log["results"]["scores"]
    assert score["metrics"]["accuracy"]["value"] == pytest.approx(sum(verdicts) / 60)
