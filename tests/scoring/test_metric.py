"""The metric: by name, by path and offline; its numbers are the harness's own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from evaluating import lines, read
from mock_servers import mock_server

import eval_harness
from eval_harness.scoring.accuracy import MetricError, accuracy
from eval_harness.statistics import wilson
from synthlm_tasks import cli

FOLDER = Path(eval_harness.__file__).parent / "synthlm_accuracy"


def python(script: str, home: Path) -> str:
    """What a script prints in a fresh interpreter without a network or a cache."""
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(home)}
    command = [sys.executable, "-W", "error::DeprecationWarning:eval_harness", "-c", script]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


SCRIPT = f"""
import json
import evaluate  # first: the name is taught to a library that is there already
import eval_harness

for path in ("synthlm_accuracy", {str(FOLDER)!r}, {str(FOLDER / "synthlm_accuracy.py")!r}):
    metric = evaluate.load(path)
    found = metric.compute(predictions=["So **ANSWER: B**", "C", "?"], references=["B", "D", "3"],
        tasks=["dyna"] * 3, difficulties=[1, 1, 2])
    print(json.dumps(found))
try:
    evaluate.load("no_such_metric")
except FileNotFoundError as error:
    print(error)
"""


def test_the_metric_is_found_by_name_and_by_path_offline(tmp_path: Path) -> None:
    *found, other = python(SCRIPT, tmp_path).splitlines()
    assert found[0] == found[1] == found[2]
    scores = json.loads(found[0])
    assert (scores["accuracy"], scores["correct"], scores["total"], scores["no_answer"]) == (1 / 3, 1, 3, 1)
    assert scores["no_answer_share"] == 1 / 3
    assert scores["ci95"] == list(wilson(1, 3) or ())
    assert scores["by_difficulty"]["1"]["accuracy"] == 0.5
    assert scores["by_task"]["dyna"]["by_difficulty"]["2"]["no_answer"] == 1
    assert "no_such_metric" in other  # other names are still looked for


def test_the_import_is_cheap(tmp_path: Path) -> None:
    script = "import sys, eval_harness; print(*sys.modules)"
    loaded = set(python(script, tmp_path).split())
    assert "eval_harness" in loaded
    assert not loaded & {"evaluate", "datasets", "pandas", "numpy", "pydantic", "httpx", "pyarrow"}


def test_rows_can_be_added_in_batches_and_one_by_one(tmp_path: Path) -> None:
    import evaluate

    metric = evaluate.load("synthlm_accuracy", cache_dir=str(tmp_path))
    metric.add_batch(predictions=["B", None], references=["B", "C"], tasks=["dyna", "dyna"])
    metric.add(prediction="1", reference="1", task="logic")
    found = metric.compute()
    assert (found["correct"], found["total"], found["no_answer"]) == (2, 3, 1)
    assert {task: part["total"] for task, part in found["by_task"].items()} == {"dyna": 2, "logic": 1}
    assert metric.compute(predictions=[], references=[])["accuracy"] is None
    with pytest.raises(MetricError, match="columns of unequal lengths: predictions 1, references 2"):
        metric.compute(predictions=["B"], references=["B", "C"])
    with pytest.raises(MetricError, match="expected both"):
        metric.compute(predictions=["B"])
    assert metric.compute(predictions=["B"], references=["B"])["accuracy"] == 1


def test_rows_with_and_without_tasks_and_levels_mix_in_every_way(tmp_path: Path) -> None:
    import evaluate

    metric = evaluate.load("synthlm_accuracy", cache_dir=str(tmp_path))
    metric.add(prediction="B", reference="B")
    metric.add(prediction="B", reference="B", tasks="dyna", difficulties=1)
    metric.add(predictions="C", references="B", task="dyna", difficulty=2)
    metric.add_batch(predictions=["1", "1"], references=["1", "0"])
    metric.add_batch(predictions=["1"], references=["1"], tasks=["logic"])
    some = {"tasks": ["logic", None], "difficulties": [None, 3]}
    metric.add_batch(predictions=["1", None], references=["1", "1"], **some)
    found = metric.compute()
    assert (found["correct"], found["total"], found["no_answer"]) == (5, 8, 1)
    assert {task: part["total"] for task, part in found["by_task"].items()} == {"dyna": 2, "logic": 2}
    assert {level: part["total"] for level, part in found["by_difficulty"].items()} == dict.fromkeys("123", 1)
    combined = evaluate.combine([metric])
    combined.add(prediction="B", reference="B", tasks="dyna", difficulties=1)
    combined.add_batch(predictions=["C"], references=["B"], tasks=[None], difficulties=[None])
    assert combined.compute()["accuracy"] == 0.5


@pytest.mark.parametrize(
    "reply", ["half \ud83d\nANSWER: B", "\x00ANSWER: B", "\u200bB", "ＡＮＳＷＥＲ：Ｂ", "\U0010ffffANSWER: B"]
)
def test_any_text_that_a_run_takes_is_taken(reply: str, tmp_path: Path) -> None:
    import evaluate

    metric = evaluate.load("synthlm_accuracy", cache_dir=str(tmp_path))
    metric.add(prediction=reply, reference="B")
    metric.add_batch(predictions=[reply, ""], references=["B", "B"])
    found = metric.compute()
    assert (found["correct"], found["no_answer"]) == (2, 1)
    assert accuracy([reply], ["B"])["correct"] == 1


def test_what_is_no_text_is_named_and_spoils_nothing(tmp_path: Path) -> None:
    import evaluate

    metric = evaluate.load("synthlm_accuracy", cache_dir=str(tmp_path))
    metric.add(prediction="B", reference="B")
    for columns in ({"predictions": [3], "references": ["3"]}, {"predictions": ["3"], "references": [3]}):
        with pytest.raises(MetricError, match=r"\[0\]=3: expected a text"):
            metric.add_batch(**columns)
    with pytest.raises(MetricError, match="reference"):
        metric.add(prediction="B")
    assert metric.compute()["total"] == 1
    with pytest.raises(MetricError, match=r"predictions\[0\]=3"):
        accuracy([3], ["3"])  # type: ignore[list-item]


def test_a_reference_without_a_task_may_be_an_answer_of_any() -> None:
    assert accuracy(["01", "7", "x"], ["1", "1", "1"]) == {
        **accuracy(["01", "7", "x"], ["1", "1", "1"], tasks=["dyna"] * 3),
        "by_task": {},
    }
    assert accuracy(["01", "7", "x"], ["1", "1", "1"], tasks=["logic"] * 3)["no_answer"] == 3


def test_a_completion_is_read_by_its_first_line() -> None:
    reply, target = " B\n\nSTATE [A, B]", "B"
    assert accuracy([reply], [target])["no_answer"] == 1
    assert accuracy([reply], [target], endpoint="completions")["correct"] == 1


@pytest.mark.parametrize(
    ("columns", "complaint"),
    [
        ({"references": ["B"] * 2}, "unequal lengths: predictions 1, references 2"),
        ({"tasks": ["dyna"] * 3}, "unequal lengths: predictions 1, references 1, tasks 3"),
        ({"difficulties": []}, "unequal lengths: predictions 1, references 1, difficulties 0"),
        ({"references": ["BB"]}, r"references\[0\]='BB': expected a single letter; or an index"),
        ({"references": ["b"]}, r"references\[0\]='b'"),
        ({"tasks": ["logic"]}, r"references\[0\]='B': expected 0 or 1"),
        ({"tasks": ["dyno"]}, r"tasks\[0\]='dyno': expected one of dyna, inducto, filtro, logic"),
        ({"endpoint": "mail"}, "endpoint='mail': expected one of chat, completions"),
    ],
)
def test_what_does_not_fit_together_is_named(columns: dict[str, Any], complaint: str) -> None:
    with pytest.raises(MetricError, match=complaint):
        accuracy(**{"predictions": ["B"], "references": ["B"], **columns})


SAME = ("accuracy", "ci95", "correct", "total")


def scored(cell: dict[str, Any]) -> dict[str, Any]:
    """A cell of a summary, as the metric names its numbers."""
    answers = {"total": cell["scored"], "accuracy": cell["accuracy"], "correct": cell["correct"]}
    without = cell["no_answer"] + cell["truncated"] + cell["refused"]
    return {**answers, "ci95": cell["ci95"], "no_answer": without}


def test_the_metric_equals_the_summary_of_a_run(tmp_path: Path) -> None:
    faults = "400@17,think:0.1,truncated:0.1,no-answer:0.1,refused:0.1,reasoning:0.1"
    with mock_server("--accuracy", "0.7", "--faults", faults) as url:
        options = ["--base-url", url, "--model", "mock", "--requests-per-minute", "0", "--quiet"]
        run = tmp_path / "run"
        code = cli.main(["eval", *options, "--samples-per-combo", "12", "--output-dir", str(run)])
    summary = read(run, "summary")
    assert code == 1  # one sample has an error
    assert summary["overall"]["errors"] == 1
    rows = [row for row in lines(run) if row["outcome"] != "error"]
    found = accuracy(
        # An answer that stood in the reasoning field is passed as extracted.
        [
            row["extracted_answer"] if row["answer_source"] == "reasoning" else row["raw_response"]
            for row in rows
        ],
        [row["target"] for row in rows],
        [row["task"] for row in rows],
        [row["difficulty"] for row in rows],
    )
    outcomes = {row["outcome"] for row in rows} | {row["answer_source"] for row in rows}
    assert outcomes >= {"ok", "truncated", "no_answer", "refused", "reasoning", "marker"}

    def of(part: dict[str, Any]) -> dict[str, Any]:
        return {name: part[name] for name in (*SAME, "no_answer")}

    assert of(found) == scored(summary["overall"])
    for task, part in summary["by_task"].items():
        assert of(found["by_task"][task]) == scored(part)
        for level, cell in part["by_difficulty"].items():
            assert of(found["by_task"][task]["by_difficulty"][level]) == scored(cell)
    for level, cell in summary["by_difficulty"].items():
        assert of(found["by_difficulty"][level]) == scored(cell)


def test_the_folder_is_a_space() -> None:
    card = (FOLDER / "README.md").read_text("utf-8")
    header = card.split("---")[1]
    for line in ("sdk: gradio", "app_file: app.py", "- evaluate", "- metric"):
        assert line in header
    assert {"app.py", "requirements.txt", "synthlm_accuracy.py"} <= {path.name for path in FOLDER.iterdir()}
