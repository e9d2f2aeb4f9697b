"""The terminal: text printed as it is, and what is going on told when it takes long."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.text import Text

# Seconds of silence before a plain line says what is going on, and between two such lines.
_PAUSE: Final = 10.0


def plain_console(*, stderr: bool = False, quiet: bool = False, soft_wrap: bool = False) -> Console:
    """A console to which brackets are no markup, and `:key:` in a name is no key."""
    return Console(
        stderr=stderr, quiet=quiet, soft_wrap=soft_wrap, markup=False, emoji=False, highlight=False
    )


def be_silent(_: str) -> None:
    """Tell nobody."""


@contextmanager
def show_waiting(console: Console, doing: str) -> Iterator[Callable[[str], None]]:
    """Show what is being done until it is: at once on a terminal, elsewhere once it has taken a while.

    The yielded function takes how far it is, e.g. "12,000 rows".
    """
    begun, state = time.monotonic(), [doing]

    def line() -> str:
        return f"{state[0]} ({time.monotonic() - begun:.0f} s)"

    def tell(far: str) -> None:
        state[0] = f"{doing}: {far}" if far else doing

    if console.is_terminal and not console.quiet:
        with console.status(_Line(line)):
            yield tell
        return
    over = threading.Event()

    def repeat() -> None:
        while not over.wait(_PAUSE):
            console.print(line(), soft_wrap=True)

    teller = threading.Thread(target=repeat, daemon=True)
    teller.start()
    try:
        yield tell
    finally:
        over.set()
        teller.join()


class _Line:
    """Text made anew whenever it is drawn."""

    def __init__(self, line: Callable[[], str]) -> None:
        self._line = line

    def __rich__(self) -> Text:
        return Text(self._line())
