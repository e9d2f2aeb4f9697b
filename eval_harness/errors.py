"""The one exception family of this package."""

from typing import ClassVar


class HarnessError(Exception):
    """Root of everything the harness raises on purpose."""

    exit_code: ClassVar[int] = 2
    """How the command ends on it: 2 wrong usage or configuration, 3 aborted and resumable."""


class SettingsError(HarnessError, ValueError):
    """A setting is missing or out of range; the message names it, its value and what is allowed."""


class RunStopped(HarnessError):  # noqa: N818 # what happened to the run is no error of ours
    """Asking on makes no sense; the message is the server's own. What is unfinished stays owed."""

    exit_code: ClassVar[int] = 3


class RequestsRefused(RunStopped):
    """The server refuses all requests like these: access, quota, unknown model, redirect, bad parameters."""


class ServerFailing(RunStopped):
    """A long row of samples ended without a reply."""


class ServerGone(RunStopped):
    """The server that had answered was away for longer than it is waited for."""


class NeverAnswered(RunStopped):
    """The first request got no reply, so nothing else was sent."""
