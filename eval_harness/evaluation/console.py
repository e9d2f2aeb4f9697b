"""What a person reads before a run and at its end: the plan, and the closing summary."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from eval_harness.analysis.summary import cost_of
from eval_harness.evaluation.evaluation import Run, RunResult
from eval_harness.evaluation.progress import format_duration
from eval_harness.runs.prompts import Prompts, make_prompts
from eval_harness.runs.samples import Cell, iter_samples
from eval_harness.runs.settings import RunSettings

_NOT_ANSWERS: Final = {
    "no_answer": "no answer in the reply",
    "truncated": "cut off before an answer",
    "refused": "refused",
    "too_long": "too long for the model (not scored, final)",
    "errors": "errors (not scored, owed)",
    "pending": "pending (not asked, owed)",
}

# Characters of a prompt's token, about, and of how many prompts their number is guessed.
_CHARACTERS: Final = 3
_PROMPTS_READ: Final = 256

# The share of replies from which on the way of asking, not the model, is the likely cause.
_MOST: Final = 0.5


def run_summary(run: Run, ending: RunResult) -> RenderableType:
    """The headline, the tables, and where everything is."""
    summary = ending.summary
    return Group(
        Panel(
            Text.from_markup("\n".join(_headline(run, summary))),
            title="SynthLM evaluation",
            title_align="left",
        ),
        _scores("task", summary["by_task"]),
        _scores("difficulty", summary["by_difficulty"]),
        _facts(run, ending),
    )


def run_plan(settings: RunSettings, cells: Sequence[Cell]) -> RenderableType:
    """The plan of a run: samples of each cell, how long it takes at least, and the first request."""
    table = Table(
        title="Would ask", title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False
    )
    for name in ("config", "task", "level", "samples", "guessing"):
        table.add_column(name)
    for cell in cells:
        table.add_row(
            Text(cell.config), cell.task, str(cell.difficulty), f"{len(cell.rows):,}", f"{cell.chance():.1%}"
        )
    requests = sum(len(cell.rows) for cell in cells) * settings.epochs
    shown = f"{requests:,} requests"
    if settings.requests_per_minute:
        shown += (
            f", at least {format_duration(requests / settings.requests_per_minute * 60)} at the chosen rate"
        )
    prompts = make_prompts(settings, cells)
    if settings.prices:
        shown += f", {_estimate_cost(settings, cells, prompts)}"
    body = prompts.body(next(iter_samples(cells, 1)))
    texts = [f"{turn['role']}:\n{turn['content']}" for turn in body.pop("messages", ())]
    request = [f"The first request: {json.dumps(body)}", *texts]
    return Group(table, Text(shown), *(Text(f"\n{text}") for text in request))


def models_table(results: Mapping[str, tuple[Run, RunResult]]) -> Table:
    """One row a model: accuracy with its interval, of each task too, how much is scored, what it cost."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    tasks = list(dict.fromkeys(task for _, result in results.values() for task in result.summary["by_task"]))
    table.add_column("model", overflow="fold")
    for name in ("correct", "95%", *tasks, "scored", "cost"):
        table.add_column(name, no_wrap=True)
    for name, (_, result) in results.items():
        overall, by_task = result.summary["overall"], result.summary["by_task"]
        cost = result.summary["cost"]
        table.add_row(
            Text(name),
            _percent(overall),
            _interval(overall["ci95"]),
            *(_percent(by_task[task]) if task in by_task else "-" for task in tasks),
            f"{overall['scored']:,}/{overall['total_samples']:,}",
            "-" if cost is None else format_cost(cost),
        )
    return table


def format_cost(dollars: float) -> str:
    """Dollars to the cent, small amounts to two digits."""
    return f"${dollars:,.2f}" if dollars >= 0.1 or not dollars else f"${dollars:.2g}"


def _estimate_cost(settings: RunSettings, cells: Sequence[Cell], prompts: Prompts[Any]) -> str:
    """The cost of the prompts, guessed from some of them, and of replies as long as they may be."""
    some = [prompts.body(sample) for sample in islice(iter_samples(cells, 1), _PROMPTS_READ)]
    texts = (
        "".join(turn["content"] for turn in body.get("messages", ())) + body.get("prompt", "")
        for body in some
    )
    requests = sum(len(cell.rows) for cell in cells) * settings.epochs
    prompt = requests * sum(map(len, texts)) / len(some) / _CHARACTERS
    most = cost_of(settings.prices, prompt, requests * settings.max_tokens) or 0.0
    least = cost_of(settings.prices, prompt, 0) or 0.0
    asking = f"about {format_cost(least)} for {prompt:,.0f} prompt tokens"
    return f"{asking}, at most {format_cost(most)} with replies"


