"""The rows that are audited: which configs, how many of each split, as the builder would emit them."""

import itertools
from collections.abc import Iterable
from typing import Any, Final

from synthlm_tasks.catalog import Options, configs, default_options, plan
from synthlm_tasks.errors import ParameterError
from synthlm_tasks.mixing import Mixture
from synthlm_tasks.splits import SPLITS, Split

Row = dict[str, Any]

# Of every five rows to learn and guess on, four are of train and one is of test; validation has as many as test.
_TRAIN, _HELD_OUT, _WHOLE = 4, 1, 5


def covered() -> dict[str, tuple[str, ...]]:
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


def chosen(names: Iterable[str]) -> list[str]:
    """The configs to audit for those named (for none: all of them), each once; raises ParameterError."""
    everything = covered()
    asked = list(names) or list(everything)
    for name in asked:
        if name not in everything:
            raise ParameterError(f"config={name!r}: expected one of {', '.join(everything)}")
    return list(dict.fromkeys(itertools.chain.from_iterable(everything[name] for name in asked)))


def mixtures(name: str, samples: int, seed: int) -> dict[Split, Mixture]:
    """Train and test rows, `samples` in all, and as many of validation as of test, of a config."""
    if samples < _WHOLE:
        raise ParameterError(f"samples={samples!r}: expected a whole number of at least {_WHOLE}")
    held_out = samples * _HELD_OUT // _WHOLE
    everything = samples + held_out
    ratios = tuple(count / everything for count in (samples - held_out, held_out, held_out))
    weights = default_options().curriculum_weights
    return plan(name, Options(seed, everything, ratios, weights, max_held_out=everything), {})


def listed(mixture: Mixture) -> list[Row]:
    """The rows of one split."""
    return [row for table in mixture.tables() for row in table.to_pylist()]


def drawn(name: str, samples: int, seed: int) -> dict[str, list[Row]]:
    """The rows of every split of a config; raises ParameterError and SpaceError."""
    made = mixtures(name, samples, seed)
    return {split: listed(made[split]) for split in SPLITS}
