"""`synthlm single`, `synthlm merged` and `synthlm export`."""

from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from synthlm_tasks.catalog import configs
from synthlm_tasks.cli.options import OUTPUT, ROWS, STOCK, Output, Rows, Target, check_known
from synthlm_tasks.cli.plan_table import show_moved, show_plan
from synthlm_tasks.cli.progress import show_progress
from synthlm_tasks.cli.push import PUBLISHING, Publishing, publish
from synthlm_tasks.cli.terminal import plain_console
from synthlm_tasks.curriculum.amounts import format_amount, parse_amount
from synthlm_tasks.curriculum.budget import Allocation, allocate_rows, allocate_tokens, core_configs
from synthlm_tasks.curriculum.construction import build_folder, open_folder
from synthlm_tasks.curriculum.layout import Layout
from synthlm_tasks.curriculum.storage import Folder
from synthlm_tasks.registry import TASKS
from synthlm_tasks.tokens.tokenizer import Counter, load_counter
from synthlm_tasks.version import DATASET_VERSION

if TYPE_CHECKING:  # heavy, and only needed to publish
    from synthlm_tasks.hub import Destination

MERGED = "all"


_Total = Annotated[str, Parameter(help="Tokens of all splits together: 500K, 10M, 1B…; met within 1%.")]
_Task = Annotated[str, Parameter(help="The task, by name.")]
_Configs = Annotated[str, Parameter(name="CONFIG", help="Named configs; every core config if none is given.")]
_Samples = Annotated[int, Parameter(help="Rows of each config, all splits together.")]


def single(
    task: _Task,
    /,
    *,
    total_tokens: _Total = "10M",
    rows: Rows = ROWS,
    output: Output = OUTPUT,
    publishing: Publishing = PUBLISHING,
) -> int:
    """Write a curriculum of one task for a token budget."""
    source = check_known("task", task, list(TASKS))
    return _curriculum("single", source, total_tokens, rows, output, publishing)


def merged(
    *,
    total_tokens: _Total = "10M",
    rows: Rows = ROWS,
    output: Output = OUTPUT,
    publishing: Publishing = PUBLISHING,
) -> int:
    """Write a curriculum of all tasks, in equal token shares, for a token budget."""
    return _curriculum("merged", MERGED, total_tokens, rows, output, publishing)


def export(
    *names: _Configs,
    num_samples: _Samples = STOCK.num_samples,
    rows: Rows = ROWS,
    output: Output = OUTPUT,
    publishing: Publishing = PUBLISHING,
) -> int:
    """Write named configs for sharing, each a folder of files."""
    output.check()
    url = output.output_dir or "synthlm"
    destination = publishing.destination(output.format, url)
    chosen = [check_known("config", name, list(configs())) for name in dict.fromkeys(names)] or core_configs()
    options, counted = rows.checked(num_samples), load_counter(output.tokenizer, output.tokens)
    made = {"num_samples": options.num_samples, **_common(rows, output)}
    budget = output.planned(allocate_rows, chosen, options, counted)
    layout = _layout("export", chosen, made, budget, counted, output)
    return carry_out(layout, output, destination, url)


def _curriculum(
    command: str, source: str, total_tokens: str, rows: Rows, output: Output, publishing: Publishing
) -> int:
    output.check()
    names = [source] if command == "single" else []
    url = output.output_dir or f"synthlm-{names[0] if names else command}"
    destination = publishing.destination(output.format, url)
    total, options = parse_amount("total_tokens", total_tokens), rows.checked()
    counted = load_counter(output.tokenizer, output.tokens)
    budget = output.planned(allocate_tokens, source, total, options, counted)
    show_moved(plain_console(stderr=True), budget.moved)
    layout = _layout(
        command, names, {"total_tokens": total, **_common(rows, output)}, budget, counted, output
    )
    return carry_out(layout, output, destination, url)


def _common(rows: Rows, output: Output) -> dict[str, Any]:
    tokenizer = Path(output.tokenizer)
    named = tokenizer.name if tokenizer.exists() else output.tokenizer  # no path: it tells about the machine
    files = {"format": output.format, "shard_rows": output.shard_rows}
    return {**vars(rows), **files, "tokenizer": named, "tokens": output.tokens}


def _layout(
    command: str,
    names: list[str],
    options: dict[str, Any],
    budget: Allocation,
    counted: Counter,
    output: Output,
) -> Layout:
    made = settings(command, names, options, counted)
    return Layout(
        made,
        options["seed"],
        output.format,
        output.shard_rows,
        counted.precounted is not None,
        budget.portions,
        tokens=output.tokens,
    )


def settings(command: str, names: list[str], options: dict[str, Any], counted: Counter) -> dict[str, Any]:
    """What a folder's bytes depend on, and what must not change when it is resumed."""
    return {
        "command": command,
        "names": names,
        "options": options,
        "tokenizer": {"name": counted.name, "sha256": counted.digest},
        "dataset_version": DATASET_VERSION,
        "writer": f"pyarrow {version('pyarrow')}",
    }


def carry_out(layout: Layout, output: Target, destination: "Destination | None", url: str) -> int:
    """Show the plan, or execute it and publish what came of it."""
    execute, console = output.chosen_executor(), plain_console()
    if output.dry_run:
        show_plan(console, layout, output.workers)
        return 0
    folder = Folder(url)
    tokens = sum(n for portion in layout.portions for numbers in portion.tokens.values() for n in numbers)
    all_rows = sum(shard.stop - shard.start for shard in layout.shards)
    with folder.locked():
        state = open_folder(layout, folder)
        rows = sum(shard.stop - shard.start for shard in state.missing)
        with show_progress(console, rows, tokens / all_rows) as progress:
            build_folder(layout, folder, state, execute, progress)
    done = "complete already, nothing to do" if state.complete else "written"
    console.print(
        f"{url}: {len(layout.shards)} files, {format_amount(all_rows)} rows, {done}", soft_wrap=True
    )
    if destination:
        publish(console, Path(url), destination)
    return 0