def _headline(run: Run, summary: Mapping[str, Any]) -> Iterator[str]:
    """The model and its score, and whatever keeps the score from meaning what it seems to."""
    overall, settings = summary["overall"], run.manifest.settings
    total, scored = overall["total_samples"], overall["scored"]
    yield f"[bold]{escape(settings.model)}[/] · {settings.endpoint}, {settings.mode}, {settings.shots} shots"
    if scored:
        yield (
            f"[bold]{overall['accuracy']:.1%}[/] correct ({overall['correct']:,}/{scored:,}), 95% interval "
            f"{_interval(overall['ci95'])}; guessing gives {overall['chance']:.1%}"
        )
    else:
        yield f"[bold red]No score: none of {total:,} samples was scored[/]"
    if overall["bounds"] and scored:
        low, high = overall["bounds"]
        yield (
            f"[yellow]Only {overall['coverage']:.1%} of {total:,} samples are scored: over all of them "
            f"the accuracy lies between {low:.1%} and {high:.1%}[/]"
        )
    for message, count in (summary["error_messages"] | summary["too_long_messages"]).items():
        yield f"[red]{count:,} × {escape(message)}[/]"
    yield from _oddities(summary)
    answered = scored - sum(overall[name] for name in ("no_answer", "truncated", "refused"))
    if answered:
        yield f"{answered:,} of {scored:,} replies hold an answer"
    if scored and overall["truncated"] / scored >= _MOST:
        yield (
            f"[yellow]{overall['truncated']:,} of {scored:,} replies were cut off before an answer: "
            f"--max-tokens ({settings.max_tokens}) is too small for this model[/]"
        )
    if scored and overall["no_answer"] / scored >= _MOST:
        yield (
            f"[yellow]{overall['no_answer']:,} of {scored:,} replies hold no answer that can be read: "
            "look at raw_response in results.jsonl[/]"
        )


def _oddities(summary: Mapping[str, Any]) -> Iterator[str]:
    """What makes a run less than one run of one model, and what of it is not understood."""
    if len(summary["models"]) > 1:
        yield f"[yellow]The replies name more than one model: {_counted(summary['models'])}[/]"
    if summary["unknown_finish_reasons"]:
        reasons = _counted(summary["unknown_finish_reasons"])
        yield f"[yellow]Replies with a finish_reason that is not known, read like any other: {reasons}[/]"
    if summary["stray_lines"]:
        yield (
            f"[yellow]{summary['stray_lines']:,} lines of results.jsonl are of none of the run's samples "
            "and are ignored[/]"
        )


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{escape(name)} ({count:,})" for name, count in counts.items())


def _scores(title: str, cells: Mapping[str, Mapping[str, Any]]) -> Table:
    """One row a task or level: score, interval, chance."""
    table = Table(
        title=f"By {title}", title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False
    )
    for name in (title, "accuracy", "95% interval", "guessing"):
        table.add_column(name, justify="left")
    for name, cell in cells.items():
        accuracy = cell["accuracy"]
        shown = (
            "not scored" if accuracy is None else f"{accuracy:.1%} ({cell['correct']:,}/{cell['scored']:,})"
        )
        levels = cell.get("by_difficulty", {})
        if levels:
            shown += f" [{' | '.join(f'L{level} {_percent(found)}' for level, found in levels.items())}]"
        table.add_row(Text(name), Text(shown), _interval(cell["ci95"]), f"{cell['chance']:.1%}")
    return table


def _facts(run: Run, ending: RunResult) -> Table:
    """What is no answer, time, tokens, and where the results are."""
    summary, grid = ending.summary, Table.grid(padding=(0, 2))
    overall, timing, tokens = summary["overall"], summary["timing"], summary["tokens"]
    shown = [f"{overall[name]:,} {words}" for name, words in _NOT_ANSWERS.items() if overall[name]]
    grid.add_row("Without an answer", " · ".join(shown) or "none")
    if timing["avg_latency_ms"] is not None:
        spread = (timing[f"{name}_latency_ms"] for name in ("avg", "p50", "p95"))
        grid.add_row("Latency", "avg {:,.0f} ms · p50 {:,.0f} ms · p95 {:,.0f} ms".format(*spread))
    if timing["avg_first_token_ms"] is not None:
        spread = (timing[f"{name}_first_token_ms"] for name in ("avg", "p50", "p95"))
        grid.add_row("First token", "avg {:,.0f} ms · p50 {:,.0f} ms · p95 {:,.0f} ms".format(*spread))
    grid.add_row(
        "Tokens", f"{tokens['prompt']:,} prompt + {tokens['completion']:,} completion = {tokens['total']:,}"
    )
    if summary["cost"] is not None:
        grid.add_row("Cost", format_cost(summary["cost"]))
    if "majority_vote" in overall and overall["majority_vote"] is not None:
        grid.add_row(
            "Majority vote",
            f"{overall['majority_vote']:.1%} of the samples, over {run.manifest.settings.epochs} epochs",
        )
    grid.add_row("Results", Text(str(run.directory), overflow="fold"))
    if overall["errors"] or overall["pending"]:
        grid.add_row("To go on", Text(f"synthlm eval --resume {run.directory}", overflow="fold"))
    return grid


def _percent(cell: Mapping[str, Any]) -> str:
    return "-" if cell["accuracy"] is None else f"{cell['accuracy']:.0%}"


def _interval(ci95: tuple[float, float] | None) -> str:
    return "-" if ci95 is None else f"{ci95[0] * 100:.1f}-{ci95[1]:.1%}"
