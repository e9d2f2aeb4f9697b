"""The example for lm-evaluation-harness asks and scores as `synthlm eval --mode direct` does."""

import functools
import importlib.util
import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from evaluating import read
from mock_servers import mock_server
from support import listed

from eval_harness.runs.prompts import make_prompts
from eval_harness.runs.samples import generate_cells, iter_samples
from eval_harness.runs.settings import new_settings
from synthlm_tasks import TASKS, cli
from synthlm_tasks.rows.presets import LEVELS

FOLDER = Path(__file__).parents[2] / "examples" / "lm_eval"
GROUPS = {"synthlm_direct": "chat", "synthlm_completions": "completions"}


@pytest.fixture(scope="module")
def utils() -> ModuleType:
    spec = importlib.util.spec_from_file_location("lm_eval_utils", FOLDER / "utils.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Loader(yaml.SafeLoader):
    """Reads `!function utils.name` as the name."""


Loader.add_constructor("!function", lambda loader, node: loader.construct_scalar(node).split(".")[1])


def group(name: str) -> dict[str, Any]:
    """A task file, parsed."""
    return yaml.load((FOLDER / f"{name}.yaml").read_text("utf-8"), Loader)


@functools.cache
def asked(endpoint: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Some cases, each as a row and as the body that `synthlm eval --mode direct` sends."""
    given = {"base_url": "http://x/v1", "model": "m", "mode": "direct", "endpoint": endpoint}
    choices = new_settings({**given, "samples_per_combo": 3})
    cells = generate_cells(choices)
    made = make_prompts(choices, cells)
    return [
        ({"task": case.task, "input_text": case.input_text, "target": case.target}, made.body(case))
        for case in iter_samples(cells, 1)
    ]


def test_a_chat_is_asked_word_for_word_the_same(utils: ModuleType) -> None:
    for row, body in asked("chat"):
        assert body["messages"] == [{"role": "user", "content": utils.question(row)}]
    settings = group("synthlm_direct")
    assert (settings["doc_to_text"], settings["process_results"]) == ("question", "score")
    assert settings["num_fewshot"] == 0


def test_a_base_model_is_given_the_same_four_examples() -> None:
    settings = group("synthlm_completions")
    assert (settings["fewshot_split"], settings["fewshot_config"]) == ("train", {"sampler": "first_n"})
    templates = (settings["doc_to_text"], settings["target_delimiter"], settings["doc_to_target"])
    assert templates == ("{{input_text}}", " ", "{{target}}")
    shown = listed("dyna-easy", "train", settings["num_fewshot"])
    texts = [f"{row['input_text']} {row['target']}" for row in shown]
    row, body = asked("completions")[0]
    assert body["prompt"] == settings["fewshot_delimiter"].join([*texts, row["input_text"]])
    assert body["stop"] == settings["generation_kwargs"]["until"]


@pytest.mark.parametrize("name", GROUPS)
def test_every_core_config_is_asked_with_the_harness_defaults(name: str) -> None:
    settings = group(name)
    assert [task["dataset_name"] for task in settings["task"]] == [
        f"{task}-{level}" for task in TASKS for level in LEVELS
    ]
    (_, body) = asked(GROUPS[name])[0]
    generation = settings["generation_kwargs"]
    assert (generation["max_gen_toks"], generation["temperature"]) == (
        body["max_tokens"],
        body["temperature"],
    )


def test_replies_are_scored_as_the_harness_scores_them(utils: ModuleType) -> None:
    row = {"task": "dyna", "input_text": "", "target": "B"}
    assert utils.score(row, ["**B**"]) == {"acc": 1.0, "no_answer": 0.0}
    assert utils.score(row, ["ANSWER: C"]) == {"acc": 0.0, "no_answer": 0.0}
    assert utils.score(row, ["B\n\nSTATE"]) == {"acc": 0.0, "no_answer": 1.0}
    assert utils.score_completion(row, [" B\n\nSTATE"]) == {"acc": 1.0, "no_answer": 0.0}


OPTIONS = {
    "chat": ["local-chat-completions", "chat/completions,num_concurrent=4", "--apply_chat_template"],
    "completions": [
        "local-completions",
        "completions,num_concurrent=4,tokenizer_backend=None,tokenized_requests=False",
    ],
}


@pytest.mark.slow
@pytest.mark.skipif(not find_spec("lm_eval"), reason="needs the extra e2e")
@pytest.mark.parametrize("name", GROUPS)
def test_lm_eval_sends_the_same_prompts_and_finds_the_same_accuracies(name: str, tmp_path: Path) -> None:
    endpoint, log = GROUPS[name], tmp_path / "log.jsonl"
    exported = ["export", "--output-dir", str(tmp_path / "synthlm"), "--num-samples", "400"]
    assert cli.main(exported) == 0
    model, address, *more = OPTIONS[endpoint]
    with mock_server("--faults", "no-answer:0.1", "--log", str(log)) as url:
        run = ["eval", "--base-url", url, "--model", "m", "--mode", "direct", "--endpoint", endpoint]
        scale = ["--requests-per-minute", "0", "--samples-per-combo", "20", "--quiet"]
        assert cli.main([*run, *scale, "--output-dir", str(tmp_path / "run")]) == 0
        harness = [str(Path(sys.executable).with_name("lm_eval")), "run", "--model", model, *more]
        where = ["--model_args", f"model=m,base_url={url}/{address}", "--include_path", str(FOLDER)]
        environment = {**os.environ, "HF_HOME": str(tmp_path / "home"), "HF_HUB_OFFLINE": "1"}
        subprocess.run(
            [*harness, *where, "--tasks", name, "--output_path", str(tmp_path / "out")],
            cwd=tmp_path,
            env=environment,
            check=True,
            timeout=500,
        )
    sent = [json.loads(line)["prompt"] for line in log.read_text("utf-8").splitlines()]
    assert len(sent) == 2 * 240
    assert sorted(sent[:240]) == sorted(sent[240:])
    (results,) = (tmp_path / "out").rglob("results_*.json")
    found = json.loads(results.read_text("utf-8"))["results"]
    summary = read(tmp_path / "run", "summary")
    assert found[name]["acc,none"] == pytest.approx(summary["overall"]["accuracy"])
    assert found[name]["no_answer,none"] == pytest.approx(summary["overall"]["no_answer"] / 240)
    for task, part in summary["by_task"].items():
        for level, cell in zip(LEVELS, part["by_difficulty"].values(), strict=True):
            key = f"{name}::{name.removeprefix('synthlm_')}_{task}_{level}"
            assert found[key]["acc,none"] == pytest.approx(cell["accuracy"])
