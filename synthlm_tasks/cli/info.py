"""`synthlm info`."""

import json
from typing import Annotated, Any

from cyclopts import Parameter
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from synthlm_tasks.cli.options import check_known
from synthlm_tasks.descriptions import describe, overview
from synthlm_tasks.registry import TASKS
from synthlm_tasks.rows.presets import curriculum_preset

_Name = Annotated[str | None, Parameter(name="TASK", help="A task; every config is listed if none is given.")]
_Json = Annotated[bool, Parameter(name="--json", negative=(), help="Print JSON.")]


def info(task: _Name = None, /, *, as_json: _Json = False) -> None:
    """Explain a task: rule, axes, presets, a sample of each level, chance, grid and hidden rules."""
    console = Console()
    if task is None:
        found: dict[str, Any] = {"tasks": {name: TASKS[name].rule for name in TASKS}, "configs": overview()}
    else:
        found = describe(check_known("task", task, list(TASKS)), curriculum_preset().seed)
    if as_json:
        console.print_json(json.dumps(found))
    elif task is None:
        _print_overview(console, found)
    else:
        _print_task(console, found)


def _print_overview(console: Console, found: dict[str, Any]) -> None:
    for name, rule in found["tasks"].items():
        console.print(f"[bold]{name}[/]  {escape(rule)}\n", highlight=False)
    table = Table("config", "rows")
    for name, description in found["configs"].items():
        table.add_row(name, description)
    console.print(table)


def _print_task(console: Console, found: dict[str, Any]) -> None:
    def say(text: str, style: str | None = None) -> None:
        console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)

    say(found["task"], "bold")
    say(found["rule"])
    say(f"\nAnswer: {' or '.join(kind['asked'] for kind in found['answers'])}.")
    say("\nAxes", "bold")
    for axis in found["axes"]:
        where = f" ({axis['variant']})" if axis["variant"] else ""
        say(f"  {axis['name']}{where}: {axis['expected']}; {_format_value(axis['default'])} if not given")
    for family, levels in found["families"].items():
        say(f"\n{family}", "bold")
        for level in levels:
            preset = ", ".join(f"{name} {_format_value(value)}" for name, value in level["preset"].items())
            say(f"  level {level['level']}: {preset}; chance {level['chance']:.1%}")
            say(f"    {level['sample']['input_text']} {level['sample']['target']}", "dim")
    if found["grid"]:
        crossed = " × ".join(
            f"{name} {_format_value(values)}" for name, values in found["grid"]["axes"].items()
        )
        say(f"\n{found['task']}-grid", "bold")
        say(f"  {crossed}: {found['grid']['cells']} cells")
        left_out = [", ".join(f"{n} {v}" for n, v in cell.items()) for cell in found["grid"]["left_out"]]
        if left_out:
            say(f"  impossible and left out: {'; '.join(left_out)}")
    say("\nConfigs", "bold")
    for name, description in found["configs"].items():
        say(f"  {name}: {description}")
    if found["rule_space"]:
        say(f"\nThe hidden rules, {len(found['rule_space'])} in all", "bold")
        for rule in found["rule_space"]:
            shown = f"{rule['input']} -> {rule['output']}"
            say(f"  {rule['name']} (level {rule['level']}): {rule['meaning']}; {shown}")


def _format_value(value: object) -> str:
    """A preset's value, e.g. [5, 7] → "5, 7"."""
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
