"""The rows that are audited: which configs, how many of each split, as the builder would emit them."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from synthlm_tasks.catalog import configs, plan
from synthlm_tasks.errors import ParameterError, suggest
from synthlm_tasks.options import Options, default_options
from synthlm_tasks.rows.mixing import Mixture
from synthlm_tasks.rows.splits import Split
from synthlm_tasks.rows.task import check_whole_number

Row = dict[str, Any]

LEAST: Final = 100
"""Fewer rows than this say nothing."""

_WHOLE: Final = 5  # of so many rows to guess and learn on one is of test; validation has as many as test


@dataclass(frozen=True)
class AuditSample:
    """Rows of one config: what they were drawn from, and the rows themselves, by split."""

    config: str
    seed: int
    drawn_from: Mapping[Split, Mixture]
    rows: Mapping[Split, Sequence[Row]]


def covering_configs() -> dict[str, tuple[str, ...]]:
    """Config name → the audited configs that say all there is to say about it; itself where it is audited.

    A config that only mixes parts which are configs of their own (`dyna`, `all-hard`) is not audited anew.
    """
    alone = {config.parts[0]: name for name, config in configs().items() if len(config.parts) == 1}
    return {
        name: tuple(alone[part] for part in config.parts)
        if len(config.parts) > 1 and alone.keys() >= set(config.parts)
        else (name,)
        for name, config in configs().items()
    }


def choose_configs(names: Iterable[str]) -> list[str]:
    """The configs to audit for those named (for none: all of them), each once; raises ParameterError."""
    everything = covering_configs()
    asked = list(names) or list(everything)
    for name in asked:
        if name not in everything:
            known = f"expected one of {', '.join(everything)}"
            raise ParameterError(f"config={name!r}: {known}{suggest(name, everything)}")
    return list(dict.fromkeys(itertools.chain.from_iterable(everything[name] for name in asked)))


def draw_sample(config: str, samples: int, seed: int) -> AuditSample:
    """Train and test rows of a config, `samples` in all, and as many of validation as of test.

    Raises ParameterError, and SpaceError where a held-out split has not so many.
    """
    held_out = check_whole_number("samples", samples, LEAST) // _WHOLE
    everything = samples + held_out
    ratios = tuple(count / everything for count in (samples - held_out, held_out, held_out))
    weights = default_options().curriculum_weights
    options = Options(check_whole_number("seed", seed), everything, ratios, weights, max_held_out=everything)
    made = plan(config, options, {})
    return AuditSample(
        config,
        seed,
        made,
        {
            split: [row for table in part.tables() for row in table.to_pylist()]
            for split, part in made.items()
        },
    )
