"""Difficulty axes: what a parameter may be, how it is written, and its integer code.

Array code sees integer codes only. An axis turns what a person wrote (5, (5, 7), "random", 0.3) into
codes and back, and refuses everything else with the parameter's name, the value and what is allowed.
"""

import operator
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NoReturn

from synthlm_tasks.errors import ParameterError


@dataclass(frozen=True)
class Axis(ABC):
    """One named parameter of a task. `default` is what presets mean when they leave it out."""

    name: str

    @property
    @abstractmethod
    def default(self) -> object:
        """The value (or range) that stands where none is given."""

    @property
    @abstractmethod
    def allowed(self) -> str:
        """What may be given, in words for an error message."""

    @abstractmethod
    def code(self, value: object) -> int:
        """The integer code of one value; raises ParameterError."""

    @abstractmethod
    def value(self, code: int) -> object:
        """The JSON-able value with this code."""

    def parse(self, given: object) -> tuple[int, ...]:
        """The codes meant by one value, or by a list of values; raises ParameterError."""
        if isinstance(given, (list, tuple)):
            return self.parse_list(given)
        return (self.code(given),)

    def parse_list(self, values: Iterable[object]) -> tuple[int, ...]:
        """The codes of an explicit list of values, without repeats; raises ParameterError."""
        codes = tuple(dict.fromkeys(self.code(value) for value in values))
        return codes or self.refuse(values)

    def refuse(self, value: object) -> NoReturn:
        """Raise the ParameterError for `value`."""
        raise ParameterError(f"{self.name}={value!r}: expected {self.allowed}")


@dataclass(frozen=True)
class IntAxis(Axis):
    """Whole numbers from `low` to `high`; a pair given as (a, b) means every number from a to b."""

    low: int
    high: int
    preset: int | None = None

    @property
    def default(self) -> object:
        """The preset number, else the whole range."""
        return (self.low, self.high) if self.preset is None else self.preset

    @property
    def allowed(self) -> str:
        """The range in words."""
        return f"a whole number from {self.low} to {self.high}, or a pair (lowest, highest)"

    def code(self, value: object) -> int:
        """The number itself."""
        if isinstance(value, bool):
            self.refuse(value)
        try:
            number = operator.index(value)  # type: ignore[arg-type]  # TypeError is the answer
        except TypeError:
            number = self.refuse(value)
        return number if self.low <= number <= self.high else self.refuse(value)

    def value(self, code: int) -> object:
        """The number itself."""
        return code

    def parse(self, given: object) -> tuple[int, ...]:
        """One number, or every number of a pair (lowest, highest)."""
        if isinstance(given, (list, tuple)):
            ends = [self.code(end) for end in given] if len(given) == 2 else self.refuse(given)
            return tuple(range(ends[0], ends[1] + 1)) or self.refuse(given)
        return (self.code(given),)


@dataclass(frozen=True)
class PercentAxis(IntAxis):
    """Ratios in whole percent, written as floats: 0.3 has the code 30."""

    @property
    def default(self) -> object:
        """The preset ratio, else the whole range."""
        return (self.low / 100, self.high / 100) if self.preset is None else self.preset / 100

    @property
    def allowed(self) -> str:
        """The range in words."""
        return f"a ratio from {self.low / 100} to {self.high / 100} in steps of 0.01, or a pair of such"

    def code(self, value: object) -> int:
        """The ratio in percent."""
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return self.refuse(value)
        percent = round(value * 100) if abs(value) <= 1 else -1
        exact = abs(percent - value * 100) < 1e-6
        return percent if exact and self.low <= percent <= self.high else self.refuse(value)

    def value(self, code: int) -> object:
        """The ratio as a float."""
        return code / 100


@dataclass(frozen=True)
class ChoiceAxis(Axis):
    """One of a few named choices; the code is the position in `choices`."""

    choices: tuple[str | bool | int, ...]
    preset: tuple[str | bool | int, ...] = ()

    @property
    def default(self) -> object:
        """The preset choices, else all of them."""
        return self.preset or self.choices

    @property
    def allowed(self) -> str:
        """The choices in words."""
        return f"one of {', '.join(map(repr, self.choices))}, or a list of these"

    def code(self, value: object) -> int:
        """The position of the choice."""
        for code, choice in enumerate(self.choices):
            if value == choice and type(value) is type(choice):
                return code
        return self.refuse(value)

    def value(self, code: int) -> object:
        """The choice itself."""
        return self.choices[code]


@dataclass(frozen=True)
class SubsetAxis(Axis):
    """A non-empty subset of `members`; the code is its bit mask. A list given is one subset."""

    members: tuple[str, ...]

    @property
    def default(self) -> object:
        """The full set."""
        return self.members

    @property
    def allowed(self) -> str:
        """The members in words."""
        return f"a non-empty list out of {', '.join(self.members)}"

    def code(self, value: object) -> int:
        """The bit mask of a list of members (or of a single member)."""
        names = [value] if isinstance(value, str) else value
        if not isinstance(names, (list, tuple, set, frozenset)) or not names:
            return self.refuse(value)
        if any(name not in self.members for name in names):
            return self.refuse(value)
        return sum(1 << code for code, name in enumerate(self.members) if name in names)

    def value(self, code: int) -> object:
        """The members, in their own order."""
        return [name for bit, name in enumerate(self.members) if code >> bit & 1]

    def parse(self, given: object) -> tuple[int, ...]:
        """The one subset given."""
        return (self.code(given),)
