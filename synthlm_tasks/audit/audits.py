"""Audits: many configs at once, one process each, with what they were measured by."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from importlib.metadata import version
from multiprocessing import get_context
from typing import Final

from threadpoolctl import threadpool_limits

from synthlm_tasks.audit.examination import examined
from synthlm_tasks.audit.results import Audit, ConfigAudit
from synthlm_tasks.processes import attend
from synthlm_tasks.version import DATASET_VERSION

SAMPLES: Final = 25_000
_MEASURED_WITH: Final = ("numpy", "scikit-learn", "scipy")

Heard = Callable[[ConfigAudit], None]


def audit(
    names: Sequence[str], samples: int = SAMPLES, seed: int = 42, workers: int = 1, heard: Heard = lambda _: None
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
        with threadpool_limits(1):
            yield from (examined(name, samples, seed) for name in names)
        return
    # The longest first, so that no worker is left with one at the end: they have the longest texts.
    with ProcessPoolExecutor(workers, get_context("spawn"), _start) as pool:
        jobs = [pool.submit(examined, name, samples, seed) for name in sorted(names, key=_haste)]
        yield from (job.result() for job in as_completed(jobs))


def _start() -> None:
    attend()
    threadpool_limits(1)  # for as long as the process lives


def _haste(name: str) -> tuple[bool, bool]:
    return not name.endswith("-ood"), not name.endswith("-hard")
