"""The task files for lm-evaluation-harness, one for every named config; `python -m` writes them anew."""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from eval_harness.plugins.choices import can_be_chosen
from eval_harness.plugins.locations import plugin_path
from synthlm_tasks.catalog import configs
from synthlm_tasks.registry import TASKS
from synthlm_tasks.rows.presets import LEVELS

_CORE: Final = [f"{task}-{level}" for task in TASKS for level in LEVELS]


def task_files() -> dict[str, str]:
    """Every file by its path in the folder."""
    return dict(_task_files())


def _task_files() -> Iterator[tuple[str, str]]:
    for name, config in configs().items():
        tasks = {part.task.name for part in config.parts}
        home = PurePosixPath(tasks.pop() if len(tasks) == 1 else "all")
        yield str(home / f"{name}.yaml"), _task_file(name, "GenerationTask")
        if can_be_chosen(name):
            yield str(home / "choices" / f"{name}.yaml"), _task_file(name, "ChoiceTask", "_mc")


def _task_file(config: str, made_by: str, ending: str = "") -> str:
    lines = [f"task: synthlm_{config.replace('-', '_')}{ending}"]
    if config in _CORE:  # `--tasks synthlm_levels` runs every task and level
        lines.append(f"tag: synthlm_levels{ending}")
    lines += [f"class: !function eval_harness.plugins.lm_tasks.{made_by}", f"metadata: {{config: {config}}}"]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the files, and remove those of configs that are no more."""
    home = plugin_path("lm-eval")
    files = task_files()
    for path in home.rglob("*.yaml"):
        if str(path.relative_to(home).as_posix()) not in files:
            path.unlink()
    for name, text in files.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
