"""Every documented range can be asked for: what a split cannot fill is left out, or refused beforehand."""

from typing import Any

import pytest

from synthlm_tasks import ParameterError, catalog
from synthlm_tasks.options import check_options, default_options
from synthlm_tasks.rows.axes import Axis, IntAxis
from synthlm_tasks.rows.splits import SPLITS

FAMILIES = {
    config.parts[0].family: name for name, config in catalog.configs().items() if len(config.parts) == 1
}
"""Family → one config of it."""


def full_range(axis: Axis) -> object:
    """All that may be given for an axis."""
    if isinstance(axis, IntAxis):
        return (axis.value(axis.low), axis.value(axis.high))
    return (3, 8) if axis.name == "sequence_length" else axis.default


def rows_of(config: str, **axes: object) -> dict[str, int]:
    """How many rows each split is planned with; all are made."""
    options = check_options({**vars(default_options()), "num_samples": 2_000})
    planned = catalog.plan(config, options, axes)
    for mixture in planned.values():
        assert sum(len(table) for table in mixture.tables()) == mixture.rows
    return {split: mixture.rows for split, mixture in planned.items()}


@pytest.mark.slow
@pytest.mark.parametrize("axis", ["each by itself", "all together"])
@pytest.mark.parametrize("family", FAMILIES)
def test_every_axis_takes_its_whole_range(family: str, axis: str) -> None:
    config = catalog.configs()[FAMILIES[family]]
    ranges = {one.name: full_range(one) for one in config.parts[0].task.axes if one.name != "operations"}
    given: list[dict[str, Any]] = [{name: value} for name, value in ranges.items()]
    together = [{name: value for name, value in ranges.items() if name not in ("xor_density", "rule")}]
    for axes in given if axis == "each by itself" else together:
        try:
            made = rows_of(FAMILIES[family], **axes)
        except ParameterError as refusal:  # of a whole range nothing is left only with values of its own
            raise AssertionError(f"{axes} of {family} is refused") from refusal
        assert set(made) == set(SPLITS)
        assert sum(made.values()) == 2_000


@pytest.mark.parametrize(
    ("config", "axes"),
    [
        ("logic-parity", {"num_bits": (2, 64)}),
        ("logic-hard", {"num_inputs": (2, 3), "depth": (4, 5), "width": (7, 8), "xor_density": (0.4, 0.5)}),
        ("dyna-easy", {"state_size": (2, 7), "num_ops": (1, 5), "initial": "ordered"}),
        ("filtro-easy", {"num_nodes": (3, 8), "num_hops": (1, 2), "num_queries": (1, 4)}),
        ("inducto-hard", {"sequence_length": 3, "num_queries": (1, 10)}),
        ("inducto-open-easy", {"sequence_length": (4, 8), "num_queries": (1, 10)}),
        ("inducto-heldout", {"sequence_length": (3, 4)}),
    ],
)
def test_what_a_split_cannot_fill_is_left_out_of_a_range(config: str, axes: dict[str, object]) -> None:
    made = rows_of(config, **axes)
    assert set(made) == set(SPLITS)
    assert sum(made.values()) == 2_000


@pytest.mark.parametrize(
    ("config", "axes"),
    [
        ("logic-parity", {"num_bits": 2}),
        ("inducto-open-easy", {"sequence_length": 4}),
        ("dyna-easy", {"state_size": 3, "num_ops": 1, "initial": "ordered"}),
    ],
)
def test_a_split_that_would_be_empty_is_refused_beforehand(config: str, axes: dict[str, object]) -> None:
    with pytest.raises(ParameterError, match=r"split='(validation|test)': no problem of .* lies in it"):
        rows_of(config, **axes)


def test_held_out_rows_that_a_small_space_does_not_have_go_to_train() -> None:
    options = check_options({**vars(default_options()), "num_samples": 100_000})
    axes = {"state_size": 4, "num_ops": 2, "initial": "ordered"}
    planned = {split: mixture.rows for split, mixture in catalog.plan("dyna-easy", options, axes).items()}
    assert sum(planned.values()) == 100_000
    assert 0 < planned["test"] < 5_000
