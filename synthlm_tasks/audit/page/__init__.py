"""The audit's page: every shortcut of every config against chance, and what else was measured."""

from collections.abc import Sequence
from typing import Final

from eval_harness.report.charts import Marker, Style
from eval_harness.report.document import document, figure, note, read_asset, swatch
from eval_harness.report.markup import Markup, element, join
from eval_harness.report.scales import format_count
from eval_harness.report.svg import draw_dots
from synthlm_tasks.audit.explained import ExplainedList
from synthlm_tasks.audit.page.dots import MARKERS, config_chart, overview_chart
from synthlm_tasks.audit.page.tables import (
    explanation_list,
    invariants_table,
    measurements_table,
    overlaps_table,
    tricks_table,
)
from synthlm_tasks.audit.published import Kind
from synthlm_tasks.audit.results import Audit, ConfigAudit
from synthlm_tasks.audit.verdict import find_failures, judge_finding

_OVERVIEW: Final = (
    "The trick of each kind that is furthest above chance in test, for each config, with 95% "
    "Wilson intervals: guesses that leave the work undone, guesses that do a named part of it, and small "
    "learners. The bar is what blind guessing among the legal answers gives; Inducto's learners are asked "
    "another question, with a bar of its own. What is inherent follows from the config's parameters, and has "
    "a bound that it may not exceed."
)
_CONFIGS: Final = (
    "Every trick on test, with 95% Wilson intervals; the dashed line is blind guessing (for "
    "learners of Inducto the commonest class). A trick passes up to max(2 points, 3 standard errors) above."
)
_ROWS: Final = (
    "The slow independent checks see up to 2,000 rows of each split. Problems are counted as the "
    "split key sees them, so that one problem under other names counts as repeated. p is the smallest of "
    "the config's chi-square tests."
)
_OVERLAPS: Final = (
    "How much of test has stood in train, under each notion of the same problem that the task names. It "
    "grows with train. Where the split promises that there is nothing, one row fails the audit; elsewhere it "
    "is to be known."
)


def render_page(audit: Audit, known: ExplainedList) -> str:
    """Render the whole page."""
    sections = [
        ("Verdict", _verdict(audit, known)),
        ("The best trick on each config", join(note(_OVERVIEW), _legend(), _overview(audit.configs, known))),
        ("What is inherent", explanation_list(audit.configs, known)),
        ("Every trick", join(note(_CONFIGS), _legend(), _charts(audit.configs, known))),
        ("Validity, repeats and shares", join(note(_ROWS), invariants_table(audit.configs))),
        ("Of test in train", join(note(_OVERLAPS), overlaps_table(audit.configs))),
        ("The numbers", measurements_table(audit.configs, known)),
        ("What the tricks exploit", tricks_table(audit.configs)),
    ]
    styles = join(read_asset("eval_harness.report", "page.css"), read_asset(__name__, "audit.css"))
    title = f"SynthLM audit, dataset version {audit.dataset_version}"
    return document(title, title, sections, styles)


def _verdict(audit: Audit, known: ExplainedList) -> Markup:
    wrong = [
        (config.config, complaint) for config in audit.configs for complaint in find_failures(config, known)
    ]
    checked = sum(config.checked for config in audit.configs)
    broken = sum(found.rows for config in audit.configs for found in config.violations)
    tested = [
        judge_finding(config.config, shortcut, known, config.samples)
        for config in audit.configs
        for shortcut in config.shortcuts
    ]
    cards = (
        ("configs audited", format_count(len(audit.configs))),
        ("rows checked by slow code", format_count(checked)),
        ("violations", format_count(broken)),
        (f"of {len(tested)} measurements of tricks near chance", format_count(tested.count("passes"))),
        ("inherent, within their bounds", format_count(tested.count("explained"))),
        ("to be mended", format_count(len(wrong))),
    )
    facts = (
        f"Seed {audit.seed}, {format_count(audit.samples)} rows of each config to guess and learn on; "
        + ", ".join(f"{package} {version}" for package, version in audit.versions.items())
    )
    return join(
        element(
            "div",
            {"class": "cards small"},
            *(
                element(
                    "div",
                    {"class": "card"},
                    element("p", {"class": "figure"}, number),
                    element("p", {}, name),
                )
                for name, number in cards
            ),
        ),
        element("p", {"class": "facts"}, facts + "."),
        _complaints(wrong),
    )


def _complaints(wrong: Sequence[tuple[str, str]]) -> Markup:
    if not wrong:
        return element(
            "p", {"class": "finding"}, "Every invariant holds, and no trick works that is not known."
        )
    return element("ul", {"class": "errors"}, *(element("li", {}, f"{name}: {text}") for name, text in wrong))


def _legend() -> Markup:
    kinds: dict[Kind, str] = {"heuristic": "guess", "partial": "part of the work", "learned": "learned"}
    glyphs: dict[Marker, str] = {"circle": "●", "diamond": "◆", "square": "■", "triangle": "▲"}
    standings = (("passes", "near chance"), ("explained", "inherent"), ("fails", "to be mended"))
    items = [element("li", {}, f"{glyphs[MARKERS[kind]]} {words}") for kind, words in kinds.items()]
    items += [element("li", {}, swatch(Style(name)), words) for name, words in standings]
    return element("ul", {"class": "legend"}, *items)


def _overview(configs: Sequence[ConfigAudit], known: ExplainedList) -> Markup:
    return element("div", {"class": "wide"}, draw_dots(overview_chart(configs, known), width=900, left=170))


def _charts(configs: Sequence[ConfigAudit], known: ExplainedList) -> Markup:
    drawings = [
        (config.config, draw_dots(config_chart(config, known), width=384, left=158)) for config in configs
    ]
    return element("div", {"class": "many"}, *(figure("dots", name, drawing) for name, drawing in drawings))
