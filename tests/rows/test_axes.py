"""Axes: what may be written, the codes it means, and how it is refused."""

import re

import numpy as np
import pytest

from synthlm_tasks import ParameterError
from synthlm_tasks.rows.axes import Axis, ChoiceAxis, IntAxis, PercentAxis, SubsetAxis

SIZE = IntAxis("size", 5, 20)
SHARE = PercentAxis("share", 10, 50)
KIND = ChoiceAxis("kind", ("round", "square", 3, True), preset=("round",))
MOVES = SubsetAxis("moves", ("up", "down", "left"))


@pytest.mark.parametrize(
    ("axis", "given", "codes"),
    [
        (SIZE, 5, (5,)),
        (SIZE, np.int8(20), (20,)),
        (SIZE, (5, 7), (5, 6, 7)),
        (SIZE, [7, 7], (7,)),
        (SHARE, 0.1, (10,)),
        (SHARE, 0.29, (29,)),
        (SHARE, (0.29, 0.31), (29, 30, 31)),
        (KIND, "square", (1,)),
        (KIND, ["square", "round", "square"], (1, 0)),
        (KIND, 3, (2,)),
        (KIND, True, (3,)),
        (MOVES, "down", (2,)),
        (MOVES, ["left", "up"], (5,)),
        (MOVES, ("up", "up", "down", "left"), (7,)),
        (MOVES, {"down"}, (2,)),
    ],
)
def test_values_ranges_and_lists_become_codes(axis: Axis, given: object, codes: tuple[int, ...]) -> None:
    assert axis.parse(given) == codes


@pytest.mark.parametrize(
    ("axis", "given"),
    [
        *((SIZE, value) for value in (4, 21, "5", 5.0, None, True, (7, 5), (5, 6, 7), (), (5, 21), (5, "6"))),
        *((SHARE, value) for value in (0.09, 0.51, 30, "0.3", True, 0.305, float("nan"), (0.5, 0.1), ())),
        *((KIND, value) for value in ("Round", None, 1, 3.0, False, [], ["round", "oval"], [True, 2])),
        *((MOVES, value) for value in ("u", "", [], (), None, 1, True, ["up", "away"], {"up": 1}, [["up"]])),
    ],
)
def test_everything_else_is_refused_with_name_and_value(axis: Axis, given: object) -> None:
    with pytest.raises(ParameterError) as refusal:
        axis.parse(given)
    message = str(refusal.value)
    assert re.match(rf"{axis.name}=.*: expected {re.escape(axis.allowed)}$", message)
    parts = given if isinstance(given, (list, tuple)) else ()
    assert any(f"={value!r}:" in message for value in (given, *parts))


@pytest.mark.parametrize(
    ("axis", "message"),
    [
        (SIZE, "size=99: expected a whole number from 5 to 20, or a pair (lowest, highest)"),
        (SHARE, "share=99: expected a ratio from 0.1 to 0.5 in steps of 0.01, or a pair of such"),
        (KIND, "kind=99: expected one of 'round', 'square', 3, True, or a list of these"),
        (MOVES, "moves=99: expected a non-empty list out of up, down, left"),
    ],
)
def test_messages_read_well(axis: Axis, message: str) -> None:
    with pytest.raises(ParameterError, match=f"^{re.escape(message)}$"):
        axis.parse(99)


@pytest.mark.parametrize(("axis", "codes"), [(SIZE, range(5, 21)), (SHARE, range(10, 51)), (KIND, range(4))])
def test_codes_and_values_are_inverse(axis: Axis, codes: range) -> None:
    assert [axis.code(axis.value(code)) for code in codes] == list(codes)


def test_every_subset_has_its_mask() -> None:
    assert [MOVES.code(MOVES.value(mask)) for mask in range(1, 8)] == list(range(1, 8))
    assert MOVES.value(6) == ["down", "left"]


def test_defaults_are_the_preset_else_everything() -> None:
    assert SIZE.parse(SIZE.default) == tuple(range(5, 21))
    assert IntAxis("size", 5, 20, preset=8).default == 8
    assert SHARE.parse(0.5) == (50,)
    assert KIND.parse(KIND.default) == (0,)
    assert ChoiceAxis("kind", ("a", "b")).parse(("a", "b")) == (0, 1)
    assert MOVES.parse(MOVES.default) == (7,)


def test_lists_of_values_keep_their_order_without_repeats() -> None:
    assert SIZE.parse_list([9, 5, 9]) == (9, 5)
    with pytest.raises(ParameterError, match=r"^size=\[\]: "):
        SIZE.parse_list([])


def test_the_default_of_a_percent_axis_is_its_whole_range() -> None:
    assert SHARE.parse(SHARE.default) == tuple(range(10, 51))
    assert PercentAxis("share", 10, 50, preset=30).parse(0.3) == (30,)
