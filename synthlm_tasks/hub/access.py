"""Access to the Hub: the token, the client, and one clear message for whatever the library raises."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Final

from huggingface_hub import HfApi, constants, get_token
from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled, RepositoryNotFoundError

from synthlm_tasks.errors import AbortedError, HubError
from synthlm_tasks.paths import find_missing_certificates

_OFFLINE: Final = "HF_HUB_OFFLINE=1 keeps everything off the Hub; unset it"

# What the library's own errors and those of the HTTP library under it derive from, whichever that is, and
# what its upload threads and hf_xet raise.
_FAILURES: Final[tuple[type[Exception], ...]] = (*HfHubHTTPError.__bases__, OSError, RuntimeError, ValueError)


@dataclass(frozen=True)
class Access:
    """A repo on the Hub, by the parameter that named it, and the token to reach it with (None: nobody's).

    `refused` says what may be wrong where the Hub does not let the token do its work, `later` what is to be
    done when the Hub is back.
    """

    parameter: str
    repo: str
    token: str | None = field(repr=False)
    refused: str
    later: str

    def client(self) -> HfApi:
        """The client to ask with, to be used within `explained`."""
        token = self.token or False  # None would be the machine's own
        return HfApi(token=token, library_name="synthlm", library_version=version("synthlm"))

    @contextmanager
    def explained(self, endpoint: str) -> Iterator[None]:
        """Make one message of whatever the library raises, without its traceback, requests and token."""
        try:
            yield
        except OfflineModeIsEnabled:
            raise HubError(_OFFLINE) from None
        except _FAILURES as error:
            raise self._explanation(error, endpoint) from None

    def _explanation(self, error: BaseException, endpoint: str) -> HubError | AbortedError:
        while error.__cause__ is not None and not isinstance(error, HfHubHTTPError):
            error = error.__cause__  # upload threads wrap what went wrong
        if missing := find_missing_certificates(error):
            return HubError(missing)
        response = getattr(error, "response", None)
        status = response.status_code if response is not None else None
        said = " ".join((getattr(error, "server_message", None) or str(error)).split())
        if self.token:
            said = said.replace(self.token, "<token>")
        said = said[:300]
        named = f"{self.parameter}={self.repo!r}"
        if status == 401 and (self.token or not isinstance(error, RepositoryNotFoundError)):
            return HubError(
                "hf_token: the Hub does not know this token; give one with write rights from "
                "https://huggingface.co/settings/tokens as HF_TOKEN or --hf-token"
            )
        if status in (401, 403, 404):
            return HubError(f"{named}: {self.refused.format(said=said)}")
        if status is not None and 400 <= status < 500 and status not in (408, 409, 429):
            return HubError(f"{named}: the Hub refused ({said})")
        return AbortedError(
            f"{endpoint} cannot be reached or did not finish ({said or type(error).__name__}); {self.later}"
        )


def find_token(given: str | None) -> str | None:
    """The token given, else the one of HF_TOKEN or of `hf auth login`; raises HubError when offline."""
    if constants.HF_HUB_OFFLINE:
        raise HubError(_OFFLINE)
    return given or get_token()


def require_token(given: str | None) -> str:
    """Like `find_token`; raises HubError without one."""
    token = find_token(given)
    if not token:
        raise HubError(
            "hf_token: none given; set HF_TOKEN or give --hf-token, a token with write rights from "
            "https://huggingface.co/settings/tokens"
        )
    return token
