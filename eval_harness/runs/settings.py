"""What is evaluated and how: a person's settings, validated once, and what may change when a run goes on."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, SecretStr, ValidationError

from eval_harness.endpoint.settings import ClientSettings
from eval_harness.errors import SettingsError
from synthlm_tasks.catalog import configs
from synthlm_tasks.errors import suggest
from synthlm_tasks.registry import TASKS

FREE: Final = frozenset(
    (
        "base_url",
        "headers",
        "dataset",  # the digests of the samples say whether they are the same
        "timeout",
        "requests_per_minute",
        "tokens_per_minute",
        "max_concurrent",
        "max_retries",
        "outage_patience",
        "stream",
        "prices",
    )
)
"""Choices that do not change what a score means: they may differ when a run is resumed."""

GROWING: Final = frozenset(("samples_per_combo", "epochs", "limit"))
"""Choices that may only grow when a run is resumed: what is asked then contains what was asked before."""


class RunSettings(BaseModel):
    """Every setting but secrets, as `run.json` holds them; what the client needs is checked by the client."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base_url: str
    model: Annotated[str, Field(min_length=1)]
    endpoint: Literal["chat", "completions"]
    mode: Literal["reasoning", "direct"]
    system_prompt: str | None
    shots: Annotated[int, Field(ge=0, le=100)]
    max_tokens: Annotated[int, Field(ge=1)]
    temperature: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    extra_body: dict[str, JsonValue]
    tasks: tuple[str, ...]
    difficulties: tuple[Annotated[int, Field(ge=1, le=3)], ...]
    configs: tuple[str, ...]
    dataset: str | None
    samples_per_combo: Annotated[int, Field(ge=1)]
    epochs: Annotated[int, Field(ge=1)]
    seed: Annotated[int, Field(ge=0)]
    timeout: float
    requests_per_minute: float
    tokens_per_minute: float
    max_concurrent: int
    max_retries: int
    outage_patience: float = 600.0  # runs from before it existed go on with it
    limit: Annotated[int, Field(ge=1)] | None = None
    """Most samples of the whole run, over all cells in turn."""
    request_seed: int | None = None
    """`seed` of the requests of the first epoch; each further epoch has the next number."""
    stream: bool = False
    prices: tuple[Annotated[float, Field(ge=0)], Annotated[float, Field(ge=0)]] | None = None
    """Dollars per million tokens of prompts and of completions."""
    headers: tuple[str, ...]
    """Names of additional request headers; their values may be secrets."""


@cache
def default_settings() -> Mapping[str, Any]:
    """The defaults (`configs/evaluation.toml`); `shots` is a table by endpoint."""
    # Found beside this package, not by import: a folder named `configs` may lie in the working folder.
    path = resources.files("eval_harness") / ".." / "configs" / "evaluation.toml"
    return MappingProxyType(tomllib.loads(path.read_text("utf-8")))


def new_settings(given: Mapping[str, Any]) -> RunSettings:
    """Choices of a new run from the settings `given` (None: not chosen); raises SettingsError."""
    chosen = {name: value for name, value in given.items() if value is not None}
    for name in ("base_url", "model"):
        if name not in chosen:
            raise SettingsError(f"{_option(name)} is missing: it has no default")
    stock = default_settings()
    by_endpoint = stock["shots"]
    shots = by_endpoint.get(chosen.get("endpoint", stock["endpoint"]), 0)
    by_name = bool(chosen.get("configs"))
    if by_name and (chosen.get("tasks") or chosen.get("difficulties")):
        raise SettingsError("--configs names what --tasks and --difficulties choose: give one or the other")
    scope = {"tasks": [], "difficulties": []} if by_name else {"tasks": list(TASKS)}
    plain: dict[str, Any] = {"configs": [], "system_prompt": None, "dataset": None, "headers": []}
    settings = _validate({**stock, **plain, "shots": shots, **scope, **chosen})
    _check_names(settings)
    return settings


def resumed_settings(before: RunSettings, given: Mapping[str, Any]) -> RunSettings:
    """The settings of a run that goes on: `before`, with the settings `given` that may change.

    Raises SettingsError naming every choice that would change what the score means.
    """
    chosen = {name: value for name, value in given.items() if value is not None}
    after = _validate({**before.model_dump(), **chosen})
    changes = []
    for name, old in before.model_dump().items():
        new = getattr(after, name)
        if new == old or name in FREE or (name in GROWING and old is not None and new > old):
            continue
        # A tuple is what a list of settings becomes; their order means nothing.
        if isinstance(old, tuple) and set(old) == set(new):
            continue
        changes.append(f"{_option(name)} was {_format_value(old)}, now {_format_value(new)}")
    if changes:
        raise SettingsError(
            "the run was started with other choices: "
            + "; ".join(changes)
            + ". Leave them out to go on with the run, or start a new one"
        )
    order = ("tasks", "difficulties", "configs")
    return after.model_copy(update={name: getattr(before, name) for name in order})


def client_settings(
    settings: RunSettings,
    api_key: SecretStr | None,
    headers: Mapping[str, SecretStr],
    *,
    wait_for_server: bool = False,
) -> ClientSettings:
    """How the client is to talk to the endpoint; raises SettingsError."""
    return ClientSettings(
        base_url=settings.base_url,
        api_key=api_key,
        endpoint=settings.endpoint,
        headers=headers,
        timeout=settings.timeout,
        max_retries=settings.max_retries,
        max_concurrent=settings.max_concurrent,
        requests_per_minute=settings.requests_per_minute,
        tokens_per_minute=settings.tokens_per_minute,
        outage_patience=settings.outage_patience,
        wait_for_server=wait_for_server,
        stream=settings.stream,
    )


def _validate(values: Mapping[str, Any]) -> RunSettings:
    try:
        return RunSettings.model_validate(values)
    except ValidationError as error:
        problems = []
        for item in error.errors(include_url=False, include_context=False):
            name = str(item["loc"][0])
            problems.append(f"{_option(name)}={_format_value(item['input'])}: {item['msg'].lower()}")
        raise SettingsError("; ".join(problems)) from None


def _check_names(settings: RunSettings) -> None:
    known: dict[str, tuple[tuple[str, ...], list[str]]] = {"tasks": (settings.tasks, list(TASKS))}
    if settings.dataset is None:  # a dataset may have configs of any name
        known["configs"] = (settings.configs, list(configs()))
    for name, (chosen, allowed) in known.items():
        for value in chosen:
            if value not in allowed:
                expected = f"expected some of {', '.join(allowed)}"
                raise SettingsError(f"{_option(name)} {value!r}: {expected}{suggest(value, allowed)}")


def _option(name: str) -> str:
    return "--" + name.replace("_", "-")


def _format_value(value: object) -> str:
    text = " ".join(map(str, value)) if isinstance(value, (tuple, list)) else repr(value)
    return text if len(text) <= 80 else text[:77] + "..."
