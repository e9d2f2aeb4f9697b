"""What the tasks here share with `synthlm eval`: its question, and its extraction and scoring."""

from typing import Any

from eval_harness.endpoint.settings import Endpoint
from eval_harness.runs.prompts import DIRECT
from eval_harness.scoring.extraction import extract
from synthlm_tasks import TASKS


def question(doc: dict[str, Any]) -> str:
    """The question of `synthlm eval --mode direct`: rule, problem, and what the answer looks like."""
    task = TASKS[doc["task"]]
    asked = DIRECT.format(asked=task.answer_kind(doc["target"]).description)
    return f"{task.rule}\n\n{doc['input_text']}\n\n{asked}"


def score(doc: dict[str, Any], results: list[str]) -> dict[str, float]:
    """The verdict on a chat reply."""
    return _verdict(doc, results[0], "chat")


def score_completion(doc: dict[str, Any], results: list[str]) -> dict[str, float]:
    """The verdict on a completion, whose first line may be the answer."""
    return _verdict(doc, results[0], "completions")


def _verdict(doc: dict[str, Any], reply: str, endpoint: Endpoint) -> dict[str, float]:
    answer, _ = extract(reply, TASKS[doc["task"]].answer_kind(doc["target"]), endpoint)
    return {"acc": float(answer == doc["target"]), "no_answer": float(answer is None)}
