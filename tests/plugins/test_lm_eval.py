"""lm-evaluation-harness asks and judges as `synthlm eval` does, from task files inside the package."""

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from other_harnesses import WAYS, held_run, run_beside, run_python

from eval_harness.plugins.lm_files import task_files
from eval_harness.plugins.locations import plugin_path
from synthlm_tasks import cli
from synthlm_tasks.catalog import configs

NEEDED = pytest.mark.skipif(not find_spec("lm_eval"), reason="needs the extra lm-eval")

HOME = plugin_path("lm-eval")

MODELS = {
    "chat": ["local-chat-completions", "chat/completions", "--apply_chat_template"],
    "completions": ["local-completions", "completions"],
}


def test_the_task_files_are_those_of_todays_configs() -> None:
    held = {path.relative_to(HOME).as_posix(): path.read_text("utf-8") for path in HOME.rglob("*.yaml")}
    assert held == task_files(), "run python -m eval_harness.plugins.lm_files"
    named = {text.splitlines()[0].removeprefix("task: synthlm_") for text in held.values()}
    assert {config.replace("-", "_") for config in configs()} <= named
    assert {"dyna_hard_mc", "logic_easy_mc", "filtro_medium_mc"} <= named
    assert not any(name.startswith("inducto") and name.endswith("_mc") for name in named)


def test_the_command_prints_the_folder_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["plugin-path", "lm-eval"]) == 0
    assert capsys.readouterr().out == f"{HOME}\n"
    assert cli.main(["plugin-path", "lm-evil"]) == 2
    assert "'lm-evil': expected one of lm-eval, " in capsys.readouterr().err


def lm_eval(folder: Path, url: str, endpoint: str, tasks: str, metadata: dict[str, Any]) -> Path:
    """Run tasks; returns the folder of what was found."""
    model, address, *more = MODELS[endpoint]
    arguments = f"model=m,base_url={url}/{address},num_concurrent=4,tokenizer_backend=None"
    run_beside(
        "lm_eval", "run", "--model", model, "--model_args", f"{arguments},tokenized_requests=False", *more,
        "--include_path", str(HOME), "--tasks", tasks, "--metadata", json.dumps(metadata),
        "--output_path", str(folder / "out"), "--log_samples", folder=folder,
    )  # fmt: skip
    (found,) = (folder / "out").rglob("results_*.json")
    return found


@NEEDED
@pytest.mark.slow
@pytest.mark.parametrize(("endpoint", "mode"), WAYS)
def test_every_row_gets_the_verdict_of_eval(endpoint: str, mode: str, tmp_path: Path) -> None:
    kinds = "no-answer:0.06,truncated:0.06,think:0.06,think-unclosed:0.06"  # what it passes on
    with held_run(tmp_path, endpoint, mode, 20, kinds) as held:
        results = lm_eval(tmp_path, held.url, endpoint, "synthlm_levels", {"samples": 20, "mode": mode})
    ours, theirs = held.prompts()
    assert ours == theirs
    rows = [
        json.loads(line)
        for path in results.parent.glob("samples_*.jsonl")
        for line in path.read_text("utf-8").splitlines()
    ]
    found = {row["doc"]["sample_id"]: (row["acc"], row["no_answer"]) for row in rows}
    assert len(rows) == len(found) == 240
    assert found == {
        name: (float(right), float(outcome != "ok")) for name, (outcome, _, right) in held.verdicts.items()
    }
    summary = json.loads((held.run / "summary.json").read_text())["by_task"]["dyna"]["by_difficulty"]["3"]
    told = json.loads(results.read_text("utf-8"))["results"]["synthlm_dyna_hard"]
    assert told["acc,none"] == pytest.approx(summary["accuracy"])
    assert told["chance,none"] == pytest.approx(summary["chance"])


LIKELIHOODS = """
import json, sys
from lm_eval import simple_evaluate
from lm_eval.models.huggingface import HFLM
from lm_eval.tasks import TaskManager
from tiny_llama import model, tokenizer

words = tokenizer()
found = simple_evaluate(
    HFLM(model(words), tokenizer=words, batch_size=8),
    tasks=["synthlm_logic_easy_mc", "synthlm_dyna_easy_mc"],
    task_manager=TaskManager(include_path=sys.argv[1], metadata={"samples": 20}), bootstrap_iters=0)
def kept(row):
    return [row["doc"]["choices"], row["target"], row["acc"], [resp[0][0] for resp in row["resps"]]]

rows = {name: [kept(row) for row in rows] for name, rows in found["samples"].items()}
print("FOUND" + json.dumps([found["results"], rows]))
"""


@NEEDED
@pytest.mark.slow
@pytest.mark.skipif(not find_spec("torch"), reason="needs torch")
def test_a_base_model_is_scored_by_the_likelihood_of_every_answer(tmp_path: Path) -> None:
    told, rows = run_python(LIKELIHOODS, str(HOME), folder=tmp_path, OMP_NUM_THREADS="1")
    assert told["synthlm_logic_easy_mc"]["chance,none"] == 0.5
    assert all(row[0] == ["0", "1"] for row in rows["synthlm_logic_easy_mc"])
    assert all(5 <= len(row[0]) <= 7 for row in rows["synthlm_dyna_easy_mc"])
    for name, found in rows.items():
        assert len(found) == 20
        right = [choices[scores.index(max(scores))] == target for choices, target, _, scores in found]
        assert [acc for _, _, acc, _ in found] == [float(value) for value in right]
        assert told[name]["acc,none"] == pytest.approx(sum(right) / 20)


@NEEDED
@pytest.mark.slow
def test_examples_are_asked_for_in_one_place(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"--num_fewshot 2: the examples are those of --metadata"):
        run_beside(
            "lm_eval", "run", "--model", "dummy", "--include_path", str(HOME), "--tasks", "synthlm_dyna_hard",
            "--num_fewshot", "2", folder=tmp_path,
        )  # fmt: skip
