"""`inspect eval synthlm/…` asks and judges as `synthlm eval` does, and its logs are runs."""

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from other_harnesses import WAYS, held_run, run_beside

from eval_harness.analysis.runs import RunError
from synthlm_tasks import cli

NEEDED = pytest.mark.skipif(not find_spec("inspect_ai"), reason="needs the extra inspect")

MODELS = {"chat": "openai-api/mock/m", "completions": "openai-api-completions/mock/m"}


def inspect(
    folder: Path, url: str, task: str, *options: str, endpoint: str = "chat", kind: str = "json"
) -> Path:
    """Run a task; returns its log."""
    chosen = [option for pair in (f"endpoint={endpoint}", *options) for option in ("-T", pair)]
    run_beside(
        "inspect", "eval", f"synthlm/{task}", "--model", MODELS[endpoint], *chosen,
        "--log-dir", str(folder / "logs"), "--log-format", kind, "--display", "plain",
        folder=folder, MOCK_API_KEY="x", MOCK_BASE_URL=url,
    )  # fmt: skip
    (log,) = (folder / "logs").glob(f"*.{kind}")
    return log


def scores(log: dict[str, Any]) -> dict[str, tuple[str, str | None, bool]]:
    """Outcome, answer and whether it is right, by sample id."""
    found = {sample["id"]: sample["scores"]["verdict"] for sample in log["samples"]}
    return {
        name: (score["metadata"]["outcome"], score.get("answer"), score["value"] == "C")
        for name, score in found.items()
    }


@NEEDED
@pytest.mark.slow
@pytest.mark.parametrize(("endpoint", "mode"), WAYS)
def test_every_row_gets_the_verdict_of_eval(endpoint: str, mode: str, tmp_path: Path) -> None:
    with held_run(tmp_path, endpoint, mode, 20) as held:
        path = inspect(
            tmp_path, held.url, "config", "name=all", f"mode={mode}", "samples=20", endpoint=endpoint
        )
    log = json.loads(path.read_text("utf-8"))
    ours, theirs = held.prompts()
    assert ours == theirs
    assert len(ours) == 240
    assert scores(log) == held.verdicts
    outcomes = {outcome for outcome, _, _ in held.verdicts.values()}
    assert outcomes == {"ok", "no_answer", "truncated", "refused"}
    (score,) = log["results"]["scores"]
    figures = {name: metric["value"] for name, metric in score["metrics"].items()}
    overall = json.loads((held.run / "summary.json").read_text())["overall"]
    assert figures["accuracy"] == pytest.approx(overall["accuracy"])
    assert figures["chance"] == pytest.approx(overall["chance"])
    low, high = figures["ci95_low"], figures["ci95_high"]
    assert 0 < low < overall["accuracy"] < high < 1
    assert cli.main(["compare", str(held.run), str(path)]) == 0


@NEEDED
@pytest.mark.slow
def test_a_log_is_compared_and_reported_like_a_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with held_run(tmp_path, "chat", "reasoning", 4) as held:
        log = inspect(tmp_path, held.url, "dyna", "level=hard", "samples=4", kind="eval")
    assert cli.main(["compare", str(held.run), str(log)]) == 0
    assert "4 samples scored in both" in capsys.readouterr().out
    assert cli.main(["report", str(log), "--no-png", "--output-dir", str(tmp_path / "report")]) == 0
    page = (tmp_path / "report" / "report.html").read_text("utf-8")
    assert "openai-api/mock/m" in page
    assert cli.main(["rescore", str(log)]) == 2


@NEEDED
@pytest.mark.slow
def test_what_is_no_log_of_ours_is_refused(tmp_path: Path) -> None:
    from eval_harness.plugins.inspect_tasks.logs import load_log

    path = tmp_path / "other.json"
    path.write_text('{"a": 1}')
    with pytest.raises(RunError, match=r"other\.json: no log of inspect_ai"):
        load_log(path)


@NEEDED
@pytest.mark.slow
def test_what_cannot_be_asked_is_told_without_a_traceback(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError) as error:
        inspect(tmp_path, "http://127.0.0.1:1/v1", "dyna", "level=huge")
    assert "level='huge': expected 1, 2, 3 or one of easy, medium, hard" in str(error.value)
    assert "Traceback" not in str(error.value)


@NEEDED
@pytest.mark.slow
def test_shots_and_a_system_message_are_turns_of_the_chat() -> None:
    from eval_harness.plugins.inspect_tasks import INSPECT_TASKS

    made = INSPECT_TASKS["logic"](level="easy", samples=1, shots=2, system_prompt="Be brief.", mode="direct")
    (sample,) = made.dataset
    assert [turn.role for turn in sample.input] == [
        "system",
        "user",
        "assistant",
        "user",
        "assistant",
        "user",
    ]
    assert sample.input[-1].text.startswith(sample.metadata["input_text"])
    assert made.config.max_tokens == 2048
    assert made.name == "synthlm/logic"


@pytest.mark.skipif(bool(find_spec("inspect_ai")), reason="inspect_ai is here")
def test_without_the_extra_a_log_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "log.eval"
    path.write_bytes(b"")
    assert cli.main(["report", str(path)]) == 2
    assert "reading a log needs inspect_ai: pip install 'synthlm[inspect]'" in " ".join(
        capsys.readouterr().err.split()
    )
