"""The one exception family of this package."""

from typing import ClassVar


class HarnessError(Exception):
    """Root of everything the harness raises on purpose."""

    exit_code: ClassVar[int] = 2
    """How the command ends on it: 2 wrong usage or configuration, 3 aborted and resumable."""
