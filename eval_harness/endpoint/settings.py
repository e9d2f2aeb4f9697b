"""How the client talks to an endpoint: validated once, where a person's input comes in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from types import MappingProxyType
from typing import Final, Literal
from urllib.parse import urlsplit

from pydantic import SecretStr

from eval_harness.errors import SettingsError

Endpoint = Literal["chat", "completions"]

_PATHS: Final[Mapping[str, str]] = {"chat": "/chat/completions", "completions": "/completions"}
_WHOLE: Final = {  # field → lowest and highest
    "max_retries": (0, 100),
    "max_concurrent": (1, 4096),
    "breaker": (1, 1_000_000),
}
_REAL: Final = {
    "connect_timeout": (0.001, 3600.0),
    "read_timeout": (0.001, 86400.0),
    "timeout": (0.001, 86400.0),
    "requests_per_minute": (0.0, 1e9),
    "tokens_per_minute": (0.0, 1e12),
    "backoff": (0.0, 3600.0),
    "longest_backoff": (0.0, 3600.0),
    "patience": (0.0, 604800.0),
    "outage_patience": (0.0, 604800.0),
}
_HEADER_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_OURS: Final = frozenset(
    ("content-length", "content-type", "transfer-encoding", "connection", "accept-encoding")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSettings:
    """Where and how to ask. Raises SettingsError, which names the field, its value and what is allowed.

    Seconds everywhere. `timeout` is the whole time of one attempt, from sending to the last byte;
    `read_timeout` bounds the silence within it (None: only `timeout` does). With `stream`, `timeout` is for
    the silence between two events of a reply instead, however long the whole takes. Retries wait for a random
    time up to `backoff` · 2^n, at most `longest_backoff`; a sample may spend `patience` on waits for rate
    limits. An outage is waited through for `outage_patience`, one before the first reply only with
    `wait_for_server`. `breaker` final errors in a row, beyond the `max_concurrent` that may fail together,
    stop the run. Rates of 0 mean no limit.
    """

    base_url: str
    api_key: SecretStr | None = None
    endpoint: Endpoint = "chat"
    headers: Mapping[str, SecretStr] = field(default_factory=lambda: MappingProxyType({}))
    connect_timeout: float = 10.0
    read_timeout: float | None = None
    timeout: float = 120.0
    max_retries: int = 5
    max_concurrent: int = 10
    requests_per_minute: float = 60.0
    tokens_per_minute: float = 0.0
    backoff: float = 1.0
    longest_backoff: float = 60.0
    patience: float = 900.0
    outage_patience: float = 600.0
    wait_for_server: bool = False
    stream: bool = False
    breaker: int = 30

    def __post_init__(self) -> None:
        _check_base_url(self.base_url)
        if self.endpoint not in _PATHS:
            raise SettingsError(f"endpoint={self.endpoint!r}: must be one of {', '.join(_PATHS)}")
        for name, (lowest, highest) in _WHOLE.items():
            _check_number(name, getattr(self, name), lowest, highest, int)
        for name, (low, high) in _REAL.items():
            value = getattr(self, name)
            if value is not None or name != "read_timeout":
                _check_number(name, value, low, high, (int, float))
        if self.api_key is not None:
            _check_key(self.api_key)
        for header, value in self.headers.items():
            _check_header(header, value)
        if self.api_key is not None and any(header.lower() == "authorization" for header in self.headers):
            raise SettingsError("headers: Authorization is given twice; leave out it or api_key")

    @property
    def url(self) -> str:
        """Where requests go: the base URL and the endpoint's path."""
        return self.base_url.rstrip("/") + _PATHS[self.endpoint]

    def secrets(self) -> tuple[str, ...]:
        """What may appear nowhere: the key and every header's value (the last word of `Bearer sk-…` too)."""
        values = [value.get_secret_value() for value in self.headers.values()]
        words = [value.rsplit(" ", 1)[-1] for value in values]
        return (*([self.api_key.get_secret_value()] if self.api_key else []), *values, *words)


def _check_base_url(url: str) -> None:
    allowed = "must be http(s)://HOST[:PORT][/PATH], e.g. http://localhost:8000/v1"
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except (ValueError, AttributeError, TypeError):
        raise SettingsError(f"base_url={url!r}: {allowed}") from None
    if parts.username is not None or parts.password is not None:
        raise SettingsError("base_url: holds a user name or password; give them as an Authorization header")
    if not valid or parts.query or parts.fragment or not url.isascii() or re.search(r"\s", url):
        raise SettingsError(f"base_url={url!r}: {allowed}, with no query")
    if parts.path.rstrip("/").endswith("/completions"):
        raise SettingsError(f"base_url={url!r}: must end before {_PATHS['chat']}, e.g. in /v1")


def _check_number(
    name: str, value: object, low: float, high: float, kind: type[int] | tuple[type, ...]
) -> None:
    number = isinstance(value, kind) and not isinstance(value, bool)
    if not (number and isinstance(value, int | float) and isfinite(value) and low <= value <= high):
        noun = "a whole number" if kind is int else "a number"
        raise SettingsError(f"{name}={value!r}: must be {noun} from {low:,} to {high:,}")


def _check_key(key: SecretStr) -> None:
    # Checked here because the layers below quote a bad header, value and all, in what they raise.
    if not re.fullmatch(r"[!-~]+", key.get_secret_value()):
        raise SettingsError("api_key (hidden): must be one word of printable ASCII, with no spaces")


def _check_header(name: str, value: SecretStr) -> None:
    if not _HEADER_NAME.fullmatch(name):
        raise SettingsError(f"headers: {name!r} is not a header name; must be letters, digits and hyphens")
    if name.lower() in _OURS:
        raise SettingsError(f"headers: {name} is set by the client; leave it out")
    if not re.fullmatch(r"[!-~]([ -~]*[!-~])?", value.get_secret_value()):
        raise SettingsError(f"headers: the value of {name} (hidden) must be printable ASCII, ends not blank")
