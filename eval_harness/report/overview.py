"""The top of the page: one card a run, so that failures, cut-off replies and wrong answers look different."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from eval_harness.analysis.runs import LoadedRun
from eval_harness.analysis.summary import group_messages
from eval_harness.report.markup import Markup, element, joined
from eval_harness.report.scales import format_count, format_percent

FATES: Final[Mapping[str, str]] = {
    "correct": "correct",
    "wrong": "wrong",
    "no_answer": "no answer",
    "truncated": "truncated",
    "refused": "refused",
    "too_long": "too long",
    "error": "failed",
    "pending": "pending",
}
"""How a sample can end → how the page calls it, in the order of the bars."""

_MOST_ERRORS: Final = 3
_MOST: Final = 0.5
"""A share from which on an outcome is what a reader has to know first."""


def outcome_counts(overall: Mapping[str, Any]) -> dict[str, int]:
    """The counts of a cell of the summary as fates; they sum to what was planned."""
    silent = overall["no_answer"] + overall["truncated"] + overall["refused"]
    return {
        "correct": overall["correct"],
        "wrong": overall["scored"] - overall["correct"] - silent,
        "no_answer": overall["no_answer"],
        "truncated": overall["truncated"],
        "refused": overall["refused"],
        "too_long": overall["too_long"],
        "error": overall["errors"],
        "pending": overall["pending"],
    }


def main_finding(fates: Mapping[str, int]) -> str:
    """What a reader has to know before the accuracy, in one sentence; empty where there is nothing.

    e.g. every reply cut off → "Every reply was cut off by the token limit before an answer: …"
    """
    planned = sum(fates.values())
    if not planned or fates["pending"] == planned:
        return "Nothing has been asked yet."
    for fate, (one, many) in _FINDINGS.items():
        if fates[fate] == planned:
            return f"Every {one}"
        if fates[fate] > _MOST * planned:
            return f"{format_percent(fates[fate] / planned, 0)} of the {many}"
    return f"{format_count(fates['pending'])} samples are still to be asked." if fates["pending"] else ""


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
    "too_long": (
        "sample is too long for the model: lower --max-tokens, or serve it with a longer context.",
        "samples are too long for the model and not scored: "
        "lower --max-tokens, or serve it with a longer context.",
    ),
    "no_answer": (
        "reply was without a readable answer: look at a few below before believing the accuracy.",
        "replies were without a readable answer: look at a few below before believing the accuracy.",
    ),
    "wrong": ("reply holds an answer, and every answer is wrong.", "answers are wrong."),
}


def overview(runs: Sequence[LoadedRun]) -> Markup:
    """The cards of all runs."""
    return element("div", {"class": "cards"}, *(_card(style, run) for style, run in enumerate(runs)))


def _card(style: int, run: LoadedRun) -> Markup:
    overall = run.summary["overall"]
    fates = outcome_counts(overall)
    interval = overall["ci95"]
    planned = overall["total_samples"]
    told = (
        joined(
            f"{format_percent(interval[0])} to {format_percent(interval[1])} (95%), "
            f"{format_count(overall['correct'])} of {format_count(overall['scored'])} scored"
        )
        if interval
        else "nothing scored"
    )
    coverage = f"{format_percent(overall['coverage'])} of {format_count(planned)} planned samples scored"
    parts = [
        element("h2", {}, element("span", {"class": f"key run{style % 6}"}), run.name),
        element("p", {"class": "model"}, run.model),
        element("p", {"class": "figure" if interval else "figure none"}, format_percent(overall["accuracy"])),
        element("p", {"class": "told"}, told),
        outcome_bar(fates),
        legend(fates),
    ]
    if sentence := main_finding(fates):
        parts.append(element("p", {"class": "finding"}, sentence))
    if errors := _errors(run):
        parts.append(errors)
    parts.append(element("p", {"class": "facts"}, " · ".join([coverage, *run.facts])))
    return element("section", {"class": "card"}, *parts)


def outcome_bar(fates: Mapping[str, int]) -> Markup:
    """One bar over all planned samples, a piece a fate."""
    planned = sum(fates.values()) or 1
    pieces = []
    for fate, number in fates.items():
        if number:
            title = f"{FATES[fate]}: {format_count(number)}"
            pieces.append(
                element("span", {"class": f"fate {fate}", "style": f"flex-grow:{number}", "title": title})
            )
    told = (
        ", ".join(f"{FATES[f]} {format_percent(n / planned)}" for f, n in fates.items() if n) or "no samples"
    )
    return element("div", {"class": "outcomes", "role": "img", "aria-label": told}, *pieces)


def legend(fates: Mapping[str, int]) -> Markup:
    """The numbers behind the bar."""
    planned = sum(fates.values()) or 1
    return element(
        "ul",
        {"class": "legend"},
        *(
            element(
                "li",
                {},
                element("span", {"class": f"key fate {fate}"}),
                f"{FATES[fate]} ",
                element("b", {}, format_count(number)),
                f" ({format_percent(number / planned)})",
            )
            for fate, number in fates.items()
            if number
        ),
    )


def _errors(run: LoadedRun) -> Markup | None:
    without_reply = [record for record in run.records if record.outcome in ("error", "too_long")]
    errors = Counter(group_messages(Counter(record.error or "unknown" for record in without_reply)))
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
