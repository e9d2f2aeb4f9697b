"""The page: one file that needs no other, safe to open whatever the models wrote."""

import json
from collections.abc import Sequence
from typing import Final

from eval_harness.analysis.runs import LoadedRun
from eval_harness.report.compared import comparison_section
from eval_harness.report.document import document, note, read_asset
from eval_harness.report.heat_maps import map_section
from eval_harness.report.levels import level_section
from eval_harness.report.markup import Markup, element, join
from eval_harness.report.measures import measure_section
from eval_harness.report.overview import OUTCOMES, overview
from eval_harness.report.samples import browser_data
from eval_harness.report.scales import format_count

_HERE: Final = "eval_harness.report"

_LEVELS: Final = (
    "Accuracy is correct / scored; whiskers and brackets are 95% Wilson intervals, the dashed line is the "
    "accuracy of guessing. A reply without an answer counts as wrong; what failed or is pending is not "
    "scored."
)
_MAPS: Final = (
    "Accuracy over the task's two difficulty axes; the small number is how many samples were scored. "
    "Hatched: nothing scored there."
)
_MEASURES: Final = "Latency is the successful attempt's own, without queueing. Each bar counts samples."
_PAIRS: Final = (
    "Differences (second minus first) on the same samples, in points of accuracy, with 95% intervals. Lost: "
    "only the first run has them right; won: only the second. p is of the exact McNemar test (with epochs: "
    "of a sign-flip test by sample), not corrected for how many tests there are; where it is below 0.05, the "
    "row has the colour of the run that is better."
)


def render_page(runs: Sequence[LoadedRun], most_samples: int) -> str:
    """Render the whole page over one or more runs, with at most `most_samples` samples to browse."""
    sections = [
        ("Overview", overview(runs)),
        ("Accuracy by level", join(note(_LEVELS), level_section(runs))),
        ("Accuracy over two axes", join(note(_MAPS), map_section(runs))),
        ("Latency and tokens", join(note(_MEASURES), measure_section(runs))),
    ]
    if len(runs) > 1:
        sections.insert(2, ("Runs compared", join(note(_PAIRS), comparison_section(runs))))
    sections.append(("Samples", _browser(runs, most_samples)))
    title = f"SynthLM: {', '.join(run.name for run in runs)}"
    styles, script = read_asset(_HERE, "page.css"), read_asset(_HERE, "page.js")
    return document(title, "SynthLM evaluation", sections, styles, script)


def _browser(runs: Sequence[LoadedRun], most: int) -> Markup:
    data = browser_data(runs, most)
    samples = data["samples"]
    everything = sum(len(run.records) for run in runs)
    whole = format_count(everything)
    carried = (
        f"All {whole} finished samples"
        if len(samples) == everything
        else f"{format_count(len(samples))} of {whole} finished samples: every outcome of every run has "
        "its share, in which tasks and levels take turns; the rest is in results.jsonl (--samples sets "
        "the number)"
    )
    names = (("run", "Run"), ("family", "Task"), ("level", "Level"), ("outcome", "Outcome"))
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
    return join(
        note(carried + "."),
        element("div", {"class": "filters"}, *selects, element("label", {"class": "wide"}, "Search", search)),
        element("div", {"class": "pager"}, *buttons, element("span", {"id": "range", "aria-live": "polite"})),
        element("div", {"id": "samples"}),
        element("noscript", {}, "The samples need JavaScript; everything above does not."),
        _data(data | {"outcomes": OUTCOMES}),
    )


def _data(content: object) -> Markup:
    # ASCII only, and no character that could end the element: what a model wrote stays inside its string.
    text = json.dumps(content, separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return element("script", {"type": "application/json", "id": "data"}, Markup(text))
