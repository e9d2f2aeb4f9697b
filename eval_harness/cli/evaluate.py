"""`synthlm eval`: from options to a run and back to a screen."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from cyclopts import Parameter
from pydantic import JsonValue, SecretStr, TypeAdapter, ValidationError

from eval_harness.endpoint.client import Client
from eval_harness.errors import SettingsError
from eval_harness.evaluation.console import run_plan, run_summary
from eval_harness.evaluation.evaluation import Run, evaluate, new_run, planned_cells, resumed_run
from eval_harness.evaluation.progress import show_progress
from eval_harness.runs.manifest import read_manifest
from eval_harness.runs.settings import RunSettings, client_settings, new_settings, resumed_settings
from synthlm_tasks.cli.paths import Dataset, InputFile, OutputFolder, RunFolder
from synthlm_tasks.cli.terminal import plain_console, show_waiting

_KEY_VARIABLE: Final = "SYNTHLM_API_KEY"
_KEPT: Final = RunSettings.model_fields.keys() - {"system_prompt", "extra_body", "headers"}
_JSON_OBJECT: Final = TypeAdapter(dict[str, JsonValue])


@Parameter(name="*", negative="")
@dataclass(frozen=True, kw_only=True)
class Options:
    """What a person may choose; a choice left out has its default, or is the run's own when it is resumed."""

    base_url: str | None = None
    """Where the endpoint is, up to /v1 [required]"""
    model: str | None = None
    """Model to ask for [required]"""
    api_key: str | None = field(default=None, repr=False)
    """Key of the endpoint, if it wants one; better given as SYNTHLM_API_KEY"""
    endpoint: Literal["chat", "completions"] | None = None
    """Chat, or completions for base models [default: chat]"""
    mode: Literal["reasoning", "direct"] | None = None
    """Let the model work it out, or ask for the bare answer at once [default: reasoning]"""
    tasks: Annotated[tuple[str, ...] | None, Parameter(consume_multiple=True)] = None
    """Tasks to ask [default: all]"""
    difficulties: Annotated[tuple[int, ...] | None, Parameter(consume_multiple=True)] = None
    """Levels of each task [default: 1 2 3]"""
    samples_per_combo: int | None = None
    """Samples of each task and level [default: 100]"""
    configs: Annotated[tuple[str, ...] | None, Parameter(consume_multiple=True)] = None
    """Named configs instead of --tasks and --difficulties, e.g. dyna-grid"""
    dataset: Dataset | None = None
    """Folder or Hub repository to read the samples from, instead of making them"""
    shots: int | None = None
    """Solved examples before each problem [default: 0; completions 4]"""
    epochs: int | None = None
    """How often each sample is asked [default: 1]"""
    seed: int | None = None
    """Seed of the samples [default: 42]"""
    max_tokens: int | None = None
    """Most tokens of a reply [default: 2048]"""
    temperature: float | None = None
    """Sampling temperature [default: 0.0]"""
    system_prompt: InputFile | None = None
    """File with a system prompt"""
    extra_body: str | None = None
    """JSON object with further fields of the request; null takes a field out"""
    header: Annotated[tuple[str, ...] | None, Parameter(consume_multiple=False)] = field(
        default=None, repr=False
    )
    """NAME=VALUE of a further request header; may be repeated"""
    timeout: float | None = None
    """Seconds that one attempt may take [default: 120]"""
    requests_per_minute: float | None = None
    """Most requests a minute; 0 is no limit [default: 60]"""
    tokens_per_minute: float | None = None
    """Most tokens a minute; 0 is no limit [default: 0]"""
    max_concurrent: int | None = None
    """Most requests in flight [default: 10]"""
    max_retries: int | None = None
    """Most further attempts after a failed one [default: 5]"""
    outage_patience: float | None = None
    """Seconds to wait for a server that is gone [default: 600]"""
    wait_for_server: bool = False
    """Wait as long for a server that is still starting"""
    output_dir: OutputFolder | None = None
    """Run directory, new or empty [default: eval_results/eval_YYYYmmdd_HHMMSS]"""
    resume: RunFolder | None = None
    """Run directory to go on with"""
    quiet: bool = False
    """Print nothing but the run directory"""
    dry_run: bool = False
    """Show what would be asked, and ask nothing"""


def evaluate_command(options: Options | None = None) -> int:
    """Score a model on fresh test problems over any OpenAI-compatible endpoint.

    Ends with 0 when nothing is owed, 1 when some samples are, 3 when the endpoint or the disk stops it,
    130 when interrupted; a run that ended early goes on by --resume.
    """
    options = options or Options()
    given = _given_settings(options)
    if options.resume and options.output_dir:
        raise SettingsError(
            "--resume and --output-dir: a resumed run stays where it is, leave --output-dir out"
        )
    if options.dry_run:
        return _dry_run(options, given)
    with ExitStack() as held:
        with _shown_planning(options) as tell:
            if options.resume:
                run = held.enter_context(resumed_run(options.resume, given, tell))
            else:
                settings = new_settings(given)
                _client(settings, options)
                stock = Path("eval_results", f"eval_{datetime.now():%Y%m%d_%H%M%S}")
                run = held.enter_context(new_run(settings, options.output_dir or stock, tell))
        return _run(run, options)


def _shown_planning(options: Options) -> AbstractContextManager[Callable[[str], None]]:
    """Show that samples are made or read, which of a large dataset takes minutes."""
    doing = "reading the samples" if options.dataset or options.resume else "making the samples"
    return show_waiting(plain_console(stderr=True, quiet=options.quiet), doing)


def _run(run: Run, options: Options) -> int:
    """Go at a run, show how it went, and return the exit code."""
    client = _client(run.manifest.settings, options)
    console = plain_console(stderr=True, quiet=options.quiet)
    with show_progress(run, console, lambda: client.waiting) as watch:
        ending = evaluate(run, client, watch)
    if options.quiet:
        plain_console(soft_wrap=True).print(str(run.directory))
    else:
        plain_console().print(run_summary(run, ending))
    if ending.failure:
        raise ending.failure
    return ending.exit_code


def _dry_run(options: Options, given: dict[str, Any]) -> int:
    """Show the plan and the first request."""
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
    key = options.api_key or os.environ.get(_KEY_VARIABLE)
    secret = SecretStr(key) if key else None
    waits = options.wait_for_server
    return Client(client_settings(settings, secret, _headers(options), wait_for_server=waits))


def _headers(options: Options) -> dict[str, SecretStr]:
    headers = {}
    for text in options.header or ():
        name, equals, value = text.partition("=")
        if not equals:
            raise SettingsError("--header: expected NAME=VALUE")  # what was given may be a secret
        headers[name] = SecretStr(value)
    return headers


def _given_settings(options: Options) -> dict[str, Any]:
    """The settings that `run.json` keeps, by name; None where none was made."""
    given: dict[str, Any] = {name: getattr(options, name) for name in _KEPT}
    if options.system_prompt:
        try:
            given["system_prompt"] = options.system_prompt.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(
                f"--system-prompt {options.system_prompt}: cannot be read ({error})"
            ) from None
    if options.extra_body is not None:
        try:
            given["extra_body"] = _JSON_OBJECT.validate_json(options.extra_body)
        except ValidationError:
            raise SettingsError("--extra-body: expected a JSON object, e.g. '{\"top_p\": 0.9}'") from None
    if options.header:
        given["headers"] = tuple(_headers(options))
    return given
