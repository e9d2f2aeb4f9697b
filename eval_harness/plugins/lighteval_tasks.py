"""Custom tasks of lighteval: rows made on the spot, our prompts, our verdicts.

`--custom-tasks eval_harness.plugins.lighteval_tasks` gives a task for every named config, `synthlm_dyna_hard`
of dyna-hard. A file of one's own with `TASKS_TABLE = make_tasks(mode="direct")` has them with other choices.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
from datasets import Dataset, DatasetDict
from lighteval.metrics.metrics_sample import SampleLevelComputation
from lighteval.metrics.utils.metric_utils import SampleLevelMetricGrouping
from lighteval.tasks.lighteval_task import LightevalTask, LightevalTaskConfig
from lighteval.tasks.requests import Doc, SamplingMethod

from eval_harness.endpoint.settings import Endpoint
from eval_harness.plugins.choices import configs_of_choices, possible_answers
from eval_harness.plugins.questions import CHAT_STOP, PluginError, Question, choose_questions, judge_reply
from synthlm_tasks.catalog import configs
from synthlm_tasks.registry import TASKS
from synthlm_tasks.rows.presets import LEVELS
from synthlm_tasks.version import DATASET_VERSION

# What our tasks have where others name a dataset of the Hub: the rows are made here.
_REPO: Final = "synthlm-eval"

_LEVELS: Final = {f"{task}-{level}" for task in TASKS for level in LEVELS}

_REPLY_METRICS: Final = {"acc": True, "no_answer": False, "chance": True}
_CHOICE_METRICS: Final = {"acc": True, "chance": True}


class ReplyVerdict(SampleLevelComputation):  # type: ignore[misc]  # its types are not read
    """The verdict of `synthlm eval` on a reply, with the reasoning that came beside it."""

    def compute(self, doc: Doc, model_response: Any, **_: object) -> dict[str, float]:  # noqa: ANN401
        """Correct or not, whether there was no answer, and the accuracy of guessing; one value for each."""
        asked = doc.specific
        # Not the text without what stood in <think>: where that is left open, the two differ.
        reasoning = next(iter(model_response.reasonings), None) or ""
        found = judge_reply(
            asked["task"], asked["target"], model_response.text[0], asked["endpoint"], reasoning=reasoning
        )
        return {
            "acc": float(found.is_correct),
            "no_answer": float(found.outcome != "ok"),
            "chance": asked["chance"],
        }


class ChoiceVerdict(SampleLevelComputation):  # type: ignore[misc]
    """Whether the likeliest of all possible answers is the right one."""

    def compute(self, doc: Doc, model_response: Any, **_: object) -> dict[str, float]:  # noqa: ANN401
        """Correct or not, and one over the number of answers."""
        best = int(np.argmax(model_response.logprobs))
        return {"acc": float(best == doc.gold_index), "chance": 1 / len(doc.choices)}


def make_tasks(
    *,
    endpoint: Endpoint = "chat",
    mode: str | None = None,
    samples: int | None = None,
    seed: int | None = None,
    max_tokens: int | None = None,
) -> list[LightevalTaskConfig]:
    """A task for every config, those of the levels also under `synthlm_levels:`; for a file's `TASKS_TABLE`.

    `endpoint="completions"` is for models that continue text, `mode` is reasoning or direct, `samples` is how
    many of each level. None is the default of `synthlm eval`. Tasks that end in `_mc` score the likelihood of
    every possible answer. Raises PluginError naming what cannot be.
    """
    given = {"endpoint": endpoint, "mode": mode, "samples": samples, "seed": seed, "max_tokens": max_tokens}
    chosen = {name: value for name, value in given.items() if value is not None}
    choose_questions(**chosen)  # what cannot be is told before anything is asked
    request = next(choose_questions("logic", "easy", **{**chosen, "samples": 1, "shots": 0}).ask()).body
    ends = {"generation_size": request["max_tokens"], "stop_sequence": request.get("stop", CHAT_STOP)}
    replies = _metrics(_REPLY_METRICS, SamplingMethod.GENERATIVE, ReplyVerdict())
    likelihoods = _metrics(_CHOICE_METRICS, SamplingMethod.LOGPROBS, ChoiceVerdict())
    listed = configs_of_choices()
    made = []
    for config in configs():
        told = {"config": config, **chosen}
        for group, rest in _names(config):
            made.append(_task(group + rest, told, metrics=[replies], **ends))
            if config in listed:
                bare = {**told, "mode": "direct", "choices": True}
                made.append(_task(f"{group}_mc{rest}", bare, metrics=[likelihoods]))
    return made


def _names(config: str) -> Iterator[tuple[str, str]]:
    """What a config's tasks are called: before and after where `_mc` goes."""
    spelled = config.replace("-", "_")
    yield f"synthlm_{spelled}", ""
    if config in _LEVELS:  # lighteval runs all of a group where it is asked for what stands before the colon
        yield "synthlm_levels", f":{spelled}"


