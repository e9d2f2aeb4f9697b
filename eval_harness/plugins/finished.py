"""Finished runs, whoever asked: run directories of `synthlm eval`, and logs of inspect_ai."""

from pathlib import Path

from eval_harness.analysis.runs import LoadedRun, load_run
from eval_harness.plugins.extras import import_extra


def load_finished(path: Path) -> LoadedRun:
    """Read a run directory or a log; raises HarnessError where it is neither."""
    if path.is_dir():
        return load_run(path)
    logs = import_extra("eval_harness.plugins.inspect_tasks.logs", "inspect", f"{path}: reading a log")
    found: LoadedRun = logs.load_log(path)
    return found
