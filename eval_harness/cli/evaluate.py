"""`synthlm eval`: from options to a run, or one run a model, and back to a screen."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from pydantic import SecretStr

from eval_harness.cli.options import Options, given_settings, header_values
from eval_harness.cli.options_file import read_options
from eval_harness.endpoint.client import Client
from eval_harness.errors import HarnessError, SettingsError
from eval_harness.evaluation.console import models_table, run_plan, run_summary
from eval_harness.evaluation.evaluation import (
    INTERRUPTED,
    Run,
    RunResult,
    evaluate,
    new_run,
    planned_cells,
    resumed_run,
)
from eval_harness.evaluation.progress import show_progress
from eval_harness.evaluation.tracking import Tracker, find_tracker
from eval_harness.runs.manifest import NAME, read_manifest
from eval_harness.runs.settings import RunSettings, client_settings, new_settings, resumed_settings
from synthlm_tasks.cli.terminal import plain_console, show_waiting
from synthlm_tasks.errors import SynthLMError
from synthlm_tasks.paths import make_folder

_KEY_VARIABLE: Final = "SYNTHLM_API_KEY"


def evaluate_command(options: Options | None = None) -> int:
    """Score a model, or with --config several, on fresh test problems over any OpenAI-compatible endpoint.

    Ends with 0 when nothing is owed, 1 when some samples are, 3 when the endpoint or the disk stops it,
    130 when interrupted; a run that ended early goes on by --resume.
    """
    options = options or Options()
    if options.config:
        models = read_options(options.config, options)
        if len(models) > 1 or None not in models:
            return _evaluate_models(models, options)
        options = models[None]
    return _evaluate_one(options)


def _evaluate_one(options: Options) -> int:
    if options.resume and options.output_dir:
        raise SettingsError(
            "--resume and --output-dir: a resumed run stays where it is, leave --output-dir out"
        )
    if options.dry_run:
        return _dry_run(options)
    directory = options.output_dir or _stock_folder()
    run, result = _evaluate(options, directory, find_tracker(options.log_to))
    if options.quiet:
        plain_console(soft_wrap=True).print(str(run.directory))
    else:
        plain_console().print(run_summary(run, result))
    if result.failure:
        raise result.failure
    return result.exit_code


def _evaluate_models(models: dict[str | None, Options], options: Options) -> int:
    """One run a model, one after the other, each in a folder of its name; the same command goes on with all.

    All settings are checked before anything is asked; a model that fails does not keep the next from its
    turn. Returns the exit code of what went least well.
    """
    if options.resume:
        raise SettingsError(
            "--resume and --config with several models: give their --output-dir again instead"
        )
    for model in models.values():
        _client(new_settings(given_settings(model)), model)
    if options.dry_run:
        for model in models.values():
            _dry_run(model)
        return 0
    tracker = find_tracker(options.log_to)
    folder = next(iter(models.values())).output_dir or _stock_folder()
    make_folder(folder)
    results: dict[str, tuple[Run, RunResult]] = {}
    codes: list[int] = []
    for name, model in models.items():
        place = folder / str(name)
        going_on = replace(model, resume=place, output_dir=None) if (place / NAME).exists() else model
        try:
            results[str(name)] = _, result = _evaluate(going_on, place, tracker)
        except (HarnessError, SynthLMError) as error:  # of this model's run directory
            codes.append(getattr(error, "exit_code", 2))
            plain_console(stderr=True).print(f"{name}: {error}", markup=False)
            continue
        codes.append(result.exit_code)
        if result.failure:
            plain_console(stderr=True).print(f"{name}: {result.failure}", markup=False)
        if result.interrupted:
            break
    if options.quiet:
        plain_console(soft_wrap=True).print(str(folder))
    else:
        plain_console().print(models_table(results))
    return INTERRUPTED if INTERRUPTED in codes else max(codes, default=0)


def _evaluate(options: Options, directory: Path, tracker: Tracker | None) -> tuple[Run, RunResult]:
    """One run, new in `directory` or the resumed one, to its end, shown on the way."""
    given = given_settings(options)
    with ExitStack() as held:
        with _shown_planning(options) as tell:
            if options.resume:
                run = held.enter_context(resumed_run(options.resume, given, tell))
            else:
                settings = new_settings(given)
                _client(settings, options)
                run = held.enter_context(new_run(settings, directory, tell))
        client = _client(run.manifest.settings, options)
        console = plain_console(stderr=True, quiet=options.quiet)
        with show_progress(run, console, lambda: client.waiting) as watch:
            result = evaluate(run, client, watch)
        if tracker:
            tracker.log(options.log_project, run, result)
    return run, result


def _stock_folder() -> Path:
    return Path("eval_results", f"eval_{datetime.now():%Y%m%d_%H%M%S}")


def _shown_planning(options: Options) -> AbstractContextManager[Callable[[str], None]]:
    """Show that samples are made or read, which of a large dataset takes minutes."""
    doing = "reading the samples" if options.dataset or options.resume else "making the samples"
    return show_waiting(plain_console(stderr=True, quiet=options.quiet), doing)


def _dry_run(options: Options) -> int:
    """Show the plan and the first request."""
    given: dict[str, Any] = given_settings(options)
    if options.resume:
        settings = resumed_settings(read_manifest(options.resume).settings, given)
    else:
        settings = new_settings(given)
    _client(settings, options)
    with _shown_planning(options) as tell:
        cells = planned_cells(settings, tell)
    plain_console().print(run_plan(settings, cells))
    return 0


def _client(settings: RunSettings, options: Options) -> Client:
    """The client for these settings; raises SettingsError."""
    key = options.api_key or os.environ.get(options.api_key_env or _KEY_VARIABLE)
    if options.api_key_env and not key:
        raise SettingsError(
            f"--api-key-env {options.api_key_env!r}: no such variable in the environment, or empty"
        )
    secret = SecretStr(key) if key else None
    waits = options.wait_for_server
    return Client(client_settings(settings, secret, header_values(options), wait_for_server=waits))
