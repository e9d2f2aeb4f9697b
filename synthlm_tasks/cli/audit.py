"""`synthlm audit`."""

import os
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.box import SIMPLE
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from synthlm_tasks.audit.results import SAMPLES, ConfigAudit, Shortcut
from synthlm_tasks.cli.paths import OutputFolder
from synthlm_tasks.cli.terminal import plain_console
from synthlm_tasks.errors import ParameterError
from synthlm_tasks.options import default_options
from synthlm_tasks.paths import stage_files
from synthlm_tasks.rows.task import check_whole_number


def audit(
    configs: Annotated[tuple[str, ...], Parameter(name="CONFIG", negative="")] = (),
    /,
    *,
    samples: int = SAMPLES,
    seed: int = default_options().seed,
    output_dir: OutputFolder = Path("audit"),
    num_proc: int | None = None,
) -> int:
    """Measure that a config's rows are valid, and that cheap tricks do not answer them (extra `audit`).

    Writes audit.html, audit.json (everything) and measured.json (the best tricks). Exits with 1 when an
    invariant breaks, or when a shortcut beats guessing by more than max(2 points, 3 standard errors) and is
    not known to be inherent.

    Parameters
    ----------
    configs
        Configs to audit; all of them if none is named
    samples
        Rows of each config to guess and learn on: four of five are of train, the others of test. Fewer find
        less: bounds are wider then by what luck explains
    seed
        Names the rows; 42 are those that every config has by default
    output_dir
        Where to write
    num_proc
        Configs audited at a time; as many as there are CPUs if not given

    """
    if find_spec("sklearn") is None:
        raise ParameterError("audit: scikit-learn is not installed; pip install 'synthlm[audit]'")
    from synthlm_tasks.audit.audits import run_audit as audited
    from synthlm_tasks.audit.explained import load_explained
    from synthlm_tasks.audit.page import render_page
    from synthlm_tasks.audit.sample import choose_configs
    from synthlm_tasks.audit.summary import summarize
    from synthlm_tasks.audit.verdict import find_failures

    names = choose_configs(configs)
    workers = min(
        check_whole_number("num_proc", num_proc, 1) if num_proc is not None else _cpus(), len(names)
    )
    console = plain_console()
    with stage_files(output_dir) as draft:
        with _bar(console) as bar:
            done = bar.add_task("audited", total=len(names))
            found = audited(names, samples, seed, workers, lambda _: bar.advance(done))
        (draft / "audit.json").write_text(found.model_dump_json(indent=1) + "\n", "utf-8")
        (draft / "audit.html").write_text(render_page(found, load_explained()), "utf-8")
        measured = summarize(found, load_explained()).model_dump_json(indent=1)
        (draft / "measured.json").write_text(measured + "\n", "utf-8")
    wrong = {config.config: find_failures(config, load_explained()) for config in found.configs}
    console.print(_table(found.configs, wrong))
    for name, complaints in wrong.items():
        for complaint in complaints:
            console.print(f"{name}: {complaint}", style="red", soft_wrap=True)
    for entry in load_explained().unused(found.configs) if samples >= SAMPLES else ():
        told = f"no longer needed in explained.toml: {entry}"
        console.print(told, style="yellow", soft_wrap=True)
    console.print(f"Written to {output_dir}.", soft_wrap=True)
    return int(any(wrong.values()))


def _cpus() -> int:
    """The CPUs that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _bar(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True)


def _table(configs: Sequence[ConfigAudit], wrong: Mapping[str, Sequence[str]]) -> Table:
    """One line a config: chance, and the best cheap trick of either kind, in percent."""
    title = "Accuracy in test in percent, with 95% intervals"
    # Every character counts where a line is 80 wide.
    table = Table(box=SIMPLE, padding=0, show_edge=False, title=title, title_justify="left")
    table.add_column("config", no_wrap=True)
    for head in ("chance", "best guess", "best learner"):
        table.add_column(head, justify="right" if head == "chance" else "left")
    table.add_column("verdict")
    for config in configs:
        cells = [_cell(config.best("heuristic")), _cell(config.best("learned"))]
        count = len(wrong[config.config])
        verdict = Text(f"{count} wrong", "bold red") if count else Text("holds", "green")
        table.add_row(config.config, f"{100 * config.chance:.1f}", *cells, verdict)
    return table


def _cell(shortcut: Shortcut | None) -> str:
    if shortcut is None:
        return ""
    low, high = shortcut.interval
    return f"{100 * shortcut.accuracy:.1f} [{100 * low:.1f}, {100 * high:.1f}]\n{shortcut.label}"
