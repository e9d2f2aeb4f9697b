"""How what is registered with inspect_ai gets its name."""

from collections.abc import Callable
from typing import Final, TypeVar

PREFIX: Final = "synthlm"

Made = TypeVar("Made", bound=Callable[..., object])


def named(name: str, function: Made) -> tuple[str, Made]:
    """The full name of what `function` makes, and the function, ready for a decorator of inspect_ai.

    inspect_ai puts the top module of a function before its name, here eval_harness. People know the
    distribution's name, and so does the entry point: a function of no module keeps the name it is given.
    """
    function.__module__ = PREFIX
    function.__name__ = name
    return f"{PREFIX}/{name}", function