def _metrics(
    names: Mapping[str, bool], method: SamplingMethod, verdict: SampleLevelComputation
) -> SampleLevelMetricGrouping:
    return SampleLevelMetricGrouping(
        metric_name=list(names),
        higher_is_better=dict(names),
        category=method,
        sample_level_fn=verdict,
        corpus_level_fn=dict.fromkeys(names, np.mean),
    )


def _task(name: str, chosen: Mapping[str, Any], **more: object) -> LightevalTaskConfig:
    """A task; its choices stand where lighteval logs them, and tells cached replies apart by them."""
    return LightevalTaskConfig(
        name=name,
        prompt_function=make_doc,
        hf_repo=_REPO,
        hf_subset=json.dumps(chosen),
        hf_revision=DATASET_VERSION,
        hf_avail_splits=["test", "shots"],
        evaluation_splits=["test"],
        few_shots_split="shots",
        few_shots_select="sequential",
        **more,
    )


def make_doc(line: Mapping[str, Any], task_name: str) -> Doc:  # noqa: ARG001  # lighteval's signature
    """What lighteval asks of a row."""
    return Doc(
        query=line["query"],
        choices=line["choices"],
        gold_index=line["gold_index"],
        specific=line["specific"],
    )


def make_rows(task: LightevalTask) -> DatasetDict:
    """The rows of a task of ours and the examples of a chat, which are those of `synthlm eval --shots`.

    Raises PluginError where the rows do not share their examples.
    """
    chosen = json.loads(task.dataset_config_name)
    with_choices = chosen.pop("choices", False)
    shots = task.config.num_fewshots
    asked = list(choose_questions(**chosen, shots=shots).ask())
    examples = []
    if chosen["endpoint"] == "chat" and shots:
        examples = asked[0].turns[:-1]
        if any(question.turns[:-1] != examples for question in asked):
            raise PluginError(
                f"{task.full_name}: lighteval shows the same examples before every row of a task, and these "
                "rows are of several levels or tasks; ask for them one by one"
            )
    rows = [_row(question, with_choices) for question in asked]
    return DatasetDict({"test": Dataset.from_list(rows), "shots": Dataset.from_list(_shots(examples))})


def _row(question: Question, with_choices: bool) -> dict[str, Any]:
    sample = question.sample
    # A completion is all in the prompt, examples included.
    endpoint = "chat" if "messages" in question.body else "completions"
    answers = possible_answers(sample.task, sample.input_text) if with_choices else [sample.target]
    # An answer that is continued to follows a space, as in training.
    space = " " if with_choices and endpoint == "completions" else ""
    return {
        "query": question.turns[-1]["content"],
        "choices": [space + answer for answer in answers],
        "gold_index": answers.index(sample.target),
        "specific": {
            "sample_id": sample.sample_id,
            "config": sample.config,
            "task": sample.task,
            "difficulty": sample.difficulty,
            "input_text": sample.input_text,
            "target": sample.target,
            "metadata": json.dumps(sample.metadata),
            "chance": question.chance,
            "endpoint": endpoint,
        },
    }


def _shots(turns: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    """Examples: each a question and the answer to it."""
    told = [turn["content"] for turn in turns]
    return [
        {"query": question, "choices": [answer], "gold_index": 0, "specific": None}
        for question, answer in zip(told[::2], told[1::2], strict=True)
    ]


_load_theirs: Final = LightevalTask.download_dataset_worker


def _load(task: LightevalTask) -> DatasetDict:
    return make_rows(task) if task.dataset_path == _REPO else _load_theirs(task)


# lighteval loads rows from the Hub or from files alone; this is the one place where it does.
LightevalTask.download_dataset_worker = staticmethod(_load)

TASKS_TABLE: Final = make_tasks()
"""What lighteval looks for."""
