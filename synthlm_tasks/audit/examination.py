"""The examination of one config: everything that is measured, in one call."""

from threadpoolctl import threadpool_limits

from synthlm_tasks.audit.measures.distributions import balance, parameters
from synthlm_tasks.audit.measures.earlier_answers import score_earlier_answers
from synthlm_tasks.audit.measures.guesses import score_heuristics
from synthlm_tasks.audit.measures.invariants import MOST_CHECKED, count_repeats, readable, violations
from synthlm_tasks.audit.measures.learners import score_learners
from synthlm_tasks.audit.measures.overlap import measure_overlaps
from synthlm_tasks.audit.results import ConfigAudit
from synthlm_tasks.audit.sample import AuditSample, draw_sample
from synthlm_tasks.registry import mean_chance


def examine_config(config: str, samples: int, seed: int) -> ConfigAudit:
    """Audit one config on fresh rows of `seed`; raises ParameterError and SpaceError."""
    return examine_sample(draw_sample(config, samples, seed))


def examine_sample(sample: AuditSample) -> ConfigAudit:
    """Everything that is measured on rows; what cannot be read as a problem is reported, and left out."""
    splits = {split: [row for row in rows if readable(row)] for split, rows in sample.rows.items()}
    unreadable = [row for rows in sample.rows.values() for row in rows if not readable(row)]
    checked = [row for rows in splits.values() for row in rows[:MOST_CHECKED]] + unreadable
    twice = count_repeats(splits)
    with threadpool_limits(1):  # the configs run side by side, and small models lose by sharing their work
        shortcuts = (
            *score_heuristics(sample.config, splits),
            *score_learners(splits, sample.seed),
            *score_earlier_answers(splits),
        )
    return ConfigAudit(
        config=sample.config,
        task=splits["train"][0]["task"],
        rows={split: len(rows) for split, rows in sample.rows.items()},
        checked=len(checked),
        chance=mean_chance(splits["test"]),
        violations=violations(checked),
        repeats=twice.repeats,
        shared_prompts=twice.prompts,
        shared_keys=twice.keys,
        parameters=tuple(
            found for split, rows in splits.items() for found in parameters(sample.drawn_from[split], rows)
        ),
        balance=tuple(found for split, rows in splits.items() for found in balance(split, rows)),
        shortcuts=shortcuts,
        overlaps=measure_overlaps(splits),
    )
