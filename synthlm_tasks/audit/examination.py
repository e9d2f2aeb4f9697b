"""The examination of one config: everything that is measured, in one call."""

from synthlm_tasks.audit.distributions import balance, parameters
from synthlm_tasks.audit.guesses import chance, guessed
from synthlm_tasks.audit.invariants import MOST_CHECKED, repeated, violations
from synthlm_tasks.audit.learners import learned
from synthlm_tasks.audit.results import ConfigAudit
from synthlm_tasks.audit.sample import listed, mixtures


def examined(config: str, samples: int, seed: int) -> ConfigAudit:
    """Audit one config on fresh rows of `seed`; raises ParameterError and SpaceError."""
    made = mixtures(config, samples, seed)
    splits = {split: listed(mixture) for split, mixture in made.items()}
    checked = [row for rows in splits.values() for row in rows[:MOST_CHECKED]]
    twice = repeated(splits)
    return ConfigAudit(
        config=config,
        task=splits["train"][0]["task"],
        rows={split: len(rows) for split, rows in splits.items()},
        checked=len(checked),
        chance=chance(splits["test"]),
        violations=violations(checked),
        repeats=twice.repeats,
        shared_prompts=twice.prompts,
        shared_keys=twice.keys,
        parameters=tuple(d for split, rows in splits.items() for d in parameters(made[split], rows)),
        balance=tuple(d for split, rows in splits.items() for d in balance(split, rows)),
        shortcuts=(*guessed(config, splits), *learned(splits, seed)),
    )
