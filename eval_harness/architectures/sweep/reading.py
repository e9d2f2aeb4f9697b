"""Plans from files and options, checked before anything is trained."""

import json
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from eval_harness.architectures.mixers.registry import MIXERS
from eval_harness.architectures.spec import RunSpec
from eval_harness.architectures.sweep.plan import Plan, PlannedRun
from eval_harness.errors import SettingsError
from synthlm_tasks.catalog import components, configs, plan
from synthlm_tasks.errors import SynthLMError, suggest
from synthlm_tasks.options import default_options
from synthlm_tasks.rows.splits import Split
from synthlm_tasks.rows.task import NUM_QUERIES


def packaged_plans() -> dict[str, str]:
    """The plans that come with this package: name → TOML."""
    # Found beside this package, not by import: a folder named `configs` may lie in the working folder.
    folder = resources.files("eval_harness") / ".." / "configs" / "sweeps"
    files = [file for file in folder.iterdir() if file.name.endswith(".toml")]
    return {file.name.removesuffix(".toml"): file.read_text("utf-8") for file in sorted(files, key=str)}


def read_plan(source: str | Path) -> dict[str, Any]:
    """The tables of a packaged plan, by name, or of a file; raises SettingsError."""
    try:
        text = packaged_plans()[source] if isinstance(source, str) else source.read_text("utf-8")
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"plan {str(source)!r}: no TOML ({error})") from None


def make_plan(tables: Mapping[str, Any], given: Mapping[str, Any], source: str = "options") -> Plan:
    """The plan of these tables, with the settings `given` in place of theirs and of each training's.

    Raises SettingsError naming the setting, its value and what is allowed, also for a config or an axis
    that does not exist.
    """
    chosen = {name: value for name, value in given.items() if value is not None}
    made = {**tables, **chosen}
    trainings = made.get("training", [])
    if isinstance(trainings, list):
        made["training"] = [
            {name: value for name, value in training.items() if name not in chosen}
            if isinstance(training, dict)
            else training
            for training in trainings
        ]
    try:
        plan = Plan.model_validate(made)
    except ValidationError as error:
        raise SettingsError(_describe(error, source, chosen)) from None
    check_runs(plan)
    return plan


def _describe(error: ValidationError, source: str, chosen: Mapping[str, Any]) -> str:
    """The first complaint in one line, e.g. "plan 'x.toml': training[0].lrs[1]='x': …"."""
    found = error.errors(include_url=False)[0]
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in found["loc"]).lstrip(".")
    reason = found["msg"].removeprefix("Value error, ")
    if found["type"] == "extra_forbidden":
        reason = "there is no such setting"
    value = "" if found["type"] == "missing" else f"={found['input']!r}"
    option = place.partition("[")[0]
    if option in chosen:
        return f"{option}={found['input']!r}: {reason}"
    return f"plan {source!r}: {f'{place}{value}: ' if place else ''}{reason}"


def check_runs(plan: Plan) -> None:
    """Raise SettingsError where a config or axis does not exist, or where two trainings are the same runs."""
    seen: dict[str, str] = {}
    specs: dict[str, RunSpec] = {}
    for run in plan.runs():
        specs.setdefault(run.training, run.spec)
        if run.spec.key in seen:
            raise SettingsError(f"{run.words}: is the same run as {seen[run.spec.key]}")
        seen[run.spec.key] = run.words
        _check_architecture(run)
    for title, spec in specs.items():
        _check_rows(f"training {title!r}", spec.config, spec.axes, "train")
        for found in spec.evaluations:
            place = f"training {title!r}, evaluation {found.name!r}"
            _check_rows(place, found.config, found.axes, found.split)


def _check_architecture(run: PlannedRun) -> None:
    """Raise SettingsError for a name that no mixer has; a user's own is looked for by those who train."""
    name = run.spec.architecture
    if ":" not in name and name not in MIXERS:
        known = f"expected one of {', '.join(MIXERS)}, stock:TYPE, or a mixer of yours as module:factory"
        raise SettingsError(f"architectures={name!r}: {known}{suggest(name, MIXERS)}")


def _check_rows(place: str, config: str, axes: Mapping[str, Any], split: Split) -> None:
    """Raise SettingsError where a config or axis does not exist, or where the split has no rows."""
    try:
        splits = _splits(config, json.dumps(axes))
    except SynthLMError as error:
        raise SettingsError(f"{place}: {error}") from None
    if split not in splits:
        raise SettingsError(f"{place}: {config} has no {split} rows")


@cache
def _splits(config: str, given: str) -> frozenset[Split]:
    """The splits in which a config has problems, with the axes `given` as JSON and one query."""
    axes, options = json.loads(given), default_options()
    components(config, axes, options.curriculum_weights)  # for what it says of a config that is not known
    several = all(NUM_QUERIES in part.task.axes for part in configs()[config].parts)
    return frozenset(plan(config, options, {**axes, NUM_QUERIES.name: 1} if several else axes))
