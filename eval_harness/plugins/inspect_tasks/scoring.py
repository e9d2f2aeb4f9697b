"""Scorer and metrics for inspect_ai: the verdict of `synthlm eval`, its interval, and chance."""

from collections.abc import Sequence
from typing import Any, Final

from inspect_ai.model import ContentReasoning, ContentText, ModelOutput
from inspect_ai.scorer import CORRECT, INCORRECT, NOANSWER, Score, accuracy, metric, scorer, value_to_float

from eval_harness.endpoint.settings import Endpoint
from eval_harness.plugins.inspect_tasks.naming import named
from eval_harness.plugins.questions import judge_reply
from eval_harness.records import Outcome, Verdict
from eval_harness.statistics import wilson

# What inspect_ai calls an outcome without an answer; of a reply cut off it has no word.
_REASONS: Final[dict[Outcome, str]] = {
    "no_answer": "invalid_response_format",
    "truncated": "truncated",
    "refused": "refusal",
}

_to_float: Final = value_to_float()


def judge_output(output: ModelOutput, task: str, target: str, endpoint: Endpoint) -> Verdict:
    """The verdict of `synthlm eval` on what a model said in inspect_ai."""
    parts = split_content(output)
    return judge_reply(
        task,
        target,
        parts["content"],
        endpoint,
        reasoning=parts["reasoning"],
        refusal=parts["refusal"],
        finish_reason=str(output.stop_reason) if output.choices else None,
    )


def split_content(output: ModelOutput) -> dict[str, str]:
    """Content, reasoning and refusal of the first choice, each "" where there is none."""
    found: dict[str, list[str]] = {"content": [], "reasoning": [], "refusal": []}
    content = output.choices[0].message.content if output.choices else ""
    for part in [ContentText(text=content)] if isinstance(content, str) else content:
        if isinstance(part, ContentReasoning):
            found["reasoning"].append(part.reasoning)
        elif isinstance(part, ContentText):
            found["refusal" if part.refusal else "content"].append(part.text)
    return {name: "\n".join(texts) for name, texts in found.items()}


def _verdict(endpoint: Endpoint = "chat") -> Any:  # noqa: ANN401  # a type of inspect_ai
    """Judge a reply as `synthlm eval` does: C right, I wrong, N where no answer was given."""

    async def score(state: Any, target: Any) -> Score:  # noqa: ANN401
        found = judge_output(state.output, state.metadata["task"], target.text, endpoint)
        if found.outcome == "ok":
            value = CORRECT if found.is_correct else INCORRECT
            explanation = f"read {found.extracted_answer!r} ({found.source}); right is {target.text!r}"
        else:
            value, explanation = NOANSWER, f"{found.outcome.replace('_', ' ')}; right is {target.text!r}"
        return Score(
            value=value,
            answer=found.extracted_answer,
            explanation=explanation,
            reason=_REASONS.get(found.outcome),
            metadata={"outcome": found.outcome, "source": found.source},
        )

    return score


def _bound(end: int) -> Any:  # noqa: ANN401
    """A metric: one end of the Wilson interval, in which a sample counts once, whatever the epochs."""

    def measure(scores: Sequence[Any]) -> float:
        values = [_to_float(item.score.value) for item in scores]
        interval = wilson(sum(values), len(values))
        return interval[end] if interval else float("nan")

    return measure


def _chance() -> Any:  # noqa: ANN401
    """A metric: the accuracy of guessing among the possible answers."""

    def measure(scores: Sequence[Any]) -> float:
        shares = [item.sample_metadata["chance"] for item in scores]
        return sum(shares) / len(shares) if shares else float("nan")

    return measure


def _metric(name: str, function: Any) -> Any:  # noqa: ANN401
    full_name, ready = named(name, function)
    return metric(name=full_name)(ready)


ci95_low: Final = _metric("ci95_low", lambda: _bound(0))
ci95_high: Final = _metric("ci95_high", lambda: _bound(1))
chance: Final = _metric("chance", _chance)

_SCORER_NAME, _SCORER = named("verdict", _verdict)
verdict: Final = scorer(metrics=[accuracy(), ci95_low(), ci95_high(), chance()], name=_SCORER_NAME)(_SCORER)
"""The scorer `synthlm/verdict`."""
