"""The page's tables."""

from collections.abc import Sequence

from eval_harness.report.document import row, table
from eval_harness.report.markup import Markup, element
from eval_harness.report.scales import format_count, format_percent
from synthlm_tasks.audit.explained import ExplainedList
from synthlm_tasks.audit.results import ConfigAudit, Shortcut
from synthlm_tasks.audit.verdict import judge_finding


def explanation_list(configs: Sequence[ConfigAudit], known: ExplainedList) -> Markup:
    """Why each known finding is inherent: reason, bound, and the largest that was measured."""
    measured: dict[int, list[str]] = {}
    for one, (most, _) in known.largest(configs).items():
        measured.setdefault(one.place, []).append(
            f"{one.pattern} {format_percent(most)} (bound {format_percent(one.bound)})"
        )
    items = [
        element(
            "li",
            {},
            element("b", {}, ", ".join(known.entries[place].names)),
            f": {known.entries[place].reason} ",
            element("small", {}, f"At most: {', '.join(sizes)}."),
        )
        for place, sizes in measured.items()
    ]
    return element("ul", {"class": "reasons"}, *items)


def invariants_table(configs: Sequence[ConfigAudit]) -> Markup:
    """Violations, repeats and distributions of each config."""
    repeated = ("prompts repeated in train", "problems repeated in train", "in test", "in two splits")
    heads = ("config", "checked", "violations", *repeated, "tests of shares", "smallest p")
    rows = []
    for config in configs:
        repeats = {found.split: found for found in config.repeats}
        tests = (*config.parameters, *config.balance)
        rows.append(
            row(
                config.config,
                format_count(config.checked),
                format_count(sum(found.rows for found in config.violations)),
                f"{repeats['train'].prompts / repeats['train'].rows:.2%}",
                f"{repeats['train'].keys / repeats['train'].rows:.2%}",
                f"{repeats['test'].keys / repeats['test'].rows:.2%}",
                format_count(config.shared_keys),
                format_count(len(tests)),
                f"{min((test.p for test in tests), default=1.0):.1g}",
            )
        )
    return table(heads, rows)


def measurements_table(configs: Sequence[ConfigAudit], known: ExplainedList) -> Markup:
    """Every trick's accuracy, by task: a table for reading off."""
    rows = []
    for config in configs:
        for shortcut in config.shortcuts:
            low, high = shortcut.interval
            rows.append(
                row(
                    config.config,
                    shortcut.label,
                    shortcut.split,
                    format_percent(shortcut.accuracy),
                    f"[{format_percent(low)}, {format_percent(high)}]",
                    format_percent(shortcut.chance),
                    judge_finding(config.config, shortcut, known, config.samples),
                )
            )
    heads = ("config", "trick", "split", "accuracy", "95% interval", "chance", "")
    unfolded = element("summary", {}, f"All {format_count(len(rows))} measurements")
    return element("details", {}, unfolded, table(heads, rows))


def overlaps_table(configs: Sequence[ConfigAudit]) -> Markup:
    """How much of test has stood in train, by config and notion of the same problem."""
    rows = [
        row(
            config.config,
            found.name,
            f"{format_count(found.known)} of {format_count(found.rows)}",
            format_percent(found.share),
            format_count(found.train),
            "promised to be none" if found.promised_new else "",
        )
        for config in configs
        for found in config.overlaps
    ]
    return table(("config", "the same", "rows of test", "share", "rows of train", ""), rows)


def tricks_table(configs: Sequence[ConfigAudit]) -> Markup:
    """What each trick exploits."""
    known: dict[tuple[str, str], Shortcut] = {}
    for config in configs:
        for shortcut in config.shortcuts:
            task = "all" if shortcut.kind == "learned" else config.task
            known.setdefault((task, shortcut.name), shortcut)
    ordered = sorted(known.items(), key=lambda item: item[0][0] == "all")
    rows = [row(task, name, shortcut.exploits) for (task, name), shortcut in ordered]
    return table(("task", "trick", "what it would exploit"), rows)
