"""The request that decides: what is told when the first one gets no reply, and what the likely cure is."""

import json
from typing import Any, Final
from urllib.parse import urlsplit

from eval_harness.endpoint.faults import Fault
from eval_harness.endpoint.settings import ClientSettings

# Seconds in which the first request is tried again: a hiccup passes, a mistake is told soon.
WINDOW: Final = 4.0
ANSWER_TIME: Final = 3.0  # seconds for the small question that is asked before the run is given up
LONGEST_WAIT: Final = 0.6  # seconds between two of these tries, at most
SURE: Final = frozenset(("refused", "unknown host", "tls"))  # one more try is enough for these
TRIES: Final = 3  # further ones; each takes a turn, which is a second at the default rate


def describe_failure(fault: Fault, settings: ClientSettings, body: bytes) -> str:
    """Why nothing was asked: where to, what came instead of a reply, and what to look at."""
    page = f"; {fault.page}" if fault.page else ""
    cure = find_cure(fault, settings, body)
    return f"no reply to the first request, to {settings.url}: {fault.text}{page} ({cure})"


def find_cure(fault: Fault, settings: ClientSettings, body: bytes) -> str:
    """What most likely helps against a fault that nothing succeeded before."""
    parts = urlsplit(settings.base_url)
    match fault.cause:
        case "refused":
            return (
                f"nothing listens at {parts.netloc}: is the server running, and on this port? "
                "--wait-for-server waits for one that is still starting"
            )
        case "unknown host":
            return (
                f"the host {parts.hostname} is not known here: check --base-url, and this machine's network"
            )
        case "tls" if "CERTIFICATE_VERIFY_FAILED" in fault.text:
            return "its certificate is not trusted here: SSL_CERT_FILE names further authorities"
        case "tls":
            return "does it speak TLS at all? If not, --base-url begins with http://"
        case "proxy":
            return f"is the proxy the right way? NO_PROXY={parts.hostname} goes past it"
        case "lost" if parts.scheme == "http":
            return "is it an HTTP server that listens there, and not one of https://?"
        case "silent":
            return "is the address right? Replies that take longer need a larger --timeout"
        case "down":
            return "--wait-for-server waits for a server that is still starting"
        case "path" | "form":
            return _find_path(settings)
        case "ended":
            return "the server replied, but broke the reply off each time: its own log may say why"
        case "failed":
            return f"is {_asked_model(body)} a model that this server has?"
    return "nothing else was sent"


def _find_path(settings: ClientSettings) -> str:
    base = settings.base_url.rstrip("/")
    if names_version(settings):
        return "is this the base URL of an OpenAI-compatible API? Check host, port and path of --base-url"
    return f"the API may be elsewhere on this server: try --base-url {base}/v1"


def names_version(settings: ClientSettings) -> bool:
    """Whether the base URL ends as those of OpenAI-compatible APIs do."""
    return settings.base_url.rstrip("/").endswith("/v1")


def _asked_model(body: bytes) -> str:
    asked: dict[str, Any] = json.loads(body)
    return repr(asked.get("model"))
