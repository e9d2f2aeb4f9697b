"""`synthlm sweep`: from a plan to a table of runs, and from tables to a report."""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from cyclopts import Parameter

from eval_harness.architectures.sweep.console import show_plan, show_sweep
from eval_harness.architectures.sweep.estimates import estimate
from eval_harness.architectures.sweep.folder import SweepFolder, refuse_other_plan
from eval_harness.architectures.sweep.jobs import TRAIN, Executor, choose_workers
from eval_harness.architectures.sweep.plan import Plan
from eval_harness.architectures.sweep.reading import make_plan, read_plan
from eval_harness.architectures.sweep.running import missing_runs, run_sweep
from eval_harness.cli.sweep_paths import PlanSource, SweepTable
from eval_harness.errors import SettingsError
from synthlm_tasks.cli.paths import OutputFolder
from synthlm_tasks.cli.terminal import plain_console
from synthlm_tasks.rows.task import check_whole_number

_MANY: Final = Parameter(consume_multiple=True, negative="")


@Parameter(name="*", negative="")
@dataclass(frozen=True, kw_only=True)
class Crossed:
    """What is trained; what is given here stands in place of the plan's, in all of its trainings."""

    configs: Annotated[tuple[str, ...] | None, _MANY] = None
    """Configs to train and be scored on, in place of a plan"""
    architectures: Annotated[tuple[str, ...] | None, _MANY] = None
    """Mixers by name, or your own as module:factory [default: six of them]"""
    sizes: Annotated[tuple[str, ...] | None, _MANY] = None
    """Layers x width of each model [default: 2x64]"""
    lrs: Annotated[tuple[float, ...] | None, _MANY] = None
    """Learning rates; the best for each architecture is chosen on validation [default: 0.003]"""
    seeds: Annotated[tuple[int, ...] | None, _MANY] = None
    """Seeds of the weights [default: 0]"""
    optimizers: Annotated[tuple[str, ...] | None, _MANY] = None
    """Optimizers: adamw, muon [default: adamw]"""
    tokens: str | None = None
    """Tokens of each run: 500K, 20M… [default: 10M]"""
    samples: int | None = None
    """Problems of each evaluation [default: 500]"""

    def given(self) -> dict[str, Any]:
        """The settings by name, None where none was given."""
        return {name: value for name, value in vars(self).items() if name != "configs"}


@Parameter(name="*", negative="")
@dataclass(frozen=True, kw_only=True)
class Running:
    """Who trains, and where."""

    num_proc: int | None = None
    """Runs at a time [default: one a core; four a GPU]"""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    """What to train on; several GPUs share the runs"""
    executor: Literal["local", "ray"] = "local"
    """Who trains: processes of this machine, or those of Ray, on a cluster of this machine's own"""
    ray_address: str | None = None
    """The Ray cluster to use instead"""
    gpus_per_run: float | None = None
    """With Ray, each run's share of a GPU [default: 1 where there are any]"""
    retry_failed: bool = False
    """Make failed runs again too"""
    dry_run: bool = False
    """Print runs, tokens and estimated hours, train nothing"""

    def check(self) -> None:
        """Raise an error for what is out of range or does not go together."""
        if self.num_proc is not None:
            check_whole_number("num_proc", self.num_proc, 1)
        if self.gpus_per_run is not None and not self.gpus_per_run >= 0:
            raise SettingsError(f"gpus_per_run={self.gpus_per_run}: expected 0 or more")
        for name in ("ray_address", "gpus_per_run"):
            value = getattr(self, name)
            if self.executor == "local" and value is not None:
                raise SettingsError(f"{name}={value!r}: give --executor ray too")

    def workers(self) -> int:
        """How many runs are made at a time, as far as is known before they start."""
        return self.num_proc or choose_workers(self.device)

    def chosen_executor(self) -> Executor:
        """Who trains."""
        if self.executor == "ray":
            from eval_harness.architectures.sweep.executors.on_ray import OnRay

            return OnRay(self.ray_address, self.num_proc, self.gpus_per_run)
        from eval_harness.architectures.sweep.executors.processes import Processes

        return Processes(self.workers())


