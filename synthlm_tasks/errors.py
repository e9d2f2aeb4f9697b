"""The one exception family of this package."""

from typing import ClassVar


class SynthLMError(Exception):
    """Root of everything SynthLM raises on purpose."""

    exit_code: ClassVar[int] = 2
    """How the command ends on it: 2 wrong usage or configuration, 3 aborted and resumable."""


class ParameterError(SynthLMError, ValueError):
    """A parameter is unknown or out of range; the message names it, its value and what is allowed."""


class SpaceError(SynthLMError, ValueError):
    """The parameters leave fewer problems than were asked for; the message gives the numbers."""


class FolderError(SynthLMError):
    """A folder cannot be used as it is; the message says what differs and what to do."""


class HubError(SynthLMError):
    """The Hugging Face Hub cannot take a folder as asked; the message says why and what to do."""


class AbortedError(SynthLMError):
    """Work stopped half-way; the same command goes on where it stopped."""

    exit_code = 3
