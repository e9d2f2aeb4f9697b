"""What an answer that is no reply means: try again, wait for the rate limit, give the sample up, or stop."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite
from typing import Final, Literal

from eval_harness.endpoint.answers.overflow import OVERFLOW_CODES, is_overflow
from eval_harness.endpoint.answers.pages import first_words, is_page

Kind = Literal["retry", "limited", "rejected", "missing", "too_long", "final", "stop"]
"""`retry` spends an attempt, `limited` (429) time; `rejected` and `missing` (404) are final for the sample,
but mean that the run is wrongly set up while nothing has succeeded yet; `too_long` is final for good: more
than the model's context holds or the server takes, now and later."""

Cause = Literal[
    "refused",
    "unknown host",
    "tls",
    "silent",
    "lost",
    "proxy",
    "down",
    "failed",
    "path",
    "form",
    "ended",
    "other",
]
"""What went wrong, as far as it decides whether waiting helps and what a person should look at: nothing
listens, the host's name or certificate is wrong, no answer in time, a broken connection, no way through the
proxy, a gateway or server that is down; another error of the server's own; a path that is no API's, an answer
that is none (a page, no choices); a reply that ended before it was done; or anything else."""

_AWAY: Final[frozenset[Cause]] = frozenset(
    ("refused", "unknown host", "tls", "silent", "lost", "proxy", "down")
)
# 520 to 530 are Cloudflare's for an origin that does not answer; 529 is also Anthropic's for overload.
_DOWN: Final = frozenset((502, 503, 504, *range(520, 531)))
_PATH: Final = frozenset((404, 405, 410))

_KINDS: Final[Mapping[int, Kind]] = {
    401: "stop",
    402: "stop",
    403: "stop",
    404: "missing",
    408: "retry",
    409: "retry",
    413: "too_long",
    425: "retry",
    429: "limited",
}
_ADVICE: Final[Mapping[int, str]] = {
    401: "check the API key",
    402: "check the account's credit",
    403: "check the API key and what it may use",
    404: "check the base URL and the model's name",
}
_NAMED: Final[Mapping[str, int]] = {  # inner codes that some servers send in place of a status
    "rate_limit_exceeded": 429,
    "invalid_api_key": 401,
    "model_not_found": 404,
    "context_length_exceeded": 400,
    "invalid_request_error": 400,
}
_PARAMETER: Final = re.compile(
    r"max_\w*tokens|temperature|\bstop\b['\"`]|parameter|argument|extra (?:inputs?|fields?)|"
    r"un(?:known|recognized|expected|supported) (?:name|field|key|value)",
    re.IGNORECASE,
)


_OVERFLOWING: Final = ("retry", "rejected")  # some gateways wrap it in a 500


@dataclass(frozen=True, slots=True)
class Fault:
    """Why there is no reply, in the server's words, and for how many seconds it asks us to wait."""

    kind: Kind
    text: str
    wait: float = 0.0
    cause: Cause = field(default="other", compare=False)
    page: str = field(default="", compare=False)
    """What an answer that is no API's is instead, by its first words."""

    @property
    def blames_server(self) -> bool:
        """Whether the server itself seems to be away, whatever was asked of it."""
        return self.kind == "retry" and self.cause in _AWAY

    @property
    def names_parameter(self) -> bool:
        """Whether the server objects to a parameter of the request, which another one may replace."""
        return bool(_PARAMETER.search(self.text))


def status_fault(status: int, headers: Mapping[str, str], body: str) -> Fault:
    """What an answer with a status other than 2xx means."""
    error = _error_of(body)
    text = f"HTTP {status}: {_message(error, body)}"
    if 300 <= status < 400:
        target = headers.get("location", "an unnamed place")
        return Fault("stop", f"{text} (redirects to {target} and is not followed: correct the base URL)")
    fault = _fault(status, error, text, headers)
    if is_page(body) and fault.kind == "rejected":
        return Fault("missing", fault.text, fault.wait, "form")
    return fault


def inner_fault(error: object, headers: Mapping[str, str]) -> Fault:
    """What an error object inside a 200 means: the same as a status of its code, else worth another try."""
    codes = (error.get("code"), error.get("type")) if isinstance(error, dict) else ()
    status = next((found for code in codes if (found := _as_status(code))), 500)
    return _fault(status, error, f"error in the reply: {_message(error, str(error))}", headers)


def _fault(status: int, error: object, text: str, headers: Mapping[str, str]) -> Fault:
    codes = [str(error.get(name)) for name in ("code", "type")] if isinstance(error, dict) else []
    if "insufficient_quota" in codes:
        return Fault("stop", f"{text} ({_ADVICE[402]})")
    kind: Kind = "retry" if status >= 500 else _KINDS.get(status, "rejected")
    if kind in _OVERFLOWING and (not OVERFLOW_CODES.isdisjoint(codes) or is_overflow(text)):
        return Fault("too_long", text)
    advice = f" ({_ADVICE[status]})" if status in _ADVICE else ""
    return Fault(kind, text + advice, requested_wait(headers), _status_cause(status))


def _status_cause(status: int) -> Cause:
    if status in _DOWN:
        return "down"
    return "failed" if status >= 500 else "path" if status in _PATH else "other"


def _as_status(code: object) -> int | None:
    if isinstance(code, str):
        if code in _NAMED:
            return _NAMED[code]
        code = int(code) if code.isascii() and code.isdigit() and len(code) == len("429") else None
    return code if isinstance(code, int) and 400 <= code < 600 else None


def _error_of(body: str) -> object:
    """The error object of a body, wherever the common servers put it; None where there is none."""
    try:
        data = json.loads(body, strict=False)
    except ValueError:
        return None
    if not isinstance(data, dict):
        return None
    return data.get("error") or data


def _message(error: object, body: str) -> str:
    if isinstance(error, dict):
        words = next((error[key] for key in ("message", "detail", "error") if error.get(key)), body)
        return words if isinstance(words, str) else json.dumps(words)
    if is_page(body):
        return f"a web page: {first_words(body)}"
    return error if isinstance(error, str) else body or "(empty body)"


def requested_wait(headers: Mapping[str, str]) -> float:
    """The wait that `retry-after-ms` or `retry-after` (seconds or a date) asks for, in seconds; else 0.

    A date counts from the server's own `date` where it sends one: clocks need not agree.
    """
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    value = headers.get("retry-after")
    seconds = _number(value)
    if seconds is not None:
        return seconds
    until = _date(value)
    if until is None:
        return 0.0
    now = _date(headers.get("date")) or datetime.now(UTC)
    return max(0.0, (until - now).total_seconds())


def _number(value: str | None) -> float | None:
    try:
        number = float(value or "")
    except ValueError:
        return None
    return max(0.0, number) if isfinite(number) else None


def _date(value: str | None) -> datetime | None:
    try:
        date = parsedate_to_datetime(value or "")
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
