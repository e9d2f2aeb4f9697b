"""Inducto's own axes: the rule, and the lengths of sequences."""

import operator
from dataclasses import dataclass

from synthlm_tasks.errors import ParameterError
from synthlm_tasks.inducto.choices import FIRST_CHOICE_POOL, USUAL, rule_choices, rule_kinds, rule_pools
from synthlm_tasks.inducto.space.rules import LENGTHS
from synthlm_tasks.rows.axes import Axis


@dataclass(frozen=True)
class RuleAxis(Axis):
    """Any rule of the level, or one by name, or one kind of rule with any parameters.

    The code of a choice is its position in `rule_choices`, which is not made before it is asked for.
    """

    @property
    def choices(self) -> tuple[str, ...]:
        """All that may be named."""
        return rule_choices()

    @property
    def default(self) -> object:
        """Any rule of the level."""
        return ("any",)

    @property
    def allowed(self) -> str:
        """What may be named; the whole list is `inducto.space.rules.rules()`."""
        kinds = ", ".join(rule_kinds())
        return f"'any', a kind of rule ({kinds}) or a full name such as 'DROP_LAST(1) then SORT'"

    def code(self, value: object) -> int:
        """The position of the choice; rules whose outputs are too short to tell are refused."""
        if not isinstance(value, str) or value not in rule_choices():
            return self.refuse(value)
        code = rule_choices().index(value)
        if not rule_pools((1 << len(LENGTHS)) - 1).kinds[FIRST_CHOICE_POOL + code]:
            raise ParameterError(f"{self.name}={value!r}: its outputs have too few letters to ask for it")
        return code

    def value(self, code: int) -> object:
        """The choice itself."""
        return rule_choices()[code]


@dataclass(frozen=True)
class LengthsAxis(Axis):
    """The lengths that a row's sequences may have: a pair (lowest, highest) is one value, as is a number.

    The code is a bit mask: bit l for `LENGTHS[l]`.
    """

    @property
    def default(self) -> object:
        """The usual lengths."""
        return self.value(USUAL)

    @property
    def allowed(self) -> str:
        """The range in words."""
        return (
            f"a whole number from {LENGTHS[0]} to {LENGTHS[-1]}, or a pair (lowest, highest): the lengths "
            "that a row's sequences may have"
        )

    def code(self, value: object) -> int:
        """The bit mask of a length, or of all from the lowest to the highest of a pair."""
        given = value if isinstance(value, (list, tuple)) else (value, value)
        if len(given) != 2:
            return self.refuse(value)
        lowest, highest = (self._length(end, value) for end in given)
        return sum(1 << LENGTHS.index(n) for n in range(lowest, highest + 1)) or self.refuse(value)

    def value(self, code: int) -> object:
        """The length, or the pair of the lowest and the highest."""
        lengths = [n for index, n in enumerate(LENGTHS) if code >> index & 1]
        return lengths[0] if len(lengths) == 1 else [lengths[0], lengths[-1]]

    def parse(self, given: object) -> tuple[int, ...]:
        """The one set of lengths given."""
        return (self.code(given),)

    def _length(self, end: object, value: object) -> int:
        if isinstance(end, bool):
            self.refuse(value)
        try:
            number = operator.index(end)  # type: ignore[arg-type]  # TypeError is the answer
        except TypeError:
            number = self.refuse(value)
        return int(number) if number in LENGTHS else self.refuse(value)
