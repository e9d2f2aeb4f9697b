"""The files that show a run's accuracies beside a model on the Hub, in the folder `.eval_results`.

The format: https://huggingface.co/docs/hub/eval-results
"""

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

import yaml

from eval_harness.analysis.runs import LoadedRun, RunError
from eval_harness.plugins.hub.benchmark import Benchmark

FOLDER: Final = ".eval_results"
"""Where in a model's repo the Hub looks for results."""

# Of 10,000 samples, the fourth digit is one of them.
_DIGITS: Final = 4

# Shares of a mixture are met but for rounding.
_SAME_SHARE: Final = 0.01

# Wider than any text of ours, so that none is folded.
_WIDTH: Final = 10_000


@dataclass(frozen=True)
class Source:
    """Where more is to be found about a run: a link, and optionally its name and the Hub user to thank."""

    url: str
    name: str | None = None
    user: str | None = None

    @classmethod
    def create(cls, url: str | None, name: str | None, user: str | None) -> "Source | None":
        """The source, None where there is none; raises RunError for a name or a user without a link."""
        if url is None:
            given = {"source_name": name, "source_user": user}
            for option, value in given.items():
                if value is not None:
                    raise RunError(f"{option}={value!r}: give --source-url too, which the Hub links to")
            return None
        if not re.match(r"https?://\S+$", url):
            raise RunError(f"source_url={url!r}: expected a link, https://…")
        return cls(url, name, user)


def check_finished(run: LoadedRun) -> None:
    """Raise RunError where a sample has no verdict: the accuracy of the others would not be the task's."""
    overall = run.summary["overall"]
    owed, all_of_them = overall["errors"] + overall["pending"], f"{overall['total_samples']:,} samples"
    if owed:
        further = "synthlm eval --resume" if run.folder.is_dir() else "inspect eval-retry"
        raise RunError(
            f"{run.folder}: {owed:,} of {all_of_them} are unfinished; go on with `{further} "
            f"{shlex.quote(str(run.folder))}`"
        )
    if too_long := overall["too_long"]:
        raise RunError(
            f"{run.folder}: {too_long:,} of {all_of_them} were too long for the model: the accuracy of the "
            "others is not the task's"
        )


def result_files(run: LoadedRun, benchmark: Benchmark, source: Source | None = None) -> dict[str, str]:
    """Name → content of the files, one for each config that the run asked; `check_finished` has passed."""
    ending = "_direct" if run.manifest.settings.mode == "direct" else ""
    found = {}
    for config, task in benchmark.tasks.items():
        name = re.sub(r"[^A-Za-z0-9_.-]", "_", f"{benchmark.dataset}_{task}{ending}.yaml")
        entry = _entry(run, benchmark, config, source)
        found[name] = yaml.safe_dump([entry], sort_keys=False, allow_unicode=True, width=_WIDTH)
    return found


def _entry(run: LoadedRun, benchmark: Benchmark, config: str, source: Source | None) -> dict[str, Any]:
    """What a file says of one config."""
    figures = run.summary["by_config"][config]
    entry: dict[str, Any] = {
        "dataset": {
            "id": benchmark.dataset,
            "task_id": benchmark.tasks[config],
            "revision": benchmark.revision,
        },
        "value": round(figures["accuracy"], _DIGITS),
    }
    if day := _last_day(run):
        entry["date"] = day.isoformat()
    if source:
        entry["source"] = {key: value for key, value in vars(source).items() if value is not None}
    entry["notes"] = _notes(run, figures, _asked(run, benchmark, config))
    return entry


def _last_day(run: LoadedRun) -> date | None:
    """The day of the last reply, in UTC."""
    times = [datetime.fromisoformat(record.timestamp) for record in run.records if record.timestamp]
    return max(times).astimezone(UTC).date() if times else None


def _asked(run: LoadedRun, benchmark: Benchmark, config: str) -> str:
    """How much of a test split was asked: a mixture's accuracy depends on the shares of what is in it."""
    held = benchmark.rows[config]
    asked = {(c.task, c.difficulty): c.samples for c in run.manifest.plan if c.config == config}
    all_held, all_asked = sum(held.values()), sum(asked.values())
    differing = any(
        abs(asked[key] / all_asked - count / all_held) > _SAME_SHARE for key, count in held.items()
    )
    shares = ", tasks and levels in other shares than there" if differing else ""
    return f"the first {all_asked:,} of {all_held:,} rows of the test split{shares}"


def _notes(run: LoadedRun, figures: Mapping[str, Any], asked: str) -> str:
    """What a number needs beside it: interval and chance, of how many samples, and how they were asked."""
    manifest, settings = run.manifest, run.manifest.settings
    low, high = figures["ci95"]
    epochs = f" {settings.epochs} times each" if settings.epochs > 1 else ""
    silent = [f"{figures[key]:,} {key.replace('_', ' ')}" for key in ("no_answer", "truncated", "refused")]
    scored = f"SynthLM {manifest.packages.get('synthlm', '')}, extraction {manifest.extraction_version}"
    return (
        f"{settings.endpoint}, {settings.mode} mode, {settings.shots} shots, temperature "
        f"{settings.temperature:g}, at most {settings.max_tokens:,} tokens; {asked}{epochs}: accuracy from 0 "
        f"to 1, 95% interval {low:.3f} to {high:.3f}, chance {figures['chance']:.3f}, {', '.join(silent)}; "
        f"scored by {scored}"
    )
