"""Custom tasks of lighteval: rows made on the spot, our prompts, our verdicts.

`--custom-tasks eval_harness.plugins.lighteval_tasks` gives a task for every named config, `synthlm_dyna_hard`
of dyna-hard. A file of one's own with `TASKS_TABLE = make_tasks(mode="direct")` has them with other choices.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from datasets import Dataset, DatasetDict
from lighteval.metrics.metrics_sample import SampleLevelComputation
from lighteval.metrics.utils.metric_utils import SampleLevelMetricGrouping
from lighteval.tasks.lighteval_task import LightevalTask, LightevalTaskConfig
from lighteval.tasks.requests import Doc, SamplingMethod

from eval_harness.endpoint.settings import Endpoint
from eval_harness.plugins.choices import configs_of_choices
from eval_harness.plugins.lighteval_rows import make_rows, task_names
from eval_harness.plugins.questions import CHAT_STOP, choose_questions, judge_reply
from synthlm_tasks.catalog import configs
from synthlm_tasks.version import DATASET_VERSION

# What our tasks have where others name a dataset of the Hub: their rows are made here.
_REPO: Final = "synthlm-eval"

_REPLY_METRICS: Final = {"acc": True, "no_answer": False, "chance": True}
_CHOICE_METRICS: Final = {"acc": True, "chance": True}


class ReplyVerdict(SampleLevelComputation):  # type: ignore[misc]  # its types are not read
    """The verdict of `synthlm eval` on a reply, of which lighteval does not tell how it ended."""

    def compute(self, doc: Doc, model_response: Any, **_: object) -> dict[str, float]:  # noqa: ANN401
        """Correct or not, whether there was no answer, and the accuracy of guessing; one value for each."""
        asked = doc.specific
        # `text`, not `text_post_processed`: scoring has rules of its own for a <think> that is left open. And
        # as if the model had ended by itself: else no answer that a server calls reasoning would count.
        found = judge_reply(
            asked["task"],
            asked["target"],
            model_response.text[0],
            asked["endpoint"],
            reasoning=next(iter(model_response.reasonings), None) or "",
            finish_reason="stop",
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
    many of each level. None is the default of `synthlm eval`. Tasks with `_mc` score the likelihood of every
    possible answer. Raises PluginError naming what cannot be.
    """
    given = {"endpoint": endpoint, "mode": mode, "samples": samples, "seed": seed, "max_tokens": max_tokens}
    chosen: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    choose_questions(**chosen)  # what cannot be is told before anything is asked
    request = next(choose_questions("logic", "easy", **{**chosen, "samples": 1, "shots": 0}).ask()).body
    ends = {"generation_size": request["max_tokens"], "stop_sequence": request.get("stop", CHAT_STOP)}
    replies = _metrics(_REPLY_METRICS, SamplingMethod.GENERATIVE, ReplyVerdict())
    likelihoods = _metrics(_CHOICE_METRICS, SamplingMethod.LOGPROBS, ChoiceVerdict())
    listed = configs_of_choices()
    made = []
    for config in configs():
        told = {"config": config, **chosen}
        for group, rest in task_names(config):
            made.append(_task(group + rest, told, metrics=[replies], **ends))
            if config in listed:
                bare = {**told, "mode": "direct", "choices": True}
                made.append(_task(f"{group}_mc{rest}", bare, metrics=[likelihoods]))
    return made


def make_doc(line: Mapping[str, Any], task_name: str) -> Doc:  # noqa: ARG001  # lighteval's signature
    """What lighteval asks of a row."""
    return Doc(**{name: line[name] for name in ("query", "choices", "gold_index", "specific")})


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


_load_theirs: Final = LightevalTask.download_dataset_worker


def _load(task: LightevalTask) -> DatasetDict:
    if task.dataset_path != _REPO:
        return _load_theirs(task)
    made = make_rows(task.name, json.loads(task.dataset_config_name), task.config.num_fewshots)
    return DatasetDict({"test": Dataset.from_list(made.rows), "shots": Dataset.from_list(made.shots)})


# lighteval takes rows from the Hub or from files alone, and this is the one place where it does.
LightevalTask.download_dataset_worker = staticmethod(_load)

TASKS_TABLE: Final = make_tasks()
"""What lighteval looks for."""