CROSSED: Final = Crossed()
RUNNING: Final = Running()


def sweep_command(
    plan: PlanSource | None = None,
    /,
    *,
    report: Annotated[tuple[SweepTable, ...], Parameter(consume_multiple=True, negative="")] = (),
    output_dir: OutputFolder | None = None,
    png: bool = True,
    crossed: Crossed = CROSSED,
    running: Running = RUNNING,
) -> int:
    """Train architectures × sizes × configs × learning rates × seeds and compare them (extra `train`).

    A run that is done is a row of OUTPUT_DIR/sweep.parquet; the same command makes what is missing. Ends
    with 0 when every run has its scores, 1 when some failed, 3 when the cluster or the disk stops it, 130
    when interrupted.

    Parameters
    ----------
    plan
        A plan of this package (smoke, headline, two-cores, one-gpu, full), or one of your own as TOML
    report
        Report on finished sweeps, or on tables of them, instead: page, figures, tables
    output_dir
        Where to write [default: sweep-PLAN; for a report `report` beside the first table]
    png
        Draw a report's figures as PNG too (extra `plots`)
    crossed
        What is trained
    running
        Who trains, and where

    """
    if report:
        if plan is not None:
            raise SettingsError(f"{str(plan)!r}: --report takes no plan, leave one of them out")
        from eval_harness.architectures.comparison.writing import write_report

        console = plain_console(soft_wrap=True)
        for path in write_report(report, output_dir or report[0].parent / "report", png):
            console.print(str(path))
        return 0
    running.check()
    chosen, name = _plan(plan, crossed)
    folder = SweepFolder(output_dir or Path(f"sweep-{name}"))
    return _dry_run(chosen, folder, running) if running.dry_run else _run(chosen, folder, running)


def _plan(source: str | Path | None, crossed: Crossed) -> tuple[Plan, str]:
    """The plan, and what its folder is called after; raises SettingsError."""
    if source is not None and crossed.configs:
        raise SettingsError(f"configs={crossed.configs!r}: the plan names its own, leave one of them out")
    if source is not None:
        name = source if isinstance(source, str) else source.stem
        return make_plan(read_plan(source), crossed.given(), str(source)), name
    if not crossed.configs:
        raise SettingsError("PLAN: expected a plan, or --configs to train on")
    training = [{"config": config} for config in dict.fromkeys(crossed.configs)]
    return make_plan({"training": training}, crossed.given()), crossed.configs[0]


def _dry_run(plan: Plan, folder: SweepFolder, running: Running) -> int:
    refuse_other_plan(folder.path, plan)
    folder.read()
    missing = missing_runs(plan, folder, running.retry_failed)
    found = estimate(plan, missing, folder.rows().values())
    console = plain_console()
    show_plan(console, plan.runs(), len(missing), found, running.workers())
    console.print(f"nothing is trained; runs would go to {folder.path}", soft_wrap=True)
    return 0


def _run(plan: Plan, folder: SweepFolder, running: Running) -> int:
    if TRAIN.startswith("eval_harness.") and find_spec("torch") is None:
        raise SettingsError("sweep: torch is not installed; pip install 'synthlm[train]'")
    execute, console = running.chosen_executor(), plain_console()
    with folder.opened(plan):
        missing = missing_runs(plan, folder, running.retry_failed)
        with show_sweep(console, missing) as progress:
            ending = run_sweep(
                plan, folder, missing, execute,
                device=running.device, train=TRAIN, done=progress.done, further=progress.further,
            )  # fmt: skip
    failed = f", {ending.failed:,} of them failed (--retry-failed makes them again)" if ending.failed else ""
    console.print(f"{folder.table}: {ending.done:,} runs{failed}", soft_wrap=True)
    console.print(f"synthlm sweep --report {folder.path}   # page, figures, tables", soft_wrap=True)
    return ending.exit_code
