"""The page: one file that needs no other, safe to open whatever the models wrote."""

import json
from collections.abc import Sequence
from typing import Final

from eval_harness.analysis.runs import LoadedRun
from eval_harness.report.compared import comparison_section
from eval_harness.report.document import asset, document
from eval_harness.report.markup import Markup, element, joined
from eval_harness.report.overview import FATES, overview
from eval_harness.report.samples import choose_samples, sample_data
from eval_harness.report.scales import format_count
from eval_harness.report.sections import level_section, map_section, measure_section

_HERE: Final = "eval_harness.report"

_NOTES: Final = {
    "levels": "Accuracy is correct / scored; whiskers and brackets are 95% Wilson intervals, the dashed line "
    "is the accuracy of guessing. A reply without an answer counts as wrong; what failed or is pending is "
    "not scored.",
    "maps": "Accuracy over the task's two difficulty axes; the small number is how many samples were scored. "
    "Hatched: nothing scored there.",
    "measures": "Latency is the successful attempt's own, without queueing. Each bar counts samples.",
    "pairs": "Differences (second minus first) on the same samples, in points of accuracy, with 95% "
    "intervals. Lost: only the first run has them right; won: only the second. p is of the exact McNemar "
    "test (with epochs: of a sign-flip test by sample), not corrected for how many tests there are.",
}


def page(runs: Sequence[LoadedRun], most_samples: int) -> str:
    """The whole page over one or more runs, with at most `most_samples` samples to browse."""
    sections = [
        ("Overview", overview(runs)),
        ("Accuracy by level", joined(_note("levels"), level_section(runs))),
        ("Accuracy over two axes", joined(_note("maps"), map_section(runs))),
        ("Latency and tokens", joined(_note("measures"), measure_section(runs))),
    ]
    if len(runs) > 1:
        sections.insert(2, ("Runs compared", joined(_note("pairs"), comparison_section(runs))))
    sections.append(("Samples", _browser(runs, most_samples)))
    names = ", ".join(run.name for run in runs)
    return document(
        f"SynthLM: {names}", "SynthLM evaluation", sections, asset(_HERE, "page.css"), asset(_HERE, "page.js")
    )


def _note(name: str) -> Markup:
    return element("p", {"class": "note"}, _NOTES[name])


def _browser(runs: Sequence[LoadedRun], most: int) -> Markup:
    held = choose_samples(runs, most)
    everything = sum(len(run.records) for run in runs)
    whole = format_count(everything)
    shown = (
        f"All {whole} finished samples"
        if len(held) == everything
        else f"{format_count(len(held))} of {whole} finished samples: those not correct come first, and "
        "runs, tasks and levels take turns; the rest is in results.jsonl (--samples sets the number)"
    )
    names = (("run", "Run"), ("family", "Task"), ("level", "Level"), ("fate", "Outcome"))
    selects = [
        element("label", {}, title, element("select", {"id": name}, element("option", {"value": ""}, "all")))
        for name, title in names
    ]
    search = element(
        "input", {"id": "search", "type": "search", "placeholder": "in problem, answer and reply"}
    )
    buttons = [
        element("button", {"id": name, "type": "button"}, text)
        for name, text in (("back", "←"), ("next", "→"))
    ]
    return joined(
        element("p", {"class": "note"}, shown + "."),
        element("div", {"class": "filters"}, *selects, element("label", {"class": "wide"}, "Search", search)),
        element("div", {"class": "pager"}, *buttons, element("span", {"id": "told", "aria-live": "polite"})),
        element("div", {"id": "samples"}),
        element("noscript", {}, "The samples need JavaScript; everything above does not."),
        _data(
            {
                "runs": [run.name for run in runs],
                "fates": FATES,
                "samples": [sample_data(*one) for one in held],
            }
        ),
    )


def _data(held: object) -> Markup:
    # ASCII only, and no character that could end the element: what a model wrote stays inside its string.
    text = json.dumps(held, separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return element("script", {"type": "application/json", "id": "data"}, Markup(text))
