"""The one exception family of this package."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import ClassVar


class SynthLMError(Exception):
    """Root of everything SynthLM raises on purpose."""

    exit_code: ClassVar[int] = 2
    """How the command ends on it: 2 wrong usage or configuration, 3 aborted and resumable."""


class ParameterError(SynthLMError, ValueError):
    """A parameter is unknown or out of range; the message names it, its value and what is allowed."""


class PathError(SynthLMError):
    """A path cannot be used as asked; the message names it and says what is in the way."""


class SpaceError(SynthLMError, ValueError):
    """The parameters leave fewer problems than were asked for; the message gives the numbers."""


class ExhaustedError(SpaceError):
    """A held-out split has fewer distinct problems than were asked for; the message gives both numbers."""


class LeakError(SynthLMError, ValueError):
    """A model carries one problem of a packed context into the next; the message says through which layer."""


class FolderError(SynthLMError):
    """A folder cannot be used as it is; the message says what differs and what to do."""


class HubError(SynthLMError):
    """The Hugging Face Hub cannot take a folder as asked; the message says why and what to do."""


class AbortedError(SynthLMError):
    """Work stopped half-way; the same command goes on where it stopped."""

    exit_code = 3


class UnlockedWarning(UserWarning):
    """Work goes on in a folder that its file system cannot keep other processes out of."""


def suggest(value: str, allowed: Iterable[str]) -> str:
    """The end of a message about an unknown name: the near one that may be meant, or nothing.

    e.g. "dnya" among the tasks → "; did you mean 'dyna'?"
    """
    near = get_close_matches(value.lower(), allowed, n=1)
    return f"; did you mean {near[0]!r}?" if near else ""
