"""What may be chosen about the rows of a config beside its axes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from synthlm_tasks.errors import ParameterError
from synthlm_tasks.rows.presets import curriculum_preset
from synthlm_tasks.rows.task import check_whole_number

Shares: TypeAlias = tuple[float, ...]


@dataclass(frozen=True)
class Options:
    """What may be chosen about a config's rows beside its axes; the defaults are the curriculum preset's."""

    seed: int
    num_samples: int
    split_ratios: Shares
    curriculum_weights: Shares
    max_held_out: int


def default_options() -> Options:
    """The options that every config has when nothing is chosen."""
    return Options(**curriculum_preset().model_dump())


def check_options(given: Mapping[str, object]) -> Options:
    """Validated options in canonical form, from one value for each; raises ParameterError."""
    return Options(
        seed=check_whole_number("seed", given["seed"]),
        num_samples=check_whole_number("num_samples", given["num_samples"], 1),
        split_ratios=_shares("split_ratios", given["split_ratios"]),
        curriculum_weights=_shares("curriculum_weights", given["curriculum_weights"]),
        max_held_out=check_whole_number("max_held_out", given["max_held_out"], 1),
    )


def _shares(name: str, value: object) -> Shares:
    """Three shares of a whole, as floats; raises ParameterError."""
    try:
        shares = tuple(map(float, value))  # type: ignore[call-overload]  # TypeError is the answer
    except (TypeError, ValueError):
        shares = ()
    # The sum allows for thirds written as 0.333333; comparisons refuse nan.
    if len(shares) != 3 or not all(share >= 0 for share in shares) or not abs(sum(shares) - 1) < 1e-5:
        raise ParameterError(f"{name}={value!r}: expected three non-negative numbers that sum to 1")
    return shares
