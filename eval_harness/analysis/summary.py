"""The summary: what a run found out, always computed from its whole journal."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from eval_harness.analysis.counts import CellCounts, JournalCounts, add_counts
from eval_harness.analysis.estimates import bounds, interval, majority_vote, pass_at, standard_error
from eval_harness.runs.manifest import Manifest

NAME: Final = "summary.json"

# Distinct error messages kept, and names of each sort, the most frequent first.
_MESSAGES: Final = 5
_NAMES: Final = 20

# The status that opens a message is part of what it says; other numbers are the sample's own.
_NUMBERS: Final = re.compile(r"(^HTTP \d+)|\d+(?:[.,]\d+)*")


def summarize(manifest: Manifest, count: JournalCounts) -> dict[str, Any]:
    """The contents of `summary.json`."""
    errors = Counter(place for place, _ in count.failed.values())
    for place, tally in count.cells.items():
        tally.outcomes["error"] = errors[place]
    epochs = manifest.settings.epochs
    overall = add_counts(count.cells.values())
    statistics = _statistics(overall, epochs)
    statistics = {"total_samples": statistics.pop("total"), **statistics}
    statistics["standard_error"] = standard_error(tally.samples for tally in count.cells.values())
    messages = Counter(message for _, message in count.failed.values())
    names = {
        "models": count.models,
        "system_fingerprints": count.fingerprints,
        "unknown_finish_reasons": count.unknown_reasons,
    }
    return {
        "run_id": manifest.run_id,
        "model": manifest.settings.model,
        "overall": statistics,
        "by_task": {
            task: _statistics(_of(count, task=task), epochs)
            | {"by_difficulty": _by_difficulty(count, manifest, task)}
            for task in dict.fromkeys(cell.task for cell in manifest.plan)
        },
        "by_difficulty": _by_difficulty(count, manifest, None),
        "by_config": {
            config: _statistics(_of(count, config=config), epochs)
            for config in dict.fromkeys(cell.config for cell in manifest.plan)
        },
        "timing": _timing("latency", count.latencies) | _timing("first_token", count.first_tokens),
        "tokens": {**count.tokens, "total": sum(count.tokens.values())},
        "cost": cost_of(manifest.settings.prices, count.tokens["prompt"], count.tokens["completion"]),
        "error_messages": _most_frequent(group_messages(messages), _MESSAGES),
        "too_long_messages": _most_frequent(group_messages(count.too_long), _MESSAGES),
        **{name: _most_frequent(counter, _NAMES) for name, counter in names.items()},
        "stray_lines": count.strays,
    }


def group_messages(messages: Mapping[str, int]) -> dict[str, int]:
    """Messages that differ in numbers alone as one, under the first of them in the order of the alphabet.

    e.g. {"HTTP 400: 9 > 8 tokens": 2, "HTTP 400: 10 > 8 tokens": 1} → {"HTTP 400: 10 > 8 tokens": 3}
    """
    groups: dict[str, list[str]] = {}
    for message in sorted(messages):
        shape = _NUMBERS.sub(lambda number: number[1] or "#", message)
        groups.setdefault(shape, []).append(message)
    return {group[0]: sum(messages[message] for message in group) for group in groups.values()}


def _most_frequent(counts: Mapping[str, int], most: int) -> dict[str, int]:
    # Equal counts by name: a summary does not depend on the order in which replies came.
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:most])


def _by_difficulty(count: JournalCounts, manifest: Manifest, task: str | None) -> dict[str, Any]:
    cells = [cell for cell in manifest.plan if task in (None, cell.task)]
    levels = sorted({cell.difficulty for cell in cells})
    epochs = manifest.settings.epochs
    return {str(level): _statistics(_of(count, task=task, difficulty=level), epochs) for level in levels}


def _of(
    count: JournalCounts, config: str | None = None, task: str | None = None, difficulty: int | None = None
) -> CellCounts:
    """The tally of the cells with these properties, None being any."""
    wanted = (config, task, difficulty)
    return add_counts(
        tally
        for key, tally in count.cells.items()
        if all(want in (None, have) for want, have in zip(wanted, key, strict=True))
    )


def _statistics(tally: CellCounts, epochs: int) -> dict[str, Any]:
    """What is reported of a tally; outcomes sum to `total`."""
    scored, errors, too_long = tally.scored, *(tally.outcomes[name] for name in ("error", "too_long"))
    found: dict[str, Any] = {
        "total": tally.planned,
        "scored": scored,
        "correct": tally.correct,
        "accuracy": tally.correct / scored if scored else None,
        "ci95": interval(tally.samples),
        "chance": tally.chances / tally.planned,
        **{name: tally.outcomes[name] for name in ("no_answer", "truncated", "refused")},
        "too_long": too_long,
        "errors": errors,
        "pending": tally.planned - scored - too_long - errors,
        "coverage": scored / tally.planned,
        "bounds": bounds(tally.correct, scored, tally.planned),
    }
    if epochs > 1:
        powers = [1 << power for power in range(epochs.bit_length())]
        found["majority_vote"] = majority_vote(tally.votes, tally.samples, epochs)
        found["pass_at"] = {str(k): pass_at(tally.samples, k) for k in sorted({*powers, epochs})}
    return found


def cost_of(prices: tuple[float, float] | None, prompt: float, completion: float) -> float | None:
    """Dollars for so many tokens at prices per million; None where there are no prices."""
    return None if prices is None else (prices[0] * prompt + prices[1] * completion) / 1e6


def _timing(name: str, milliseconds: Iterable[float]) -> dict[str, float | None]:
    """Mean and percentiles of times; null where there are none."""
    ordered = sorted(milliseconds)
    count = len(ordered)
    return {
        f"avg_{name}_ms": sum(ordered) / count if count else None,
        **{f"p{p}_{name}_ms": ordered[-(-count * p // 100) - 1] if count else None for p in (50, 95)},
    }
