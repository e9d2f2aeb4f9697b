"""Spaces: which cells, how often each, and what does not fit."""

import itertools
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthlm_tasks import ParameterError
from synthlm_tasks.rows.axes import ChoiceAxis, IntAxis
from synthlm_tasks.rows.space import Cell, Space, fitting_cells, nearest_cells, parse_box
from synthlm_tasks.rows.streams import RandomBits

AXES = (IntAxis("hops", 1, 9), IntAxis("nodes", 3, 12), ChoiceAxis("kind", ("a", "b"), preset=("a",)))


def fits(cell: Mapping[str, int]) -> bool:
    """Fewer hops than nodes."""
    return cell["hops"] < cell["nodes"]


def shares(cells: list[Cell]) -> dict[Cell, Fraction]:
    """Each cell's share when every axis is drawn uniformly given the axes before it."""
    if not cells or not cells[0]:
        return dict.fromkeys(cells, Fraction(1))
    groups = {first: [c[1:] for c in cells if c[0] == first] for first in dict.fromkeys(c[0] for c in cells)}
    return {
        (first, *rest): share / len(groups)
        for first, group in groups.items()
        for rest, share in shares(group).items()
    }


@settings(derandomize=True, deadline=None, max_examples=20)
@given(st.sets(st.tuples(st.integers(1, 3), st.integers(3, 6), st.integers(0, 1)), min_size=1, max_size=12))
def test_cells_are_drawn_axis_by_axis(chosen: set[Cell]) -> None:
    cells = sorted(chosen)
    rows = 40_000
    drawn = Counter(Space(AXES, tuple(cells)).draw(RandomBits(1, (1,)), 0, rows).tolist())
    for place, cell in enumerate(cells):
        share = float(shares(cells)[cell])
        assert abs(drawn[place] / rows - share) < 5 * (share * (1 - share) / rows) ** 0.5 + 1e-9


def test_a_box_is_drawn_uniformly_and_a_cell_alone_always() -> None:
    full = tuple(itertools.product((1, 2), (5, 6, 7), (0,)))
    drawn = np.bincount(Space(AXES, full).draw(RandomBits(1, (1,)), 0, 60_000), minlength=6)
    assert abs(drawn - 10_000).max() < 500
    assert not Space(AXES, full[:1]).draw(RandomBits(1, (1,)), 0, 99).any()


def test_a_cycled_space_deals_its_cells_out_in_turn_from_any_start() -> None:
    space = Space(AXES, tuple((1, nodes, 0) for nodes in range(3, 10)), cycled=True)
    assert space.draw(RandomBits(1, (1,)), 12, 9).tolist() == [i % 7 for i in range(12, 21)]


def test_columns_and_labels_are_the_cells_codes_and_values() -> None:
    space = Space(AXES, ((1, 5, 0), (2, 6, 1)))
    assert {name: codes.tolist() for name, codes in space.columns.items()} == {
        "hops": [1, 2],
        "nodes": [5, 6],
        "kind": [0, 1],
    }
    assert space.label((2, 6, 1)) == {"hops": 2, "nodes": 6, "kind": "b"}


def test_identity_tells_different_spaces_apart() -> None:
    cells: tuple[Cell, ...] = ((1, 5, 0), (2, 6, 1))
    spaces = [
        Space(AXES, cells),
        Space(AXES, cells[:1]),
        Space(AXES, cells, cycled=True),
        Space((AXES[1], AXES[0], AXES[2]), cells),
    ]
    assert len({space.identity for space in spaces}) == 4
    assert Space(AXES, cells).identity == spaces[0].identity


def test_a_box_takes_what_is_given_then_the_preset_then_the_default() -> None:
    preset = {"hops": [1, 2], "nodes": 5}
    assert parse_box(AXES, {}, preset) == [(1, 2), (5,), (0,)]
    assert parse_box(AXES, {"nodes": (7, 8), "kind": ["b", "a"]}, preset) == [(1, 2), (7, 8), (1, 0)]
    with pytest.raises(
        ParameterError, match=r"^depth=3: no such parameter; expected one of hops, nodes, kind$"
    ):
        parse_box(AXES, {"depth": 3}, preset)
    with pytest.raises(ParameterError, match=r"^hops=0: "):
        parse_box(AXES, {"hops": 0}, preset)


SIDES = st.lists(st.integers(1, 9), min_size=1, max_size=3, unique=True).map(tuple)
NODES = st.lists(st.integers(3, 12), min_size=1, max_size=3, unique=True).map(tuple)


@settings(derandomize=True, deadline=None)
@given(SIDES, NODES)
def test_fitting_keeps_the_cells_that_fit(hops: Cell, nodes: Cell) -> None:
    wanted = [(h, n, 0) for h in hops for n in nodes if h < n]
    assert fitting_cells(AXES, [hops, nodes, (0,)], fits) == wanted


@settings(derandomize=True, deadline=None, max_examples=50)
@given(SIDES, NODES, st.sampled_from([(), ("hops",), ("nodes",), ("kind",)]))
def test_nearest_leaves_the_box_as_little_as_possible(
    hops: Cell, nodes: Cell, fixed: tuple[str, ...]
) -> None:
    sides = [hops, nodes, (0,)]
    given = {name: sides[i] for i, name in enumerate(("hops", "nodes", "kind")) if name in fixed}
    wide = [
        sides[0] if "hops" in fixed else range(1, 10),
        sides[1] if "nodes" in fixed else range(3, 13),
        (0,),
    ]
    distances = {
        (h, n, k): min(abs(h - side) for side in hops) + min(abs(n - side) for side in nodes)
        for h, n, k in itertools.product(*wide)
        if h < n
    }
    least = min(distances.values())
    assert set(nearest_cells(AXES, sides, given, fits)) == {
        cell for cell, d in distances.items() if d == least
    }


def test_values_that_cannot_fit_are_refused_by_name() -> None:
    sides: list[Cell] = [(9,), (3,), (0,)]
    with pytest.raises(ParameterError, match=r"^hops=9, nodes=3: these do not fit together"):
        nearest_cells(AXES, sides, {"hops": 9, "nodes": 3}, fits)
