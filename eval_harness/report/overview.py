"""The top of the page: one card a run, so that failures, cut-off replies and wrong answers look different."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from eval_harness.analysis.runs import LoadedRun
from eval_harness.report.charts import OutcomeBar, Part, run_style
from eval_harness.report.document import swatch
from eval_harness.report.markup import Markup, element
from eval_harness.report.scales import format_count, format_percent

OUTCOMES: Final[Mapping[str, str]] = {
    "correct": "correct",
    "wrong": "wrong",
    "no_answer": "no answer",
    "truncated": "truncated",
    "refused": "refused",
    "error": "failed",
    "pending": "pending",
}
"""How a sample can end → how the page calls it, in the order of the bars."""

_MOST_ERRORS: Final = 3
_MOST: Final = 0.5
"""A share from which on an outcome is what a reader has to know first."""


def outcome_counts(overall: Mapping[str, Any]) -> dict[str, int]:
    """The counts of a cell of the summary by outcome; they sum to what was planned."""
    silent = overall["no_answer"] + overall["truncated"] + overall["refused"]
    return {
        "correct": overall["correct"],
        "wrong": overall["scored"] - overall["correct"] - silent,
        "no_answer": overall["no_answer"],
        "truncated": overall["truncated"],
        "refused": overall["refused"],
        "error": overall["errors"],
        "pending": overall["pending"],
    }


def main_finding(outcomes: Mapping[str, int]) -> str:
    """What a reader has to know before the accuracy, in one sentence; empty where there is nothing.

    e.g. every reply cut off → "Every reply was cut off by the token limit before an answer: …"
    """
    planned = sum(outcomes.values())
    if not planned or outcomes["pending"] == planned:
        return "Nothing has been asked yet."
    for outcome, (one, many) in _FINDINGS.items():
        if outcomes[outcome] == planned:
            return f"Every {one}"
        if outcomes[outcome] > _MOST * planned:
            return f"{format_percent(outcomes[outcome] / planned, 0)} of the {many}"
    return (
        f"{format_count(outcomes['pending'])} samples are still to be asked." if outcomes["pending"] else ""
    )


_FINDINGS: Final = {
    "error": (
        "request failed: nothing is known about the model. Resume the run when the server works.",
        "requests failed and are still owed: resume the run when the server works.",
    ),
    "truncated": (
        "reply was cut off by the token limit before an answer: raise --max-tokens.",
        "replies were cut off by the token limit before an answer: raise --max-tokens.",
    ),
    "refused": ("reply was a refusal.", "replies were refusals."),
    "no_answer": (
        "reply was without a readable answer: look at a few below before believing the accuracy.",
        "replies were without a readable answer: look at a few below before believing the accuracy.",
    ),
    "wrong": ("reply holds an answer, and every answer is wrong.", "answers are wrong."),
}


def outcome_bars(runs: Sequence[LoadedRun]) -> list[OutcomeBar]:
    """What became of every planned sample: a bar a run."""
    return [_bar(run) for run in runs]


def _bar(run: LoadedRun) -> OutcomeBar:
    counts = outcome_counts(run.summary["overall"])
    planned = sum(counts.values()) or 1
    parts = [Part(OUTCOMES[name], name, count, count / planned) for name, count in counts.items()]
    return OutcomeBar(run.name, parts)


def overview(runs: Sequence[LoadedRun]) -> Markup:
    """The cards of all runs."""
    return element("div", {"class": "cards"}, *(_card(number, run) for number, run in enumerate(runs)))


def _card(number: int, run: LoadedRun) -> Markup:
    overall = run.summary["overall"]
    bar = _bar(run)
    parts = [
        element("h2", {}, swatch(run_style(number)), run.name),
        element("p", {"class": "model"}, run.model),
        *_accuracy(overall),
        _draw_bar(bar),
        _legend(bar),
    ]
    if sentence := main_finding(outcome_counts(overall)):
        parts.append(element("p", {"class": "finding"}, sentence))
    if errors := _errors(run):
        parts.append(errors)
    planned = format_count(overall["total_samples"])
    coverage = f"{format_percent(overall['coverage'])} of {planned} planned samples scored"
    parts.append(element("p", {"class": "facts"}, " · ".join([coverage, *run.facts])))
    return element("section", {"class": "card"}, *parts)


def _accuracy(overall: Mapping[str, Any]) -> tuple[Markup, Markup]:
    interval, kind, words = overall["ci95"], "figure none", "nothing scored"
    if interval:
        kind = "figure"
        words = (
            f"{format_percent(interval[0])} to {format_percent(interval[1])} (95%), "
            f"{format_count(overall['correct'])} of {format_count(overall['scored'])} scored"
        )
    figure = element("p", {"class": kind}, format_percent(overall["accuracy"]))
    return figure, element("p", {"class": "interval"}, words)


def _draw_bar(bar: OutcomeBar) -> Markup:
    """One bar over all planned samples, a piece an outcome."""
    parts = [part for part in bar.parts if part.count]
    pieces = [
        element(
            "span",
            {
                "class": f"outcome {part.colour}",
                "style": f"flex-grow:{part.count}",
                "title": f"{part.name}: {format_count(part.count)}",
            },
        )
        for part in parts
    ]
    label = ", ".join(f"{part.name} {format_percent(part.share)}" for part in parts) or "no samples"
    return element("div", {"class": "outcomes", "role": "img", "aria-label": label}, *pieces)


def _legend(bar: OutcomeBar) -> Markup:
    """The numbers behind the bar."""
    items = [
        element(
            "li",
            {},
            element("span", {"class": f"key outcome {part.colour}"}),
            f"{part.name} ",
            element("b", {}, format_count(part.count)),
            f" ({format_percent(part.share)})",
        )
        for part in bar.parts
        if part.count
    ]
    return element("ul", {"class": "legend"}, *items)


def _errors(run: LoadedRun) -> Markup | None:
    errors = Counter(record.error or "unknown" for record in run.records if record.outcome == "error")
    if not errors:
        return None
    rows = [
        element("li", {}, f"{format_count(number)} × ", element("code", {}, error[:300]))
        for error, number in errors.most_common(_MOST_ERRORS)
    ]
    more = len(errors) - _MOST_ERRORS
    if more > 0:
        rows.append(element("li", {}, f"and {more} other messages"))
    return element("ul", {"class": "errors"}, *rows)
