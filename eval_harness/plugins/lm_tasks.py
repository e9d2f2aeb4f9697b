"""Tasks of lm-evaluation-harness: rows made on the spot, our prompts, our verdicts.

The task files that `synthlm plugin-path lm-eval` points to name these classes; `lm_files` writes them.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from datasets import Dataset
from lm_eval.api.instance import Instance
from lm_eval.api.task import ConfigurableTask

from eval_harness.endpoint.settings import Endpoint
from eval_harness.plugins.choices import possible_answers
from eval_harness.plugins.questions import CHAT_STOP, PluginError, Question, choose_questions, judge_reply
from synthlm_tasks.version import DATASET_VERSION

# What `--metadata` may say; it holds the arguments of the model, too, which are no business of ours.
_CHOICES: Final = ("samples", "mode", "shots", "seed", "system_prompt")

_METRICS: Final = {"acc": True, "no_answer": False, "chance": True}


def score_chat(doc: Mapping[str, Any], results: Sequence[str]) -> dict[str, float]:
    """The verdict on a chat reply."""
    return _verdict(doc, results[0], "chat")


def score_completion(doc: Mapping[str, Any], results: Sequence[str]) -> dict[str, float]:
    """The verdict on a completion, whose first line may be the answer."""
    return _verdict(doc, results[0], "completions")


def score_choice(doc: Mapping[str, Any], results: Sequence[tuple[float, bool]]) -> dict[str, float]:
    """Whether the likeliest answer is the right one; chance is one of as many as there are."""
    likelihoods = [likelihood for likelihood, _ in results]
    best = doc["choices"][likelihoods.index(max(likelihoods))]
    return {"acc": float(best == doc["target"]), "chance": 1 / len(doc["choices"])}


def _verdict(doc: Mapping[str, Any], reply: str, endpoint: Endpoint) -> dict[str, float]:
    found = judge_reply(doc["task"], doc["target"], reply, endpoint)
    return {
        "acc": float(found.is_correct),
        "no_answer": float(found.outcome != "ok"),
        "chance": doc["chance"],
    }


class GenerationTask(ConfigurableTask):  # type: ignore[misc]  # its types are not read
    """A config of ours, to be answered in words: a chat with `--apply_chat_template`, else a completion.

    `--metadata '{"samples": 200, "mode": "direct"}'` chooses samples of each level (100), mode (reasoning),
    shots (0 in a chat, 4 before completions), seed (42) and system_prompt.
    """

    output: ClassVar[str] = "generate_until"
    score: ClassVar[Any] = staticmethod(score_completion)

    def __init__(self, config: dict[str, Any]) -> None:
        """Make the rows; raises PluginError for choices that cannot be."""
        told = config["metadata"]
        self._name = told["config"]
        self._chosen = {name: told[name] for name in _CHOICES if name in told}
        self._in_chat = False
        self._stops: list[str] = []
        super().__init__(config=self._configuration(config["task"], told))

    def _configuration(self, name: str, told: Mapping[str, Any]) -> dict[str, Any]:
        made: dict[str, Any] = {
            "task": name,
            "output_type": self.output,
            "test_split": "test",
            "doc_to_text": "input_text",
            "doc_to_target": "target",
            "process_results": self.score,
            "metric_list": [
                {"metric": metric, "aggregation": "mean", "higher_is_better": better}
                for metric, better in _METRICS.items()
                if self.output == "generate_until" or metric != "no_answer"
            ],
            "metadata": {**told, "version": DATASET_VERSION},
        }
        if self.output == "generate_until":
            settings = choose_questions(config=self._name, **self._chosen).settings
            made["generation_kwargs"] = {
                "until": list(CHAT_STOP),
                "do_sample": False,
                "temperature": settings.temperature,
                "max_gen_toks": settings.max_tokens,
            }
        return made

    def download(self, dataset_kwargs: object = None, **_: object) -> None:  # noqa: ARG002  # its signature
        """Make the rows instead."""
        self.dataset = {"test": Dataset.from_list(self._make_docs())}

    def _make_docs(self) -> list[dict[str, Any]]:
        chats = choose_questions(config=self._name, endpoint="chat", **self._chosen).ask()
        completions = choose_questions(config=self._name, endpoint="completions", **self._chosen).ask()
        return [self._make_doc(chat, text) for chat, text in zip(chats, completions, strict=True)]

    def _make_doc(self, chat: Question, completion: Question) -> dict[str, Any]:
        self._stops = completion.body["stop"]
        return {
            **chat.facts,
            "metadata": json.dumps(chat.sample.metadata),
            "turns": json.dumps(chat.turns),
            "prompt": completion.body["prompt"],
        }

    def fewshot_context(
        self,
        doc: Mapping[str, Any],
        num_fewshot: int = 0,
        system_instruction: str | None = None,
        apply_chat_template: bool = False,
        chat_template: Any = None,  # noqa: ANN401  # a function of the model's
        **_: object,
    ) -> Any:  # noqa: ANN401  # text, or what the template makes
        """The prompt of `synthlm eval`; raises PluginError for examples asked for elsewhere."""
        if num_fewshot:
            asked = json.dumps({"shots": num_fewshot})
            raise PluginError(f"--num_fewshot {num_fewshot}: the examples are those of --metadata '{asked}'")
        self._in_chat = apply_chat_template
        if apply_chat_template:
            system = [{"role": "system", "content": system_instruction}] if system_instruction else []
            return chat_template([*system, *json.loads(doc["turns"])])
        return f"{system_instruction}\n\n{doc['prompt']}" if system_instruction else doc["prompt"]

    def construct_requests(self, doc: Mapping[str, Any], ctx: object, **given: Any) -> Any:  # noqa: ANN401
        """One request, which ends where such a reply ends."""
        for name in ("apply_chat_template", "chat_template"):
            given.pop(name, None)
        settings = {
            **self.config.generation_kwargs,
            "until": list(CHAT_STOP if self._in_chat else self._stops),
        }
        return Instance(request_type=self.output, doc=doc, arguments=(ctx, settings), idx=0, **given)

    def process_results(self, doc: Mapping[str, Any], results: Sequence[Any]) -> dict[str, float]:
        """The metrics of one row."""
        return (score_chat if self._in_chat else score_completion)(doc, results)


class ChoiceTask(GenerationTask):
    """A config of ours by the likelihood of every possible answer, for base models."""

    output: ClassVar[str] = "multiple_choice"
    score: ClassVar[Any] = staticmethod(score_choice)

    def __init__(self, config: dict[str, Any]) -> None:
        """Ask for the bare answer, whatever else is chosen."""
        super().__init__({**config, "metadata": {**config["metadata"], "mode": "direct"}})

    def _configuration(self, name: str, told: Mapping[str, Any]) -> dict[str, Any]:
        return {**super()._configuration(name, told), "doc_to_choice": "choices"}

    def _make_doc(self, chat: Question, completion: Question) -> dict[str, Any]:
        return {
            **super()._make_doc(chat, completion),
            "choices": possible_answers(chat.sample.task, chat.sample.input_text),
        }

    def construct_requests(self, doc: Mapping[str, Any], ctx: object, **given: Any) -> Any:  # noqa: ANN401
        """One request for every possible answer, which follows a space as in training."""
        for name in ("apply_chat_template", "chat_template"):
            given.pop(name, None)
        space = "" if self._in_chat else " "
        return [
            Instance(
                request_type="loglikelihood", doc=doc, arguments=(ctx, space + choice), idx=place, **given
            )
            for place, choice in enumerate(doc["choices"])
        ]

    def process_results(self, doc: Mapping[str, Any], results: Sequence[Any]) -> dict[str, float]:
        """The metrics of one row."""
        return score_choice(doc, results)
