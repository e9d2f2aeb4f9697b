"""The one exception family of this package."""


class SynthLMError(Exception):
    """Root of everything SynthLM raises on purpose."""


class ParameterError(SynthLMError, ValueError):
    """A parameter is unknown or out of range; the message names it, its value and what is allowed."""


class SpaceError(SynthLMError, ValueError):
    """The parameters leave fewer problems than were asked for; the message gives the numbers."""
