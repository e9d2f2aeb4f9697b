"""The `synthlm` command: one entry a command, each imported only when it is called.

Exit codes: 0 done, 1 finished with something unscored or violated, 2 wrong usage or configuration, 3 aborted
(resumable), 130 interrupted (resumable).
"""

import signal
import sys
from importlib.metadata import version
from types import FrameType

from cyclopts import App, CycloptsError
from rich.console import Console
from rich.markup import escape

from eval_harness.errors import HarnessError
from synthlm_tasks.errors import SynthLMError
from synthlm_tasks.version import DATASET_VERSION

INTERRUPTED = 130

app = App(
    name="synthlm",
    help="Synthetic reasoning data for language-model research: generate it, publish it, evaluate on it.",
    version=lambda: f"synthlm {version('synthlm')}, dataset version {DATASET_VERSION}",
    result_action="return_value",
    suppress_keyboard_interrupt=False,
)
app.command("synthlm_tasks.cli.curriculum:single", help="Write a curriculum of one task for a token budget.")
app.command("synthlm_tasks.cli.curriculum:merged", help="Write a curriculum of all tasks for a token budget.")
app.command("synthlm_tasks.cli.curriculum:export", help="Write named configs, each a folder of files.")
app.command("synthlm_tasks.cli.pack:pack", help="Write named configs packed in contexts for training.")
app.command("synthlm_tasks.cli.info:info", help="Explain a task: rule, axes, presets, samples, chance.")
app.command("synthlm_tasks.cli.demo:demo", help="Show fresh samples, derived and checked step by step.")
app.command("synthlm_tasks.cli.audit:audit", help="Measure that rows are valid and have no shortcut.")
app.command(
    "eval_harness.mock.cli:mock_server",
    name="mock-server",
    help="Serve a model of known accuracy, with scripted faults.",
)

app.command(
    "eval_harness.cli.evaluate:evaluate_command",
    name="eval",
    help="Score a model over any OpenAI-compatible endpoint.",
)

app.command(
    "eval_harness.cli.finished_runs:report_command",
    name="report",
    help="Report on finished runs: page, figures, table.",
)
app.command(
    "eval_harness.cli.finished_runs:compare_command",
    name="compare",
    help="Compare two runs on the same samples.",
)
app.command(
    "eval_harness.cli.finished_runs:rescore_command", name="rescore", help="Read a run's replies again."
)
app.command("synthlm_tasks.cli.push:push", help="Publish a finished folder on the Hugging Face Hub.")


def main(arguments: list[str] | None = None) -> int:
    """Run the command line (`sys.argv` by default) and return its exit code.

    A command returns its exit code, or None for 0. Errors of ours become one message on stderr.
    """
    try:
        result = app(arguments, exit_on_error=False)
    except CycloptsError:
        return 2  # cyclopts has printed what is wrong
    except (SynthLMError, HarnessError) as error:
        Console(stderr=True, soft_wrap=True).print(
            f"[bold red]error:[/] {escape(str(error))}", highlight=False
        )
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    return result if isinstance(result, int) else 0


def run() -> None:
    """The console script; SIGTERM ends it as Ctrl-C does."""
    signal.signal(signal.SIGTERM, _interrupt)
    sys.exit(main())


def _interrupt(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  # what handlers are given
    raise KeyboardInterrupt
