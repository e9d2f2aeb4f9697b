"""The options of `synthlm eval`, and what they say of a run."""

from dataclasses import dataclass, field
from typing import Annotated, Any, Final, Literal

from cyclopts import Parameter
from pydantic import JsonValue, SecretStr, TypeAdapter, ValidationError

from eval_harness.errors import SettingsError
from eval_harness.runs.settings import RunSettings
from synthlm_tasks.cli.paths import Dataset, InputFile, OutputFolder, RunFolder

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
    api_key_env: str | None = None
    """Environment variable that holds the key [default: SYNTHLM_API_KEY]"""
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
    limit: int | None = None
    """Most samples of the whole run, over its tasks and levels in turn"""
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
    request_seed: int | None = None
    """Seed that each request asks the server to sample with; each further epoch has the next"""
    system_prompt: InputFile | None = None
    """File with a system prompt"""
    system_message: str | None = None
    """The system prompt itself"""
    extra_body: str | None = None
    """JSON object with further fields of the request; null takes a field out"""
    header: Annotated[tuple[str, ...] | None, Parameter(consume_multiple=False)] = field(
        default=None, repr=False
    )
    """NAME=VALUE of a further request header; may be repeated"""
    stream: bool | None = None
    """Have replies streamed: --timeout is then for silence, not for the whole reply"""
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
    prices: tuple[float, float] | None = None
    """Dollars per million tokens of prompts and of replies, e.g. 0.15 0.6, to show what a run costs"""
    log_to: Literal["trackio", "wandb"] | None = None
    """Log settings and scores there, too"""
    log_project: str = "synthlm"
    """Project to log to"""
    config: InputFile | None = None
    """TOML file with these options, for one model or several"""
    output_dir: OutputFolder | None = None
    """Run directory, new or empty [default: eval_results/eval_YYYYmmdd_HHMMSS]"""
    resume: RunFolder | None = None
    """Run directory to go on with"""
    quiet: bool = False
    """Print nothing but the run directory"""
    dry_run: bool = False
    """Show what would be asked, and ask nothing"""


def header_values(options: Options) -> dict[str, SecretStr]:
    """Further request headers by name; raises SettingsError."""
    headers = {}
    for text in options.header or ():
        name, equals, value = text.partition("=")
        if not equals:
            raise SettingsError("--header: expected NAME=VALUE")  # what was given may be a secret
        headers[name] = SecretStr(value)
    return headers


def given_settings(options: Options) -> dict[str, Any]:
    """The settings that `run.json` keeps, by name; None where none was made."""
    given: dict[str, Any] = {name: getattr(options, name) for name in _KEPT}
    given["system_prompt"] = options.system_message
    if options.system_prompt and options.system_message is not None:
        raise SettingsError("--system-prompt and --system-message: give the file or the text, not both")
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
        given["headers"] = tuple(header_values(options))
    return given
