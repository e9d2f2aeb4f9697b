"""Keeps secrets, and what cannot be stored, out of whatever a server echoes."""

import logging
from collections.abc import Iterable
from typing import Final

_HIDDEN: Final = "[redacted]"
_SHORTEST: Final = 4
_SHORTEST_IN_REPLY: Final = 8  # shorter "keys" (EMPTY, none, alpha) are no secret, but may be an answer
MOST_CHARACTERS: Final = 600


def storable(text: str) -> str:
    """JSON escapes can spell half a surrogate pair, which no file can hold: it is replaced."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


class Redactor:
    """Replaces every one of `secrets` in what is kept or shown."""

    def __init__(self, secrets: Iterable[str]) -> None:
        """Secrets of under 4 characters are none."""
        longest_first = sorted(set(secrets), key=len, reverse=True)
        self._secrets = [secret for secret in longest_first if len(secret) >= _SHORTEST]
        self._long = [secret for secret in self._secrets if len(secret) >= _SHORTEST_IN_REPLY]

    def error(self, text: str) -> str:
        """One line without secrets, capped: in that order, since a cut secret would not be found."""
        line = " ".join(self._hide(storable(text)).split())
        return line if len(line) <= MOST_CHARACTERS else line[:MOST_CHARACTERS] + " […]"

    def reply(self, text: str) -> str:
        """The model's text; only a server that echoes its own request's headers has anything replaced."""
        for secret in self._long:
            if secret in text:
                text = text.replace(secret, _HIDDEN)
        return text

    def filter(self, record: logging.LogRecord) -> bool:
        """As a filter of a logger: the record stays, what is secret in it goes."""
        record.msg, record.args = self._hide(record.getMessage()), None
        return True

    def _hide(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        return text
