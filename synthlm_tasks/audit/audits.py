"""Audits: many configs at once, one process each, with what they were measured by."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from importlib.metadata import version
from multiprocessing import get_context
from typing import Final

from synthlm_tasks.audit.examination import examine_config
from synthlm_tasks.audit.results import SAMPLES, Audit, ConfigAudit
from synthlm_tasks.errors import AbortedError
from synthlm_tasks.version import DATASET_VERSION
from synthlm_tasks.workers import follow_parent

_MEASURED_WITH: Final = ("numpy", "scikit-learn", "scipy")

Heard = Callable[[ConfigAudit], None]


def run_audit(
    names: Sequence[str],
    samples: int = SAMPLES,
    seed: int = 42,
    workers: int = 1,
    heard: Heard = lambda _: None,
) -> Audit:
    """Audit configs in `workers` processes; `heard` is told of each as it is done.

    The result is the same for any number of workers. Raises ParameterError and SpaceError.
    """
    done = {}
    for config in _examinations(names, samples, seed, workers):
        done[config.config] = config
        heard(config)
    return Audit(
        dataset_version=DATASET_VERSION,
        seed=seed,
        samples=samples,
        versions={package: version(package) for package in _MEASURED_WITH},
        configs=tuple(done[name] for name in names),
    )


def _examinations(names: Sequence[str], samples: int, seed: int, workers: int) -> Iterator[ConfigAudit]:
    if workers == 1:
        yield from (examine_config(name, samples, seed) for name in names)
        return
    pool = ProcessPoolExecutor(workers, get_context("spawn"), follow_parent)
    try:
        # The longest first (they have the longest texts), so that no worker is left with one at the end.
        jobs = [
            pool.submit(examine_config, name, samples, seed) for name in sorted(names, key=_longest_first)
        ]
        yield from (job.result() for job in as_completed(jobs))
    except BrokenProcessPool:
        raise AbortedError(
            "a worker process was ended from outside (out of memory?); run the command again with fewer"
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)


def _longest_first(name: str) -> tuple[bool, bool]:
    return not name.endswith("-ood"), not name.endswith("-hard")
