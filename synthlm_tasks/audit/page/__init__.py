"""The audit's page: every shortcut of every config against chance, and what else was measured."""

from collections.abc import Sequence
from typing import Final

from eval_harness.report.document import asset, document
from eval_harness.report.markup import Markup, element, joined
from eval_harness.report.scales import format_count
from synthlm_tasks.audit.explained import ExplainedList
from synthlm_tasks.audit.page.dots import chart, overview
from synthlm_tasks.audit.page.tables import explanations, figures, invariants, tricks
from synthlm_tasks.audit.results import Audit, ConfigAudit
from synthlm_tasks.audit.verdict import find_failures, judge_finding

_NOTES: Final = {
    "overview": "The trick of each kind that is furthest above chance in test, for each config, with 95% "
    "Wilson intervals: guesses that leave the work undone, guesses that do a named part of it, and small "
    "learners. The bar is what blind guessing among the legal answers gives; Inducto's learners are asked "
    "another question, with a bar of its own. What is inherent follows from the config's parameters, and has "
    "a bound that it may not exceed.",
    "configs": "Every trick on test, with 95% Wilson intervals; the dashed line is blind guessing (for "
    "learners of Inducto the commonest class). A trick passes up to max(2 points, 3 standard errors) above.",
    "rows": "The slow independent checks see up to 2,000 rows of each split. Problems are counted as the "
    "split key sees them, so that one problem under other names counts as repeated. p is the smallest of "
    "the config's chi-square tests.",
}


def page(audit: Audit, known: ExplainedList) -> str:
    """The whole page."""
    sections = [
        ("Verdict", _verdict(audit, known)),
        ("The best trick on each config", joined(_note("overview"), _key(), overview(audit.configs, known))),
        ("What is inherent", explanations(audit.configs, known)),
        ("Every trick", joined(_note("configs"), _key(), _charts(audit.configs, known))),
        ("Validity, repeats and shares", joined(_note("rows"), invariants(audit.configs))),
        ("The numbers", figures(audit.configs, known)),
        ("What the tricks exploit", tricks(audit.configs)),
    ]
    styles = joined(asset("eval_harness.report", "page.css"), asset(__name__, "audit.css"))
    title = f"SynthLM audit, dataset version {audit.dataset_version}"
    return document(title, title, sections, styles)


def _note(name: str) -> Markup:
    return element("p", {"class": "note"}, _NOTES[name])


def _verdict(audit: Audit, known: ExplainedList) -> Markup:
    wrong = [(config.config, told) for config in audit.configs for told in find_failures(config, known)]
    checked = sum(config.checked for config in audit.configs)
    broken = sum(found.rows for config in audit.configs for found in config.violations)
    tested = [
        judge_finding(config.config, shortcut, known)
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
        + ", ".join(f"{package} {number}" for package, number in audit.versions.items())
    )
    return joined(
        element(
            "div",
            {"class": "cards small"},
            *(
                element(
                    "div",
                    {"class": "card"},
                    element("p", {"class": "figure"}, figure),
                    element("p", {}, name),
                )
                for name, figure in cards
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
    return element("ul", {"class": "errors"}, *(element("li", {}, f"{name}: {told}") for name, told in wrong))


def _key() -> Markup:
    shapes = (("guess", "●"), ("part of the work", "◆"), ("learned", "■"))
    colours = (("passes", "near chance"), ("explained", "inherent"), ("fails", "to be mended"))
    items = [element("li", {}, f"{shape} {kind}") for kind, shape in shapes]
    items += [element("li", {}, element("span", {"class": f"key {name}"}), words) for name, words in colours]
    return element("ul", {"class": "legend"}, *items)


def _charts(configs: Sequence[ConfigAudit], known: ExplainedList) -> Markup:
    drawn = [
        element("figure", {"class": "dots"}, element("figcaption", {}, config.config), chart(config, known))
        for config in configs
    ]
    return element("div", {"class": "many"}, *drawn)
